"""Clause 4 of answers.md, to the right of a number: does what follows measure or count something?

What can be counted is open-ended, so an unknown word is judged by its plural: `3 engineers` and `6 stoelen`
count, `8 tevreden`, `9 accueil` and `7 because` do not.
"""

from service.domain.reading.form import words
from service.domain.reading.neighbours import (
    Tokens,
    is_end,
    phrase_starting,
    sign,
    word,
    words_right,
)
from service.domain.reading.plurals import GERMAN_SINGULAR, MORE, is_noun, is_plural
from service.domain.reading.tokens import Kind, Token
from service.domain.reading.words_plain import ALL_CLOSED, ALL_COURTESY, ALL_PRAISE
from service.domain.reading.words_score import (
    ASPECTS,
    COORDINATORS,
    FROM_US,
    SCORE_UNITS,
    SINGULAR_ARTICLES,
    SPEAKING,
)
from service.domain.reading.words_things import (
    MONTHS,
    SINGULAR_NOUNS,
    UNITS,
    WEEKDAYS,
)

_STOPPERS = words("""
    super top prima perfect klasse spitze bravo parfait perfekt merci thanks danke bedankt mega toppie
    absolute absolu complete total utter pure echte
""")
_PARTITIVES = words("of van de des von der d den aus uit parmi among")
_POINTS_FOLLOWED = words("""
    die waar qui à welche which that to minder weniger less aftrek abzug négatifs positifs noirs werkpunten
    verbeteren kritiek critique attention aandacht improvement verbeterpunten wo
""")
_PRONOUN_AFTER_U = words("bent heeft hebt was waren verdient kan mag moet zijt krijgt weet had gaat allen")
_ELIDED = frozenset({"j", "d", "l", "s", "m", "c", "t", "n"})


def counts(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the words right of the number at `at` say that it measures or counts them."""
    first = word(tokens, at + 1)
    if not first:
        return _compound(tokens, at)
    if first in _FIGURES:
        return True
    if first in SCORE_UNITS:
        return _points_of_something(tokens, at)
    if (
        _is_unit(tokens, at, first, language)
        or _is_month(tokens, at, first)
        or _in_a_phrase(tokens, at, language)
    ):
        return True
    if first in _PARTITIVES:
        return _partitive(tokens, at, language)
    if first in _STOPPERS:
        return False
    if word(tokens, at - 1) in SINGULAR_ARTICLES:
        return False
    return _of_something(tokens, at, first) or _plural_follows(tokens, at, language)


def _of_something(tokens: Tokens, at: int, first: str) -> bool:
    """`0 service`, `1 medewerker`; but letters glued to the digits are no noun (`0yay`, clause 2)."""
    value = tokens[at].value
    if value not in {0.0, 1.0} or (not tokens[at].spelled and not tokens[at + 1].spaced):
        return False
    noun = word(tokens, at + 2)
    described = first in ALL_PRAISE and is_noun(noun) and noun not in ASPECTS  # `1 clean towel`
    return is_noun(first) or described or (value == 0.0 and first in _ANSWERS)


def _in_a_phrase(tokens: Tokens, at: int, language: str) -> bool:
    """`9 and 11am`, `trois d'entre nous`, `8 in the morning`, `me and 3 mates`, `1 thé`."""
    first = word(tokens, at + 1)
    return (
        (first in COORDINATORS and _is_clocked(tokens, at + 2))
        or (first == "d" and word(tokens, at + 2) == "entre")
        or (first in _FELLOWS and word(tokens, at - 1) in _IN_COMPANY)
        or (first == "the" and language == "fr")
        or phrase_starting(tokens, at + 1, _DAYTIMES) > 0
    )


_PARTITIVE_OF = {"of": ("en",), "de": ("fr",), "des": ("fr", "de"), "die": ("nl",)}
_POSSESSIVES = words("mijn ma mon mein ons nous onze uns my our")
_SINGULAR = ASPECTS | SINGULAR_NOUNS
_UNCOMPOUNDED = SPEAKING | {"ish", "tje", "ke"}
_DAYTIMES = words("""
    in_the_morning in_the_evening in_the_afternoon at_night du_matin du_soir de_l_après_midi s_morgens morgens
    s_ochtends s_avonds s_middags abends nachts vormittags nachmittags mittags de_l_apres_midi
""")
_FIGURES = words("""
    cijfers scores antwoorden réponses antworten answers resultaten beoordelingen résultats ratings digits
""")
_ANSWERS = words("antwoord antwort réponse answer reply feedback reactie respons")
_FELLOWS = words("mates guys lads folks friends mate")
_IN_COMPANY = words("and with my plus had took brought our of by the these those en avec mit")
_MONTHS_AND_DAYS = MONTHS | WEEKDAYS


def _is_month(tokens: Tokens, at: int, first: str) -> bool:
    verb = first in {"may", "march"} and not tokens[at + 1].capital and not is_end(tokens, at + 2)
    return first in _MONTHS_AND_DAYS and not verb


def _is_clocked(tokens: Tokens, at: int) -> bool:
    """Whether a thing such as `11am` or `12u30` stands there, which makes `9 and 11am` two times."""
    thing = at < len(tokens) and tokens[at].kind is Kind.THING
    return thing and tokens[at].text[:1].isdigit()


def _compound(tokens: Tokens, at: int) -> bool:
    """`4-persoons`, `5-jährige`, `3-course`: an adjective made of a number."""
    if sign(tokens, at + 1) != "-" or tokens[at + 1].spaced or at + 2 >= len(tokens) or tokens[at + 2].spaced:
        return False
    following = word(tokens, at + 2)
    return bool(following) and following not in _UNCOMPOUNDED


def _points_of_something(tokens: Tokens, at: int) -> bool:
    following = word(tokens, at + 2)
    return following in _POINTS_FOLLOWED or (bool(following) and following not in SPEAKING)


def _is_unit(tokens: Tokens, at: int, first: str, language: str) -> bool:
    if first not in UNITS:
        return False
    glued = at + 2 < len(tokens) and not tokens[at + 2].spaced and bool(word(tokens, at + 2))
    if first in _ELIDED and (glued or (language == "fr" and word(tokens, at + 2))):
        return False
    if first == "x":
        return not is_end(tokens, at + 2) and word(tokens, at + 2) not in ALL_COURTESY
    if first == "u":
        return word(tokens, at + 2) not in _PRONOUN_AFTER_U
    if first in {"am", "pm"}:
        return language == "en"
    if first == "an":
        return language == "fr"
    if first == "mal":
        return language != "fr"
    return not (first in {"dag", "morgen"} and is_end(tokens, at + 2) and tokens[at].value != 1.0)


def _partitive(tokens: Tokens, at: int, language: str) -> bool:
    """`3 van mijn stoelen`, `one of the staff`, `2 of us`; but `8 van mij` is a score."""
    following = word(tokens, at + 2)
    owner = _PARTITIVE_OF.get(word(tokens, at + 1), language)
    if language and language not in owner:
        return False  # `9 de jongens waren stipt`
    if word(tokens, at - 1) in SINGULAR_ARTICLES:
        return False  # `een 1 van Goedele`
    if tokens[at].value == 1.0 and following and following not in FROM_US:
        return True
    if word(tokens, at + 1) == "of" and following in {"us", "them", "you"}:
        return True
    if following in FROM_US - _POSSESSIVES:
        return tokens[at].spelled and following in {"uns", "ons", "nous"} and bool(word(tokens, at + 3))
    nouns = [text for text, _ in zip(words_right(tokens, at + 1), range(3), strict=False)]
    determined = len(nouns) > 1 and nouns[0] in ALL_CLOSED
    nouns = nouns[: 3 if determined else 1]
    singular = word(tokens, at + 1) == "der" and following.endswith("er")  # `4 der Fahrer war nett`
    return not singular and any(is_plural(text, language, capital=False) for text in nouns)


def _plural_follows(tokens: Tokens, at: int, language: str) -> bool:
    """A plural noun comes next, or after one or two words that could be its adjectives."""
    for place in range(at + 1, min(at + 4, len(tokens))):
        text = word(tokens, place)
        if not text or text in _STOPPERS:
            return False
        if _plural_at(tokens, place, language):
            return True
        if language == "de" and text in ALL_PRAISE and text.endswith(("er", "es", "em")):
            return False  # an adjective's singular: `netter Fahrer`
        adjective = text in ALL_PRAISE or text in MORE or (is_noun(text) and text not in _SINGULAR)
        if not adjective:
            return False
    return False


def _plural_at(tokens: Tokens, at: int, language: str) -> bool:
    token: Token = tokens[at]
    if language == "de" and _describes_singular(tokens, at):
        return False
    return token.kind is Kind.WORD and is_plural(token.text, language, capital=token.capital)


def _describes_singular(tokens: Tokens, at: int) -> bool:
    """`Schnelle Lieferung`, `saubere arbeit`: an adjective before its noun, which is one."""
    following = word(tokens, at + 1)
    if not following or not tokens[at].text.endswith(("e", "es", "er")):
        return False
    return tokens[at + 1].capital or following in _SINGULAR or following.endswith(GERMAN_SINGULAR)
