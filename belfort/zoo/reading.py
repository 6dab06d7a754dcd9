"""Replies read wrongly."""

from __future__ import annotations

import re
from dataclasses import replace

from service.domain import answer
from service.domain.verdict import Reading, Verdict

FIRST_NUMBER = re.compile(r"\b(10|[0-9])\b")
HALF = re.compile(r"\b([0-9])[.,]5\b")


def first_number_wins(text: str, language: str, /) -> Reading:
    """Reads the first number it sees, as a regular expression in a hurry does: “2 keer gebeld, 9” is 2."""
    found = FIRST_NUMBER.search(text)
    if found is None:
        return answer.read(text, language)
    return Reading(Verdict.GOOD, int(found[0]), "the first number")


def halves_are_rounded(text: str, language: str, /) -> Reading:
    """Rounds a half up, to be kind: 7,5 is 8."""
    return answer.read(HALF.sub(lambda found: str(int(found[1]) + 1), text), language)


def stop_is_a_word(text: str, language: str, /) -> Reading:
    """Knows no opt-out: STOP is a reply without a score, and nothing follows from it."""
    found = answer.read(text, language)
    return replace(found, verdict=Verdict.NO_SCORE) if found.verdict is Verdict.OPT_OUT else found
