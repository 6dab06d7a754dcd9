"""What every number of a reply is there for: a score, or which clause of answers.md passes it over."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from service.domain.reading.counting import counts
from service.domain.reading.denial import is_denied, is_doubted, is_near_miss, is_refused
from service.domain.reading.form import words
from service.domain.reading.naming import names
from service.domain.reading.neighbours import Tokens, is_end, is_number, sign, stretch, word
from service.domain.reading.numerals import ARTICLES_OF_ONE
from service.domain.reading.spelled import article_is_one, can_be_meant, is_meant, is_spoken_of
from service.domain.reading.stance import is_bounded, questioned
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_score import (
    ASPECTS,
    COORDINATORS,
    INDEFINITE,
    SPEAKING,
)


class Role(Enum):
    """How a number is taken; all but SCORE and BOUND are passed over."""

    SCORE = "a score"
    BOUND = "a bound (clause 5)"
    DENIED = "negated (clause 5)"
    ASKED = "asked about (clause 5)"
    MEASURE = "a measure (clause 4)"
    NAME = "a name (clause 4)"
    WORD = "an everyday word (clause 6)"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the reply with its role."""

    token: Token
    role: Role


def with_ones(tokens: list[Token]) -> list[Token]:
    """The tokens with `een`, `un`, `ein`, `one` made numbers where clause 6 says that they are."""
    return [
        token._replace(kind=Kind.NUMBER, value=1.0, spelled=True)
        if token.kind is Kind.WORD and token.text in ARTICLES_OF_ONE and article_is_one(tokens, at)
        else token
        for at, token in enumerate(tokens)
    ]


def figures(tokens: Tokens, language: str) -> list[Figure]:
    """Every number of the reply, in order, with what it is there for."""
    asked = questioned(tokens)
    aspects = _scored_one_by_one(tokens)
    roles: dict[int, Role] = {}
    for at in [place for place, token in enumerate(tokens) if token.kind is Kind.NUMBER]:
        roles[at] = Role.SCORE if aspects else Role.ASKED if at in asked else _role(tokens, at, language)
    _share(tokens, roles)
    return [Figure(tokens[at], role) for at, role in roles.items()]


def _role(tokens: Tokens, at: int, language: str) -> Role:
    if tokens[at].scale is None:
        if counts(tokens, at, language):
            return Role.MEASURE
        if names(tokens, at, language):
            return Role.NAME
    if is_refused(tokens, at) and _is_only_number(tokens, at):
        return Role.DENIED
    if is_denied(tokens, at, language):
        bounded = is_near_miss(tokens, at) or is_bounded(tokens, at, language)
        return Role.BOUND if bounded else Role.DENIED
    if is_doubted(tokens, at):
        return Role.BOUND
    if tokens[at].spelled and not is_meant(tokens, at, language):
        bounded = can_be_meant(tokens, at, language) and is_bounded(tokens, at, language)
        return Role.BOUND if bounded else Role.WORD
    if is_bounded(tokens, at, language):
        return Role.BOUND
    if _hangs_in_a_sentence(tokens, at):
        return Role.MEASURE
    return Role.SCORE


def _is_only_number(tokens: Tokens, at: int) -> bool:
    """Nothing else could be the score: `10? nooit` denies, `10? nee, 9` corrects (clause 7)."""
    return not any(is_number(tokens, place) for place in range(len(tokens)) if place != at)


def _hangs_in_a_sentence(tokens: Tokens, at: int) -> bool:
    """A number beyond the scale among words it does not score: it measures or names something."""
    if (tokens[at].value or 0.0) <= 10 or tokens[at].scale is not None:
        return False
    if is_spoken_of(tokens, at) or (is_end(tokens, at - 1) and word(tokens, at + 1) in _FOR):
        return False  # `16 voor de poetsploeg`
    return any(word(tokens, place) and word(tokens, place) not in SPEAKING for place in stretch(tokens, at))


_FOR = words("voor pour für for")


def _scored_one_by_one(tokens: Tokens) -> bool:
    """`cuisine 9, salle 4`: every stretch is something scored and its number."""
    pairs, named = 0, False
    at = 0
    while at < len(tokens):
        if word(tokens, at) and is_number(tokens, at + 1 + (sign(tokens, at + 1) in {":", "="})):
            number = at + 1 + (sign(tokens, at + 1) in {":", "="})
            if not is_end(tokens, number + 1) and word(tokens, number + 1) not in _AND:
                return False
            if (tokens[number].value or 0.0) > 10:
                return False
            named = named or word(tokens, at) in ASPECTS
            pairs, at = pairs + 1, number + 1
        elif is_end(tokens, at) or word(tokens, at) in _AND:
            at += 1
        else:
            return False
    return pairs > 1 and named


_AND = words("en et und and maar mais aber but")
_NEARBY = 3


def _share(tokens: Tokens, roles: dict[int, Role]) -> None:
    """Joined numbers share a role: `2 tot 3 weken`, `3 van de 5 borden`, `kassa 4 en 5`, `geen 9 of 10`."""
    pairs = list(pairwise(sorted(roles)))
    for left, right in reversed(pairs):
        shared = _joined(tokens, left, right) or _part_of(tokens, left, right)
        if roles[right] is Role.MEASURE and roles[left] not in _PASSED and shared:
            roles[left] = Role.MEASURE
    for left, right in pairs:
        if roles[right] in {Role.SCORE, Role.WORD} and _inherits(tokens, roles[left], left, right):
            roles[right] = roles[left]


_PASSED = frozenset({Role.MEASURE, Role.NAME})


def _inherits(tokens: Tokens, role: Role, left: int, right: int) -> bool:
    """Whether the right number is what the left one is; `kassa 4 en een 8` gives an eight all the same."""
    if role is Role.MEASURE and _listed(tokens, left, right):
        return True
    if role in _PASSED:
        return _joined(tokens, left, right) and word(tokens, right - 1) not in INDEFINITE
    return role in {Role.DENIED, Role.BOUND} and _joined(tokens, left, right)


def _listed(tokens: Tokens, left: int, right: int) -> bool:
    """`4 nieuwe borden en 3 oude`: the second count leaves its noun out."""
    near = right - left <= 5 and all(word(tokens, place) for place in range(left + 1, right))
    return near and word(tokens, right - 1) in _AND and word(tokens, right + 1) in _LEFT_OUT


_LEFT_OUT = words("""
    gekregen ontvangen geleverd reçu reçus reçue reçues livré livrés livrée livrées erhalten bekommen
    geliefert received got delivered arrived missing ontbreken oude nieuwe kapotte grote kleine andere goede
    slechte koude anciens anciennes nouveaux nouvelles cassés cassées autres petits petites grands grandes
    alte neue kaputte große kleine andere old new broken big small others other was were is
""")


def _part_of(tokens: Tokens, left: int, right: int) -> bool:
    """`3 van de 5 borden`; but `7 op 3 januari` is a score and a date."""
    if (tokens[left].value or 0.0) > (tokens[right].value or 0.0):
        return False
    between = range(left + 1, right)
    return 0 < len(between) <= _NEARBY and all(word(tokens, place) in _OF_THE for place in between)


def _joined(tokens: Tokens, left: int, right: int) -> bool:
    between = range(left + 1, right)
    if not 0 < len(between) <= _NEARBY:
        return False
    pieces = [word(tokens, place) or sign(tokens, place) for place in between]
    if pieces == ["-"]:
        return not tokens[right].spaced
    return all(piece in _JOINING for piece in pieces) and any(piece in COORDINATORS for piece in pieces)


_DETERMINERS = words("de een un une d la le ein eine a an met t")
_JOINING = COORDINATORS | _DETERMINERS
_OF_THE = words("""
    van mijn de des of the von den meinen unseren mes les der onze our my nos sur op out ces deze these those
""")
