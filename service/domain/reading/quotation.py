"""Clause 3 of answers.md: a question quoted back, a phone's `Liked "…"` included, is cut away first."""

import re

_SCALE = re.compile(
    r"(?<!\d)[01]\s{0,3}(?:[-–.]{1,3}|tot|tot en met|t/m|tem|à|a|to|bis|en|et|and|und)\s{0,3}10(?!\d)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"([^"]{1,2000})("|\Z)')
_TICKED = re.compile(r"(?<!\w)'([^'\n]{12,1000}\?)'(?!\w)")
_REACTION = re.compile(
    r"""^\s*(?:liked|loved|disliked|laughed\ at|emphasi[sz]ed|questioned|reacted\b[^"]{0,40}
    |removed\b[^"]{0,40}
    |j'aime|j'adore|(?:vous\ avez\ |a\ )?(?:aime|adore|reagi)\b[^"]{0,40}|(?:a\ )?mis\ en\ evidence
    |vond|vindt|leuk\ gevonden|gefallt|liebt|gelacht|reageerde\b[^"]{0,40}|hat\b[^"]{0,40}|betonte
    |[^\w\s"]{1,4}\s*(?:to|sur|op|an|a)\b[^"]{0,10})
    \s*:?\s*"[^"]{0,2000}(?:"|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)
_MARKED_LINE = re.compile(r"^[ \t]{0,4}>.{0,2000}$", re.MULTILINE)


def without_quotation(text: str) -> str:
    """The text (as `form.plain` gives it) without a question quoted back; what was cut leaves a full stop."""
    text = _REACTION.sub(" . ", text, count=1)
    text = _QUOTED.sub(_unless_answer, text)
    text = _TICKED.sub(_unless_answer, text)
    if "\n" in text:
        text = _MARKED_LINE.sub(_line_unless_answer, text)
    return text


def _unless_answer(match: re.Match[str]) -> str:
    return " . " if _is_question(match.group(1)) else match.group()


def _line_unless_answer(match: re.Match[str]) -> str:
    return "" if _is_question(match.group()) or len(match.group().split()) > 3 else match.group()


def _is_question(quoted: str) -> bool:
    words = quoted.split()
    return len(words) > 3 and ("?" in quoted or _SCALE.search(quoted) is not None)
