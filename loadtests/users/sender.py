"""Those who send: one by one, as a till or a help desk does, and in batches, as a campaign does."""

from __future__ import annotations

from locust import tag, task

from users.company import Colleague, people

BATCH = 20


class Sender(Colleague):
    """One request a call."""

    weight = 6
    rate = 10

    @tag("single")
    @task
    def send_one(self) -> None:
        self.send(self.survey, people(1))


class BatchSender(Colleague):
    """Twenty requests a call."""

    weight = 2
    rate = 2

    @tag("batch")
    @task
    def send_batch(self) -> None:
        self.send(self.survey, people(BATCH))
