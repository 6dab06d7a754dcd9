"""Clause 5 of answers.md: how the writer stands to a number - denied, bounded, asked about, or given."""

from itertools import islice

from service.domain.reading.form import words
from service.domain.reading.neighbours import (
    Tokens,
    is_end,
    is_number,
    phrase_ending,
    phrase_starting,
    sign,
    word,
    words_left,
    words_right,
)
from service.domain.reading.tokens import Kind
from service.domain.reading.words_plain import ALL_COURTESY, ALL_PRAISE
from service.domain.reading.words_score import (
    AFTER_NEGATION,
    ARTICLES,
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    NO_BOUNDS,
    QUESTION_OPENERS,
    QUESTION_VERBS,
    SCORE_VERBS,
    SPEAKING,
    STRICT_NEGATIONS,
)

_CONTRACTED = words("wouldn't won't can't cannot couldn't don't didn't doesn't shouldn't haven't")
_ENOUGH = words("genoeg enough assez genug suffisant voldoende ausreichend sufficient")
_FOR = words("voor for pour für")
_BETWEEN_AND_DENIAL = (
    words("""
        is het dat dit was it this es das ist war wäre c ce est ca ça ik je jullie ich i we wij ze give geef
        kan can kann peux zou would würde will ga on nous ne n zeker echt absoluut sicher definitely certainly
        vous u sie ihr they you a aber werd wordt wird hier la gaat gaan lukt aurez auras aura obtiendrez
        krijgen zit zat er reicht langt haalt haal verdien
    """)
    | SCORE_VERBS
)
_NEARLY_NEGATED = words("""
    net_geen nét_geen niet_helemaal niet_volledig net_niet pas_tout_à_fait nicht_ganz not_quite
""")
_ADJECTIVES = words("""
    dikke goede goeie echte solide vrai vraie bon bonne beau gros grosse full solid big good proper glatte
    volle starke mooie dike
""")


_INTERROGATIVES = words("""
    quoi combien pourquoi comment quel quelle waarom hoeveel warum wofür why peux peut dois kan mag moet darf
    kann muss can may must mogen kunnen
""")
_CLAUSE_FINAL = words("niet nicht pas ni nie")
_SPEAKERS = words("""
    ik je ich i on nous we wij wir ne n zal zou vais ga gaan will werde würde would vous jullie
""")
_BETWEEN_DENIAL_AND_NUMBER = AFTER_NEGATION | _ENOUGH | _FOR | _SPEAKERS | SCORE_VERBS
LONGEST_DENIAL = 8
_GOOD_OR_BAD = ALL_PRAISE | {"bon", "bonne", "mal", "bien", "pas", "niet", "nicht", "not"}
_ANYMORE = frozenset({"meer", "plus", "more", "mehr"})
_SKIPPED = ARTICLES | _ADJECTIVES | {"d"}
_CLOSING = SCORE_VERBS | STRICT_NEGATIONS | {"in", "drin", "halen", "van", "von", "from", "hoor"}
_OPENINGS = ALL_COURTESY | {"en", "et", "und", "and", "maar", "mais", "but", "aber"}
_JUDGED = ALL_PRAISE | {"het", "the", "le", "das"}
_MEANING = words("mean means betekent bedeutet signifie heißt")
_MEANING_ASKED = _MEANING | {"veut"}


def is_denied(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the number is negated: `geen 10`, `n'est pas un 10`, `een 10 is het niet`."""
    return _denied_before(tokens, at, language) or _denied_after(tokens, at)


def _denied_before(tokens: Tokens, at: int, language: str) -> bool:
    """Walk left over what may stand between a negation and its number: `je ne mettrais pas un 10`."""
    if _denies_a_verb(tokens, at) or _never_again(tokens, at):
        return False
    passed: set[str] = set()
    for distance, text in enumerate(islice(words_left(tokens, at), LONGEST_DENIAL), start=1):
        if _is_no_denial(tokens, at - distance, language) or (text in _ANYMORE and passed & _SPEAKERS):
            return False
        if text in STRICT_NEGATIONS or (distance > 1 and text in _CONTRACTED):
            return True
        passed.add(text)
        praised = text in ALL_PRAISE and bool(passed & _ENOUGH)
        if not (text in _BETWEEN_DENIAL_AND_NUMBER or praised):
            return False
    return False


def _denies_a_verb(tokens: Tokens, at: int) -> bool:
    """`de bestelling klopte niet 5`: what is denied stands before."""
    verb = word(tokens, at - 2)
    return word(tokens, at - 1) in _CLAUSE_FINAL and bool(verb) and verb not in SPEAKING


def _is_no_denial(tokens: Tokens, place: int, language: str) -> bool:
    """German `noch` (still), and the `no` of `8, no 9`."""
    if word(tokens, place) == "no":
        return any(is_number(tokens, before) for before in range(place - 4, place))
    return word(tokens, place) == "noch" and language == "de"


def _never_again(tokens: Tokens, at: int) -> bool:
    """`nooit meer 3`, `plus jamais 7`: the place is denied, not the number."""
    pair = (word(tokens, at - 2), word(tokens, at - 1))
    return pair in {
        ("nooit", "meer"),
        ("nie", "meer"),
        ("nie", "mehr"),
        ("plus", "jamais"),
        ("jamais", "plus"),
    }


def _denied_after(tokens: Tokens, at: int) -> bool:
    verb = False
    for place, text in enumerate(words_right(tokens, at), start=at + 1):
        if place - at > 7:
            return False
        if text in STRICT_NEGATIONS:
            following = word(tokens, place + 1)
            return verb and (is_end(tokens, place + 1) or following in _CLOSING)
        verb = verb or place > at
        if text not in _BETWEEN_AND_DENIAL:
            return False
    return False


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


def is_doubted(tokens: Tokens, at: int) -> bool:
    """`een 8 is te veel`, `a 9 is pushing it`, `10? jamais`: named, but not given."""
    judged = at + 2 + (word(tokens, at + 2) in {"be", "etre", "sein", "zijn"})
    if word(tokens, at + 1) in _BEING and word(tokens, judged) in _TOO:
        return True
    if sign(tokens, at + 1) == "?" and (word(tokens, at + 2), word(tokens, at + 3)) == ("et", "puis"):
        return True
    if word(tokens, at + 1) in _NO and word(tokens, at + 2) in ALL_COURTESY:
        return True
    return sign(tokens, at + 1) == "?" and (word(tokens, at + 2) in _NO or word(tokens, at + 3) in _NO)


_BEING = words("is est ist seems lijkt scheint semble serait ware zou would")
_TOO = words("te too trop zu pushing overdreven übertrieben exagéré onmogelijk impossible unmöglich")
_NO = words("jamais nooit never nie niemals non nee neen nein no nope nah pas vergeet forget")


def is_near_miss(tokens: Tokens, at: int) -> bool:
    """`net geen 8`, `not quite a 10`: denied and nearly, of which the bound is the higher verdict."""
    place = at
    while place > 0 and word(tokens, place - 1) in ARTICLES:
        place -= 1
    return bool(phrase_ending(tokens, place, _NEARLY_NEGATED) or phrase_ending(tokens, at, _NEARLY_NEGATED))


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
