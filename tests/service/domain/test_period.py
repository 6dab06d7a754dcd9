"""Days of Brussels and the parts of days at a period's ends, against a plain walk through the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.period import ALWAYS, Grain, Period, Span, bucket, date_of, day_of, start_of

BRUSSELS = ZoneInfo("Europe/Brussels")
HOUR, DAY = 3_600_000, 86_400_000
# From 1998 to 2044: both changes of the clock of every year.
moments = st.integers(890_000_000_000, 2_340_000_000_000)


def of(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@given(moments)
def test_a_moment_lies_in_its_day(moment):
    day = day_of(moment)
    local = datetime.fromtimestamp(moment / 1000, UTC).astimezone(BRUSSELS)
    assert date_of(day) == local.date()
    assert start_of(day) <= moment < start_of(day + 1)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_days_on_which_the_clocks_change_are_shorter_and_longer(day, hours):
    number = (date.fromisoformat(day) - date(1970, 1, 1)).days
    assert start_of(number + 1) - start_of(number) == hours * 3_600_000


@given(moments, moments, moments)
def test_every_moment_of_a_period_lies_in_exactly_one_of_its_pieces(one, other, probe):
    start, end = min(one, other), max(one, other)
    period = Period(start, end)
    days, parts = period.split()
    for moment in (probe, start, end, start - 1, end + 1):
        found = (day_of(moment) in days) + sum(part.first <= moment <= part.last for part in parts)
        assert found == (moment in period)
    assert len(parts) <= 2


@given(moments)
def test_a_period_of_one_moment_is_one_part(moment):
    days, parts = Period(moment, moment).split()
    assert (len(days), parts) == (0, [Span(day_of(moment), moment, moment)])


def test_whole_days_of_brussels_leave_no_ends():
    period = Period(of("2026-10-24T00:00+02:00"), of("2026-10-26T00:00+01:00") - 1)
    days, parts = period.split()
    assert (len(days), parts) == (2, [])


def test_without_bounds_everything_is_whole_days():
    days, parts = ALWAYS.split()
    assert day_of(of("2026-11-24T12:00+01:00")) in days
    assert parts == [] or all(part.last < 0 or part.first > of("2999-01-01T00:00+00:00") for part in parts)


@pytest.mark.parametrize("end", [None, of("9999-12-31T23:59:59+00:00")])
@pytest.mark.parametrize("start", [None, -62_135_596_800_000])
def test_the_ends_of_the_calendar_are_no_trouble(start, end):
    days, _ = Period(start, end).split()
    assert day_of(of("1990-01-01T00:00+00:00")) in days
    assert day_of(of("2100-01-01T00:00+00:00")) in days


def test_a_period_whose_end_comes_first_holds_nothing():
    assert Period(2_000, 1_000).split() == (range(0), [])


def test_a_day_is_told_as_a_date():
    assert date_of(day_of(of("2026-11-24T23:30+00:00"))) == date(2026, 11, 24) + timedelta(days=1)


lengths = st.one_of(st.integers(0, 5 * 86_400_000), st.integers(0, 100 * 86_400_000))


@given(moments, lengths, moments, st.integers(0, 8))
def test_what_adds_up_to_a_period_holds_every_moment_of_it_once(start, length, anywhere, eighth):
    period = Period(start, start + length)
    pieces = period.pieces()
    around = (start - DAY * eighth, start + length + DAY * eighth, start + length * eighth // 8)
    for moment in (anywhere, start, start + length, start - 1, start + length + 1, *around):
        found = sum(
            sign * (first <= bucket(grain, moment // HOUR) <= last)
            for grain, first, last, sign in pieces.stretches
        )
        found += sum(sign * (first <= moment <= last) for first, last, sign in pieces.rests)
        assert found == (moment in period)


@given(moments, lengths)
def test_of_each_grain_half_a_bucket_of_the_next_is_the_most_at_each_end(start, length):
    pieces = Period(start, start + length).pieces()
    many: dict[Grain, list[int]] = {grain: [] for grain in Grain}
    for grain, first, last, _ in pieces.stretches:
        many[grain].append(last + 1 - first)
    moments = [last + 1 - first for first, last, _ in pieces.rests]
    assert len(many[Grain.FORTNIGHT]) <= 1
    for parts, most in (
        (many[Grain.DAY], 7 if many[Grain.FORTNIGHT] else 13),
        (many[Grain.HOUR], 13 if many[Grain.DAY] or many[Grain.FORTNIGHT] else 24),
        (moments, HOUR // 2 if len(pieces.stretches) else HOUR),
    ):
        assert len(parts) <= 2
        assert all(0 < part <= most for part in parts)
