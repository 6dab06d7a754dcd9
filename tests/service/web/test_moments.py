"""ISO 8601 as callers write it, and as reports write it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import Moment
from service.web import moments
from service.web.moments import NotAMoment


@pytest.mark.parametrize(
    ("text", "utc", "shown"),
    [
        ("2020-03-31T12:12:15.982+01:00", "2020-03-31T11:12:15.982", "2020-03-31T12:12:15.982"),
        ("2020-03-31T12:12:15.982 01:00", "2020-03-31T11:12:15.982", "2020-03-31T12:12:15.982"),
        ("2020-03-31T12:12:15.982", "2020-03-31T10:12:15.982", "2020-03-31T12:12:15.982"),
        ("2020-01-31T12:12:15.982", "2020-01-31T11:12:15.982", "2020-01-31T12:12:15.982"),
        ("2020-03-31T12:12:15.9829Z", "2020-03-31T12:12:15.982", "2020-03-31T12:12:15.982"),
        ("2020-03-31T12:12:15,5z", "2020-03-31T12:12:15.500", "2020-03-31T12:12:15.500"),
        ("2020-03-31t12:12-0530", "2020-03-31T17:42:00.000", "2020-03-31T12:12:00.000"),
        ("2020-03-31T12:12+02", "2020-03-31T10:12:00.000", "2020-03-31T12:12:00.000"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999", "1969-12-31T23:59:59.999"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000", "0001-01-01T00:00:00.000"),
    ],
)
def test_a_date_time_is_a_moment_and_keeps_its_wall_clock_time(text: str, utc: str, shown: str) -> None:
    read = moments.read(text, end=False)
    assert moments.read(utc + "Z", end=False).moment == read.moment
    assert shown == read.text()


@pytest.mark.parametrize(
    ("end", "utc", "shown"),
    [
        (False, "2020-03-28T23:00:00.000Z", "2020-03-29T00:00:00.000"),
        (True, "2020-03-29T21:59:59.999Z", "2020-03-29T23:59:59.999"),
    ],
)
def test_a_date_alone_is_its_start_or_its_end_in_brussels(end: bool, utc: str, shown: str) -> None:
    read = moments.read("2020-03-29", end=end)
    assert (moments.read(utc, end=end).moment, shown) == (read.moment, read.text())


def test_of_an_hour_that_comes_twice_a_start_means_the_first_and_an_end_the_second() -> None:
    assert (
        moments.read("2020-10-25T00:30Z", end=False).moment
        == moments.read("2020-10-25T02:30", end=False).moment
    )
    assert (
        moments.read("2020-10-25T01:30Z", end=True).moment
        == moments.read("2020-10-25T02:30", end=True).moment
    )


def test_a_time_that_the_clocks_leave_out_is_read_as_the_same_moment_at_both_ends() -> None:
    assert (
        moments.read("2020-03-29T02:30", end=False).moment
        == moments.read("2020-03-29T02:30", end=True).moment
    )


@pytest.mark.parametrize(
    "text",
    ["", "now", "2020", "2020-3-1", "2020-02-30", "2020-01-01T", "2020-01-01T24:00", "2020-01-01T10:00:60",
     "0000-01-01", "2020-01-01T10:00+24:00", "2020-01-01T10:00+0160", "20200101", "2020-W01-1",
     "2020-01-01 10:00x", "٢٠٢٠-01-01", "2020-01-01T10:00:00." + "1" * 31, "2020-01-01T10:00\n2020"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(NotAMoment):
        moments.read(text, end=False)


@given(st.text(alphabet="0123456789-:TtZz+ .,", max_size=40), st.booleans())
def test_no_text_makes_it_raise_anything_else(text: str, end: bool) -> None:
    try:
        moments.read(text, end=end)
    except NotAMoment:
        return


@given(st.integers(0, 32_503_680_000_000))
def test_brussels_time_is_written_as_the_documentation_writes_it(moment: int) -> None:
    shown = moments.brussels(Moment(moment))
    again = {moments.read(shown.text(), end=end).moment for end in (False, True)}
    assert moment in again
    assert len(shown.text()) == 23
