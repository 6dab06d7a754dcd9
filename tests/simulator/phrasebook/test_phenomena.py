"""The tables of phenomena: complete, stable, and each of them written on demand."""

import random

import pytest

from simulator.phrasebook.books import PHENOMENA, scores_of
from simulator.phrasebook.phenomena import BAD_PHENOMENA, GOOD_PHENOMENA
from simulator.phrasebook.phrase import LANGUAGES, Meaning
from simulator.phrasebook.writer import utterance_of

GOOD = [phenomenon.slug for phenomenon in GOOD_PHENOMENA]
BAD = [phenomenon.slug for phenomenon in BAD_PHENOMENA]
ABROAD = "other-language"


def test_each_table_fits_the_two_digits_of_a_number():
    assert (len(GOOD) <= 99, len(BAD) <= 99) == (True, True)


def test_no_slug_is_in_the_tables_twice():
    assert len({*GOOD, *BAD}) == len(GOOD) + len(BAD)


def test_stop_is_the_ninth_bad_phenomenon():
    assert BAD[9 - 1] == "stop"


def test_the_places_that_numbers_ask_for_never_move():
    good = {
        1: "bare",
        15: "keycap",
        16: "keycap-ten",
        39: "spelled-alone",
        64: "negated-then-score",
        76: ABROAD,
    }
    bad = {1: "praise", 2: "off-the-scale", 5: "two-scores", 16: "empty", 53: "thanks-only", 89: "gibberish"}
    assert {place: GOOD[place - 1] for place in good} == good
    assert {place: BAD[place - 1] for place in bad} == bad


def test_the_tables_list_what_the_books_can_write_and_nothing_else():
    written = {slug: meaning for book in PHENOMENA.values() for slug, meaning in book.items()}
    assert {slug for slug, meaning in written.items() if meaning is Meaning.GOOD} == {*GOOD} - {ABROAD}
    assert {slug for slug, meaning in written.items() if meaning is not Meaning.GOOD} == {*BAD}


def test_a_phenomenon_means_the_same_in_every_language():
    meanings = {(slug, meaning) for book in PHENOMENA.values() for slug, meaning in book.items()}
    assert len(meanings) == len({slug for slug, _ in meanings})


def test_every_phenomenon_has_a_description_of_one_line():
    assert [
        p.slug for p in (*GOOD_PHENOMENA, *BAD_PHENOMENA) if not p.description or "\n" in p.description
    ] == []


def test_a_language_lacks_no_good_phenomenon_and_few_bad_ones():
    missing = {language: {*GOOD, *BAD} - {ABROAD} - {*PHENOMENA[language]} for language in LANGUAGES}
    assert missing == {
        "nl": set(),
        "fr": {"five-star-service", "half-compound"},
        "de": set(),
        "en": {"half-compound"},
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", GOOD)
def test_a_good_phenomenon_is_written_with_a_score_of_its_own_or_a_given_one(slug: str, language: str):
    chance = random.Random(slug + language)
    free = utterance_of(slug, language=language, score=None, chance=chance)
    assert (free.meaning, free.phenomenon, free.score in range(11)) == (Meaning.GOOD, slug, True)
    for score in range(11) if slug == ABROAD else scores_of(slug, language):
        assert utterance_of(slug, language=language, score=score, chance=chance).score == score


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", BAD)
def test_a_bad_phenomenon_is_written_whatever_the_mood(slug: str, language: str):
    for score in (None, 0, 10):
        written = utterance_of(slug, language=language, score=score, chance=random.Random(3))
        assert (written.meaning is Meaning.GOOD, written.score, written.phenomenon) == (False, None, slug)


def test_stop_is_only_ever_the_word_stop():
    texts = {
        utterance_of("stop", language=language, score=None, chance=random.Random(seed)).text.upper()
        for language in LANGUAGES
        for seed in range(20)
    }
    assert texts == {"STOP"}


def test_a_score_that_a_phenomenon_cannot_carry_is_refused_with_those_it_can():
    with pytest.raises(ValueError, match=r"'keycap-ten' in 'fr' cannot carry 9; it can carry \(10,\)"):
        utterance_of("keycap-ten", language="fr", score=9, chance=random.Random(1))


def test_an_unknown_phenomenon_is_refused():
    with pytest.raises(ValueError, match="no such phenomenon 'keycaps'"):
        utterance_of("keycaps", language="fr", score=9, chance=random.Random(1))
