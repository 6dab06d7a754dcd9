"""Habits of writing, and how common each is among those who reply.

The shares are those of the reply contents in a texting trial and of the operators' experience (estimates,
anchored on 80 % who answered as asked): bare number 80, number and words 8, number words 2, off the scale or
decimal 2, several numbers 1, text only 4, STOP 1.5, empty and automatic 0.5, wrong language 1, in per cent.
Digits of other scripts and invisible characters are for tests only, so they have no share here.
"""

from collections.abc import Mapping
from typing import NamedTuple

from simulator.phrasebook.phrase import Meaning

HABITS: Mapping[str, str] = {
    "bare": "digits only, with at most a mark around them",
    "words": "digits in a short sentence, or with thanks",
    "spelled": "the number as a word",
    "chatty": "a story with times, money and counts that do not score, and a score",
    "flourish": "the country's own turns of phrase around the digits",
    "typist": "slips of the thumb in every word but the number",
    "emoji": "key-caps, or digits among emoji and emoticons",
    "foreign_digits": "digits of other scripts, full-width and enclosed ones",
    "invisible": "zero-width characters and unusual blanks around the digits",
    "scale": "the scale named or quoted with the score",
    "quoter": "the question quoted back, then the answer",
    "repeater": "the same score twice in one text",
    "wrong_language": "an answer in another of the four languages than the question",
}


class Share(NamedTuple):
    """One kind of reply and its share of all; the habit of a bad one says only if its language is wrong."""

    habit: str
    meaning: Meaning
    share: float


SHARES = (
    Share("bare", Meaning.GOOD, 0.80),
    Share("words", Meaning.GOOD, 0.043),
    Share("scale", Meaning.GOOD, 0.015),
    Share("flourish", Meaning.GOOD, 0.010),
    Share("typist", Meaning.GOOD, 0.006),
    Share("emoji", Meaning.GOOD, 0.010),
    Share("quoter", Meaning.GOOD, 0.001),
    Share("spelled", Meaning.GOOD, 0.02),
    Share("chatty", Meaning.GOOD, 0.003),
    Share("repeater", Meaning.GOOD, 0.002),
    Share("words", Meaning.OUT_OF_RANGE, 0.008),
    Share("words", Meaning.NOT_INTEGER, 0.007),
    Share("words", Meaning.OTHER_SCALE, 0.005),
    Share("words", Meaning.AMBIGUOUS, 0.005),
    Share("words", Meaning.NO_SCORE, 0.037),
    Share("words", Meaning.OPT_OUT, 0.015),
    Share("words", Meaning.EMPTY, 0.003),
    Share("wrong_language", Meaning.GOOD, 0.008),
    Share("wrong_language", Meaning.NO_SCORE, 0.002),
)
