"""The reader of answers on any text: it never raises, and no text costs much."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.answer import LONGEST_TEXT, MOST_NUMBERS, read, read_keys
from service.domain.verdict import Verdict
from tests.service.domain.examples import LANGUAGES, outcome, rows

anything = st.text(st.characters(exclude_categories=()), max_size=300)
fragments = st.lists(
    st.sampled_from(
        [
            "8",
            "9",
            "11",
            "0-10",
            "een",
            "un",
            "acht",
            "neuf",
            "ten",
            "nul",
            "op",
            "sur",
            "/",
            "10",
            ",",
            ".",
            "?",
            "geen",
            "pas",
            "%",
            "⭐",
            "weken",
            "-",
            "+",
            "½",
            "½",
            "\u0301",
            "\u200b",
            "\ud800",
            '"',
            "(",
            ")",
            "x",
            "STOP",
            "of",
            "\n",
            "en",
            "half",
            "van",
            "3",
            "kassa",
            "Uhr",
            "@",
            "http://",
            ":3",
            "€",
            "#",
            "'",
            "🔟",
            "quatre",
            "vingt",
            "7,5",
        ]
    ),
    max_size=25,
)


@given(anything, st.sampled_from([*LANGUAGES, "", "xx", "nl_BE", "zh-Hant-TW"]))
def test_no_text_makes_it_raise_and_a_score_is_there_exactly_when_good(text: str, language: str) -> None:
    reading = read(text, language)
    assert (reading.verdict is Verdict.GOOD) == (reading.score is not None)
    assert reading.score is None or reading.score in range(11)


@given(fragments, st.sampled_from(["", " "]), st.sampled_from(LANGUAGES))
def test_no_medley_of_telling_pieces_makes_it_raise(pieces: list[str], joint: str, language: str) -> None:
    reading = read(joint.join(pieces), language)
    assert (reading.verdict is Verdict.GOOD) == (reading.score is not None)


@given(anything)
def test_keys_never_raise(keys: str) -> None:
    reading = read_keys(keys)
    assert reading is None or (reading.verdict is Verdict.GOOD) == (reading.score is not None)


plain_rows = st.sampled_from(
    [row for row in rows("answers-regression.jsonl") if row["verdict"] in {"good", "ambiguous", "no_score"}]
)


@given(plain_rows, st.data())
def test_invisible_characters_change_nothing(row: dict[str, object], data: st.DataObject) -> None:
    text = str(row["text"])
    at = data.draw(st.integers(0, len(text)))
    invisible = data.draw(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e"))
    assert outcome(text, str(row["language"])) == outcome(
        text[:at] + invisible + text[at:], str(row["language"])
    )


@given(plain_rows)
def test_repeated_closing_punctuation_changes_nothing(row: dict[str, object]) -> None:
    text, language = str(row["text"]), str(row["language"])
    if text.endswith(("!", ".")):
        assert outcome(text, language) == outcome(text + text[-1] * 2, language)


@given(plain_rows)
def test_accents_may_be_composed_or_not(row: dict[str, object]) -> None:
    text, language = str(row["text"]), str(row["language"])
    assert outcome(text, language) == outcome(unicodedata.normalize("NFD", text), language)


@pytest.mark.parametrize("language", ["nl-BE", "fr-BE", "en-GB"])
def test_capitals_do_not_matter(language: str) -> None:
    """German is left out: its nouns are told by their capital."""
    table = [row for row in rows("answers-regression.jsonl") if row["language"] == language]
    changed = [
        row
        for row in table
        if outcome(str(row["text"]).upper(), language)
        != (row["score"] if row["verdict"] == "good" else row["verdict"])
    ]
    assert changed == []


@given(
    st.integers(0, 10),
    st.sampled_from(
        ["Hallo, {} bedankt", "Bonjour, {}. Merci", "Guten Tag, {}, danke", "Hi, {} thanks!", "\n{}\n"]
    ),
    st.sampled_from(LANGUAGES),
)
def test_courtesies_around_a_score_change_nothing(score: int, frame: str, language: str) -> None:
    assert score == outcome(frame.format(score), language)


STORMS = [
    "1",
    "1 ",
    "a-",
    '"',
    "-",
    "of ",
    "8 of ",
    "een ",
    "8.",
    "1/",
    "\u0301",
    "ﷺ",
    "een op 10 ",
    "is 8? ",
    "geen een de ",
    'liked "',
    "> a\n",
    "⭐",
    "(",
    "0 ( ",
    "a.a@",
    "1 000",
    "quatre vingt ",
    "0475 12 ",
    "ik geef een dikke 8, ",
]


def steps(text: str) -> int:
    """How many calls a reading makes: a measure of work that no busy machine disturbs."""
    count = 0

    def tick(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        read(text, "nl-BE")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", STORMS)
def test_the_work_grows_no_faster_than_the_text(piece: str) -> None:
    read(piece * 10, "nl-BE")  # fills the caches of characters
    short, long = piece * (1600 // len(piece)), piece * (6400 // len(piece))
    assert steps(long) <= 5 * steps(short) + 500


@pytest.mark.parametrize("piece", STORMS)
def test_no_storm_of_characters_takes_more_than_fifty_calls_a_character(piece: str) -> None:
    assert steps(piece * (1600 // len(piece))) <= 50 * 1600


def test_a_text_is_read_up_to_the_bound_and_no_further() -> None:
    assert outcome("8".ljust(LONGEST_TEXT), "nl-BE") == 8
    assert outcome("8".ljust(LONGEST_TEXT + 1), "nl-BE") == "no_score"


def test_a_heap_of_numbers_commits_to_none() -> None:
    assert outcome("8 " * (MOST_NUMBERS + 1), "nl-BE") == "ambiguous"
