"""Phrases that hold numbers but no score: times, dates, prices, offers, sayings (clause 4 of answers.md).

Each function is a step of `composites.compose`, as in `scales`; `negative` and `change` keep their numbers.
"""

from service.domain.reading.form import words
from service.domain.reading.neighbours import Tokens, is_number, phrase_starting, sign, word
from service.domain.reading.plurals import is_plural
from service.domain.reading.scales import (
    NOTHING,
    Step,
    thing,
)
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import POLITE
from service.domain.reading.words_things import (
    CURRENCY,
    HALF_BEFORE,
    UNITS,
)

_PAST = words("voor vor over past na nach")


def clock_half(tokens: Tokens, at: int) -> Step:
    """`half acht`, `halb 9`, `half past 8`, `kwart voor 8`: times of day."""
    if is_number(tokens, at) and word(tokens, at + 1) in _PAST and is_number(tokens, at + 2):
        following = word(tokens, at + 3)
        if following in UNITS or is_plural(following, "", capital=False):
            return NOTHING  # `9 na 2 weken wachten`
        return 3, thing(tokens, at, "time")  # `tien over 9`, `fünf vor zwölf`
    length = phrase_starting(tokens, at, HALF_BEFORE)
    if length and is_number(tokens, at + length):
        return length + 1, thing(tokens, at, "time")
    return NOTHING


MONEY = frozenset(CURRENCY)
_MONEY_SIGNS = MONEY | {"°"}


def negative(tokens: Tokens, at: int) -> Step:
    """`minus 3`, `moins trois`; but `au moins 3` and `plus ou moins 3` are none."""
    if word(tokens, at) not in MINUS or word(tokens, at - 1) in _NOT_MINUS or not is_number(tokens, at + 1):
        return NOTHING
    number = tokens[at + 1]
    return 2, [number._replace(value=-(number.value or 1.0), text="-" + number.text)]


MINUS = words("minus moins")
_NOT_MINUS = words("ou au du le or of les des en")


def offer(tokens: Tokens, at: int) -> Step:
    """`2 for 1 offer`, `1+1 gratis`."""
    joined = word(tokens, at + 1) in _OFFER_JOINTS or sign(tokens, at + 1) == "+"
    share = word(tokens, at + 1) == "in" and word(tokens, at + 3) not in POLITE
    if is_number(tokens, at) and share and is_number(tokens, at + 2) and word(tokens, at + 3):
        return 3, thing(tokens, at, "proportion")  # `1 in 2 lamps`
    sheltered = word(tokens, at + 1) == "onder" and is_number(tokens, at + 2) and tokens[at + 2].value == 1.0
    if is_number(tokens, at) and sheltered and word(tokens, at + 3):
        return 3, thing(tokens, at, "saying")  # `2 onder 1 dak`
    if is_number(tokens, at) and joined and is_number(tokens, at + 2) and word(tokens, at + 3) in _OFFERS:
        return 3, thing(tokens, at, "offer")
    return NOTHING


_OFFER_JOINTS = words("for voor pour für halen plus")
_OFFERS = words("""
    offer deal gratis free gratuit gratuits offert offerts actie promo promotie aktion angebot betalen
""")


def september(tokens: Tokens, at: int) -> Step:
    """`3 sept.`, `am 7. Sept.`: with a date, `sept` is a month (clause 6)."""
    if not is_number(tokens, at) or tokens[at].spelled or not 1 <= (tokens[at].value or 0.0) <= 31:
        return NOTHING
    place = at + 1 + (sign(tokens, at + 1) == "." and not tokens[at + 1].spaced)
    if not is_number(tokens, place) or tokens[place].text != "sept":
        return NOTHING
    return place + 1 - at, thing(tokens, at, "date")


def change(tokens: Tokens, at: int) -> Step:
    """`de 9 à 3`, `von 9 auf 3`: two scores, neither a party nor a time; the words between are dropped."""
    joint = CHANGES.get(word(tokens, at), frozenset())
    if not (is_number(tokens, at + 1) and word(tokens, at + 2) in joint and is_number(tokens, at + 3)):
        return NOTHING
    first, last = tokens[at + 1], tokens[at + 3]
    falls = (first.value or 0.0) > (last.value or 0.0) or word(tokens, at + 2) != "a"
    following = word(tokens, at + 4)
    noun = is_plural(following, "en", capital=False) or is_plural(following, "nl", capital=False)
    if not falls or following in UNITS or noun:
        return NOTHING
    stop = Token(Kind.BREAK, ".", spaced=False)
    return 4, [stop, first, stop, last, stop]


CHANGES = {"de": words("à"), "van": words("naar"), "von": words("auf"), "from": words("to down_to")}


def hours(tokens: Tokens, at: int) -> Step:
    """`open 9 to 5`: opening hours."""
    start = at + 1 + (word(tokens, at + 1) in {"van", "de", "von", "from"})
    between = is_number(tokens, start) and word(tokens, start + 1) in _TO and is_number(tokens, start + 2)
    return (start + 3 - at, thing(tokens, at, "time")) if between else NOTHING


OPEN = words("open geopend ouvert ouverte ouverts geöffnet offen opening")
_TO = words("to tot à bis till until")


def counted_out(tokens: Tokens, at: int) -> Step:
    """`op een twee drie was hij weg`: counting aloud gives no score."""
    following = tokens[at + 1 : at + 3]
    aloud = [token.value for token in following if token.spelled] == [2.0, 3.0]
    return (3, thing(tokens, at, "counting")) if aloud else NOTHING


def thousand_thanks(tokens: Tokens, at: int) -> Step:
    """`tausend Dank`, `a thousand thanks`, `mille mercis`."""
    many = is_number(tokens, at) and tokens[at].spelled and (tokens[at].value or 0.0) >= 100
    times = word(tokens, at + 1) in _TIMES
    thanked = word(tokens, at + 1 + times) in _THANKS
    return (2 + times, thing(tokens, at, "thanks")) if many and thanked else NOTHING


_TIMES = words("maal mal fois times keer")
_THANKS = words("thanks dank merci mercis bedankt danke thank apologies excuses kisses grüße bisous kusjes")


def money(tokens: Tokens, at: int) -> Step:
    if sign(tokens, at) in MONEY and is_number(tokens, at + 1):
        return 2, thing(tokens, at, "money")
    if is_number(tokens, at) and sign(tokens, at + 1) in _MONEY_SIGNS:
        return 2, thing(tokens, at, "money")
    return NOTHING
