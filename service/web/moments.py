"""Moments as callers write them (ISO 8601) and as reports write them back (survey-api "Reports").

Without an offset a date-time is Brussels wall-clock time. A report shows wall-clock time in the offset that
the caller gave, else in Brussels, to the millisecond and without offset: `2020-02-07T16:54:42.179`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from service.clock import Moment
from service.domain.period import BRUSSELS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_END = time(23, 59, 59, 999_000)
_FORM = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,30}))?)?"
    # A "+" that was not percent-encoded arrives as a blank.
    r"(?P<offset>[Zz]|[-+ ][0-9]{2}(?::?[0-9]{2})?)?)?"
)


class NotAMoment(ValueError):
    """The text is no ISO 8601 date or date-time; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment and the wall-clock time that the caller wrote for it."""

    moment: Moment
    wall: datetime

    def text(self) -> str:
        """As reports write it."""
        return f"{self.wall:%Y-%m-%dT%H:%M:%S}.{self.wall.microsecond // 1000:03}".rjust(23, "0")


def read(text: str, *, end: bool) -> Instant:
    """The moment that `text` names, cut off to milliseconds. A date alone is that day's first or last
    millisecond; of an hour that clocks pass twice a start means the first pass, an end the second.

    Errors: NotAMoment."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise NotAMoment("It must be an ISO 8601 date-time such as 2026-03-31T12:12:15.982+02:00, or a date.")
    try:
        wall = _wall(match, end=end)
        zone = _zone(match["offset"]) if match["offset"] else BRUSSELS
    except ValueError as error:
        raise NotAMoment(f"There is no such date or time: {error}.") from None
    first, second = (_moment(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return Instant(max(first, second) if end else first, wall)


def brussels(moment: Moment) -> Instant:
    """A moment as Brussels' clocks show it."""
    return Instant(moment, (_EPOCH + moment * _MILLISECOND).astimezone(BRUSSELS).replace(tzinfo=None))


def _wall(match: re.Match[str], *, end: bool) -> datetime:
    date = datetime.fromisoformat(match["date"])
    if match["hour"] is None:
        return datetime.combine(date, _DAY_END) if end else date
    second = int(match["second"] or 0)
    milliseconds = int((match["fraction"] or "0")[:3].ljust(3, "0"))
    return date.replace(
        hour=int(match["hour"]), minute=int(match["minute"]), second=second, microsecond=milliseconds * 1000
    )


def _zone(offset: str) -> timezone:
    if offset in "Zz":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError("the offset must be within 23:59 hours")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset[0] == "-" else size)


def _moment(wall: datetime) -> Moment:
    """Without going through UTC, which years 1 and 9999 have no room for."""
    offset = wall.utcoffset() or timedelta()
    return Moment((wall.replace(tzinfo=UTC) - _EPOCH - offset) // _MILLISECOND)
