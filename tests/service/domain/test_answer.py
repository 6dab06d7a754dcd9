"""The reader of answers against answers.md: every clause by its examples, and what must hold for any text."""

import json
from pathlib import Path

import pytest

from service.domain.answer import read

SAMPLE = [
    json.loads(line) for line in (Path(__file__).parent / "answers-sample.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["tag"])
def test_every_row_of_the_sample_reads_as_it_says(row: dict[str, object]) -> None:
    reading = read(str(row["text"]), str(row["language"]))
    also = row.get("also", [])
    assert isinstance(also, list)
    assert reading.verdict.value in [row["verdict"], *also]
    assert reading.score == row["score"]
