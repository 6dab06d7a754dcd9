"""A script: what one number does, told beforehand instead of drawn. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from simulator.people.calling import CallScript
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.world import Accident, Refusal


@dataclass(frozen=True, slots=True)
class Showing:
    """A text that shows one phenomenon of answers.md, in the person's language; the score goes by the
    lane."""

    phenomenon: str


@dataclass(frozen=True, slots=True)
class Nine:
    """A 9 in the way of `parameter` of family 09: a language, or a text that forces UCS-2."""

    parameter: int


@dataclass(frozen=True, slots=True)
class Writing:
    """A text from the phrasebook in the person's language, or in `language`."""

    meaning: Meaning
    score: int | None
    habit: str = "bare"
    language: str | None = None


Words = Utterance | Showing | Nine | Writing


@dataclass(frozen=True, slots=True)
class Say:
    """One reply. `after` seconds from the acceptance; None: as quick as the population's scripted people
    are."""

    words: Words
    after: float | None = None
    parts_shuffled: bool = False


class Telling(Enum):
    """How a delivery report reaches the peer."""

    TOLD = "told"
    QUIET = "to be asked for"  # a state on the way; gateways tell it only to those who ask
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a message on its way. `after` as in `Say`."""

    cause: str
    after: float | None = None
    telling: Telling = Telling.TOLD


@dataclass(frozen=True, slots=True)
class Script:
    """What a number does with a message: which tries to submit fail, what is reported, what is answered."""

    steps: Sequence[Step] = (Step("delivered"),)
    says: Sequence[Say] = ()
    tries: Sequence[Refusal | Accident] = ()
    """What the first, second, … try to submit meets; later ones are accepted,"""
    for_good: bool = False
    """unless the last of them holds for every try."""
    call: CallScript | None = None
    """What it does with a call; None: what it says, in keys."""

    def on_try(self, attempt: int) -> Refusal | Accident | None:
        """What try 1, 2, … meets; None: it is accepted."""
        if attempt <= len(self.tries):
            return self.tries[attempt - 1]
        return self.tries[-1] if self.for_good else None


def bare(score: int) -> Utterance:
    """The digits and nothing else."""
    return Utterance(str(score), Meaning.GOOD, score, "bare")
