"""Numbers that are made of several tokens: number words, fractions, scores on a scale, stars, percentages.

Clauses 3, 6, 8 and 9 of answers.md. Each step takes the tokens and gives new ones, in which the pieces are one
token: a NUMBER with its `scale`, or a THING when the pieces only quote or measure (`0-10`, `24/7`, `half 8`).
"""

from collections.abc import Callable
from dataclasses import replace

from service.domain.reading.form import HALF, words
from service.domain.reading.neighbours import Tokens, is_end, is_number, phrase_starting, sign, word
from service.domain.reading.numerals import ARTICLES_OF_ONE, HALVES, LONGEST, NUMERALS
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import ALL_CLOSED, ALL_COURTESY, ALL_PRAISE
from service.domain.reading.words_score import SCALE_WORDS, SCORE_UNITS
from service.domain.reading.words_things import (
    DATE_BEFORE,
    HALF_BEFORE,
    HEARTS,
    HOLLOW_STARS,
    PERCENT,
    STAR_SIGNS,
    STARS,
)

Step = tuple[int, list[Token]]
"""How many tokens were taken, and what they became; nothing taken means that nothing was recognised."""

_NOTHING: Step = (0, [])
_JOINTS = words("en et und and n & plus")
_HALF_WORDS = words("half halve demi demie halb halbe halbes halben")
_POINTS = words("komma virgule point comma dot")
_MULTIPLES = words("hundred honderd hundert thousand duizend tausend mille cents million miljoen")
_OUT_OF = words("""
    op op_de op_een op_een_schaal_van op_een_totaal_van sur sur_les sur_une_échelle_de sur_un_total_de von
    von_den von_maximal auf auf_einer_skala_von van van_de uit uit_de out_of out_of_a out_of_a_possible outta
    on_a_scale_of auf_der_skala_von op_schaal_van over_de s von_möglichen on out_off outof von_insgesamt
""")
_BARE_SCALE = words("""
    op op_een_schaal_van sur sur_une_échelle_de auf_einer_skala_von out_of on_a_scale_of von_maximal auf
    schaal_van échelle_de skala_von scale_of von
""")
_BETWEEN = words("tussen entre zwischen between")
_RANGE_WORDS = words(
    "tot en met t m tem tm a à de bis zu to till until through up jusqu und et and al thru als"
)
_RANGE_SIGNS = frozenset({"-", "→", ".", "/", "+", ">"})
_SCORING_SCALES = frozenset(
    {3.0, 4.0, 5.0, 6.0, 7.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 100.0, 1000.0}
)


def compose(tokens: list[Token]) -> list[Token]:
    """The tokens with every composite number recognised, in the order the steps need."""
    for step in (_numeral, _halved, _clock_half, _quoted_scale, _ratio, _stars, _percent, _money):
        tokens = _rewrite(tokens, step)
    return tokens


def _rewrite(tokens: list[Token], step: Callable[[Tokens, int], Step]) -> list[Token]:
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        taken, made = step(tokens, at)
        result += made if taken else [tokens[at]]
        at += taken or 1
    return result


def _thing(tokens: Tokens, at: int, text: str) -> list[Token]:
    return [Token(Kind.THING, text, spaced=tokens[at].spaced)]


def _numeral(tokens: Tokens, at: int) -> Step:
    if not word(tokens, at):
        return _NOTHING
    if word(tokens, at) in HALVES:
        return 1, [replace(tokens[at], kind=Kind.NUMBER, value=HALVES[word(tokens, at)], spelled=True)]
    for length in range(min(LONGEST, len(tokens) - at), 0, -1):
        key = tuple(word(tokens, place) for place in range(at, at + length))
        if key in NUMERALS and key[0] not in ARTICLES_OF_ONE | ({"ten"} if length > 1 else set()):
            value, languages = NUMERALS[key]
            return length, [_spelled(tokens[at], " ".join(key), float(value), languages)]
    return _NOTHING


def _spelled(token: Token, text: str, value: float, languages: frozenset[str]) -> Token:
    return replace(token, kind=Kind.NUMBER, text=text, value=value, spelled=True, languages=languages)


def _halved(tokens: Tokens, at: int) -> Step:
    """`8½`, `8 1/2`, `acht en een half`, `huit et demi`, `8 komma 5`, `two hundred`."""
    if not (is_number(tokens, at) or word(tokens, at) in ARTICLES_OF_ONE):
        return _NOTHING
    whole = tokens[at].value if is_number(tokens, at) else 1.0
    taken = _half_length(tokens, at + 1)
    if taken:
        return taken + 1, [replace(tokens[at], kind=Kind.NUMBER, value=(whole or 0.0) + 0.5)]
    if is_number(tokens, at + 1) and word(tokens, at + 1) == "" and tokens[at + 1].text in _MULTIPLES:
        product = (whole or 1.0) * (tokens[at + 1].value or 1.0)
        return 2, [replace(tokens[at], kind=Kind.NUMBER, value=product, spelled=True)]
    return _NOTHING


def _half_length(tokens: Tokens, at: int) -> int:
    """How many tokens from here on say `and a half`; 0 if they do not."""
    place = at
    joined = word(tokens, place) in _JOINTS or sign(tokens, place) in {"&", "+", "-"}
    place += joined
    if joined and word(tokens, place) in ARTICLES_OF_ONE | {"a", "n"}:
        place += 1
    if word(tokens, place) in _HALF_WORDS and not is_number(tokens, place + 1):
        return place + 1 - at
    if is_number(tokens, place) and tokens[place].text == HALF:
        return place + 1 - at
    if is_number(tokens, place) and sign(tokens, place + 1) == "/" and is_number(tokens, place + 2):
        small = (tokens[place].value, tokens[place + 2].value)
        spaced = joined or tokens[place].spaced
        return place + 3 - at if spaced and small in {(1.0, 2.0), (1.0, 4.0), (3.0, 4.0), (1.0, 3.0)} else 0
    if not joined and word(tokens, at) in _POINTS and is_number(tokens, at + 1):
        return 2
    return 0


def _clock_half(tokens: Tokens, at: int) -> Step:
    """`half acht`, `halb 9`, `half past 8`, `kwart voor 8`: times of day."""
    length = phrase_starting(tokens, at, HALF_BEFORE)
    if length and is_number(tokens, at + length):
        return length + 1, _thing(tokens, at, "time")
    return _NOTHING


def _quoted_scale(tokens: Tokens, at: int) -> Step:
    """`0-10`, `van 1 tot 10`, `between 0 and 10`: the scale quoted; `1 tot 5` after the word scale too."""
    start = at + 1 if word(tokens, at) in _BETWEEN and at + 1 < len(tokens) else at
    if not _is_value(tokens, start, (0.0, 1.0, 10.0)):
        return _NOTHING
    place, between = start + 1, []
    while place < min(len(tokens), start + 9) and not is_number(tokens, place):
        if sign(tokens, place) == "(":
            place = _after_bracket(tokens, place)
            continue
        between.append(word(tokens, place) or sign(tokens, place))
        place += 1
    if not is_number(tokens, place) or not between or not _is_range(between, start > at):
        return _NOTHING
    low, high = sorted((tokens[start].value or 0.0, tokens[place].value or 0.0))
    taken = place + 1 - at
    if low in {0.0, 1.0} and high == 10.0:
        return taken, _thing(tokens, at, "scale")
    announced = any(word(tokens, before) in SCALE_WORDS for before in range(max(at - 4, 0), at))
    if announced and low in {0.0, 1.0} and high in _SCORING_SCALES:
        return taken, _thing(tokens, at, "other scale")
    return _NOTHING


def _is_value(tokens: Tokens, at: int, values: tuple[float, ...]) -> bool:
    if word(tokens, at) in ARTICLES_OF_ONE:
        return 1.0 in values
    return is_number(tokens, at) and tokens[at].value in values and tokens[at].scale is None


def _is_range(between: list[str], announced: bool) -> bool:
    if not all(piece in _RANGE_WORDS or piece in _RANGE_SIGNS for piece in between):
        return False
    joints = {"en", "und", "et", "and", "/", "+", ".", "de", "m", "als"}
    return announced or any(piece not in joints for piece in between) or between == [".", "."]


def _after_bracket(tokens: Tokens, at: int) -> int:
    place = at + 1
    while place < min(len(tokens), at + 6) and sign(tokens, place) != ")":
        place += 1
    return place + 1


def _ratio(tokens: Tokens, at: int) -> Step:
    """`9/10`, `negen op tien`, `8 points sur 10`, `4 sterren op 5`; and a scale named without a score."""
    bare = phrase_starting(tokens, at, _BARE_SCALE)
    if bare and is_number(tokens, at + bare) and not is_number(tokens, at - 1):
        return _bare_scale(tokens, at, bare)
    one = word(tokens, at) in ARTICLES_OF_ONE
    if not (is_number(tokens, at) or one):
        return _NOTHING
    place = at + 1
    if word(tokens, place) in SCORE_UNITS | STARS or sign(tokens, place) in set(STAR_SIGNS + HEARTS):
        place += 1
    slash = sign(tokens, place) == "/" and sign(tokens, place + 1) != "/"
    length = 1 if slash else phrase_starting(tokens, place, _OUT_OF)
    if not length or not is_number(tokens, place + length) or (one and slash and place > at + 1):
        return _NOTHING
    below = tokens[place + length]
    top = below.value or 0.0
    phrase = "/" if slash else " ".join(word(tokens, p) for p in range(place, place + length))
    if not _is_scale(tokens, at, top, phrase):
        return _NOTHING
    if slash and _is_date(tokens, at, top):
        return place + length + 1 - at, _thing(tokens, at, "date")
    number = replace(tokens[at], kind=Kind.NUMBER, value=1.0 if one else tokens[at].value, scale=top)
    end = place + length + 1
    if word(tokens, end) in SCORE_UNITS | STARS or sign(tokens, end) in set(STAR_SIGNS):
        end += 1
    return end - at, [replace(number, text=f"{number.text} out of {below.text}")]


def _bare_scale(tokens: Tokens, at: int, length: int) -> Step:
    """A scale without its score: `op 10 geef ik een 8`, `sur 20 je mets 16`."""
    top = tokens[at + length].value
    phrase = " ".join(word(tokens, place) for place in range(at, at + length))
    named = any(piece in SCALE_WORDS for piece in phrase.split())
    after = at + length + 1
    open_end = is_end(tokens, after) or word(tokens, after) in ALL_CLOSED | SCORE_UNITS
    if top == 10.0 and (
        named or (phrase not in {"von", "auf"} and open_end) or word(tokens, after) in SCORE_UNITS
    ):
        return length + 1, _thing(tokens, at, "scale")
    if top in {5.0, 20.0, 100.0} and (named or (open_end and phrase in {"op", "sur", "out of"})):
        return length + 1, _thing(tokens, at, "other scale")
    return _NOTHING


def _is_scale(tokens: Tokens, at: int, top: float, phrase: str) -> bool:
    value = tokens[at].value if is_number(tokens, at) else 1.0
    if top == 10.0:
        return phrase != "on" or is_number(tokens, at)
    if phrase == "/":
        small = top in {2.0, 3.0, 4.0} and 0 < (value or 0.0) <= top
        return small or top == 5.0 or top > 10.0
    if phrase in {"on", "s", "auf", "von", "over de"} and top not in _SCORING_SCALES:
        return False
    return top >= 2.0 and (value or 0.0) <= top


def _is_date(tokens: Tokens, at: int, top: float) -> bool:
    value = tokens[at].value or 0.0
    in_year = value == int(value) and 1 <= value <= 31 and 1 <= top <= 12
    padded = len(tokens[at].text) == 2 and top != 10.0
    return in_year and (
        word(tokens, at - 1) in DATE_BEFORE or (padded and top < 10 and value > 12 and top not in {5.0})
    )


def _stars(tokens: Tokens, at: int) -> Step:
    """Stars: one to five are another scale, six to ten are that number (clause 9)."""
    if sign(tokens, at) and sign(tokens, at) in STAR_SIGNS + HOLLOW_STARS:
        return _star_row(tokens, at)
    if not (is_number(tokens, at) or word(tokens, at) in ARTICLES_OF_ONE):
        return _NOTHING
    place = at + 1 + (sign(tokens, at + 1) == "-")
    starred = word(tokens, place) in STARS or (sign(tokens, place) and sign(tokens, place) in STAR_SIGNS)
    if not starred or tokens[at].scale is not None:
        return _NOTHING
    end = place + 1
    while sign(tokens, end) and sign(tokens, end) in STAR_SIGNS:
        end += 1
    if _describes(tokens, at, place):
        return end - at, _thing(tokens, at, "star rating of something")
    value = tokens[at].value if is_number(tokens, at) else 1.0
    scale = 10.0 if (value or 0.0) > 5 else 5.0
    return end - at, [replace(tokens[at], kind=Kind.NUMBER, value=value, scale=scale)]


def _describes(tokens: Tokens, at: int, star: int) -> bool:
    """`five-star service`, `un hôtel 5 étoiles`: the stars praise, nobody gives them."""
    following = word(tokens, star + 1)
    joined = sign(tokens, star + 1) == "-" and word(tokens, star + 2)
    plain = ALL_CLOSED | ALL_COURTESY | ALL_PRAISE
    single = word(tokens, star) in {"star", "stern", "ster", "etoile"} or sign(tokens, at + 1) == "-"
    if joined or (following and following not in plain):
        return True
    if single and following:
        return following not in ALL_CLOSED | ALL_COURTESY
    before = word(tokens, at - 1)
    return bool(before) and word(tokens, star).startswith("etoile") and before in _RATED


_RATED = words("service hôtel hotel restaurant accueil resto équipe expérience séjour cuisine repas camping")


def _star_row(tokens: Tokens, at: int) -> Step:
    end, filled = at, 0
    while sign(tokens, end) and sign(tokens, end) in STAR_SIGNS + HOLLOW_STARS:
        filled += sign(tokens, end) in STAR_SIGNS
        end += 1
    total = end - at
    scale = 10.0 if total > 5 else 5.0
    return total, [
        Token(Kind.NUMBER, f"{filled} stars", float(filled), spaced=tokens[at].spaced, scale=scale)
    ]


def _percent(tokens: Tokens, at: int) -> Step:
    if not is_number(tokens, at) or tokens[at].scale is not None:
        return _NOTHING
    length = 1 if sign(tokens, at + 1) == "%" else phrase_starting(tokens, at + 1, PERCENT)
    if not length:
        return _NOTHING
    following = word(tokens, at + 1 + length)
    from_somebody = {
        "van",
        "von",
        "pour",
        "voor",
        "from",
        "for",
        "fur",
        "ook",
        "dus",
        "donc",
        "also",
    } | ALL_COURTESY
    total = tokens[at].value == 100.0 and word(tokens, at - 1) in {
        "a",
        "zu",
        "voor",
        "for",
        "pour",
        "at",
        "de",
        "fur",
    }
    if total or (following and following not in from_somebody):
        return length + 1, _thing(tokens, at, "percentage of something")
    return length + 1, [replace(tokens[at], scale=100.0)]


_CURRENCY = frozenset("€$£¥¢")


def _money(tokens: Tokens, at: int) -> Step:
    if sign(tokens, at) in _CURRENCY and is_number(tokens, at + 1):
        return 2, _thing(tokens, at, "money")
    if is_number(tokens, at) and sign(tokens, at + 1) in _CURRENCY | {"°"}:
        return 2, _thing(tokens, at, "money")
    return _NOTHING
