"""Stars and percentages: scores on another scale, or praise and parts of something (clause 9)."""

from service.domain.reading.form import words
from service.domain.reading.neighbours import Tokens, is_number, phrase_starting, sign, stretch, word
from service.domain.reading.numerals import ARTICLES_OF_ONE
from service.domain.reading.scales import NOTHING, Step, thing
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import ALL_COURTESY, POLITE
from service.domain.reading.words_score import (
    ASPECTS,
    FROM_US,
    HEDGES,
    KNOWN,
)
from service.domain.reading.words_things import (
    HOLLOW_STARS,
    PERCENT,
    STAR_SIGNS,
    STARS,
)


def stars(tokens: Tokens, at: int) -> Step:
    """Stars: one to five are another scale, six to ten are that number (clause 9)."""
    if sign(tokens, at) and sign(tokens, at) in STAR_SIGNS + HOLLOW_STARS:
        return _star_row(tokens, at)
    if not (is_number(tokens, at) or word(tokens, at) in ARTICLES_OF_ONE):
        return NOTHING
    place = at + 1 + (sign(tokens, at + 1) == "-")
    starred = word(tokens, place) in STARS or (sign(tokens, place) and sign(tokens, place) in STAR_SIGNS)
    if not starred or tokens[at].scale is not None:
        return NOTHING
    end = place + 1
    while sign(tokens, end) and sign(tokens, end) in STAR_SIGNS:
        end += 1
    glued = place + 1 < len(tokens) and not tokens[place].spaced and not tokens[place + 1].spaced
    if _describes(tokens, at, place) or (glued and word(tokens, place + 1)):  # `Fünf-Sterne-Behandlung`
        return end - at, thing(tokens, at, "star rating of something")
    value = tokens[at].value if is_number(tokens, at) else 1.0
    scale = 10.0 if (value or 0.0) > 5 else 5.0
    return end - at, [tokens[at]._replace(kind=Kind.NUMBER, value=value, scale=scale)]


def _describes(tokens: Tokens, at: int, star: int) -> bool:
    """`five-star service`, `un hôtel 5 étoiles`: the stars praise, nobody gives them."""
    following = word(tokens, star + 1)
    joined = sign(tokens, star + 1) == "-" and word(tokens, star + 2)
    single = word(tokens, star) in {"star", "stern", "ster", "etoile"} or sign(tokens, at + 1) == "-"
    if joined or following in ASPECTS or following in _RATED:
        return True
    if single and following:
        return following not in POLITE
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


def percent(tokens: Tokens, at: int) -> Step:
    if not is_number(tokens, at) or tokens[at].scale is not None:
        return NOTHING
    length = 1 if sign(tokens, at + 1) == "%" else phrase_starting(tokens, at + 1, PERCENT)
    if not length:
        return NOTHING
    following = word(tokens, at + 1 + length)
    stood = word(tokens, at - 1) in _AT and tokens[at].value != 100.0
    if stood and any(
        word(tokens, place) and word(tokens, place) not in KNOWN for place in stretch(tokens, at)
    ):
        return length + 1, thing(tokens, at, "percentage of something")  # `batterij op 3%`
    total = tokens[at].value == 100.0 and word(tokens, at - 1) in _WHOLLY
    total = total or (word(tokens, at - 1) == "a" and tokens[at].value == 100.0 and not tokens[at].spelled)
    if total or (following and following not in _BESIDE) or _part_of(tokens, at + 1 + length):
        return length + 1, thing(tokens, at, "percentage of something")
    return length + 1, [tokens[at]._replace(scale=100.0)]


def _part_of(tokens: Tokens, at: int) -> bool:
    """`90% van de frieten`; but `90% van mij` is given."""
    noun = word(tokens, at + 1)
    return word(tokens, at) in _OF and bool(noun) and (noun not in FROM_US or bool(word(tokens, at + 2)))


_OF = words("van von de des du of der den d")
_BESIDE = (
    words("van von pour voor from for für ook dus donc also suppose guess reckon")
    | words("i ik je j ich we wij wir nous denk denke dirais schätze")
    | ALL_COURTESY
    | HEDGES
)
"""Words that may follow a percentage somebody gives: `95% van mij`, `about 65% I suppose`."""
_AT = words("op à bei at auf on aan um door by")
_WHOLLY = words("zu voor for pour at de für")
