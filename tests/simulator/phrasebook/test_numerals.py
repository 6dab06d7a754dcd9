"""Signs and words for numbers: each shows the number that it stands for."""

import unicodedata

import pytest

from simulator.phrasebook.numerals import SIGNS, WORDS
from simulator.phrasebook.phrase import LANGUAGES, SCORES


def shown(sign: str) -> int:
    """The number that Unicode says the sign shows; key-caps, brackets and full stops are dress."""
    plain = unicodedata.normalize("NFKC", sign).translate(dict.fromkeys(map(ord, "\ufe0f\u20e3()."), ""))
    return int("".join(str(unicodedata.digit(character)) for character in plain))


@pytest.mark.parametrize("script", SIGNS)
def test_each_sign_shows_its_score(script: str):
    assert [shown(sign) for sign in SIGNS[script] if sign] == [n for n in SCORES if SIGNS[script][n]]


def test_only_the_enclosed_numbers_lack_a_zero():
    assert {script for script, signs in SIGNS.items() if "" in signs} == {"bracketed", "dotted"}


def test_all_languages_have_words_for_the_same_numbers():
    assert {frozenset(WORDS[language]) for language in LANGUAGES} == {frozenset(WORDS["nl"])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_for_two_numbers(language: str):
    assert len(set(WORDS[language].values())) == len(WORDS[language])


def test_the_words_around_the_edge_of_the_scale_are_right():
    edge = {language: [WORDS[language][n] for n in (0, 1, 9, 10, 11, 15)] for language in LANGUAGES}
    assert edge == {
        "nl": ["nul", "één", "negen", "tien", "elf", "vijftien"],
        "fr": ["zéro", "un", "neuf", "dix", "onze", "quinze"],
        "de": ["null", "eins", "neun", "zehn", "elf", "fünfzehn"],
        "en": ["zero", "one", "nine", "ten", "eleven", "fifteen"],
    }
