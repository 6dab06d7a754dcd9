"""The two dialects of call control by REST: Twilio's, and RestComm's as its code is (domain facts).

One table says where they differ; one engine serves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one platform speaks."""

    name: str
    base: str
    """Path before `/Accounts`."""
    api_version: str
    created: int = 201
    """HTTP status of a call that was made."""
    ring_seconds: int = 60
    """How long it rings unless the caller says otherwise."""
    every_event: bool = False
    """All four events are sent, whatever was asked for."""
    event_as_status: bool = False
    """`CallStatus` of a call-back is the name of its event, however the call ended."""
    tells_no_answer: bool = True
    """A call that nobody answers sends its last event."""
    detects_machines: bool = True
    absent: str | None = None
    """What a parameter without a value is sent as; None: it is left out."""
    posts_without_action: bool = True
    finish_key_of_empty: str = ""
    repeats: bool = True
    """A call-back that was not taken is tried again."""
    unknown_call: int = 404
    over_already: int = 400
    plain_errors: bool = False
    """Errors are a line of text."""
    shouted: bool = False
    """Statuses of calls that nobody answered are written as enum names."""
    xml: bool = False
    """Answers are XML unless the path ends in `.json`."""


TWILIO = Dialect("twilio", "/2010-04-01", "2010-04-01")
RESTCOMM = Dialect(
    name="restcomm-legacy",
    base="/restcomm/2012-04-24",
    api_version="2012-04-24",
    created=200,
    ring_seconds=30,
    every_event=True,
    event_as_status=True,
    tells_no_answer=False,
    detects_machines=False,
    absent="null",
    posts_without_action=False,
    finish_key_of_empty="#",
    repeats=False,
    unknown_call=406,
    over_already=410,
    plain_errors=True,
    shouted=True,
    xml=True,
)
DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (TWILIO, RESTCOMM)}


class Refused(Exception):
    """A call of the REST API cannot be done: HTTP status, the platform's code, and why."""

    def __init__(self, status: int, code: int, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


BAD_VALUE, UNAUTHORIZED, NOT_FOUND, NO_METHOD, TOO_MANY = 20001, 20003, 20404, 20004, 20429
UNAVAILABLE, INTERNAL, NOT_READY_TO_GO = 20503, 20500, 20009
NO_TO, BAD_TO, NO_FROM, BAD_FROM, BLOCKED = 21201, 21211, 21213, 21212, 21216
BAD_URL, NO_APPLICATION, WRONG_STATE = 21205, 21218, 21220
"""Twilio's error dictionary."""


def not_found(path: str) -> Refused:
    return Refused(404, NOT_FOUND, f"The requested resource {path[:200]} was not found")
