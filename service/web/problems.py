"""The vocabulary of refusals: RFC 9457 problems that carry the platform's `fault` (survey-api "Errors").

    Problem         a call that is refused, whatever the reason; the edge turns it into an answer
     ├ its Kind     status, title and the platform's code, from one table
     └ its Faults   every single thing wrong with the input, each with its place

No detail ever repeats a value that the caller sent: it may be a destination or a token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from aiohttp import web

MOST_FAULTS = 10_000
"""A body with more faults than this is not read any further: it cost enough, and so would the answer."""


class Kind(Enum):
    """(status, name in the problem's type, title, code of the platform's fault).

    The codes are those of WSO2, the platform's gateway, where it has one; else the status."""

    INVALID_INPUT = (400, "invalid-input", "The input is not valid", 400)
    UNAUTHORIZED = (401, "unauthorized", "A valid access token is needed", 900901)
    NO_CREDENTIALS = (401, "no-credentials", "An access token is needed", 900902)
    NOT_FOUND = (404, "not-found", "There is nothing here", 900906)
    METHOD_NOT_ALLOWED = (405, "method-not-allowed", "The method is not allowed here", 405)
    TIMED_OUT = (408, "timed-out", "The call did not arrive in time", 408)
    CONFLICT = (409, "conflict", "The call conflicts with the present state", 409)
    TOO_LARGE = (413, "too-large", "The body is too large", 413)
    UNSUPPORTED = (415, "unsupported-media-type", "The body is not of a supported type", 415)
    OTHER_BODY = (422, "idempotency-key-reused", "The idempotency key was used with another body", 422)
    TOO_MANY = (429, "too-many-requests", "Too many requests", 900800)
    BROKEN = (500, "internal-error", "The service made a mistake", 500)
    UNAVAILABLE = (503, "unavailable", "The service cannot take this now", 101503)
    OUTCOME_UNKNOWN = (503, "outcome-unknown", "Nobody knows yet whether this was done", 101503)

    @property
    def status(self) -> int:
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: at `pointer` (RFC 6901) in the body, or in the `parameter` of that name."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self) -> dict[str, str]:
        if self.pointer is not None:
            return {"pointer": self.pointer, "detail": self.detail}
        return {"parameter": self.parameter or "", "detail": self.detail}


class Faults:
    """What is wrong with a call so far. A place that is unfit is not complained about a second time."""

    __slots__ = ("_unfit", "found")

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._unfit: set[str] = set()

    @property
    def full(self) -> bool:
        """There are as many as will be listed: stop looking for more."""
        return len(self.found) >= MOST_FAULTS

    def at(self, pointer: str, detail: str) -> None:
        """The body breaks a rule at `pointer`."""
        if pointer not in self._unfit:
            self.found.append(Fault(detail, pointer=pointer))

    def unfit(self, pointer: str, detail: str) -> None:
        """What stands at `pointer` is no sound JSON value, so no rule can be held against it."""
        self.at(pointer, detail)
        self._unfit.add(pointer)

    def of(self, parameter: str, detail: str) -> None:
        """A parameter (query or header) breaks a rule."""
        self.found.append(Fault(detail, parameter=parameter))

    def settle(self) -> None:
        """Errors: Problem 400 unless all is well."""
        if self.found:
            raise invalid(self.found)


@dataclass(eq=False)
class Problem(Exception):
    """A call is refused, and nothing of it has happened."""

    kind: Kind
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    closing: bool = False

    def body(self) -> str:
        """The problem as JSON text."""
        status, name, title, code = self.kind.value
        problem: dict[str, object] = {
            "type": f"/docs#problem-{name}",
            "title": title,
            "status": status,
            "detail": self.detail,
        }
        if self.faults:
            problem["errors"] = [fault.as_json() for fault in self.faults]
        problem["fault"] = {"code": code, "message": title, "description": self.detail}
        return json.dumps(problem, ensure_ascii=False)

    def answer(self) -> web.Response:
        """The problem as an HTTP answer."""
        answer = web.Response(
            body=_bytes(self.body()),
            status=self.kind.status,
            headers=dict(self.headers),
            content_type="application/problem+json",
        )
        if self.closing:
            answer.force_close()
        return answer


def invalid(faults: Sequence[Fault]) -> Problem:
    """400 with everything that is wrong."""
    count = len(faults)
    if count == 1:
        return Problem(Kind.INVALID_INPUT, faults[0].detail, faults)
    told = f"At least {count}" if count >= MOST_FAULTS else str(count)
    return Problem(Kind.INVALID_INPUT, f"{told} things are wrong with the input; they are in errors.", faults)


def not_found() -> Problem:
    """404, the same to the byte for what never was, what is gone and what belongs to another account."""
    return Problem(Kind.NOT_FOUND, "There is nothing at this address.")


def unavailable(retry_after: int = 1) -> Problem:
    """503 while the store cannot be written."""
    return Problem(
        Kind.UNAVAILABLE,
        "The service cannot write to its store at the moment. Nothing has happened; try again.",
        headers={"Retry-After": str(retry_after)},
    )


def outcome_unknown() -> Problem:
    """503 where the store was cut off while it made the call's work durable."""
    return Problem(
        Kind.OUTCOME_UNKNOWN,
        "The store went away before it said whether this call was done: it was done whole, or not at all. "
        "Repeat it with the same Idempotency-Key, and it is done once; people who were sent to without a key "
        "are refused as CONTACTED_RECENTLY.",
        headers={"Retry-After": "1"},
    )


def broken() -> Problem:
    """500: a mistake of ours. The log knows the place, the caller does not."""
    return Problem(Kind.BROKEN, "The service made a mistake; it has been noted.", closing=True)


def escape(name: str) -> str:
    """A member's name as a step of a JSON Pointer (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _bytes(text: str) -> bytes:
    # A pointer may hold a lone surrogate that the caller wrote as an escape: it comes back as "?".
    return text.encode(errors="replace")
