"""The reader of answers against answers.md: every clause by its examples."""

from collections.abc import Iterator

import pytest

from service.domain.answer import read, read_keys
from service.domain.verdict import Reading, Verdict
from tests.service.domain.examples import HERE, LANGUAGES, outcome, rows


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
