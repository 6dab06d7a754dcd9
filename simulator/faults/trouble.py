"""What a call at a door meets: every fault that hits it, added up into one value that the door plays out.

Delays of a connection are this machine's seconds, not the world's: a peer that waits for its answer holds the
world's clock, so an answer that waited for that clock would never come.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from statistics import NormalDist

from simulator.faults.fault import Fault


class Ending(Enum):
    """How the connection ends instead of an ordinary answer."""

    CUT_BEFORE = "cut before anything was accepted"
    CUT_AFTER = "cut after accepting"
    SILENT = "no answer at all"
    GARBAGE = "bytes that are no protocol"
    TRUNCATED = "half an answer"


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The error to answer with, in every protocol's numbers. `code` 0: the platform's usual one."""

    status: int
    code: int
    esme: int
    retry_after: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one call goes through. Seconds are this machine's."""

    delay: float = 0.0
    read_rate: float | None = None
    """Bytes of the request read in a second."""
    read_cap: float = 0.0
    error: ErrorAnswer | None = None
    ending: Ending | None = None
    silence: float = 0.0
    """How long a silent connection stays open."""
    garbage: int = 0
    wrong_sequence: bool = False
    unbinds: bool = False
    """The message centre says goodbye after the answer."""
    receipt_form: str | None = None
    """A receipt is written in this form."""


CALM = Trouble()
OUTAGE_CODE = 101503
"""WSO2: the back end cannot be connected to."""

Chance = Callable[[str], float]
"""A fraction for a decision's name, the same whenever it is asked."""


def add(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    """`trouble` with one more fault that hit; unchanged when the fault is not one of connections."""
    effect = EFFECTS.get(fault.name)
    return effect(trouble, fault, chance) if effect else trouble


def drawn_seconds(fault: Fault, chance: Chance) -> float:
    """Seconds by the fault's distribution, from nothing to its cap."""
    middle, spread = number(fault, "seconds"), number(fault, "spread")
    fraction = min(max(chance("seconds"), 1e-12), 1 - 1e-12)
    seconds = {
        "fixed": lambda: middle,
        "uniform": lambda: middle + spread * (2 * fraction - 1),
        "exponential": lambda: -middle * math.log(1 - fraction),
        "lognormal": lambda: middle * math.exp(min(spread * NormalDist().inv_cdf(fraction), 50.0)),
    }[str(fault.given["distribution"])]()
    return min(max(seconds, 0.0), number(fault, "cap"))


def number(fault: Fault, name: str) -> float:
    """A parameter that is a number."""
    return float(fault.given[name])


def _latency(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, delay=trouble.delay + drawn_seconds(fault, chance))


def _error(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    error = ErrorAnswer(
        status=int(number(fault, "status")),
        code=int(number(fault, "code")),
        esme=int(number(fault, "esme")),
        retry_after=number(fault, "retry_after"),
    )
    return replace(trouble, error=trouble.error or error)


def _outage(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    error = ErrorAnswer(status=503, code=OUTAGE_CODE, esme=8, retry_after=number(fault, "retry_after"))
    return replace(trouble, error=trouble.error or error)


def _ends(ending: Ending) -> Callable[[Trouble, Fault, Chance], Trouble]:
    def effect(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
        return replace(trouble, ending=trouble.ending or ending)

    return effect


def _half_open(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, ending=trouble.ending or Ending.SILENT, silence=number(fault, "seconds"))


def _garbage(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, ending=trouble.ending or Ending.GARBAGE, garbage=int(number(fault, "bytes")))


def _slow_reader(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, read_rate=number(fault, "rate"), read_cap=number(fault, "cap"))


def _wrong_sequence(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, wrong_sequence=True)


def _unbind(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, unbinds=True)


def _receipt_form(trouble: Trouble, fault: Fault, chance: Chance) -> Trouble:
    return replace(trouble, receipt_form=str(fault.given["form"]))


EFFECTS: dict[str, Callable[[Trouble, Fault, Chance], Trouble]] = {
    "latency": _latency,
    "error": _error,
    "outage": _outage,
    "disconnect_before": _ends(Ending.CUT_BEFORE),
    "disconnect_after": _ends(Ending.CUT_AFTER),
    "half_open": _half_open,
    "slow_reader": _slow_reader,
    "garbage": _garbage,
    "truncated": _ends(Ending.TRUNCATED),
    "wrong_sequence": _wrong_sequence,
    "unbind": _unbind,
    "receipt_form": _receipt_form,
}
