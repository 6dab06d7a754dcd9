"""The table of the zoo, and a slice of the matrix of bugs and scenarios: the whole takes minutes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from belfort.exits import Exit, Trouble
from belfort.scenario import SUFFIX
from belfort.zoo.bugs import BUGS, parts_of
from belfort.zoo.matrix import Played, Row, as_markdown, play
from service.app import Parts

SCENARIOS = Path(__file__).parents[3] / "scenarios"
AREAS = {
    "filtering", "arithmetic", "segments", "dates", "sending", "throttling", "idempotency", "durability",
    "isolation", "privacy",
}  # fmt: skip
SLICE = ("boundary-6-7", "key-ignored", "everybodys-report")
"""Found by different means: a culprit, a step's own rule, another account."""


def test_every_bug_is_planted_in_parts_that_the_service_has():
    known = {part.name for part in fields(Parts)}
    for name in BUGS:
        assert set(parts_of(name)) <= known
        Parts(**parts_of(name))


def test_the_bugs_lie_in_every_area_where_surveys_go_wrong():
    assert {bug.area for bug in BUGS.values()} == AREAS
    assert len(BUGS) >= 12


def test_every_bug_has_a_shipped_scenario_that_should_find_it():
    missing = {
        name: bug.found_by
        for name, bug in BUGS.items()
        if not (SCENARIOS / f"{bug.found_by}{SUFFIX}").is_file()
    }
    assert missing == {}


def test_a_bug_that_nobody_knows_is_wrong_usage():
    with pytest.raises(Trouble, match="boundary-6-7") as trouble:
        parts_of("off-by-one")
    assert trouble.value.code is Exit.USAGE


@pytest.mark.parametrize("name", SLICE)
def test_a_planted_bug_is_found_by_its_scenario_which_names_the_cause(name: str):
    bug = BUGS[name]
    row = Row(name, play(name, [SCENARIOS / f"{bug.found_by}{SUFFIX}"]))
    assert row.named_by == (bug.found_by,), [each.said for each in row.played]
    assert row.well


def test_a_row_is_well_only_if_the_cause_is_named_or_nothing_is_wrong():
    said = BUGS["boundary-6-7"].shows
    assert Row("boundary-6-7", (Played("first_steps", True, f"… {said} …"),)).well
    assert not Row("boundary-6-7", (Played("first_steps", True, "something else"),)).well
    assert not Row("boundary-6-7", (Played("first_steps", False, ""),)).well
    assert Row(None, (Played("first_steps", False, ""),)).well
    assert not Row(None, (Played("first_steps", True, "an alarm"),)).well


def test_the_table_says_who_found_what():
    rows = [
        Row("boundary-6-7", (Played("first_steps", True, BUGS["boundary-6-7"].shows), Played("x", True, "?")))
    ]
    assert "| `boundary-6-7` | first_steps, x | first_steps |" in as_markdown(rows)
