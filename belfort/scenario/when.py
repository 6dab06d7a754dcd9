"""Moments as a scenario says them: `now`, `2h ago`, a date, a date-time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from belfort.scenario.values import Scalar, seconds

BRUSSELS = ZoneInfo("Europe/Brussels")
AGO = re.compile(r"(.+?) ago")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LAST_MILLISECOND = timedelta(days=1) - timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class When:
    """A moment, as it was said."""

    said: str
    ago: float | None = None
    """Seconds before now; None for a moment that stands still."""
    at: datetime | None = None
    """Without offset it is wall-clock time where the report is asked for."""

    def moment(self, now: datetime, zone: tzinfo, *, end: bool = False) -> datetime:
        """The moment in `zone`; a date alone is that day's start there, or its end."""
        if self.ago is not None:
            return (now - timedelta(seconds=self.ago)).astimezone(zone)
        assert self.at is not None  # noqa: S101  # one of the two is given
        if self.at.tzinfo is not None:
            return self.at.astimezone(zone)
        local = self.at.replace(tzinfo=zone)
        return local + LAST_MILLISECOND if end and DATE.fullmatch(self.said) else local


def _when(value: str) -> When:
    if value == "now":
        return When(value, ago=0.0)
    past = AGO.fullmatch(value)
    if past is not None:
        return When(value, ago=seconds(past[1]))
    return When(value, at=datetime.fromisoformat(value))


WHENS = Scalar(
    "a moment such as now, 2h ago, 2030-03-31 or 2030-03-31T12:00:00+02:00", _when, {"type": "string"}
)


def written(moment: datetime) -> str:
    """ISO 8601 with milliseconds and offset, as the survey API takes it."""
    return moment.isoformat(timespec="milliseconds")


def read(moment: str) -> datetime:
    """A moment as the control API writes it."""
    return datetime.fromisoformat(moment).astimezone(UTC)
