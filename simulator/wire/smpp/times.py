"""When: the time format of SMPP 3.4 §7.1.1, `YYMMDDhhmmsstnnp`, absolute and relative, to moments and back.

Absolute: t tenths of a second, nn quarters of an hour between the writer's time and UTC, p the side (`+`
ahead of UTC, `-` behind). Relative: p is `R`, tnn is 000, and the rest is how far ahead of the message
centre's own time. Two digits of a year mean 2000 to 2099.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.agenda import Moment
from simulator.wire.smpp.status import Status

_SHAPE = re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])")
_CENTURY = 2000
MOST_QUARTERS = 48
LATE_MS = 60_000
"""A schedule this far in the past still means `now`: clocks differ, and messages wait with the sender."""


class BadTime(ValueError):
    """Not a time of the format."""


def read(octets: bytes, now: Moment) -> Moment | None:
    """The moment meant by a time field; None when it is empty. BadTime otherwise."""
    if not octets:
        return None
    shape = _SHAPE.fullmatch(octets)
    if shape is None:
        raise BadTime("not YYMMDDhhmmsstnnp")
    numbers = [int(each) for each in shape.groups()[:8]]
    if shape[9] == b"R":
        return _relative(numbers, now)
    return _absolute(numbers, -1 if shape[9] == b"+" else 1)


def _absolute(numbers: list[int], side: int) -> Moment:
    year, month, day, hour, minute, second, tenth, quarters = numbers
    if quarters > MOST_QUARTERS:
        raise BadTime(f"nn is {quarters}, above {MOST_QUARTERS}")
    try:
        written = datetime(_CENTURY + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as wrong:
        raise BadTime(str(wrong)) from None
    return Moment(_moment(written) + tenth * 100 + side * quarters * 900_000)


def _relative(numbers: list[int], now: Moment) -> Moment:
    years, months, days, hours, minutes, seconds, tenths, quarters = numbers
    if tenths or quarters:
        raise BadTime("tnn of a relative time is not 000")
    start = _datetime(now)
    month = start.month - 1 + months
    year = start.year + years + month // 12
    month = month % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    ahead = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return _moment(start.replace(year=year, month=month, day=day) + ahead)


def absolute(moment: Moment) -> bytes:
    """`moment` in UTC, to the tenth of a second."""
    when = _datetime(moment)
    return f"{when:%y%m%d%H%M%S}{when.microsecond // 100_000}00+".encode()


def relative(ahead_seconds: int) -> bytes:
    """So many seconds from now, below 100 days: without months and years, which differ in length."""
    if not 0 <= ahead_seconds < 100 * 86_400:
        raise ValueError("a relative time is below 100 days")
    minutes, seconds = divmod(ahead_seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"0000{days:02}{hours:02}{minutes:02}{seconds:02}000R".encode()


@dataclass(frozen=True, slots=True)
class Timing:
    """When a message is to be sent, and until when it is worth it; None where the sender left it open."""

    schedule: Moment | None
    expiry: Moment | None


def timing(fields: Mapping[str, Any], now: Moment) -> Timing | Status:
    """What the two time fields of a message ask for, or the status that refuses them."""
    schedule_octets, expiry_octets = fields["schedule_delivery_time"], fields["validity_period"]
    if not schedule_octets and not expiry_octets:
        return _AT_ONCE
    try:
        schedule = read(schedule_octets, now)
    except BadTime:
        return Status.RINVSCHED
    if schedule is not None and schedule < now - LATE_MS:
        return Status.RINVSCHED
    try:
        expiry = read(expiry_octets, now)
    except BadTime:
        return Status.RINVEXPIRY
    if expiry is not None and expiry <= max(now, schedule or now):
        return Status.RINVEXPIRY
    return Timing(schedule, expiry)


_AT_ONCE = Timing(None, None)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _datetime(moment: Moment) -> datetime:
    return _EPOCH + timedelta(milliseconds=moment)


def _moment(when: datetime) -> Moment:
    return Moment((when - _EPOCH) // timedelta(milliseconds=1))
