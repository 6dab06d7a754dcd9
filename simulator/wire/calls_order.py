"""Reads the forms of call control: what is asked for when a call is made or changed.

Parameters, their bounds and the codes of errors are those of Twilio's Call resource; RestComm's are a part of
them. A parameter that exists and changes nothing here (recording, caller names, SIP) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from simulator.wire.calls_dialect import (
    BAD_FROM,
    BAD_TO,
    BAD_URL,
    BAD_VALUE,
    NO_APPLICATION,
    NO_FROM,
    NO_TO,
    Dialect,
    Refused,
)

T = TypeVar("T")
Fields = Mapping[str, Sequence[str]]
EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_CALL = 14_400
LONGEST_URL = 4_000
LONGEST_TWIML = 4_000
REFERENCE = "reference"
"""The query parameter of the call's `Url` that carries the caller's own reference."""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address to call, and how."""

    url: str = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class MachineDetection:
    """What was asked for: `Enable` or `DetectMessageEnd`, and its times in seconds."""

    mode: str
    timeout: float = 30.0
    speech_threshold: float = 2.4
    speech_end_threshold: float = 1.2
    silence_timeout: float = 5.0
    in_background: Hook | None = None
    """Where to say who answered, when the call does not wait for it."""
    waits: bool = True


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call as its maker wants it."""

    account: str
    to: str
    sender: str
    dialect: Dialect
    document: Hook | None
    twiml: str | None = field(default=None, repr=False)
    fallback: Hook | None = None
    status: Hook | None = None
    events: frozenset[str] = frozenset({"completed"})
    ring_seconds: int = 60
    time_limit: int = LONGEST_CALL
    detection: MachineDetection | None = None

    @property
    def reference(self) -> str | None:
        """The caller's own reference."""
        if self.document is None:
            return None
        return next(
            (v for name, v in parse_qsl(urlsplit(self.document.url).query) if name == REFERENCE and v), None
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a call: a status, or another document."""

    status: str | None = None
    document: Hook | None = None
    twiml: str | None = field(default=None, repr=False)
    status_callback: Hook | None = None


def read_order(fields: Fields, account: str, dialect: Dialect) -> CallOrder:
    """The call that a form asks for; Refused with the platform's code for what is wrong with it."""
    to = _number(fields, "To", NO_TO, BAD_TO)
    sender = _number(fields, "From", NO_FROM, BAD_FROM)
    twiml, document = _twiml(fields), _hook(fields, "Url", "Method")
    if _one(fields, "ApplicationSid") is not None:
        raise Refused(400, NO_APPLICATION, "ApplicationSid: this account has no applications")
    if document is None and twiml is None:
        raise Refused(400, BAD_URL, "Url parameter is required.")
    return CallOrder(
        account,
        to,
        sender,
        dialect,
        document if twiml is None else None,
        twiml,
        fallback=_hook(fields, "FallbackUrl", "FallbackMethod"),
        status=_hook(fields, "StatusCallback", "StatusCallbackMethod"),
        events=_events(fields, dialect),
        ring_seconds=_whole(fields, "Timeout", 0, 600, dialect.ring_seconds),
        time_limit=_whole(fields, "TimeLimit", 1, LONGEST_CALL, LONGEST_CALL),
        detection=_detection(fields) if dialect.detects_machines else None,
    )


def read_change(fields: Fields) -> Change:
    """What a form wants to become of a call."""
    status = _one(fields, "Status")
    if status is not None and status not in ("canceled", "completed"):
        raise Refused(400, BAD_VALUE, "Status must be canceled or completed")
    change = Change(
        status,
        _hook(fields, "Url", "Method"),
        _twiml(fields),
        _hook(fields, "StatusCallback", "StatusCallbackMethod"),
    )
    if change == Change():
        raise Refused(400, BAD_VALUE, "give a Status, a Url or a Twiml")
    return change


def _one(fields: Fields, name: str) -> str | None:
    given = fields.get(name, ())
    return given[-1] if given and given[-1] != "" else None


def _number(fields: Fields, name: str, missing: int, wrong: int) -> str:
    written = _one(fields, name)
    if written is None:
        raise Refused(400, missing, f"No '{name}' number is specified")
    plain = re.sub(r"[ ().-]", "", written[:64])
    fits = r"\+[1-9][0-9]{6,14}" if name == "To" else r"\+?[0-9]{3,15}"
    if re.fullmatch(fits, plain, re.ASCII) is None:
        raise Refused(400, wrong, f"The '{name}' number is not a valid phone number: write it as +32…")
    return plain


def _hook(fields: Fields, name: str, method: str) -> Hook | None:
    url = _one(fields, name)
    if url is None:
        return None
    chosen = (_one(fields, method) or "POST").upper()
    if chosen not in ("GET", "POST"):
        raise Refused(400, BAD_VALUE, f"{method} must be GET or POST")
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise Refused(400, BAD_URL, f"{name} is not a valid URL: give an http or https address")
    return Hook(url, chosen)


def _twiml(fields: Fields) -> str | None:
    twiml = _one(fields, "Twiml")
    if twiml is not None and len(twiml) > LONGEST_TWIML:
        raise Refused(400, BAD_VALUE, f"Twiml has at most {LONGEST_TWIML} characters")
    return twiml


def _events(fields: Fields, dialect: Dialect) -> frozenset[str]:
    if dialect.every_event:
        return frozenset(EVENTS)
    named = (word for each in fields.get("StatusCallbackEvent", ()) for word in re.split(r"[\s,]+", each))
    return frozenset(named) & frozenset(EVENTS) or frozenset({"completed"})


def _whole(fields: Fields, name: str, least: int, most: int, usual: int) -> int:
    written = _one(fields, name)
    if written is None:
        return usual
    if re.fullmatch(r"[0-9]{1,9}", written, re.ASCII) is None or not least <= int(written) <= most:
        raise Refused(400, BAD_VALUE, f"{name} must be a whole number from {least} to {most}")
    return int(written)


def _detection(fields: Fields) -> MachineDetection | None:
    mode = _one(fields, "MachineDetection")
    if mode is None or mode == "none":
        return None
    if mode not in ("Enable", "DetectMessageEnd"):
        raise Refused(400, BAD_VALUE, "MachineDetection must be Enable or DetectMessageEnd")
    waits = (_one(fields, "AsyncAmd") or "false").lower() != "true"
    return MachineDetection(
        mode,
        timeout=float(_whole(fields, "MachineDetectionTimeout", 3, 59, 30)),
        speech_threshold=_whole(fields, "MachineDetectionSpeechThreshold", 1_000, 6_000, 2_400) / 1000,
        speech_end_threshold=_whole(fields, "MachineDetectionSpeechEndThreshold", 500, 5_000, 1_200) / 1000,
        silence_timeout=_whole(fields, "MachineDetectionSilenceTimeout", 2_000, 10_000, 5_000) / 1000,
        in_background=_hook(fields, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"),
        waits=waits,
    )
