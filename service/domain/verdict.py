"""How a reply reads: the eight verdicts of answers.md, in the order of its table, and one reading."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a reply is worth; where two kinds of bad apply, the one that stands first here is given."""

    GOOD = "good"
    OPT_OUT = "opt_out"
    EMPTY = "empty"
    OTHER_SCALE = "other_scale"
    AMBIGUOUS = "ambiguous"
    NOT_INTEGER = "not_integer"
    OUT_OF_RANGE = "out_of_range"
    NO_SCORE = "no_score"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reply, read: `score` is 0..10 exactly when the verdict is GOOD, else None.

    `clause` says in a few words which clause of answers.md decided; it never quotes the reply's words,
    only its numbers, so that it may be shown to people.
    """

    verdict: Verdict
    score: int | None
    clause: str
