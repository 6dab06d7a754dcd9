"""Durations: what a story writes, and how it is written for others."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belfort.scenario.values import DURATION, seconds, spoken

LONGEST = 999_999_999
"""Seconds; more digits no story may write."""


@given(st.integers(0, LONGEST * 1_000).map(lambda milliseconds: milliseconds / 1_000))
@example(1_234_567.0)
@example(100_000.5)
@example(0.000_000_001)
def test_a_duration_is_written_as_it_can_be_read_again_whatever_its_size(duration: float):
    assert DURATION.fullmatch(spoken(duration))
    assert seconds(spoken(duration)) == pytest.approx(duration, rel=0, abs=1e-6)


def test_a_duration_is_written_in_the_largest_unit_that_fits():
    assert [spoken(each) for each in (0.0, 0.25, 30.0, 90.0, 300.0, 7_200.0, 259_200.0)] == [
        "0ms", "250ms", "30s", "90s", "5m", "2h", "3d",
    ]  # fmt: skip
