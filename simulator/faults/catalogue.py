"""Every fault there is: name, one line, the places it can act at, what can be said of it, as in gateway.md.

The documentation, the control API's answers and the console show this table; nothing else describes a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.wire.smpp.receipt import DIALECTS

MAIL = ("connect", "helo", "mail", "rcpt", "data")
"""Stages of SMTP before the mail itself, which is handed in at `submit`."""
CALLS = ("token", "submit", "length", "status", "poll", "push", "bind", "call", "document", *MAIL)
"""Stages at which a peer waits for an answer."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What can be said about a fault: a number within bounds, or one of some words."""

    about: str
    default: float | str
    least: float = 0.0
    most: float = 31_536_000.0
    words: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One line of the catalogue. `doors` empty means every door."""

    about: str
    stages: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    doors: tuple[str, ...] = ()


DOORS = ("sms", "smpp", "voice", "mail")
STAGES = (*CALLS, "report", "reply")

SECONDS = Parameter("seconds, the middle of the distribution", 1.0)
DISTRIBUTION = Parameter("how seconds vary", "fixed", words=("fixed", "uniform", "exponential", "lognormal"))
SPREAD = Parameter("uniform: ± seconds; lognormal: sigma", 0.5)
CAP = Parameter("seconds never exceeded", 60.0)
DELAY = {"seconds": SECONDS, "distribution": DISTRIBUTION, "spread": SPREAD, "cap": CAP}
RATE = Parameter("messages a second", 10.0, least=0.001, most=1_000_000)
LATER = {
    **DELAY,
    "seconds": Parameter("seconds, the middle", 3_600.0),
    "cap": Parameter("seconds never exceeded", 604_800.0),
}
SOON = {"gap": Parameter("seconds until the repetition", 1.0)}
TIMES = {"times": Parameter("how many more", 1, least=1, most=10, whole=True)}
SENT_BACK = {"retry_after": Parameter("seconds the peer is told to wait", 1.0, most=86_400)}

CATALOGUE: dict[str, FaultKind] = {
    "latency": FaultKind("the answer takes longer", CALLS, DELAY),
    "error": FaultKind(
        "an error instead of an answer; nothing is accepted",
        CALLS,
        {
            "status": Parameter("HTTP status, SMTP reply code", 503, 400, 599, whole=True),
            "code": Parameter(
                "the platform's fault code; 0: the one for the status", 0, 0, 999_999, whole=True
            ),
            "esme": Parameter("SMPP command status", 8, 1, 0xFFFFFFFF, whole=True),
            **SENT_BACK,
        },
    ),
    "disconnect_before": FaultKind("the connection is cut before anything is accepted", CALLS, {}),
    "disconnect_after": FaultKind("it is accepted, then the connection is cut before the answer", CALLS, {}),
    "half_open": FaultKind(
        "it is accepted, and no answer ever comes",
        CALLS,
        {"seconds": Parameter("seconds until the connection is closed", 120.0, most=3_600)},
    ),
    "slow_reader": FaultKind(
        "what the peer sends is read slowly",
        CALLS,
        {"rate": Parameter("bytes a second", 100.0, 1, 1_000_000), "cap": CAP},
    ),
    "garbage": FaultKind(
        "bytes that are no protocol come instead of the answer",
        CALLS,
        {"bytes": Parameter("how many", 64, 1, 65_536, whole=True)},
    ),
    "truncated": FaultKind("the answer ends in the middle, and the connection with it", CALLS, {}),
    "wrong_sequence": FaultKind("the answer carries another sequence number", CALLS, {}, doors=("smpp",)),
    "unbind": FaultKind(
        "the message centre unbinds in the middle, after the answer",
        ("submit", "status"),
        {},
        doors=("smpp",),
    ),
    "receipt_form": FaultKind(
        "receipts are written in another form than clients expect",
        ("push",),
        {"form": Parameter("the form", "decimal", words=(*DIALECTS, "no-id", "garbled"))},
        doors=("smpp",),
    ),
    "throttle": FaultKind(
        "more than a capacity each second is refused: 429, ESME_RTHROTTLED",
        ("submit",),
        {"rate": RATE, "burst": Parameter("at once", 1, 1, 1_000_000, whole=True)},
    ),
    "queue": FaultKind(
        "a queue of some length, emptied at some rate, refuses what it cannot hold: 503, ESME_RMSGQFUL",
        ("submit",),
        {"rate": RATE, "length": Parameter("messages", 100, 1, 10_000_000, whole=True)},
    ),
    "outage": FaultKind("the door is out of order: 503 and nothing is accepted", CALLS, SENT_BACK),
    "report_lost": FaultKind("a delivery report never comes", ("report",), {}),
    "report_late": FaultKind("a delivery report comes later", ("report",), LATER),
    "report_duplicated": FaultKind("a delivery report comes again", ("report",), {**TIMES, **SOON}),
    "report_reordered": FaultKind(
        "delivery reports overtake each other: one message's come in reverse, others are shuffled",
        ("report",),
        {"seconds": Parameter("seconds within which they are shuffled", 10.0)},
    ),
    "reply_lost": FaultKind("a reply never comes", ("reply",), {}),
    "reply_late": FaultKind("a reply comes later", ("reply",), LATER),
    "reply_duplicated": FaultKind("a reply comes again, with the same id", ("reply",), {**TIMES, **SOON}),
    "reply_first": FaultKind("a reply overtakes its delivery report", ("reply",), {}),
    "parts_lost": FaultKind("a part of a long reply never comes", ("reply",), {}, doors=("smpp",)),
    "parts_reordered": FaultKind(
        "the parts of a long reply come in reverse", ("reply",), {}, doors=("smpp",)
    ),
}
