"""The stretch of time a report is about, and the calendar days of Brussels it consists of (survey-api
"Reports").

Moments are milliseconds since the epoch; a day is its number since 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
HOUR_MS = 3_600_000
_MILLISECOND = timedelta(milliseconds=1)

_EARLIEST, _LATEST = -7_000_000_000_000, 100_000_000_000_000
"""Moments in 1748 and in 5138. Nothing ever happens beyond, so that a wider period is cut off here."""


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a day: from `first` to `last`, both included."""

    day: int
    first: int
    last: int


class Rest(NamedTuple):
    """Moments from `first` to `last`, both included: to add to a period's hours (`sign` 1), or to take away
    from them (−1)."""

    first: int
    last: int
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Pieces:
    """A period in pieces: whole days, the hours nearest to what is left of it, and how it differs."""

    days: range
    hours: tuple[range, ...]
    ends: tuple[Rest, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included, in milliseconds since the epoch; None sets no bound."""

    start: int | None = None
    end: int | None = None

    def __contains__(self, moment: int) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)

    def split(self) -> tuple[range, list[Span]]:
        """The days that lie in the period whole, and at most two parts of days at its ends."""
        start = _EARLIEST if self.start is None else min(max(self.start, _EARLIEST), _LATEST)
        end = _LATEST if self.end is None else min(max(self.end, _EARLIEST), _LATEST)
        if start > end:
            return range(0), []
        first, last = day_of(start), day_of(end)
        if first == last and not _is_whole(span := Span(first, start, end)):
            return range(0), [span]
        head, tail = Span(first, start, start_of(first + 1) - 1), Span(last, start_of(last), end)
        parts = [part for part in (head, tail) if not _is_whole(part)]
        return range(first + (head in parts), last + 1 - (tail in parts)), parts

    def pieces(self) -> Pieces:
        """Whole days, then the hours of the days at its ends, then what must be added to those or taken away:
        at most two stretches of each. Half an hour at each end is the most, as hours are rounded."""
        days, parts = self.split()
        hours = [nearest for part in parts if (nearest := _nearest_hours(part))]
        ends = [end for part in parts for end in _ragged(part)]
        return Pieces(days, tuple(hours), tuple(ends))


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


def _nearest_hours(span: Span) -> range:
    return range(*((moment + HOUR_MS // 2) // HOUR_MS for moment in (span.first, span.last + 1)))


def _ragged(span: Span) -> list[Rest]:
    """What tells part of a day from its nearest hours."""
    hours = _nearest_hours(span)
    if not hours:
        return [Rest(span.first, span.last)]
    begins, ends = hours.start * HOUR_MS, hours.stop * HOUR_MS
    rests = (
        Rest(span.first, begins - 1),
        Rest(begins, span.first - 1, -1),
        Rest(ends, span.last),
        Rest(span.last + 1, ends - 1, -1),
    )
    return [rest for rest in rests if rest.first <= rest.last]
