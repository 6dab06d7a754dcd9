"""Scores out of something: ten, or another scale; and a scale that is only quoted.

Clauses 3 and 9 of answers.md. Each function is a step of `composites.compose`: from the tokens and a place it
says how many tokens it takes and what they become.
"""

from service.domain.reading.form import words
from service.domain.reading.neighbours import Tokens, is_end, is_number, phrase_starting, sign, word
from service.domain.reading.numerals import ARTICLES_OF_ONE
from service.domain.reading.plurals import is_plural
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import ALL_CLOSED, POLITE
from service.domain.reading.words_score import (
    SCALE_WORDS,
    SCORE_UNITS,
    SCORE_VERBS,
    SPEAKING,
)
from service.domain.reading.words_things import (
    DATE_BEFORE,
    HEARTS,
    STAR_SIGNS,
    STARS,
    UNITS,
)

Step = tuple[int, list[Token]]
"""How many tokens were taken, and what they became; nothing taken means that nothing was recognised."""

NOTHING: Step = (0, [])
_OUT_OF = words("""
    op op_de op_een op_een_schaal_van op_een_totaal_van sur sur_les sur_une_échelle_de sur_un_total_de von
    von_den von_maximal auf auf_einer_skala_von van van_de uit uit_de out_of out_of_a out_of_a_possible outta
    on_a_scale_of auf_der_skala_von op_schaal_van over_de s von_möglichen on out_off outof von_insgesamt
""")
BARE_SCALE = words("""
    op op_een_schaal_van sur sur_une_échelle_de auf_einer_skala_von out_of on_a_scale_of von_maximal auf
    schaal_van échelle_de skala_von scale_of von
""")
_RATING_WORDS = SCORE_UNITS | STARS
_RATING_SIGNS = frozenset(STAR_SIGNS + HEARTS)
_AFTER_SCALE = ALL_CLOSED | SCORE_UNITS | SCORE_VERBS
_NO_ASIDE = words("on van von uit s over")
BETWEEN = words("tussen entre zwischen between")
_RANGE_WORDS = words("""
    tot en met t m tem tm a à de bis zu to till until through up jusqu und et and al thru als
""")
_RANGE_SIGNS = frozenset({"-", "→", ".", "/", "+", ">"})
_SCORING_SCALES = frozenset(
    {3.0, 4.0, 5.0, 6.0, 7.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 100.0, 1000.0}
)


def thing(tokens: Tokens, at: int, text: str) -> list[Token]:
    """What a stretch of tokens becomes when it holds no number one could mean as a score."""
    return [Token(Kind.THING, text, spaced=tokens[at].spaced)]


def quoted_scale(tokens: Tokens, at: int) -> Step:
    """`0-10`, `van 1 tot 10`, `between 0 and 10`: the scale quoted; `1 tot 5` after the word scale too."""
    start = at + 1 if word(tokens, at) in BETWEEN and at + 1 < len(tokens) else at
    if not _is_value(tokens, start, (0.0, 1.0, 10.0)):
        return NOTHING
    if not is_number(tokens, start) and word(tokens, start + 1) not in _RANGE_WORDS:
        return NOTHING
    place, between = start + 1, []
    while place < min(len(tokens), start + 9) and not is_number(tokens, place):
        if sign(tokens, place) == "(":
            place = _after_bracket(tokens, place)
            continue
        between.append(word(tokens, place) or sign(tokens, place))
        place += 1
    if not is_number(tokens, place) or not between or not _is_range(between, start > at):
        return NOTHING
    low, high = sorted((tokens[start].value or 0.0, tokens[place].value or 0.0))
    taken = place + 1 - at
    if low in {0.0, 1.0} and high == 10.0:
        return taken, thing(tokens, at, "scale")
    announced = any(word(tokens, before) in SCALE_WORDS for before in range(max(at - 4, 0), at))
    if announced and low in {0.0, 1.0} and high in _SCORING_SCALES:
        return taken, thing(tokens, at, "other scale")
    return NOTHING


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


def ratio(tokens: Tokens, at: int) -> Step:
    """`9/10`, `negen op tien`, `8 points sur 10`, `4 sterren op 5`; and a scale named without a score."""
    bare = phrase_starting(tokens, at, BARE_SCALE)
    if bare and is_number(tokens, at + bare) and not is_number(tokens, at - 1):
        return _bare_scale(tokens, at, bare)
    if not (is_number(tokens, at) or word(tokens, at) in ARTICLES_OF_ONE):
        return NOTHING
    place = at + 1
    rated = word(tokens, place) in _RATING_WORDS or sign(tokens, place) in _RATING_SIGNS
    aside = word(tokens, place) if not rated and phrase_starting(tokens, place + 1, _OUT_OF) else ""
    place += bool(rated or aside)
    slash = sign(tokens, place) == "/" and sign(tokens, place + 1) != "/"
    length = 1 if slash else phrase_starting(tokens, place, _OUT_OF)
    if not length or not is_number(tokens, place + length) or (aside and word(tokens, place) in _NO_ASIDE):
        return NOTHING
    phrase = "/" if slash else " ".join(word(tokens, p) for p in range(place, place + length))
    if not _is_scale(tokens, at, tokens[place + length].value or 0.0, phrase):
        return NOTHING
    end = place + length + 1
    if aside and (aside in UNITS or aside not in SPEAKING):
        return end - at, thing(tokens, at, "proportion")
    return _scored(tokens, at, end, slash=slash)


def _scored(tokens: Tokens, at: int, end: int, *, slash: bool) -> Step:
    """The score at `at` on the scale whose number ends before `end`; or a date, or a share of something."""
    below = tokens[end - 1]
    top = below.value or 0.0
    if slash and _is_date(tokens, at, top):
        return end - at, thing(tokens, at, "date")
    if word(tokens, end) and word(tokens, end + 1) in SCORE_UNITS:
        end += 2
    elif word(tokens, end) in _RATING_WORDS or sign(tokens, end) in _RATING_SIGNS:
        end += 1
    elif (top <= 3.0 and not slash) or _counted(
        tokens, end
    ):  # `un sur deux`: a share, and no scale anybody uses
        return end - at, thing(tokens, at, "proportion")
    value = tokens[at].value if is_number(tokens, at) else 1.0
    number = tokens[at]._replace(kind=Kind.NUMBER, value=value, scale=top)
    return end - at, [number._replace(text=f"{number.text} out of {below.text}")]


_CALLED = words("""
    jongens gasten mannen maten vrienden meisjes copains amis collègues jungs mädels freunde buddies
""")
"""Those a score is said to: `7 op 10 jongens`."""


def _counted(tokens: Tokens, at: int) -> bool:
    """`9 von 10 Kunden`, `3 van de 4 grote dozen`: things are counted here."""
    for place in range(at, min(at + 3, len(tokens))):
        text = word(tokens, place)
        if not text or text in _CALLED or text in POLITE:
            return False
        if text in UNITS or is_plural(text, "", capital=tokens[place].capital and place == at):
            return True
    return False


def _bare_scale(tokens: Tokens, at: int, length: int) -> Step:
    """A scale without its score: `op 10 geef ik een 8`, `sur 20 je mets 16`."""
    top = tokens[at + length].value
    phrase = " ".join(word(tokens, place) for place in range(at, at + length))
    named = any(piece in SCALE_WORDS for piece in phrase.split())
    after = at + length + 1
    if sign(tokens, after) in {"%", "€", "°"}:
        return NOTHING
    open_end = is_end(tokens, after) or word(tokens, after) in _AFTER_SCALE
    if top == 10.0 and (
        named or (phrase not in {"von", "auf"} and open_end) or word(tokens, after) in SCORE_UNITS
    ):
        return length + 1, thing(tokens, at, "scale")
    if top in {5.0, 20.0, 100.0} and (named or (open_end and phrase in {"op", "sur", "out of"})):
        return length + 1, thing(tokens, at, "other scale")
    return NOTHING


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
