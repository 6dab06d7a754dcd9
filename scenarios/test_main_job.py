"""The main job, as a newcomer sees it, and each planted bug found with a culprit."""

from __future__ import annotations

import re

import pytest

from scenarios.programs import belfort


def test_the_demo_ends_well_and_says_that_every_figure_is_right() -> None:
    done = belfort("demo", "--people", "500")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every figure equals the truth" in done.stdout


@pytest.mark.parametrize("bug", ["first-number-wins", "double-count", "boundary-6-7"])
def test_a_planted_bug_is_a_wrong_answer_with_a_culprit(bug: str) -> None:
    done = belfort("demo", "--people", "60", "--channel", "SMS", "--bug", bug)
    assert done.returncode == 98, done.stdout + done.stderr
    assert re.search(r"A town was asked, \d+ by SMS: ", done.stdout)
    assert "culprit +32" in done.stdout
    assert "should count as" in done.stdout


def test_a_bug_of_the_whole_report_is_found_without_a_culprit() -> None:
    """Nobody's own report is wrong when ANY is read as ALL: the scope is named instead."""
    done = belfort("demo", "--people", "60", "--channel", "SMS", "--bug", "any-as-all")
    assert done.returncode == 98, done.stdout + done.stderr
    assert "bronze or gold" in done.stdout


def test_the_same_seed_tells_the_same_story() -> None:
    first, second = (belfort("demo", "--people", "60", "--seed", "7").stdout for _ in range(2))
    assert first == second


def test_an_unknown_bug_is_refused_with_the_names_of_the_known() -> None:
    done = belfort("demo", "--bug", "off-by-one")
    assert done.returncode == 2
    assert "boundary-6-7" in done.stderr
