"""Somebody of the company's account: a token, a survey of this run, a pace, and the book kept."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar

from book import Call, tag_of
from harness import BASE, URL, Token
from locust import FastHttpUser, events
from pace import Pace, book, paced, tell

SEGMENTS = ("web", "shop", "phone")
LANGUAGES = {
    "nl-BE": "Zou je ons aanraden? Antwoord met een cijfer van 0 tot 10.",
    "fr-BE": "Nous recommanderiez-vous? Répondez par une note de 0 à 10.",
    "de-BE": "Würden Sie uns weiterempfehlen? Bitte eine Zahl von 0 bis 10.",
    "en-GB": "On a scale from 0-10, would you recommend us?",
}
MARK = "belfort load"
AGAIN_SECONDS = 1.0
"""A user whose survey was not made tries again: a service that is away must not cost the run its users."""
RATE = float(os.environ.get("BELFORT_RATE") or 0)
"""Calls a second of each user instead of its own pace; 0: its own."""
token = Token()
"""Of all users of this process: they are one account."""
events.request.add_listener(token.heard)
asked: deque[str] = deque(maxlen=1_000)
"""Numbers of this process's latest requests, for those who write a second time."""


def number() -> str:
    """An ordinary inhabitant's number: Belgian mobile, never one that does things (those begin with 450)."""
    return f"+324{random.randint(60_000_000, 99_999_999)}"


def people(count: int, **more: Any) -> list[dict[str, Any]]:
    """Requests to anybody, in any language, each with one segment, and in a batch with its place in it."""
    return [
        {
            "channel": "SMS",
            "destination": number(),
            "language": random.choice(list(LANGUAGES)),
            "segments": [random.choice(SEGMENTS), *([tag_of(place)] if count > 1 else [])],
            **more,
        }
        for place in range(count)
    ]


class Colleague(FastHttpUser):
    """Calls at a pace as one account, and owns one survey."""

    abstract = True
    host = URL
    rate: ClassVar[float] = 5
    wait_time = paced
    pace: Pace | None = None
    """None until there is a survey: who has none yet owes no calls."""

    @property
    def headers(self) -> dict[str, str]:
        return token.headers

    def on_start(self) -> None:
        self.mark = secrets.token_hex(4)
        self.survey = self.make_survey()
        self.pace = Pace(RATE or self.rate)

    def on_stop(self) -> None:
        if self.pace is not None:
            tell(self)

    def make_survey(self) -> int:
        """A survey whose name and questions carry the mark, so that it is told apart everywhere."""
        questions = [
            {"body": f"{body} (#{self.mark})", "language": language} for language, body in LANGUAGES.items()
        ]
        form = {
            "name": f"{MARK} {self.mark}",
            "interactionType": type(self).__name__,
            "questions": questions,
        }
        while True:
            made = self.client.post(f"{BASE}/surveys", json=form, headers=self.headers, name="POST /surveys")
            if made.status_code == 201:
                survey = int(made.json()["id"])
                book.opened(survey, self.mark)
                return survey
            time.sleep(AGAIN_SECONDS)

    def send(self, survey: int, requests: Sequence[dict[str, Any]], *, key: str | None = None) -> list[str]:
        """Send, note what was accepted, and return its ids; what went wrong is the sample's failure."""
        began = time.time_ns() // 1_000_000
        with self.client.post(
            f"{BASE}/surveys/{survey}/send",
            json={"requests": requests},
            headers={**self.headers, **({"Idempotency-Key": key} if key else {})},
            name=f"POST /surveys/{{id}}/send ({len(requests)})",
            catch_response=True,
        ) as answer:
            if answer.status_code != 202:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:200]}")
                if not 400 <= answer.status_code < 500:
                    book.unanswered()
                return []
            results = list(zip(requests, answer.json()["requests"], strict=True))
        accepted = [(each, result["id"]) for each, result in results if result["status"] == "ACCEPTED"]
        asked.extend(each["destination"] for each, _ in accepted)
        ended = time.time_ns() // 1_000_000
        told = tuple((each["segments"][0], request) for each, request in accepted)
        book.accepted(Call(survey, began, ended, told))
        return [request for _, request in told]
