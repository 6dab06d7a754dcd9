"""The stretch of time a report is about, and the calendar days that its figures fall on (survey-api
"Reports")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included, in milliseconds since the epoch; None sets no bound."""

    start: int | None = None
    end: int | None = None

    def __contains__(self, moment: int) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)


ALWAYS = Period()


def brussels_day(hour: int) -> date:
    """The day in Brussels of the `hour`-th hour since the epoch: its offset has been whole hours ever
    since."""
    return (_EPOCH + timedelta(hours=hour)).astimezone(BRUSSELS).date()
