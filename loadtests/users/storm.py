"""The other side of the gateway: people who write again, many at a time. What they wrote first counts."""

from __future__ import annotations

import random
from typing import ClassVar

from harness import CONTROL, CONTROL_HEADERS
from locust import FastHttpUser, tag, task
from pace import Pace, paced, tell

from users.company import RATE, asked


class ReplyStorm(FastHttpUser):
    """Answers for people who were asked a moment ago, a second and a third time."""

    weight = 1
    host = CONTROL
    rate: ClassVar[float] = 5
    wait_time = paced

    def on_start(self) -> None:
        self.pace = Pace(RATE or self.rate)

    def on_stop(self) -> None:
        tell(self)

    @tag("storm")
    @task
    def write_again(self) -> None:
        if not asked:
            return
        address, score = random.choice(asked), random.randint(0, 10)
        with self.client.post(
            f"/control/v1/people/{address}/reply",
            json={"text": str(score), "meaning": "good", "score": score},
            headers=CONTROL_HEADERS,
            name="people write again",
            catch_response=True,
        ) as answer:
            if answer.status_code == 409:  # the gateway has not got to that person yet
                answer.success()
