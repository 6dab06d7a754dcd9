"""What a mail server's refusal means to a request, by the stage it comes at (RFC 5321 §4.2, RFC 3463).

4xx is temporary, 5xx for good; but what concerns our access or the server itself, and not this message, is
temporary whatever its code. No word of the server is kept: its text may hold the address.
"""

from __future__ import annotations

import re
from enum import Enum

from service.domain.request import Deferred, Outcome, Refused


class Stage(Enum):
    """How far a hand-over has come."""

    CONNECT = "connecting"
    MAIL = "at MAIL"
    RCPT = "at RCPT"
    DATA = "at DATA"


CLOSING = 421
ACCESS = frozenset({421, 454, 530, 534, 535, 538})
"""About us or the server, not about the message (RFC 4954 §6, RFC 5321 §3.8)."""
CONGESTED = frozenset({"4.3.1", "4.3.2", "4.4.5", "4.5.3", "4.7.28"})
"""Enhanced codes by which a server says that it gets too much (RFC 3463 §3.4 to §3.8)."""
GREYLISTED_SECONDS = 60.0
"""Until the next try where greylisting names no time: sooner would only be refused again."""

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_GREY = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
_WAIT = re.compile(r"\b([0-9]{1,5}) ?(s|sec|seconds?|m|min|minutes?|h|hours?)\b", re.IGNORECASE | re.ASCII)
_WAIT_CLOCK = re.compile(r"\b([0-9]{1,2}):([0-9]{2}):([0-9]{2})\b", re.ASCII)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def refusal(stage: Stage, code: int, text: str) -> Outcome:
    """What a reply that is no success means."""
    found = _ENHANCED.match(text.strip())
    enhanced = found[0] if found else ""
    reason = f"{code}{' ' + enhanced if enhanced else ''} {stage.value}"
    if not 400 <= code < 600:
        # No reply that the standard knows: after the data nobody can say whether it was taken.
        return Deferred(f"unclear reply {stage.value}", perhaps_taken=stage is Stage.DATA)
    if code >= 500 and stage is not Stage.CONNECT and code not in ACCESS:
        return Refused(reason)
    return Deferred(reason, _wait(text), throttled=enhanced in CONGESTED)


def lost(stage: Stage, reason: str) -> Deferred:
    """The connection ended or fell silent. Before the data surely nothing was taken."""
    return Deferred(f"{reason} {stage.value}", perhaps_taken=stage is Stage.DATA)


def _wait(text: str) -> float | None:
    """Seconds that the server asks for, as greylisting does in words."""
    if not _GREY.search(text):
        return None
    if clock := _WAIT_CLOCK.search(text):
        return float(clock[1]) * 3600 + float(clock[2]) * 60 + float(clock[3])
    if words := _WAIT.search(text):
        return float(words[1]) * _UNITS[words[2][0].lower()]
    return GREYLISTED_SECONDS
