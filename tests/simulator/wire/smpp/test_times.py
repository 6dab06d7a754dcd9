from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agenda import Moment
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.times import BadTime, Timing, absolute, read, relative, timing


def moment(*when: int) -> Moment:
    return Moment(int(datetime(*when, tzinfo=UTC).timestamp()) * 1000)


NOW = moment(2026, 11, 23, 10, 0, 0)
LAST = int(moment(2099, 12, 31))


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"261123100000000+", NOW),
        (b"261123100000500+", NOW + 500),
        (b"261123110000004+", NOW),
        (b"261123050000020-", NOW),
        (b"000101000000000+", moment(2000, 1, 1)),
        (b"991231235959948-", moment(2100, 1, 1, 11, 59, 59) + 900),
        (b"280229000000000+", moment(2028, 2, 29)),
        (b"000000000000000R", NOW),
        (b"000001000000000R", moment(2026, 11, 24, 10, 0, 0)),
        (b"020610233429000R", moment(2029, 6, 3, 9, 34, 29)),
        (b"000100000000000R", moment(2026, 12, 23, 10, 0, 0)),
        (b"000300000000000R", moment(2027, 2, 23, 10, 0, 0)),
        (b"000000720000000R", moment(2026, 11, 26, 10, 0, 0)),
        (b"", None),
    ],
)
def test_a_time_means_a_moment(octets, expected):
    assert read(octets, NOW) == expected


def test_a_month_from_the_31st_ends_with_the_month():
    assert read(b"000100000000000R", moment(2027, 1, 31)) == moment(2027, 2, 28)


@pytest.mark.parametrize(
    "octets",
    [
        b"26112310000000+",
        b"261123100000000",
        b"261123100000000Z",
        b"2611231000000000+",
        b"26112310000000A+",
        b"261323100000000+",
        b"261131100000000+",
        b"261123240000000+",
        b"261123106000000+",
        b"261123100060000+",
        b"270229000000000+",
        b"261100100000000+",
        b"261123100000049+",
        b"000001000000100R",
        b"000001000000004R",
        b"\xb2" * 16,
        "٢".encode() * 8,
    ],
)
def test_what_is_no_time_is_told(octets):
    with pytest.raises(BadTime):
        read(octets, NOW)


@given(st.binary(max_size=20), st.integers(0, LAST))
def test_any_octets_are_a_time_or_not(octets, now):
    try:
        assert isinstance(read(octets, Moment(now)), int | None)
    except BadTime:
        assert octets


@given(st.integers(int(moment(2000, 1, 1)), LAST), st.integers(0, LAST))
def test_an_absolute_time_is_read_back_to_the_tenth(when, now):
    assert read(absolute(Moment(when)), Moment(now)) == when // 100 * 100


@given(st.integers(0, 8_639_999), st.integers(0, LAST))
def test_a_relative_time_is_read_back(ahead, now):
    assert read(relative(ahead), Moment(now)) == now + ahead * 1000


@given(st.lists(st.integers(0, 99), min_size=6, max_size=6))
def test_every_relative_time_is_ahead(numbers):
    octets = "".join(f"{each:02}" for each in numbers).encode() + b"000R"
    assert read(octets, NOW) >= NOW


@pytest.mark.parametrize(
    ("schedule", "validity", "expected"),
    [
        (b"", b"", Timing(None, None)),
        (b"000000010000000R", b"", Timing(Moment(NOW + 3_600_000), None)),
        (b"", b"000000010000000R", Timing(None, Moment(NOW + 3_600_000))),
        (b"26112310000000+", b"", Status.RINVSCHED),
        (b"", b"nonsense nonsens", Status.RINVEXPIRY),
        (b"261123095000000+", b"", Status.RINVSCHED),
        (b"261123095930000+", b"", Timing(Moment(NOW - 30_000), None)),
        (b"", b"261123095959000+", Status.RINVEXPIRY),
        (b"", b"000000000000000R", Status.RINVEXPIRY),
        (b"000000020000000R", b"000000010000000R", Status.RINVEXPIRY),
    ],
)
def test_the_times_of_a_message_are_understood_or_refused(schedule, validity, expected):
    assert timing({"schedule_delivery_time": schedule, "validity_period": validity}, NOW) == expected
