"""The stretch of time a report is about, and the calendar days of Brussels it consists of (survey-api
"Reports").

Moments are milliseconds since the epoch; a day is its number since 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
HOUR_MS = 3_600_000
_MILLISECOND = timedelta(milliseconds=1)


class Grain(IntEnum):
    """What moments are put together in, by its usual number of hours."""

    HOUR = 1
    DAY = 24
    FORTNIGHT = 336


FORTNIGHT_DAYS = Grain.FORTNIGHT // Grain.DAY

_EARLIEST, _LATEST = -7_000_000_000_000, 100_000_000_000_000
"""Moments in 1748 and in 5138. Nothing ever happens beyond, so that a wider period is cut off here."""


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a day: from `first` to `last`, both included."""

    day: int
    first: int
    last: int


class Stretch(NamedTuple):
    """Hours, days or fortnights from `first` to `last`, both included: to add (`sign` 1) or to take away
    (−1)."""

    grain: Grain
    first: int
    last: int
    sign: int


class Rest(NamedTuple):
    """Moments from `first` to `last`, both included; `sign` as in a stretch."""

    first: int
    last: int
    sign: int


class Pieces(NamedTuple):
    """What adds up to a period."""

    stretches: list[Stretch]
    rests: list[Rest]


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included, in milliseconds since the epoch; None sets no bound."""

    start: int | None = None
    end: int | None = None

    def __contains__(self, moment: int) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)

    def split(self) -> tuple[range, list[Span]]:
        """The days that lie in the period whole, and at most two parts of days at its ends."""
        start, end = self._bounds()
        if start > end:
            return range(0), []
        first, last = day_of(start), day_of(end)
        if first == last and not _is_whole(span := Span(first, start, end)):
            return range(0), [span]
        head, tail = Span(first, start, start_of(first + 1) - 1), Span(last, start_of(last), end)
        parts = [part for part in (head, tail) if not _is_whole(part)]
        return range(first + (head in parts), last + 1 - (tail in parts)), parts

    def pieces(self) -> Pieces:
        """The fortnights nearest to the period, then what tells days from those, hours from days and moments
        from hours, each at both ends at most: half of the next grain is the most there."""
        start, end = self._bounds()
        if start > end:
            return Pieces([], [])
        moments = range(start, end + 1)
        hours = range(*(_nearest(moment, HOUR_MS) for moment in (moments.start, moments.stop)))
        days = range(*map(_nearest_day, (hours.start, hours.stop)))
        fortnights = range(*(_nearest(day, FORTNIGHT_DAYS) for day in (days.start, days.stop)))
        stretches = [
            *_stretches(Grain.FORTNIGHT, [(fortnights, 1)]),
            *_stretches(Grain.DAY, _difference(days, fortnights, lambda number: number * FORTNIGHT_DAYS)),
            *_stretches(Grain.HOUR, _difference(hours, days, _first_hour)),
        ]
        rests = _difference(moments, hours, lambda hour: hour * HOUR_MS)
        return Pieces(stretches, [Rest(part[0], part[-1], sign) for part, sign in rests if part])

    def _bounds(self) -> tuple[int, int]:
        start = _EARLIEST if self.start is None else min(max(self.start, _EARLIEST), _LATEST)
        end = _LATEST if self.end is None else min(max(self.end, _EARLIEST), _LATEST)
        return start, end


ALWAYS = Period()


def day_of(moment: int) -> int:
    """The day in Brussels of a moment."""
    return day_of_hour(moment // HOUR_MS)


def start_of(day: int) -> int:
    """The first moment of a day in Brussels. Clocks there never change at midnight."""
    midnight = datetime.combine(date_of(day), datetime.min.time(), BRUSSELS)
    return (midnight - _EPOCH) // _MILLISECOND


def date_of(day: int) -> date:
    """The calendar date of a day."""
    return _FIRST_DAY + timedelta(days=day)


@lru_cache(maxsize=4096)
def day_of_hour(hour: int) -> int:
    """Brussels' offset from UTC is whole hours since 1892; before, days end some minutes off, where nothing
    is."""
    return ((_EPOCH + timedelta(hours=hour)).astimezone(BRUSSELS).date() - _FIRST_DAY).days


def _is_whole(span: Span) -> bool:
    return span.first == start_of(span.day) and span.last == start_of(span.day + 1) - 1


def bucket(grain: Grain, hour: int) -> int:
    """The hour, day or fortnight that an hour since the epoch belongs to."""
    if grain is Grain.HOUR:
        return hour
    day = day_of_hour(hour)
    return day if grain is Grain.DAY else day // FORTNIGHT_DAYS


def _nearest(place: int, size: int) -> int:
    return (place + size // 2) // size


def _nearest_day(hour: int) -> int:
    """The day that begins nearest to the beginning of an hour."""
    day = day_of_hour(hour)
    return day if hour - _first_hour(day) < _first_hour(day + 1) - hour else day + 1


def _first_hour(day: int) -> int:
    return -(-start_of(day) // HOUR_MS)


def _difference(fine: range, coarse: range, begins: Callable[[int], int]) -> Iterator[tuple[range, int]]:
    """What to add to a coarse range, and to take away, for a fine one. `begins`: of a coarse bucket."""
    if not coarse:
        yield fine, 1
        return
    start, stop = begins(coarse.start), begins(coarse.stop)
    yield range(fine.start, start), 1
    yield range(start, fine.start), -1
    yield range(stop, fine.stop), 1
    yield range(fine.stop, stop), -1


def _stretches(grain: Grain, parts: Iterable[tuple[range, int]]) -> list[Stretch]:
    return [Stretch(grain, part[0], part[-1], sign) for part, sign in parts if part]
