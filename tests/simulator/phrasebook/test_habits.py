"""The shares of habits among those who reply."""

import pytest

from simulator.phrasebook.habits import HABITS, SHARES
from simulator.phrasebook.phrase import Meaning


def share(*meanings: Meaning, habits: tuple[str, ...] = tuple(HABITS)) -> float:
    return sum(kind.share for kind in SHARES if kind.meaning in meanings and kind.habit in habits)


def test_the_shares_add_up_to_one():
    assert share(*Meaning) == pytest.approx(1)


def test_the_shares_are_those_of_the_research():
    domestic = tuple(habit for habit in HABITS if habit != "wrong_language")
    assert share(Meaning.GOOD, habits=("bare",)) == pytest.approx(0.80)
    assert share(Meaning.GOOD, habits=("spelled",)) == pytest.approx(0.02)
    assert share(Meaning.OPT_OUT) == pytest.approx(0.015)
    assert share(
        Meaning.OUT_OF_RANGE, Meaning.NOT_INTEGER, Meaning.OTHER_SCALE, habits=domestic
    ) == pytest.approx(0.02)
    assert share(*Meaning, habits=("wrong_language",)) == pytest.approx(0.01)


def test_every_habit_in_the_shares_has_a_description():
    assert {kind.habit for kind in SHARES} - {*HABITS} == set()


def test_digits_of_other_scripts_and_invisible_characters_are_for_tests_only():
    assert share(*Meaning, habits=("foreign_digits", "invisible")) == 0


def test_every_meaning_occurs():
    assert {kind.meaning for kind in SHARES} == {*Meaning}
