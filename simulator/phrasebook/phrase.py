"""The values of the phrasebook: what a text means, a written text, and the chance that chooses it.

The meanings are the verdicts of the page on answers (`answers.md`, "Verdicts"), in its order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeVar

Item = TypeVar("Item")

LANGUAGES = ("nl", "fr", "de", "en")
SCORES = tuple(range(11))


class Meaning(StrEnum):
    """What the writer of a reply meant it to be; the values are the verdicts' own spelling."""

    GOOD = "good"
    OPT_OUT = "opt_out"
    EMPTY = "empty"
    OTHER_SCALE = "other_scale"
    AMBIGUOUS = "ambiguous"
    NOT_INTEGER = "not_integer"
    OUT_OF_RANGE = "out_of_range"
    NO_SCORE = "no_score"


BAD_MEANINGS = tuple(meaning for meaning in Meaning if meaning is not Meaning.GOOD)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One reply as written; `score` is 0..10 for a good one and None for every other meaning.

    `phenomenon` is a slug of `phenomena.py`: the clause of the page that the text puts to the test.
    """

    text: str
    meaning: Meaning
    score: int | None
    phenomenon: str


class Chance(Protocol):
    """The part of `random.Random` that the phrasebook draws from; the caller owns the seed."""

    def random(self) -> float: ...

    def choice(self, seq: Sequence[Item], /) -> Item: ...

    def randrange(self, stop: int, /) -> int: ...


@lru_cache(maxsize=256)
def primary(tag: str) -> str:
    """The primary subtag of a language tag, in lower case: `nl-BE` gives `nl` (RFC 5646, 2.2.1)."""
    return tag.strip().lower().replace("_", "-").split("-")[0]


def spoken(tag: str) -> str:
    """The language of the phrasebook that a tag asks for; ValueError when nobody here speaks it."""
    language = primary(tag)
    if language not in LANGUAGES:
        raise ValueError(
            f"no phrasebook for language {tag!r}; there is one for each of {', '.join(LANGUAGES)}"
        )
    return language


def meant(meaning: Meaning | None, score: int | None) -> Meaning | None:
    """What a reply with that score means; ValueError if the two contradict each other."""
    if score is None:
        if meaning is Meaning.GOOD:
            raise ValueError("a good reply needs its score, from 0 to 10")
        return meaning
    if not 0 <= score <= 10:
        raise ValueError(f"a score is from 0 to 10, not {score}")
    if meaning not in (None, Meaning.GOOD):
        raise ValueError("only a good reply has a score")
    return Meaning.GOOD
