"""Numbers that are made of several tokens: number words, fractions, scores on a scale, stars, percentages.

Clauses 3, 6, 8 and 9 of answers.md. Each step takes the tokens and gives new ones, in which the pieces are
one token: a NUMBER with its `scale`, or a THING when the pieces only quote or measure (`0-10`, `half 8`).
"""

from collections.abc import Callable, Iterable

from service.domain.reading.form import ACCENTED_ONE, HALF, words
from service.domain.reading.neighbours import Tokens, is_number, sign, word
from service.domain.reading.numerals import ARTICLES_OF_ONE, HALVES, NUMERALS
from service.domain.reading.phrases import (
    CHANGES,
    MINUS,
    MONEY,
    OPEN,
    change,
    clock_half,
    counted_out,
    hours,
    money,
    negative,
    offer,
    september,
    thousand_thanks,
)
from service.domain.reading.scales import (
    BARE_SCALE,
    BETWEEN,
    NOTHING,
    Step,
    quoted_scale,
    ratio,
)
from service.domain.reading.shares import percent, stars
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_score import SCORE_UNITS
from service.domain.reading.words_things import (
    HALF_BEFORE,
    HOLLOW_STARS,
    PERCENT,
    STAR_SIGNS,
    STARS,
)

_NUMBER = Kind.NUMBER
_Find = Callable[[Tokens, int], Step]
_DUTCH_TEN = words("""
    minste slotte hoogste laatste eerste tweede derde vierde opzichte einde onrechte gevolge behoeve dele
    zeerste huize aanzien goede kwade koste tijde allen prooi onder
""")
_JOINTS = words("en et und and n & plus")
_ARTICLES = ARTICLES_OF_ONE | {"a", "n"}
_HALF_WORDS = words("half halve demi demie halb halbe halbes halben")
_DOZENS = words("dozen dozijn douzaine dutzend")
_POINTS = words("komma virgule point comma dot")
_MULTIPLES = words("hundred honderd hundert thousand duizend tausend mille cents million miljoen")


def compose(tokens: list[Token], most: int) -> list[Token]:
    """The tokens with every composite number recognised, in the order the steps need.

    Where more than `most` numbers turn up, they are left uncomposed: nobody is going to read them.
    """
    tokens = _rewrite(tokens, (_numeral,), _NUMERAL_STARTERS)
    if sum([token.kind is Kind.NUMBER for token in tokens]) > most:
        return tokens
    if not any(_may_begin(tokens, at) for at in range(len(tokens))):
        return tokens
    for steps, starters in _STEPS:
        tokens = _rewrite(tokens, steps, starters)
    return tokens


def _rewrite(tokens: list[Token], steps: tuple[_Find, ...], starters: frozenset[str]) -> list[Token]:
    """The tokens after some steps, the first that takes tokens at a place prevailing.

    They are tried at numbers and at the few words that one of them can begin with.
    """
    result: list[Token] = []
    done = 0
    for at, token in enumerate(tokens):
        if at < done or not (token.kind is _NUMBER or token.text in starters):
            continue
        if token.text in ARTICLES_OF_ONE and not _may_count(tokens, at):
            continue
        taken, made = _first_found(steps, tokens, at)
        if taken:
            result += tokens[done:at]
            result += made
            done = at + taken
    return result + tokens[done:] if done else tokens


def _first_found(steps: tuple[_Find, ...], tokens: Tokens, at: int) -> Step:
    for step in steps:
        found = step(tokens, at)
        if found[0]:
            return found
    return NOTHING


def _may_begin(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    return (
        token.kind is _NUMBER
        or token.text in _STARTERS
        or (token.text in ARTICLES_OF_ONE and _may_count(tokens, at))
    )


def _may_count(tokens: Tokens, at: int) -> bool:
    """Whether an article can begin a composite at all: `een op tien`, `un et demi`, `one star`."""
    following = tokens[at + 1 : at + 1 + _FAR]
    return bool(following) and (
        following[0].kind is not Kind.WORD
        or following[0].text in _AFTER_ONE
        or any(token.kind is Kind.NUMBER for token in following)
    )


_FAR = 6
"""How many tokens after an article its composite may bring the next number: `un point sur un total de 10`."""


def _numeral(tokens: Tokens, at: int) -> Step:
    if word(tokens, at) == "ten" and word(tokens, at + 1) in _DUTCH_TEN:
        return NOTHING
    if not word(tokens, at) or (word(tokens, at) == "cent" and word(tokens, at - 1) in {"pour", "per"}):
        return NOTHING
    if word(tokens, at) in HALVES:
        return 1, [tokens[at]._replace(kind=Kind.NUMBER, value=HALVES[word(tokens, at)], spelled=True)]
    longest = _LONGEST_FROM.get(word(tokens, at), 0)
    key = tuple([token.text for token in tokens[at : at + longest] if token.kind is Kind.WORD])
    while key:
        if key in NUMERALS:
            value, languages = NUMERALS[key]
            return len(key), [_spelled(tokens[at], " ".join(key), float(value), languages)]
        key = key[:-1]
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
        return taken + 1, [_with_part(tokens, at, whole or 0.0)]
    if is_number(tokens, at + 1) and word(tokens, at + 1) == "" and tokens[at + 1].text in _MULTIPLES:
        product = (whole or 1.0) * (tokens[at + 1].value or 1.0)
        return 2, [tokens[at]._replace(kind=Kind.NUMBER, value=product, spelled=True)]
    return NOTHING


def _with_part(tokens: Tokens, at: int, whole: float) -> Token:
    """`acht en een half`; `acht komma vijf`, which can be nothing but a number; `acht komma nul` is eight."""
    pointed = word(tokens, at + 1) in _POINTS and is_number(tokens, at + 2)
    value = whole if pointed and whole and tokens[at + 2].value == 0.0 else whole + 0.5
    spelled = tokens[at].spelled and (not pointed or value == 0.5)
    return tokens[at]._replace(kind=Kind.NUMBER, value=value, spelled=spelled)


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


def _first_words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in phrases)


_LONGEST_FROM: dict[str, int] = {}
for _key in NUMERALS:
    if _key[0] not in ARTICLES_OF_ONE:
        _LONGEST_FROM[_key[0]] = max(_LONGEST_FROM.get(_key[0], 0), len(_key))
_NUMERAL_STARTERS = frozenset(_LONGEST_FROM) | HALVES.keys()
_AFTER_ONE = _JOINTS | STARS | SCORE_UNITS | _MULTIPLES | PERCENT
_STEPS: tuple[tuple[tuple[_Find, ...], frozenset[str]], ...] = (
    ((september, thousand_thanks, counted_out), ARTICLES_OF_ONE | {"eins", ACCENTED_ONE}),
    ((_halved,), ARTICLES_OF_ONE),
    ((hours, clock_half), OPEN | _first_words(HALF_BEFORE)),
    ((quoted_scale,), ARTICLES_OF_ONE | BETWEEN),
    ((ratio,), ARTICLES_OF_ONE | _first_words(BARE_SCALE)),
    ((stars, percent), ARTICLES_OF_ONE | frozenset(STAR_SIGNS + HOLLOW_STARS)),
    ((money, negative, change, offer), MONEY | MINUS | CHANGES.keys()),
)
_STARTERS = frozenset().union(*(starters for _, starters in _STEPS)) - ARTICLES_OF_ONE - BETWEEN
"""Words that, without any number, can begin a composite; an article alone begins none."""
