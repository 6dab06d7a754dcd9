"""The verbs of a call-control document (TwiML; RCML is nearly the same) and what may be said of each.

Attributes, their values and defaults are Twilio's reference pages for `<Gather>`, `<Say>`, `<Play>`,
`<Pause>`, `<Redirect>` and `<Reject>`. A value that cannot be used is passed over with a warning, as the
platform does (warning 12200).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

KEYS = "0123456789*#"
LONGEST = 14_400
"""Seconds: no wait is longer than a call may be."""
FOREVER = 0
"""`loop` of what is repeated until the call ends."""


@dataclass(frozen=True, slots=True)
class Say:
    """Words read aloud. `language` is a tag such as `nl-BE`; None: the platform's own."""

    text: str = field(repr=False)
    language: str | None = None
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """A recording, or the tones of some keys (`w` is half a second of nothing)."""

    url: str
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    length: int = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Collects keys, while its prompts are heard and for `timeout` seconds after them and after each key."""

    prompts: tuple[Prompt, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "#"
    """Ends the collecting and is not collected; empty: no key does."""
    num_digits: int | None = None
    action_on_empty_result: bool = False
    takes_keys: bool = True


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document; an empty `url` is the present one."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call. One that was answered already can only be ended."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Redirect | Hangup | Reject

Reader = Callable[[str], object]
"""A value from what is written; ValueError with what is allowed."""


def _whole(least: int, most: int) -> Reader:
    def read(written: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", written.strip(), re.ASCII) is None:
            raise ValueError(f"must be a whole number from {least} to {most}")
        if not least <= int(written) <= most:
            raise ValueError(f"must be from {least} to {most}")
        return int(written)

    return read


def _one_of(*words: str) -> Reader:
    def read(written: str) -> str:
        found = next((word for word in words if word.lower() == written.strip().lower()), None)
        if found is None:
            raise ValueError(f"must be one of {', '.join(words)}")
        return found

    return read


def _text(written: str) -> str:
    return written.strip()


def _finish_key(written: str) -> str:
    if len(written) > 1 or written not in KEYS:
        raise ValueError("must be one of 0-9, # and *, or empty")
    return written


def _yes(written: str) -> bool:
    return _one_of("true", "false")(written) == "true"


def _takes_keys(written: str) -> bool:
    kinds = set(written.lower().split())
    if not kinds or kinds - {"dtmf", "speech"}:
        raise ValueError("must be dtmf, speech or both")
    return "dtmf" in kinds


def _tones(written: str) -> str:
    if re.fullmatch(r"[0-9*#wW]{1,100}", written, re.ASCII) is None:
        raise ValueError("must be keys, and w for half a second")
    return written


METHOD = _one_of("POST", "GET")
LOOP = _whole(0, 1_000)

ATTRIBUTES: Mapping[str, Mapping[str, tuple[str, Reader]]] = {
    "Say": {"language": ("language", _text), "loop": ("loop", LOOP)},
    "Play": {"loop": ("loop", LOOP), "digits": ("digits", _tones)},
    "Pause": {"length": ("length", _whole(0, LONGEST))},
    "Gather": {
        "action": ("action", _text),
        "method": ("method", METHOD),
        "timeout": ("timeout", _whole(0, LONGEST)),
        "finishOnKey": ("finish_on_key", _finish_key),
        "numDigits": ("num_digits", _whole(1, 1_000)),
        "actionOnEmptyResult": ("action_on_empty_result", _yes),
        "input": ("takes_keys", _takes_keys),
    },
    "Redirect": {"method": ("method", METHOD)},
    "Hangup": {},
    "Reject": {"reason": ("reason", _one_of("rejected", "busy"))},
}
"""For each verb: the attribute as it is written, the field it fills, and how it is read."""

UNHEARD: Mapping[str, frozenset[str]] = {
    "Say": frozenset({"voice"}),
    "Gather": frozenset(
        {
            "speechTimeout", "speechModel", "hints", "profanityFilter", "enhanced", "debug", "language",
            "partialResultCallback", "partialResultCallbackMethod", "bargeIn", "dtmfDetection",
        }
    ),
}  # fmt: skip
"""Attributes that exist and change nothing that is heard or pressed here: no warning."""

PROMPTS = frozenset({"Say", "Play", "Pause"})
"""What may stand inside `Gather`."""
ELSEWHERE = frozenset(
    {
        "Connect", "Dial", "Enqueue", "Leave", "Pay", "Prompt", "Queue", "Record", "Refer", "Siprec", "Sms",
        "Start", "Stop", "Stream", "Transcription", "Email", "Fax", "Message",
    }
)  # fmt: skip
"""Verbs of the dialects that are not performed here."""
