"""How people are on the telephone: values, with the figures of the default population and their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from simulator.people.shares import LogNormal, Mixture, Shares


class Pickup(Enum):
    """What becomes of the ringing."""

    HUMAN = "human"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    FAILED = "failed"


class Act(Enum):
    """What somebody who picked up does."""

    SCORE = "score"
    WRONG = "wrong key"
    SILENT = "silent"
    HANGS_UP = "hangs up"


@dataclass(frozen=True, slots=True)
class Turn:
    """What is pressed at one question. `early`: the part of the prompt after which the first key is pressed;
    None: `wait` seconds after the prompt. Every further key follows after its gap."""

    keys: str
    early: float | None = None
    wait: float | None = None
    gaps: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class CallScript:
    """What a number does with a call, told beforehand. A question that has no turn left gets no key."""

    pickup: Pickup = Pickup.HUMAN
    turns: Sequence[Turn] = ()
    leaves: float | None = None
    """Hangs up after this part of the first prompt."""
    rings: float | None = None
    """Seconds until it is picked up or found busy; None: as quick as the population's scripted people are."""


@dataclass(frozen=True, slots=True)
class Calling:
    """How a population is on the telephone. Shares are parts of a whole; delays are in seconds."""

    pickups: Shares[Pickup]
    rings: Mixture
    """Until it is picked up, or found busy or dead."""
    acts: Shares[Act]
    """Of those who pick up."""
    wrong: Shares[str]
    """The keys of those who press wrong ones,"""
    corrects: float
    """and the share of them that does better when asked again."""
    closes: float
    """Share of those who press that close with `#`,"""
    early: float
    """and of those who do not wait for the end of the prompt."""
    reaction: Mixture
    """From the end of the prompt to the first key."""
    gap: Mixture
    """Between two keys."""
    patience: Mixture
    """How long those listen who hang up."""
    greeting: Mixture
    """Of a voicemail."""
    script_rings: float = 4.0
    """When numbers that do things pick up, unless their row says otherwise,"""
    script_reaction: float = 1.0
    """and how long after a prompt they press."""


# Who picks up: estimates between the sources. Own contacts about 70 %, an identified business about 53 %, an
# unidentified one about 24 % (Hiya 2019); voicemail 41 % of outbound calls (a list site); busy 3 to 6 %, no
# answer 25 to 35 % at 25 s of ringing, unobtainable at most 1 % of known and 10 % of random numbers (Unicom).
# The numbers that nobody has (`reach`) fail besides. Ringing: most at 6 to 10 s or 18 to 22 s (Unicom). What
# they do then: estimates, about 12.5 % of calls with
# a valid key, half of what an SMS brings (OnePoint 2017). The other figures are estimates.
EVERYDAY = Calling(
    pickups=Shares(
        {
            Pickup.HUMAN: 0.42,
            Pickup.VOICEMAIL: 0.22,
            Pickup.NO_ANSWER: 0.27,
            Pickup.BUSY: 0.05,
            Pickup.FAILED: 0.02,
        }
    ),
    rings=Mixture(LogNormal(0.7, 8, 0.19), LogNormal(0.3, 20, 0.10)),
    acts=Shares({Act.SCORE: 0.30, Act.WRONG: 0.05, Act.SILENT: 0.15, Act.HANGS_UP: 0.50}),
    wrong=Shares({"11": 0.35, "*": 0.25, "99": 0.1, "12": 0.1, "20": 0.1, "0*": 0.1}),
    corrects=0.6,
    closes=0.15,
    early=0.2,
    reaction=Mixture(LogNormal(1, 1.8, 0.6)),
    gap=Mixture(LogNormal(1, 0.5, 0.5)),
    patience=Mixture(LogNormal(0.6, 4, 0.4), LogNormal(0.4, 14, 0.3)),
    greeting=Mixture(LogNormal(1, 9, 0.3)),
)
FIRST_TIME = replace(
    EVERYDAY,
    pickups=Shares(
        {
            Pickup.HUMAN: 0.24,
            Pickup.VOICEMAIL: 0.30,
            Pickup.NO_ANSWER: 0.32,
            Pickup.BUSY: 0.05,
            Pickup.FAILED: 0.02,
        }
    ),
)
INSTANT = replace(
    EVERYDAY,
    pickups=Shares({Pickup.HUMAN: 1.0}),
    rings=Mixture(),
    reaction=Mixture(),
    gap=Mixture(),
    patience=Mixture(),
    greeting=Mixture(),
    script_rings=0.0,
    script_reaction=0.0,
)
