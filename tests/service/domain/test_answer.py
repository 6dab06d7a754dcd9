"""The reader of answers against answers.md: every clause by its examples, and what must hold for any text."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.answer import LONGEST_TEXT, MOST_NUMBERS, read, read_keys
from service.domain.verdict import Reading, Verdict

HERE = Path(__file__).parent
LANGUAGES = ("nl-BE", "fr-BE", "de-BE", "en-GB")


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def outcome(text: str, language: str) -> int | str:
    """The score of a good reply, else the name of its verdict: what the tables below are written in."""
    reading = read(text, language)
    return reading.verdict.value if reading.score is None else reading.score


def expected(row: dict[str, object]) -> object:
    """What `outcome` must give for a row of a table."""
    return row["score"] if row["verdict"] == "good" else row["verdict"]


@pytest.mark.parametrize("row", rows("answers-sample.jsonl"), ids=lambda row: row["tag"])
def test_every_row_of_the_sample_reads_as_it_says(row: dict[str, object]) -> None:
    reading = read(str(row["text"]), str(row["language"]))
    also = row.get("also", [])
    assert isinstance(also, list)
    assert reading.verdict.value in [row["verdict"], *also]
    assert reading.score == row["score"]


@pytest.mark.parametrize("name", ["answers-regression.jsonl", "answers-examined.jsonl"])
def test_every_reply_read_right_before_is_still_read_right(name: str) -> None:
    """The first table grew with the reader; the second was written by others who had read only the page."""
    table = rows(name)
    read_now = [
        {**row, "verdict": now.verdict.value, "score": now.score}
        for row, now in ((row, read(str(row["text"]), str(row["language"]))) for row in table)
    ]
    assert [row for row, now in zip(table, read_now, strict=True) if row != now] == []


VERDICTS = [
    ("9", 9),
    ("een dikke 8!", 8),
    ("neuf sur 10", 9),
    ("STOP", "opt_out"),
    ("Arrêt", "opt_out"),
    ("stop svp", "opt_out"),
    ("", "empty"),
    ("4/5", "other_scale"),
    ("16 sur 20", "other_scale"),
    ("95%", "other_scale"),
    ("5 sterren", "other_scale"),
    ("8 of 9", "ambiguous"),
    ("7-8", "ambiguous"),
    ("entre 7 et 8", "ambiguous"),
    ("minstens 9", "ambiguous"),
    ("7,5", "not_integer"),
    ("8½", "not_integer"),
    ("acht en een half", "not_integer"),
    ("11", "out_of_range"),
    ("-3", "out_of_range"),
    ("100", "out_of_range"),
    ("super service", "no_score"),
    ("👍", "no_score"),
    ("c'est nul", "no_score"),
    ("00", "no_score"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), VERDICTS)
def test_the_table_of_verdicts_holds_in_every_language(text: str, expected: int | str, language: str) -> None:
    assert expected == outcome(text, language)


def examples_by_clause() -> Iterator[object]:
    """The rows of `answers-by-clause.txt`, each named by its clause."""
    clause = ""
    for line in (HERE / "answers-by-clause.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            clause = line[3:]
        elif line and not line.startswith("#"):
            language, expected, text = line.split("|", 2)
            text = text.replace("\\u200b", "\u200b")
            yield pytest.param(
                language, text, int(expected) if expected.isdigit() else expected, id=f"{clause}: {text}"
            )


@pytest.mark.parametrize(("language", "text", "expected"), list(examples_by_clause()))
def test_every_clause_decides_its_examples(language: str, text: str, expected: int | str) -> None:
    assert expected == outcome(text, language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8, of 16/20", "other_scale"),
        ("7,5 of 8", "ambiguous"),
        ("7 of 11", "ambiguous"),
        ("minstens 11", "out_of_range"),
        ("net geen 8", "ambiguous"),
    ],
)
def test_of_two_kinds_of_bad_the_higher_is_given(text: str, expected: str) -> None:
    assert expected == outcome(text, "nl-BE")


def test_the_clause_names_what_was_passed_over_but_quotes_nothing() -> None:
    reading = read("Jeroen was top, na 3 weken: 9", "nl-BE")
    assert Reading(Verdict.GOOD, 9, "clause 2, digits: 9; passed over: a measure (clause 4)") == reading


@pytest.mark.parametrize(
    ("keys", "verdict", "score"),
    [
        ("9", Verdict.GOOD, 9),
        ("0#", Verdict.GOOD, 0),
        ("10", Verdict.GOOD, 10),
        ("10#", Verdict.GOOD, 10),
        ("11", Verdict.OUT_OF_RANGE, None),
        ("05", Verdict.OUT_OF_RANGE, None),
        ("11#", Verdict.OUT_OF_RANGE, None),
        ("*", Verdict.NO_SCORE, None),
        ("9*", Verdict.NO_SCORE, None),
    ],
)
def test_keys_pressed_are_the_reply(keys: str, verdict: Verdict, score: int | None) -> None:
    reading = read_keys(keys)
    assert reading is not None
    assert (verdict, score) == (reading.verdict, reading.score)


@pytest.mark.parametrize("keys", ["", "#", "##"])
def test_no_key_is_no_response_closed_or_not(keys: str) -> None:
    assert read_keys(keys) is None


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
