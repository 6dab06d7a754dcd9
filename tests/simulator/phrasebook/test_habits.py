"""The shares of habits among those who reply."""

import random
from collections import Counter

import pytest

from simulator.phrasebook.habits import HABITS, SHARES, kind_of_reply
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


def test_kinds_are_drawn_by_their_shares():
    chance = random.Random(20)
    drawn = Counter(kind_of_reply(chance) for _ in range(40_000))
    for kind in SHARES:
        assert drawn[kind] / 40_000 == pytest.approx(kind.share, abs=0.006)


@pytest.mark.parametrize(("drawn", "expected"), [(0.0, SHARES[0]), (1 - 2**-53, SHARES[-1])])
def test_the_ends_of_the_draw_have_a_kind(drawn: float, expected: object):
    class Fixed(random.Random):
        def random(self) -> float:
            return drawn

    assert kind_of_reply(Fixed()) == expected
