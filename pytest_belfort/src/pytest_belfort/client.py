"""What a test is given: surveys, people, the clock, faults, the truth, and waiting."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_belfort.calls import BASE, CONTROL, Refused, call, log_in
from pytest_belfort.harness import Harness

Json = dict[str, Any]
INTERVAL = "25h"
"""A little more than the contact interval: afterwards everybody may be asked again."""
QUESTION = "On a scale from 0-10, how likely are you to recommend us?"
UNAUTHORIZED = 401
SHOWN = 60
"""Journal entries that a failure shows."""


class Belfort:
    """One test's view of the harness."""

    def __init__(self, harness: Harness, seed: int) -> None:
        self.harness, self.seed = harness, seed
        self.sent: list[Json] = []
        self.url, self.token, self.card = harness.service, harness.token, harness.card
        self.surveys = Surveys(self)
        self.people = People(self)
        self.clock = Clock(self)
        self.faults = Faults(self)
        self.truth = Truth(self)

    def ask(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """A call of the documented API, as the harness's account; once the token is over, with another."""
        try:
            return call(method, self.url + BASE + path, body, query=query, token=self.token)
        except Refused as refusal:
            if refusal.status != UNAUTHORIZED or self.harness.client is None:
                raise
        self.token = log_in(self.url, *self.harness.client)
        return call(method, self.url + BASE + path, body, query=query, token=self.token)

    def control(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """A call of the simulator's control API."""
        there, token = self.harness.control + CONTROL + path, self.harness.control_token
        return call(method, there, body, query=query, token=token)

    def wait(
        self, to: str | None = None, *, state: str | None = None, within: str = "30s", **more: object
    ) -> Json:
        """Block until a message matches; it is returned. `state`: submitted, delivered, failed, replied,
        heard … Errors: Refused (408) with near misses."""
        asked = {"to": to, "state": state, "within": within, **more}
        found: Json = self.control("GET", "/messages/wait", **asked)["messages"][0]
        return found

    def journal(self, **which: object) -> list[Json]:
        """What happened, oldest first."""
        return list(self.control("GET", "/journal", **which)["entries"])

    def reset(self) -> None:
        """Begin anew: no survey, no message, nobody set by hand, no fault, and everybody may be asked."""
        for survey in self.surveys.list():
            self.surveys.delete(survey["id"])
        self.control("POST", "/reset", {"seed": self.seed})
        self.clock.advance(INTERVAL)
        self.sent.clear()


class Surveys:
    """The documented API: surveys, sending, reports."""

    def __init__(self, belfort: Belfort) -> None:
        self._belfort = belfort

    def create(self, name: str = "waffles", interaction_type: str = "general", **questions: str) -> int:
        """A survey's id. Questions by language, `nl_BE="…"`; in English if none is given."""
        asked = questions or {"en-GB": QUESTION}
        body = {
            "name": name,
            "interactionType": interaction_type,
            "questions": [
                {"language": language.replace("_", "-"), "body": text} for language, text in asked.items()
            ],
        }
        return int(self._belfort.ask("POST", "/surveys", body)["id"])

    def list(self) -> list[Json]:
        """All surveys, newest first."""
        return list(self._belfort.ask("GET", "/surveys"))

    def delete(self, survey: int) -> None:
        """The survey and all its data."""
        self._belfort.ask("DELETE", f"/surveys/{survey}")

    def send(self, survey: int, *to: str, channel: str = "SMS", **member: Any) -> Json:
        """Ask everybody in `to`. `member`: what each request carries besides, `segments=["gold"]`."""
        requests = [{"channel": channel, "destination": str(each), **member} for each in to]
        answer: Json = self._belfort.ask("POST", f"/surveys/{survey}/send", {"requests": requests})
        self._belfort.sent += [
            {"survey": survey, "to": str(each), **result}
            for each, result in zip(to, answer["requests"], strict=True)
            if result["status"] == "ACCEPTED"
        ]
        return answer

    def report(self, survey: int | None = None, **query: object) -> Json:
        """A report, of all surveys if none is given."""
        path = "/report" if survey is None else f"/surveys/{survey}/report"
        return dict(self._belfort.ask("GET", path, **query))


class People:
    """The people behind the gateway."""

    def __init__(self, belfort: Belfort) -> None:
        self._belfort = belfort

    def set(self, number: str, **behaviour: Any) -> Json:
        """How somebody behaves from now on: `says=[9]`, `fate="unknown subscriber"` …"""
        return dict(self._belfort.control("PUT", f"/people/{number}", behaviour))

    def show(self, number: str) -> Json:
        """Who lives there, and what the number does."""
        return dict(self._belfort.control("GET", f"/people/{number}"))

    def reply(self, number: str, text: str, *, score: int | None = None, meaning: str | None = None) -> Json:
        """Write as that person; `score` or `meaning` says what they mean, which nobody guesses."""
        body = {"text": text, "score": score, "meaning": meaning}
        given = {name: value for name, value in body.items() if value is not None}
        return dict(self._belfort.control("POST", f"/people/{number}/reply", given))


class Clock:
    """The world's time."""

    def __init__(self, belfort: Belfort) -> None:
        self._belfort = belfort

    @property
    def now(self) -> str:
        """The world's time, ISO 8601."""
        return str(self._belfort.control("GET", "/clock")["now"])

    def set(self, mode: str, rate: float | None = None) -> None:
        """real, frozen, auto, or scaled with a rate."""
        body: Json = {"mode": mode} | ({"rate": rate} if rate else {})
        self._belfort.control("PUT", "/clock", body)

    def advance(self, by: str) -> None:
        """Let that much time pass, `2h`, `3d`: all that is due happens in order."""
        self._belfort.control("POST", "/clock/advance", {"by": by})

    def drain(self) -> None:
        """Jump from event to event until nothing is due."""
        self._belfort.control("POST", "/clock/drain", {})


class Faults:
    """Deliberate misbehaviour of the gateway."""

    def __init__(self, belfort: Belfort) -> None:
        self._belfort = belfort

    def add(self, what: str, **how: Any) -> Json:
        """Switch one on; `belfort fault --help` lists them."""
        return dict(self._belfort.control("POST", "/faults", {"fault": what, **how}))

    def show(self) -> Json:
        """What is on with its hits, and what there is."""
        return dict(self._belfort.control("GET", "/faults"))

    def clear(self) -> None:
        """Switch all off."""
        self._belfort.control("DELETE", "/faults")


class Truth:
    """What a perfect service would report, from what people meant."""

    def __init__(self, belfort: Belfort) -> None:
        self._belfort = belfort

    def report(self, survey: int | None = None) -> Json:
        """The report about everything this test has sent, of one survey or of all."""
        return dict(self._told(survey)["report"])

    def agrees(self, survey: int | None = None) -> None:
        """Hold the service's report against the truth. Errors: AssertionError, with what everybody wrote."""
        told = self._told(survey)
        reported = self._belfort.surveys.report(survey)
        differences = list(_differences(reported, told["report"]))
        if differences:
            raise AssertionError(
                "\n".join(["report and truth differ:", *differences, *_people(told["people"])])
            )

    def _told(self, survey: int | None) -> Json:
        rows = [row for row in self._belfort.sent if survey in (None, row["survey"])]
        body = {"references": [row["id"] for row in rows], "evidence": True}
        return dict(self._belfort.control("POST", "/truth", body))


def _differences(reported: Json, true: Json) -> Iterator[str]:
    for block in ("responseStatistics", "nps"):
        for name, value in true[block].items():
            if reported[block][name] != value:
                yield f"  {name:15} report {reported[block][name]!s:>5}   truth {value!s:>5}"


def _people(evidence: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for person in evidence[:SHOWN]:
        meant = person.get("meant") or {}
        score = meant.get("score")
        said = score if score is not None else meant.get("verdict", "nothing")
        yield f"  {person.get('address', '')}  wrote {list(person.get('wrote', ()))!r}, meant {said}"


def seed_of(test: str) -> int:
    """The seed of a test: its id's, so that it is the same tomorrow and in another order."""
    return zlib.crc32(test.encode())


def story(entries: Sequence[Mapping[str, Any]]) -> str:
    """Journal entries as lines, the last ones if there are many."""
    lines = [_line(entry) for entry in entries[-SHOWN:]]
    left = len(entries) - len(lines)
    return "\n".join([f"… {left} entries before", *lines] if left else lines)


def _line(entry: Mapping[str, Any]) -> str:
    facts = "  ".join(f"{name}={value!r}" for name, value in (entry.get("facts") or {}).items())
    return f"{entry.get('at', '')}  {entry.get('kind', ''):18} {entry.get('address') or '':13} {facts}"[:240]
