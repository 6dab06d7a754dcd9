"""Clause 5 of answers.md: how the writer stands to a number - bounded, asked about, or given."""

from service.domain.reading.form import words
from service.domain.reading.neighbours import (
    Tokens,
    is_end,
    is_number,
    phrase_ending,
    phrase_starting,
    sign,
    word,
)
from service.domain.reading.tokens import Kind
from service.domain.reading.words_plain import ALL_COURTESY, ALL_PRAISE
from service.domain.reading.words_score import (
    ARTICLES,
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    NO_BOUNDS,
    QUESTION_OPENERS,
    QUESTION_VERBS,
)

_ADJECTIVES = words("""
    dikke goede goeie echte solide vrai vraie bon bonne beau gros grosse full solid big good proper glatte
    volle starke mooie dike
""")
_SKIPPED = ARTICLES | _ADJECTIVES | {"d"}
_INTERROGATIVES = words("""
    compte telt zählt counts
    quoi combien pourquoi comment quel quelle waarom hoeveel warum wofür why peux peut dois kan mag moet darf
    kann muss can may must mogen kunnen
""")
_GOOD_OR_BAD = ALL_PRAISE | {"bon", "bonne", "mal", "bien", "pas", "niet", "nicht", "not"}
_OPENINGS = ALL_COURTESY | {"en", "et", "und", "and", "maar", "mais", "but", "aber"}
_JUDGED = ALL_PRAISE | {"het", "the", "le", "das"}
_MEANING = words("mean means betekent bedeutet signifie heißt")
_MEANING_ASKED = _MEANING | {"veut"}


def is_bounded(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the number is only a side or a near miss: `minstens 9`, `bijna een 10`, `8 of meer`."""
    if sign(tokens, at - 1) in {"<", ">", "≥", "≤"}:
        return True
    return _bounded_before(tokens, at, language) or _bounded_after(tokens, at)


def _bounded_before(tokens: Tokens, at: int, language: str) -> bool:
    place = at
    for _ in range(4):
        if phrase_ending(tokens, place, NO_BOUNDS):
            return False
        length = phrase_ending(tokens, place, BOUNDS_BEFORE)
        if length:
            return not _misread(word(tokens, place - 1), language, length)
        if word(tokens, place - 1) not in _SKIPPED:
            return _abbreviated(tokens, place)
        place -= 1
    return False


_ONE_LANGUAGE = {
    **dict.fromkeys(("fast", "über", "uber", "unter", "knapp", "kaum", "schier"), "de"),
    **dict.fromkeys(("over", "under", "above", "near"), "en"),
    **dict.fromkeys(("onder", "boven", "haast"), "nl"),
}


def _misread(text: str, language: str, length: int) -> bool:
    """`the service was fast 8`: a bound in another language only."""
    owner = _ONE_LANGUAGE.get(text, "")
    return length == 1 and bool(owner) and bool(language) and owner != language


def _abbreviated(tokens: Tokens, at: int) -> bool:
    """`max. 8`, `min. 7`."""
    return sign(tokens, at - 1) == "." and word(tokens, at - 2) in {"max", "min"}


def _bounded_after(tokens: Tokens, at: int) -> bool:
    start = at + 1 + (sign(tokens, at + 1) in {",", "("})
    if tokens[at].spelled and start < len(tokens) and word(tokens, start) in {"points", "punten", "punkte"}:
        start += 1
    length = phrase_starting(tokens, start, BOUNDS_AFTER)
    return bool(length) and (is_end(tokens, start + length) or word(tokens, start + length) in ALL_COURTESY)


def questioned(tokens: Tokens) -> frozenset[int]:
    """The places of numbers a question is about: `is 10 goed of slecht?`; not of `8?`, which is an answer."""
    asked: set[int] = set()
    first = 0
    for place in range(len(tokens) + 1):
        if place < len(tokens) and not (tokens[place].kind is Kind.BREAK and tokens[place].text in ".!?\n;"):
            continue
        ended = place < len(tokens) and "?" in tokens[place].text
        asked.update(_asked_in(tokens, first, place, marked=ended))
        first = place + 1
    return frozenset(asked)


def _asked_in(tokens: Tokens, first: int, last: int, *, marked: bool) -> list[int]:
    start = first
    while start < last and (not word(tokens, start) or word(tokens, start) in _OPENINGS):
        if is_number(tokens, start):
            break
        start += 1
    numbers = [place for place in range(first, last) if is_number(tokens, place)]
    opened = word(tokens, start) in QUESTION_OPENERS
    if not marked:
        meaning = any(word(tokens, place) in _MEANING for place in range(start, min(last, start + 12)))
        return [place for place in numbers if opened and (meaning or _is_about(tokens, start, place))]
    if opened or word(tokens, start + 1) in _INTERROGATIVES:
        return [place for place in numbers if place == start or not _is_set_off(tokens, place)]
    if any(word(tokens, place) in _MEANING_ASKED for place in range(start, min(last, start + 12))):
        return numbers
    if any(_offers_choice(tokens, place) for place in range(start, last)):
        return numbers
    return [place for place in numbers if _is_judged(tokens, place)]


def _is_set_off(tokens: Tokens, place: int) -> bool:
    return is_end(tokens, place - 1) and is_end(tokens, place + 1)


def _offers_choice(tokens: Tokens, place: int) -> bool:
    """`goed of slecht?`: it is the number's meaning that is asked for."""
    either = word(tokens, place - 1) in _GOOD_OR_BAD and word(tokens, place) in {"of", "ou", "oder", "or"}
    return either and word(tokens, place + 1) in _GOOD_OR_BAD


def _is_judged(tokens: Tokens, place: int) -> bool:
    """`10 is toch goed?`, `c'est 0 le meilleur ?`."""
    if word(tokens, place + 1) in QUESTION_VERBS:
        return True
    return (
        word(tokens, place + 1) in {"het", "the", "le", "das", "la"} and word(tokens, place + 2) in ALL_PRAISE
    )


def _is_about(tokens: Tokens, start: int, place: int) -> bool:
    """`is 10 goed of slecht`, without its question mark."""
    if word(tokens, start) not in {"is", "ist", "est", "are", "wat", "was", "what"}:
        return False
    near = place - start <= 3 and all(word(tokens, between) in _ABOUT for between in range(start + 1, place))
    return near and word(tokens, place + 1) in _JUDGED


_ABOUT = words("een een'n a an un une ein eine de la betekent means bedeutet does") | {"ce", "que", "qu"}
