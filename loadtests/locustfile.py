"""A first load test: senders and reporters against a running harness, and a verdict on correctness at the
end.

    belfort up &
    locust -f loadtests/locustfile.py --headless -u 20 -t 30s

Locust judges latency and status. What it cannot know is whether the figures are right: at the end the run
settles, compares every report with the truth and ends with 98 if one is wrong. Works distributed, too:
workers hand their
rows to the master.
"""

from __future__ import annotations

import random
from typing import Any

from harness import BASE, URL, bearer
from locust import FastHttpUser, constant_throughput, events, tag, task
from locust.env import Environment
from locust.runners import WorkerRunner
from reconcile import Book, reconcile

WRONG_ANSWER = 98
FINISH_SECONDS = 20
SEGMENTS = ("web", "shop", "phone")
LANGUAGES = {
    "nl-BE": "Zou je ons aanraden? Antwoord met een cijfer van 0 tot 10.",
    "fr-BE": "Nous recommanderiez-vous? Répondez par une note de 0 à 10.",
    "de-BE": "Würden Sie uns weiterempfehlen? Bitte eine Zahl von 0 bis 10.",
    "en-GB": "On a scale from 0-10, would you recommend us?",
}
book = Book()


def number() -> str:
    """An ordinary inhabitant's number: Belgian mobile, never one that does things (those begin with 450)."""
    return f"+324{random.randint(60_000_000, 99_999_999)}"


class SurveyUser(FastHttpUser):
    """Somebody of the company's account: a token, and a survey of this run."""

    abstract = True
    host = URL
    survey = 0
    headers: dict[str, str] = {}  # noqa: RUF012  # set once for each user in on_start

    def on_start(self) -> None:
        self.headers = bearer()
        made = self.client.post(
            f"{BASE}/surveys",
            json={
                "name": "load",
                "interactionType": type(self).__name__,
                "questions": [{"body": body, "language": language} for language, body in LANGUAGES.items()],
            },
            headers=self.headers,
            name="POST /surveys",
        )
        self.survey = made.json()["id"]


class Sender(SurveyUser):
    """Sends surveys one by one, as a till or a help desk does, and now and then a batch."""

    weight = 4
    wait_time = constant_throughput(20)

    @tag("single")
    @task(9)
    def send_one(self) -> None:
        self._send(1)

    @tag("batch")
    @task(1)
    def send_batch(self) -> None:
        self._send(20)

    def _send(self, count: int) -> None:
        segment = random.choice(SEGMENTS)
        people = [
            {
                "channel": "SMS",
                "destination": number(),
                "language": random.choice(list(LANGUAGES)),
                "segments": [segment],
            }
            for _ in range(count)
        ]
        with self.client.post(
            f"{BASE}/surveys/{self.survey}/send",
            json={"requests": people},
            headers=self.headers,
            name=f"POST /surveys/{{id}}/send ({count})",
            catch_response=True,
        ) as answer:
            if answer.status_code != 202:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:200]}")
                return
            for result in answer.json()["requests"]:
                if result["status"] == "ACCEPTED":
                    book.note(self.survey, segment, result["id"])


class Reporter(SurveyUser):
    """Looks at reports while they change."""

    weight = 1
    wait_time = constant_throughput(5)

    @task
    def report(self) -> None:
        with self.client.get(
            f"{BASE}/report", headers=self.headers, name="GET /report", catch_response=True
        ) as answer:
            if answer.status_code == 200 and not _agrees_with_itself(answer.json()):
                answer.failure("the report's members contradict each other")


def _agrees_with_itself(report: dict[str, Any]) -> bool:
    statistics, nps = report["responseStatistics"], report["nps"]
    return (
        statistics["totalResponses"] == statistics["goodResponses"] + statistics["badResponses"]
        and nps["promoters"] + nps["detractors"] <= statistics["goodResponses"]
        and statistics["totalResponses"] <= statistics["totalRequests"]
    )


@events.init.add_listener
def let_users_finish(environment: Environment, **_: Any) -> None:
    """A user who is stopped while a call is under way would never learn what was accepted."""
    environment.stop_timeout = max(environment.stop_timeout or 0, FINISH_SECONDS)


@events.report_to_master.add_listener
def hand_rows_over(client_id: str, data: dict[str, Any], **_: Any) -> None:
    data["accepted"] = book.hand_over()


@events.worker_report.add_listener
def take_rows(client_id: str, data: dict[str, Any], **_: Any) -> None:
    book.take(data.get("accepted", []))


@events.quitting.add_listener
def give_verdict(environment: Environment, **_: Any) -> None:
    """Settle, reconcile, verdict. A worker leaves that to its master."""
    if isinstance(environment.runner, WorkerRunner):
        return
    differences = reconcile(book)
    sent = sum(len(ids) for ids in book.accepted.values())
    for line in differences:
        print(f"wrong answer: {line}")
    print(f"truth: {sent} requests, {len(differences)} figures differ")
    if differences:
        environment.process_exit_code = WRONG_ANSWER
