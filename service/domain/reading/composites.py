"""Numbers that are made of several tokens: number words, fractions, scores on a scale, stars, percentages.

Clauses 3, 6, 8 and 9 of answers.md. Each step takes the tokens and gives new ones, in which the pieces are
one token: a NUMBER with its `scale`, or a THING when the pieces only quote or measure (`0-10`, `half 8`).
"""

from collections.abc import Callable, Iterable

from service.domain.reading.form import ACCENTED_ONE, HALF, words
from service.domain.reading.neighbours import Tokens, is_number, phrase_starting, sign, word
from service.domain.reading.numerals import ARTICLES_OF_ONE, HALVES, LONGEST, NUMERALS
from service.domain.reading.plurals import is_plural
from service.domain.reading.scales import (
    BARE_SCALE,
    BETWEEN,
    NOTHING,
    Step,
    percent,
    quoted_scale,
    ratio,
    stars,
    thing,
)
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import POLITE
from service.domain.reading.words_things import CURRENCY, HALF_BEFORE, HOLLOW_STARS, STAR_SIGNS, UNITS

_DUTCH_TEN = words("""
    minste slotte hoogste laatste eerste tweede derde vierde opzichte einde onrechte gevolge behoeve dele
    zeerste huize aanzien goede kwade koste tijde allen prooi onder
""")
_JOINTS = words("en et und and n & plus")
_ARTICLES = ARTICLES_OF_ONE | {"a", "n"}
_HALF_WORDS = words("half halve demi demie halb halbe halbes halben")
_DOZENS = words("dozen dozijn douzaine dutzend")
_POINTS = words("komma virgule point comma dot")
_PAST = words("voor vor over past na nach")
_MULTIPLES = words("hundred honderd hundert thousand duizend tausend mille cents million miljoen")


def compose(tokens: list[Token]) -> list[Token]:
    """The tokens with every composite number recognised, in the order the steps need."""
    for step, starters in _STEPS:
        if any(token.kind is Kind.NUMBER for token in tokens) or not starters.isdisjoint(_texts(tokens)):
            tokens = _rewrite(tokens, step, starters)
    return tokens


def _texts(tokens: Tokens) -> frozenset[str]:
    return frozenset([token.text for token in tokens])


def _rewrite(
    tokens: list[Token], step: Callable[[Tokens, int], Step], starters: frozenset[str]
) -> list[Token]:
    """The tokens after one step, which is tried at numbers and at the few words it can begin with."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        taken, made = step(tokens, at) if token.kind is Kind.NUMBER or token.text in starters else NOTHING
        result += made if taken else [token]
        at += taken or 1
    return result


def _numeral(tokens: Tokens, at: int) -> Step:
    if word(tokens, at) == "ten" and word(tokens, at + 1) in _DUTCH_TEN:
        return NOTHING
    if not word(tokens, at) or (word(tokens, at) == "cent" and word(tokens, at - 1) in {"pour", "per"}):
        return NOTHING
    if word(tokens, at) in HALVES:
        return 1, [tokens[at]._replace(kind=Kind.NUMBER, value=HALVES[word(tokens, at)], spelled=True)]
    for length in range(min(LONGEST, len(tokens) - at), 0, -1):
        key = tuple(word(tokens, place) for place in range(at, at + length))
        if key in NUMERALS and key[0] not in ARTICLES_OF_ONE:
            value, languages = NUMERALS[key]
            return length, [_spelled(tokens[at], " ".join(key), float(value), languages)]
    return NOTHING


def _spelled(token: Token, text: str, value: float, languages: frozenset[str]) -> Token:
    return token._replace(kind=Kind.NUMBER, text=text, value=value, spelled=True, languages=languages)


def _halved(tokens: Tokens, at: int) -> Step:
    """`8½`, `8 1/2`, `acht en een half`, `huit et demi`, `8 komma 5`, `two hundred`."""
    if not (is_number(tokens, at) or word(tokens, at) in ARTICLES_OF_ONE):
        return NOTHING
    multiple = is_number(tokens, at + 1) and tokens[at + 1].text in _MULTIPLES
    if not is_number(tokens, at) and not multiple and word(tokens, at + 1) not in _JOINTS:
        return NOTHING
    whole = tokens[at].value if is_number(tokens, at) else 1.0
    taken = _half_length(tokens, at + 1)
    if taken:
        return taken + 1, [tokens[at]._replace(kind=Kind.NUMBER, value=(whole or 0.0) + 0.5)]
    if is_number(tokens, at + 1) and word(tokens, at + 1) == "" and tokens[at + 1].text in _MULTIPLES:
        product = (whole or 1.0) * (tokens[at + 1].value or 1.0)
        return 2, [tokens[at]._replace(kind=Kind.NUMBER, value=product, spelled=True)]
    return NOTHING


def _half_length(tokens: Tokens, at: int) -> int:
    """How many tokens from here on say `and a half`; 0 if they do not."""
    place = at
    if any(word(tokens, after) in _DOZENS for after in range(at, at + 5)):
        return 0  # `and half a dozen of the other`
    joined = word(tokens, place) in _JOINTS or sign(tokens, place) in {"&", "+", "-"}
    place += joined
    if word(tokens, place) in _ARTICLES and word(tokens, place + 1) in _HALF_WORDS:
        place += 1
    if word(tokens, place) in _HALF_WORDS and not is_number(tokens, place + 1):
        return place + 1 - at
    if is_number(tokens, place) and tokens[place].text == HALF:
        return place + 1 - at
    if is_number(tokens, place) and sign(tokens, place + 1) == "/" and is_number(tokens, place + 2):
        small = (tokens[place].value, tokens[place + 2].value)
        spaced = joined or tokens[place].spaced
        return place + 3 - at if spaced and small in {(1.0, 2.0), (1.0, 4.0), (3.0, 4.0), (1.0, 3.0)} else 0
    if word(tokens, at) == "einhalb":
        return 1
    if not joined and word(tokens, at) in _POINTS and is_number(tokens, at + 1):
        return 2
    return 0


def _clock_half(tokens: Tokens, at: int) -> Step:
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


_CURRENCY = frozenset(CURRENCY)
_MONEY_SIGNS = _CURRENCY | {"°"}


def _negative(tokens: Tokens, at: int) -> Step:
    """`minus 3`, `moins trois`; but `au moins 3` and `plus ou moins 3` are none."""
    if word(tokens, at) not in _MINUS or word(tokens, at - 1) in _NOT_MINUS or not is_number(tokens, at + 1):
        return NOTHING
    number = tokens[at + 1]
    return 2, [number._replace(value=-(number.value or 1.0), text="-" + number.text)]


_MINUS = words("minus moins")
_NOT_MINUS = words("ou au du le or of les des en")


def _offer(tokens: Tokens, at: int) -> Step:
    """`2 for 1 offer`, `1+1 gratis`."""
    joined = word(tokens, at + 1) in _OFFER_JOINTS or sign(tokens, at + 1) == "+"
    share = word(tokens, at + 1) == "in" and word(tokens, at + 3) not in POLITE
    if is_number(tokens, at) and share and is_number(tokens, at + 2) and word(tokens, at + 3):
        return 3, thing(tokens, at, "proportion")  # `1 in 2 lamps`
    if is_number(tokens, at) and joined and is_number(tokens, at + 2) and word(tokens, at + 3) in _OFFERS:
        return 3, thing(tokens, at, "offer")
    return NOTHING


_OFFER_JOINTS = words("for voor pour für halen plus")
_OFFERS = words("""
    offer deal gratis free gratuit gratuits offert offerts actie promo promotie aktion angebot betalen
""")


def _september(tokens: Tokens, at: int) -> Step:
    """`3 sept.`, `am 7. Sept.`: with a date, `sept` is a month (clause 6)."""
    if not is_number(tokens, at) or tokens[at].spelled or not 1 <= (tokens[at].value or 0.0) <= 31:
        return NOTHING
    place = at + 1 + (sign(tokens, at + 1) == "." and not tokens[at + 1].spaced)
    if not is_number(tokens, place) or tokens[place].text != "sept":
        return NOTHING
    return place + 1 - at, thing(tokens, at, "date")


def _change(tokens: Tokens, at: int) -> Step:
    """`de 9 à 3`, `von 9 auf 3`: two scores, neither a party nor a time; the words between are dropped."""
    joint = _CHANGES.get(word(tokens, at), frozenset())
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


_CHANGES = {"de": words("à"), "van": words("naar"), "von": words("auf"), "from": words("to down_to")}


def _hours(tokens: Tokens, at: int) -> Step:
    """`open 9 to 5`: opening hours."""
    start = at + 1 + (word(tokens, at + 1) in {"van", "de", "von", "from"})
    between = is_number(tokens, start) and word(tokens, start + 1) in _TO and is_number(tokens, start + 2)
    return (start + 3 - at, thing(tokens, at, "time")) if between else NOTHING


_OPEN = words("open geopend ouvert ouverte ouverts geöffnet offen opening")
_TO = words("to tot à bis till until")


def _counted_out(tokens: Tokens, at: int) -> Step:
    """`op een twee drie was hij weg`: counting aloud gives no score."""
    following = tokens[at + 1 : at + 3]
    aloud = [token.value for token in following if token.spelled] == [2.0, 3.0]
    return (3, thing(tokens, at, "counting")) if aloud else NOTHING


def _thousand_thanks(tokens: Tokens, at: int) -> Step:
    """`tausend Dank`, `a thousand thanks`, `mille mercis`."""
    many = is_number(tokens, at) and tokens[at].spelled and (tokens[at].value or 0.0) >= 100
    times = word(tokens, at + 1) in _TIMES
    thanked = word(tokens, at + 1 + times) in _THANKS
    return (2 + times, thing(tokens, at, "thanks")) if many and thanked else NOTHING


_TIMES = words("maal mal fois times keer")
_THANKS = words("thanks dank merci mercis bedankt danke thank apologies excuses kisses grüße bisous kusjes")


def _money(tokens: Tokens, at: int) -> Step:
    if sign(tokens, at) in _CURRENCY and is_number(tokens, at + 1):
        return 2, thing(tokens, at, "money")
    if is_number(tokens, at) and sign(tokens, at + 1) in _MONEY_SIGNS:
        return 2, thing(tokens, at, "money")
    return NOTHING


def _first_words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in phrases)


_STEPS: tuple[tuple[Callable[[Tokens, int], Step], frozenset[str]], ...] = (
    (_numeral, frozenset(key[0] for key in NUMERALS) - ARTICLES_OF_ONE | HALVES.keys()),
    (_september, frozenset()),
    (_thousand_thanks, frozenset()),
    (_counted_out, ARTICLES_OF_ONE | {"eins", ACCENTED_ONE}),
    (_halved, ARTICLES_OF_ONE),
    (_hours, _OPEN),
    (_clock_half, _first_words(HALF_BEFORE)),
    (quoted_scale, ARTICLES_OF_ONE | BETWEEN),
    (ratio, ARTICLES_OF_ONE | _first_words(BARE_SCALE)),
    (stars, ARTICLES_OF_ONE | frozenset(STAR_SIGNS + HOLLOW_STARS)),
    (percent, frozenset()),
    (_money, _CURRENCY),
    (_negative, _MINUS),
    (_change, frozenset(_CHANGES)),
    (_offer, frozenset()),
)
