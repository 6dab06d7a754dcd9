"""Clause 6 of answers.md: when a number word is a score, and when just a word.

Digits score unless something forbids it; a number word scores only alone or where a score is spoken of.
"""

from service.domain.reading.form import ACCENTED_ONE, words
from service.domain.reading.neighbours import Tokens, is_end, is_number, sign, stretch, word
from service.domain.reading.tokens import Kind
from service.domain.reading.words_plain import ALL_COURTESY, ALL_LIGHT, ALL_PRAISE, CLOSED
from service.domain.reading.words_score import (
    DEFINITE,
    EARNED,
    HEDGES,
    INDEFINITE,
    SCORE_NOUNS,
    SCORE_UNITS,
    SCORE_VERBS,
    SPEAKING,
)
from service.domain.reading.words_things import STARS

_SPEAKING = SPEAKING
_SMALL = ALL_LIGHT | HEDGES
_ADJECTIVES = ALL_PRAISE | HEDGES
_RATING_WORDS = SCORE_UNITS | STARS
_BRIDGES = frozenset({":", "=", "-", "→", "("})
_CARE = words("""
    geben gibt gebt gegeben nehmen nimmt genommen lassen slaan slaat nemen neem neemt geven geslagen
""")
_ORDERS = words("gib gebt geef geeft hab habt")
_CARE_BEFORE = words("in außer aller sehr hab habt habe op gut geef gibt geben let") - SCORE_VERBS
_NEW_BEFORE = words("""
    tout toute comme flambant du de a est quoi etait etat remis quasi presque bien plus rien re
""")
_ACTIONS = words("muss möchte will a zu wil moet moest")
_BEFORE_NINE = SPEAKING - _NEW_BEFORE
LONGEST_STRETCH = 6
LONGEST_LONE = 12
"""Tokens a message may have whose only word is a number: punctuation and courtesies."""


def is_meant(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the number word at `at` is a number one gives, and no everyday word."""
    number = tokens[at]
    if number.scale is not None or word(tokens, at + 1) in _RATING_WORDS:
        return number.text != "nul" or language != "fr" or number.scale is not None
    if not _is_plausible(tokens, at, language):
        return False
    return (
        _opens_with_reason(tokens, at)
        or is_spoken_of(tokens, at)
        or _is_said(tokens, at)
        or _is_earned(tokens, at)
        or _is_indefinite(tokens, at)
        or _stands_alone(tokens, at)
    )


def can_be_meant(tokens: Tokens, at: int, language: str) -> bool:
    """Whether nothing right of the number word speaks against a number: `bijna tien`, `fewer than six`."""
    return _is_plausible(tokens, at, language) and _right_is_clear(tokens, at)


def _is_plausible(tokens: Tokens, at: int, language: str) -> bool:
    homograph = _HOMOGRAPHS.get(tokens[at].text)
    return homograph is None or homograph(tokens, at, language)


def is_spoken_of(tokens: Tokens, at: int) -> bool:
    """A noun or verb of scoring stands before it, with nothing but small words or a colon between."""
    if not _right_is_clear(tokens, at):
        return False
    bridges = 0
    for place in range(at - 1, max(at - 9, -1), -1):
        text = word(tokens, place)
        if text in SCORE_NOUNS or text in SCORE_VERBS:
            return True
        if not text and sign(tokens, place) in _BRIDGES and not bridges:
            bridges += 1
        elif text not in _SMALL:
            return False
    return False


def _right_is_clear(tokens: Tokens, at: int) -> bool:
    return is_end(tokens, at + 1) or is_number(tokens, at + 1) or word(tokens, at + 1) in _SPEAKING


def _is_said(tokens: Tokens, at: int) -> bool:
    """`for the roadworks it's zero`, `voor de rest is het zes`: a sentence that ends in its number."""
    said = (word(tokens, at - 2), word(tokens, at - 1))
    return is_end(tokens, at + 1) and (said in _SAYINGS or said[1] in _ITS)


def _is_earned(tokens: Tokens, at: int) -> bool:
    """`die neun hat sich Ihr Monteur verdient`."""
    determined = word(tokens, at - 1) in DEFINITE | INDEFINITE
    return determined and any(word(tokens, place) in EARNED for place in stretch(tokens, at))


_ITS = words("its it's cest")
_SAYINGS = frozenset(
    {
        *(("it", "is"), ("it", "was"), ("c", "est"), ("ca", "fait"), ("es", "ist"), ("das", "ist")),
        *(("ist", "es"), ("is", "het"), ("het", "is"), ("dat", "is"), ("wordt", "het"), ("het", "wordt")),
    }
)


def _is_indefinite(tokens: Tokens, at: int) -> bool:
    """`un neuf`, `een dikke acht`, `a solid seven`."""
    place = at - 1
    while place >= at - LONGEST_STRETCH and _is_adjective(word(tokens, place)):
        place -= 1
    return word(tokens, place) in INDEFINITE and _right_is_clear(tokens, at)


def _is_adjective(text: str) -> bool:
    """A word of praise, or one that looks as an adjective does before its noun: `een welverdiende zeven`."""
    return text not in INDEFINITE and (text in _ADJECTIVES or (len(text) > 5 and text.endswith(_ATTRIBUTIVE)))


_ATTRIBUTIVE = (
    *("de", "te", "ge", "ke", "se", "ne", "re", "le", "he"),
    *("ous", "ful", "al", "ish", "ive", "ing", "ant", "ent", "ed", "y"),
)
"""How adjectives end before a noun in Dutch, German and English."""


def _opens_with_reason(tokens: Tokens, at: int) -> bool:
    """`vijf voor de moeite`, `huit parce que …`: first in its sentence, then why."""
    joined = word(tokens, at + 1) in _AND and word(tokens, at + 2) in _NEW_CLAUSE
    clear = is_end(tokens, at - 1) and (joined or word(tokens, at + 1) in _REASONS)
    return clear and not any(is_number(tokens, place) for place in stretch(tokens, at) if place != at)


_REASONS = words("""
    sans zonder ohne without voor pour für for want omdat omda car parce weil denn because cos wegens maar
    mais aber but from
""")


_AND = words("en et und and")
_NEW_CLAUSE = words("""
    geen ik je jullie dat dit het we ze u c ce ça cela j il elle on vous nous pas kein keine ich ihr sie das
    es wir thats its im ill its theyre youre id ive i it that you they we no not
""")
"""`neuf et je pèse mes mots`, `zes en geen gram meer`: what was given is done, a new clause begins."""


def _stands_alone(tokens: Tokens, at: int) -> bool:
    """Between its breaks stand only a few small words: `Leider nur eins`, `allez, acht dan`."""
    others = [place for place in stretch(tokens, at) if tokens[place].kind is not Kind.NUMBER]
    return len(others) <= LONGEST_STRETCH and all(word(tokens, place) in _SPEAKING for place in others)


def _is_alone(tokens: Tokens, at: int) -> bool:
    """The whole message but for punctuation and courtesies is this one token."""
    return (
        len(tokens) <= LONGEST_LONE
        and all(
            place == at or not word(tokens, place) or word(tokens, place) in ALL_COURTESY
            for place in range(len(tokens))
        )
        and not any(is_number(tokens, place) for place in range(len(tokens)) if place != at)
    )


def _eight(tokens: Tokens, at: int, language: str) -> bool:
    if word(tokens, at - 1) in INDEFINITE:
        return True
    if word(tokens, at - 1) in _JUDGING and not is_end(tokens, at + 1):
        return False  # `ik acht dit onaanvaardbaar`
    kept = word(tokens, at + 1) in {"op", "auf"} and not is_number(tokens, at + 2)
    kept = kept or (word(tokens, at - 1) in _ORDERS and word(tokens, at - 2) not in ALL_LIGHT)
    return not kept and word(tokens, at + 1) not in _CARE and word(tokens, at - 1) not in _CARE_BEFORE


_JUDGING = words("ik hij zij men we wij u jullie ge")


def _nine_or_new(tokens: Tokens, at: int, language: str) -> bool:
    before = word(tokens, at - 1)
    if before in {"bien", "presque", "quasi", "plus"}:
        return is_spoken_of(tokens, at)
    return not before or before in _BEFORE_NINE or is_number(tokens, at - 1)


def _ten(tokens: Tokens, at: int, language: str) -> bool:
    return language == "en" or _is_alone(tokens, at) or word(tokens, at - 1) == "a"


def _dutch_nought(tokens: Tokens, at: int, language: str) -> bool:
    return language == "nl"


def _german_nought(tokens: Tokens, at: int, language: str) -> bool:
    return language == "de"


def _ours(tokens: Tokens, at: int, language: str) -> bool:
    return language != "nl"


_AFTER_ACCENTED_ONE = ALL_COURTESY | CLOSED["nl"] - {"van", "op", "voor", "na"}
_AFTER_EINS = ALL_COURTESY | ALL_PRAISE | {"von", "fur", "leider", "dann"}


def _accented_one(tokens: Tokens, at: int, language: str) -> bool:
    return is_end(tokens, at + 1) or word(tokens, at + 1) in _AFTER_ACCENTED_ONE


def _german_one(tokens: Tokens, at: int, language: str) -> bool:
    if word(tokens, at - 1) in {"noch", "nummer", "numero", "nur_noch"} or word(tokens, at + 1) in _ACTIONS:
        return False
    return is_end(tokens, at + 1) or word(tokens, at + 1) in _AFTER_EINS


_HOMOGRAPHS = {
    "acht": _eight,
    "neuf": _nine_or_new,
    "ten": _ten,
    "nul": _dutch_nought,
    "null": _german_nought,
    "onze": _ours,
    ACCENTED_ONE: _accented_one,
    "eins": _german_one,
}


def article_is_one(tokens: Tokens, at: int) -> bool:
    """Whether `een`, `un`, `ein`, `one` is the number here: alone, given by a verb, or paired with one."""
    if _is_alone(tokens, at):
        return True
    if word(tokens, at + 1) in _PAIRING and is_number(tokens, at + 2):
        return _stands_alone(tokens, at)
    paired = word(tokens, at - 1) in _PAIRING and is_number(tokens, at - 2) and is_end(tokens, at + 1)
    if paired and (word(tokens, at), word(tokens, at - 1)) != ("one", "of"):
        return True  # `zéro ou un, j'hésite`
    if not (is_end(tokens, at + 1) or word(tokens, at + 1) in ALL_COURTESY):
        return False
    for place in range(at - 1, max(at - 6, -1), -1):
        text = word(tokens, place)
        if text in SCORE_VERBS:
            return True
        labelled = sign(tokens, place) in {":", "="} and word(tokens, place - 1) in SCORE_NOUNS
        if labelled:
            return True
        if text not in _GIVEN_TO:
            return False
    return False


_PAIRING = words("of ou oder or à tot bis to")
_GIVEN_TO = words("""
    it you them jullie u hen het ze vous leur lui euch ihnen a un just only maar seulement nur dus donc toch
    an juste ici hier je ik
""")
