"""The writer: what was meant goes in and comes out with the text, and the texts are what they claim to be."""

import random
import re
import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.phrasebook.books import BOOKS, TEMPLATES
from simulator.phrasebook.habits import HABITS
from simulator.phrasebook.numerals import WORDS
from simulator.phrasebook.phrase import BAD_MEANINGS, LANGUAGES, SCORES, Meaning, Utterance
from simulator.phrasebook.template import templates
from simulator.phrasebook.writer import bad, every, utterance_of, write

EVERY = {language: tuple(every((language,))) for language in LANGUAGES}
EVERY_SET = {language: frozenset(EVERY[language]) for language in LANGUAGES}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f\u20e3"), "")


def plain(text: str) -> str:
    """The text with every sign as the digits it shows, without marks that nobody sees, in lower case."""
    flat = unicodedata.normalize("NFKC", text.replace("🔟", "10")).translate(INVISIBLE)
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in flat).casefold()


def shows(text: str, score: int, language: str) -> bool:
    """Whether the score is in the text in some form: digits that belong to no longer number, or its word."""
    words = {WORDS[language][score], "zero" if score == 0 else "", "een" if score == 1 else ""} - {""}
    digits = re.search(rf"(?<![\d,.])0?{score}(?![\d])", plain(text))
    return bool(digits) or any(re.search(rf"\b{word}\b", plain(text)) for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_a_slot_open(language: str):
    assert [u.text for u in EVERY[language] if re.search(r"[{}]", u.text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_good_text_shows_its_score_in_some_form(language: str):
    good = [u for u in EVERY[language] if u.meaning is Meaning.GOOD]
    assert [u for u in good if not shows(u.text, u.score if u.score is not None else -1, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_score_comes_with_every_good_text_and_with_no_other(language: str):
    assert [u for u in EVERY[language] if (u.score in SCORES) != (u.meaning is Meaning.GOOD)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_never_has_two_meanings(language: str):
    meanings: dict[str, set[tuple[Meaning, int | None]]] = defaultdict(set)
    for u in EVERY[language]:
        meanings[" ".join(u.text.casefold().split())].add((u.meaning, u.score))
    del meanings[""]  # blanks alone
    assert {text: found for text, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_of_the_page_is_written_in_every_language(language: str):
    assert {u.meaning for u in EVERY[language]} == {*Meaning}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_wealth_of_templates_of_its_own(language: str):
    shared = set.intersection(*({t.parts for t in TEMPLATES[other]} for other in LANGUAGES))
    own = [t for t in TEMPLATES[language] if t.parts not in shared]
    assert sum(t.meaning is Meaning.GOOD for t in own) >= 200
    assert sum(t.meaning is not Meaning.GOOD for t in own) >= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_thousands_of_distinct_texts_come_out(language: str):
    assert len({u.text for u in EVERY[language]}) > 6000


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_empty_looks_empty(language: str):
    looks = {u.text for u in EVERY[language] if not u.text.translate(INVISIBLE).strip()}
    assert looks == {u.text for u in EVERY[language] if u.meaning is Meaning.EMPTY}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_opt_out_begins_or_ends_with_a_keyword_of_the_page(language: str):
    keyword = re.compile(
        r"\b(stop|stopp|stoppen|tsop|arr[eê]t|arr[eê]ter|unsubscribe|uitschrijven|afmelden|d[eé]sabonner"
        r"|d[eé]sinscription|abmelden)\b"
    )
    opting_out = [u.text.casefold() for u in EVERY[language] if u.meaning is Meaning.OPT_OUT]
    assert [text for text in opting_out if not keyword.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fraction_off_scale_and_double_score_holds_a_number(language: str):
    numbers = "|".join(sorted(map(re.escape, WORDS[language].values()), key=len, reverse=True))
    spelled = re.compile(rf"\d|⭐|★|½|mille|duizend|tausend|thousand|hundred|{numbers}")
    numeric = {Meaning.NOT_INTEGER, Meaning.OUT_OF_RANGE, Meaning.AMBIGUOUS, Meaning.OTHER_SCALE}
    assert [
        u for u in EVERY[language] if u.meaning in numeric and not spelled.search(u.text.casefold())
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_rambling_needs_more_than_one_part(language: str):
    assert min(len(u.text) for u in EVERY[language] if u.phenomenon == "rambling") > 160


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_furniture_holds_no_number(language: str):
    book = BOOKS[language]
    pieces = [
        *book.greetings,
        *book.thanks,
        *book.closings,
        *book.names,
        *book.places,
        *sum(book.comments, ()),
    ]
    numbers = {word for words in WORDS.values() for word in words.values()} | {"half", "halb", "demi", "zero"}
    articles = {"een", "un", "une", "ein", "eine", "a"}
    found = {p for p in pieces for word in re.findall(r"\w+", p.casefold()) if word in numbers - articles}
    assert (found, {p for p in pieces if re.search(r"\d", p)}) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clause_begins_with_a_digit_that_could_join_the_score_before_it(language: str):
    module = __import__(f"simulator.phrasebook.{BOOK_MODULES[language]}", fromlist=["CLAUSES"])
    clauses = [clause for block in module.CLAUSES.values() for clause in templates(block)]
    assert [clause for clause in clauses if re.match(r"\d", clause) and not clause.startswith("100%")] == []


BOOK_MODULES = {"nl": "dutch", "fr": "french", "de": "german", "en": "english"}

languages = st.sampled_from(["nl-BE", "fr-BE", "de-BE", "en-GB", "nl", "FR", " de ", "en_US"])
seeds = st.integers(0, 2**32)


@given(languages, st.sampled_from(sorted(HABITS)), st.sampled_from(SCORES), seeds)
def test_any_habit_writes_any_score_in_any_language(language: str, habit: str, score: int, seed: int):
    chance = random.Random(seed)
    written = write(language=language, habit=habit, meaning=Meaning.GOOD, score=score, chance=chance)
    assert (written.meaning, written.score, "{" in written.text) == (Meaning.GOOD, score, False)


@given(
    languages,
    st.sampled_from(sorted(HABITS)),
    st.sampled_from(BAD_MEANINGS),
    st.sampled_from([None, *SCORES]),
    seeds,
)
def test_any_habit_writes_any_bad_meaning(
    language: str, habit: str, meaning: Meaning, score: int | None, seed: int
):
    written = write(language=language, habit=habit, meaning=meaning, score=score, chance=random.Random(seed))
    assert (written.meaning, written.score, "{" in written.text) == (meaning, None, False)


@given(
    languages, st.sampled_from(sorted(HABITS)), st.sampled_from(list(Meaning)), st.sampled_from(SCORES), seeds
)
def test_the_same_seed_writes_the_same_text(
    language: str, habit: str, meaning: Meaning, score: int, seed: int
):
    def once() -> Utterance:
        return write(language=language, habit=habit, meaning=meaning, score=score, chance=random.Random(seed))

    assert once() == once()


@given(languages, seeds)
def test_a_bad_reply_of_any_kind_is_bad(language: str, seed: int):
    written = bad(language=language, chance=random.Random(seed))
    assert (written.meaning in BAD_MEANINGS, written.score) == (True, None)


def test_bad_replies_of_all_kinds_come_by():
    chance = random.Random(5)
    assert {bad(language="nl", chance=chance).meaning for _ in range(2000)} == {*BAD_MEANINGS}


def test_every_text_comes_in_the_same_order_each_time():
    assert tuple(every(("de",), (8,))) == tuple(every(("de",), (8,)))


def test_every_text_can_be_asked_for_some_scores_only():
    assert {u.score for u in every(("nl",), (0, 7))} == {0, 7, None}


def one_word(language: str, asked: str | None, seed: int) -> str:
    chance = random.Random(seed)
    return write(
        language=language, habit="spelled", meaning=Meaning.GOOD, score=0, chance=chance, asked=asked
    ).text.casefold()


@pytest.mark.parametrize(("language", "word"), [("nl", "nul"), ("de", "null")])
def test_a_zero_that_needs_its_own_question_is_written_under_no_other(language: str, word: str):
    at_home = {one_word(language, f"{language}-BE", seed).strip(".!") for seed in range(200)}
    abroad = {one_word(language, "fr-BE", seed).strip(".!") for seed in range(200)}
    unknown = {one_word(language, None, seed).strip(".!") for seed in range(200)}
    assert (word in at_home, word in abroad, word in unknown) == (True, False, False)


@pytest.mark.parametrize(("asked", "expected"), [("nl-BE", True), ("fr", False), (None, False)])
def test_a_phenomenon_is_shown_only_in_words_that_hold_under_the_question(asked: str | None, expected: bool):
    texts = {
        utterance_of("word-for-zero", language="nl", score=0, chance=random.Random(seed), asked=asked).text
        for seed in range(100)
    }
    assert ("nul" in texts) == expected


@pytest.mark.parametrize(("asked", "expected"), [(None, {"fr", "de", "en"}), ("fr-BE", {"de", "en"})])
def test_the_wrong_language_is_neither_the_persons_nor_the_questions(asked: str | None, expected: set[str]):
    told: dict[str, set[str]] = defaultdict(set)
    for tongue, texts in EVERY_SET.items():
        for u in texts:
            told[u.text].add(tongue)
    found: set[str] = set()
    for seed in range(400):
        written = write(
            language="nl", habit="wrong_language", meaning=Meaning.OPT_OUT, score=None,
            chance=random.Random(seed), asked=asked,
        )  # fmt: skip
        found |= told[written.text] if len(told[written.text]) == 1 else set()
    assert found == expected


def test_the_wrong_language_is_never_the_right_one():
    for seed in range(300):
        chance = random.Random(seed)
        written = write(
            language="nl", habit="wrong_language", meaning=Meaning.NO_SCORE, score=None, chance=chance
        )
        own = {u.text for u in EVERY["nl"]} - {u.text for other in ("fr", "de", "en") for u in EVERY[other]}
        assert written.text not in own


def test_a_quoter_quotes_the_question_that_was_asked():
    texts = {
        write(
            language="en", habit="quoter", meaning=Meaning.GOOD, score=9, chance=random.Random(seed),
            question="Would you buy our waffles again?",
        ).text
        for seed in range(30)
    }  # fmt: skip
    assert all("Would you buy our waffles again?" in text and "9" in text for text in texts)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"language": "es"}, "no phrasebook for language 'es'; there is one for each of nl, fr, de, en"),
        ({"habit": "poetic"}, "no habit 'poetic'; known: bare, words"),
        ({"score": None}, "a good reply needs a score from 0 to 10, not None"),
        ({"score": 11}, "a good reply needs a score from 0 to 10, not 11"),
    ],
)
def test_what_nobody_writes_is_refused(wrong: dict[str, object], message: str):
    right = {
        "language": "nl",
        "habit": "bare",
        "meaning": Meaning.GOOD,
        "score": 8,
        "chance": random.Random(1),
    }
    with pytest.raises(ValueError, match=message):
        write(**{**right, **wrong})  # type: ignore[arg-type]
