"""Clause 4 of answers.md, to the left of a number: is it an age, a group, a time, a price, an ordinal?"""

from collections.abc import Callable

from service.domain.reading.company import is_age, is_both, is_group, is_partner, is_purpose, is_size
from service.domain.reading.form import words
from service.domain.reading.labels import is_label
from service.domain.reading.neighbours import (
    Tokens,
    is_number,
    sign,
    word,
    words_left,
)
from service.domain.reading.words_plain import ALL_LIGHT
from service.domain.reading.words_score import (
    SCORE_NOUNS,
    SCORE_VERBS,
)
from service.domain.reading.words_things import (
    MONEY_BEFORE,
    MONTHS,
)

_CLOCK = words("""
    om vers gegen tegen sinds depuis seit since dès omstreeks bis until till jusque jusqu half halb past tot
""")
_CLOCK_ARTICLES = words("the de der le den das at by from")
_UNTIL = words("bis tot until till jusque jusqu")
_TENDING = words("tend tendant tirant tire penche penchant neigt neigend neigt leaning tending tendance")
_LATER = words("binnen within dans après after nach")
_RECEIVED = words("got received kreeg kregen ontving reçu reçus reçue bekam bekamen erhielt erhielten")
_TAKEN = words("""
    besteld bestelde bestelden gekocht kocht commandé commandés acheté achetés pris ordered bought gekauft
    bestellt kaufte kauften betaald gereserveerd réservé booked reserviert gekookt
""")


def names(tokens: Tokens, at: int, language: str) -> str:
    """What the words left of the number at `at` make of it ("a label", "an age" …); empty if nothing."""
    for meaning, test in _TESTS:
        if test(tokens, at, language):
            return meaning
    return ""


def _is_time(tokens: Tokens, at: int, language: str) -> bool:
    before = word(tokens, at - 1)
    left = list(words_left(tokens, at))[:6]
    if before in _UNTIL | {"en"} and is_number(tokens, at - 2):
        return False
    if word(tokens, at - 2) in _TENDING:
        return False
    clock = (tokens[at].value or 0.0) % 1 > 0 and len(tokens[at].text.partition(".")[2]) == 2
    if clock and before in _CLOCK_ARTICLES:
        return True  # `the 7.15 was cancelled`
    if before in _CLOCK or (before == "um" and language == "de"):
        return True
    if before == "nach" and word(tokens, at - 2) in {"meinung", "ansicht", "gefuhl"}:
        return False
    if before == "at" or before in _LATER or (before == "in") or (before == "en" and language == "fr"):
        return not any(text in SCORE_VERBS or text in SCORE_NOUNS for text in left)
    return _is_year(tokens, at)


def _is_year(tokens: Tokens, at: int) -> bool:
    value = tokens[at].value or 0.0
    return 1900 <= value <= 2100 and bool(word(tokens, at - 1) or word(tokens, at + 1))


def _is_price(tokens: Tokens, at: int, language: str) -> bool:
    before = word(tokens, at - 1)
    counted = any(is_number(tokens, place) for place in range(max(at - 8, 0), at))
    return before in MONEY_BEFORE or before in _TAKEN or (counted and before in _RECEIVED)


def _is_share(tokens: Tokens, at: int, language: str) -> bool:
    """`8 pistolets waarvan 3 beschimmeld`: some of those counted before."""
    numbered = any(is_number(tokens, place) for place in range(max(at - 6, 0), at))
    of_which = word(tokens, at - 1) == "which" and word(tokens, at - 2) == "of"
    return numbered and (word(tokens, at - 1) in _OF_WHICH or of_which)


_OF_WHICH = words("waarvan waaronder dont davon wovon darunter including inclusief")


def _is_day(tokens: Tokens, at: int, language: str) -> bool:
    """`on June 9`: the day after its month; `may` and `march` only as names."""
    before = word(tokens, at - 1)
    named = before in MONTHS and 1 <= (tokens[at].value or 0.0) <= 31 and not tokens[at].spelled
    return named and (tokens[at - 1].capital or before not in _ALSO_WORDS)


_ALSO_WORDS = words("may march jan")


def _is_ordinal(tokens: Tokens, at: int, language: str) -> bool:
    """German `beim 2. Versuch`: a point, then a noun, after a word that wants an ordinal."""
    if language == "de" and tokens[at].value != int(tokens[at].value or 0.0) and "." in tokens[at].text:
        return word(tokens, at - 1) in _DATED  # `ab dem 1.1.`
    if language != "de" or sign(tokens, at + 1) != "." or tokens[at + 1].spaced or not word(tokens, at + 2):
        return False
    before = word(tokens, at - 1)
    noun = tokens[at + 2].text
    if noun in _RANKED:
        return True
    known = noun in ALL_LIGHT
    return before in _ORDINAL_BEFORE and not known


_RANKED = (
    words("chance runde wahl versuch besuch stock etage klasse liga platz halbzeit teil mal tag termin")
    | MONTHS
)
_ORDINAL_BEFORE = words("""
    jede jedes jedem beim der die das dem den am im zum zur vom mein meine meinem unser unsere nach erst jeder
    jeden vor seit ab
""")


def _is_shorthand(tokens: Tokens, at: int, language: str) -> bool:
    """English text-message spelling: `thanks 4 nothing`, `nice 2 meet you`, `me 2`."""
    before = word(tokens, at - 1)
    if language != "en" or tokens[at].spelled or not before:
        return False
    if tokens[at].value == 4.0:
        return before in {"thanks", "thank", "thx", "ty", "cheers", "up", "looking"} and bool(
            word(tokens, at + 1)
        )
    return tokens[at].value == 2.0 and (
        (before in _TO_BEFORE and bool(word(tokens, at + 1))) or before in {"me", "u"}
    )


_TO_BEFORE = words("""
    want need have has had going got able try trying nice up way used how where what bit took love like
""")

_DATED = _ORDINAL_BEFORE

_TESTS: tuple[tuple[str, Callable[[Tokens, int, str], bool]], ...] = (
    ("a label", is_label),
    ("an age", is_age),
    ("a group", is_group),
    ("one of several", is_both),
    ("a time", _is_time),
    ("a price or a quantity", _is_price),
    ("a size", is_size),
    ("a party", is_purpose),
    ("an ordinal", _is_ordinal),
    ("a share", _is_share),
    ("a date", _is_day),
    ("a group", is_partner),
    ("shorthand", _is_shorthand),
)
