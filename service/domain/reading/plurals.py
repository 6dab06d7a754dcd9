"""What an unknown word looks like: the plural of a noun, an adjective, or a slip in a word of thanks.

Things that can be counted are open-ended (clause 4 of answers.md); each language shows plurals by
endings.
"""

from functools import lru_cache

from service.domain.reading.form import words
from service.domain.reading.words_plain import ALL_COURTESY, ALL_LIGHT
from service.domain.reading.words_score import ASPECTS, HEDGES, SCORE_NOUNS, SCORE_VERBS
from service.domain.reading.words_things import NOT_PLURAL, PLURAL_ODD, SINGULAR_NOUNS

MORE = words("""
    andere ander autre autres other others weitere weiteren more extra meer different verschillende différents
    différentes verschiedene nieuwe nouveaux nouvelles new neue neuen lange long full hele ganze ganzen entire
    whole volle petits petites kleine kleinen grosses gros grands grandes grote großen große halve halbe solid
    goede verkeerde mauvais mauvaises wrong kapotte dernières derniers laatste letzten last premières eerste
    ersten first zulke such véritables
""")
_NO_PLURALS = SINGULAR_NOUNS | NOT_PLURAL | ALL_COURTESY
_ADJECTIVAL = (
    *("ful", "less", "ous", "able", "ible", "ingly", "ally"),
    *("elijk", "elijke", "loos", "loze", "baar", "bare", "achtig", "achtige"),
    *("eux", "euse", "ique", "isant", "isante", "evant", "evante"),
    *("lich", "liche", "isch", "ische", "haft", "hafte", "los", "wert"),
    *("frei", "voll", "bar", "sam", "ig", "dient"),
)
"""Endings of adjectives, which nobody counts."""


_SPEAKING = (ALL_LIGHT - MORE) | SCORE_NOUNS | SCORE_VERBS | HEDGES | words("ish tje ke continuez")


def is_plural(text: str, language: str, *, capital: bool) -> bool:
    """Whether a word looks like the plural of a noun in a language (empty: in any)."""
    if text in PLURAL_ODD:
        return True
    if (
        (len(text) > 5 and text.endswith(_ADJECTIVAL))
        or is_thanks(text)
        or len(text) < 4
        or text in _SPEAKING
        or text in MORE
        or text in _NO_PLURALS
    ):
        return False
    tests = {"nl": _dutch_plural, "fr": _french_plural, "de": _german_plural, "en": _english_plural}
    if language in tests:
        return tests[language](text, capital)
    return any(test(text, capital) for test in tests.values())


def _dutch_plural(text: str, capital: bool) -> bool:
    return text.endswith(("en", "s")) and not text.endswith(("ss", "us", "is"))


def _french_plural(text: str, capital: bool) -> bool:
    return text.endswith(("s", "x")) and not text.endswith(("ss", "ois")) and text not in ASPECTS


def _english_plural(text: str, capital: bool) -> bool:
    return text.endswith(("s", "men")) and not text.endswith(("ss", "us", "is", "ous", "amen", "omen"))


GERMAN_SINGULAR = ("ung", "heit", "keit", "schaft", "tion", "tat", "ie", "ik", "um", "ismus", "enz", "anz")


def _german_plural(text: str, capital: bool) -> bool:
    if text.endswith(GERMAN_SINGULAR) or text in ASPECTS:
        return False
    return capital or text.endswith(
        ("en", "er", "e", "eln", "arn", "ern", "as", "os", "ys", "ps", "ms", "ons", "tel", "sel", "gel")
    )


_THANKS = (
    "merci",
    "danke",
    "vielen",
    "bedankt",
    "thanks",
    "dankje",
    "cheers",
    "dank",
    "mercikes",
    "dankjewel",
)


@lru_cache(maxsize=1024)
def is_thanks(text: str) -> bool:
    """Whether a word is one of thanks, or one slip of the finger away from it (`mreci`, `thaks`)."""
    return any(_one_slip(text, thanks) for thanks in _THANKS)


def _one_slip(text: str, right: str) -> bool:
    """Whether two words differ by two letters swapped, or by one left out or typed too many."""
    if abs(len(text) - len(right)) > 1 or len(text) < 4:
        return False
    if len(text) == len(right):
        return sorted(text) == sorted(right) and sum(a != b for a, b in zip(text, right, strict=True)) <= 2
    longer, shorter = sorted((text, right), key=len, reverse=True)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def is_noun(text: str) -> bool:
    """Whether a word is none of those that speak of nothing countable."""
    return (
        bool(text)
        and text not in _SPEAKING
        and not is_thanks(text)
        and not (len(text) > 5 and text.endswith(_ADJECTIVAL))
    )
