"""What a scenario has done so far: surveys by name, accepted requests, reports it asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from belfort.ledger import Ledger, Sent


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that was asked for, so that the oracle can ask for it again."""

    title: str
    survey: str | None
    query: Mapping[str, str]
    segments: tuple[str, ...] = ()
    mode: str = "ALL"
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Between which two moments of the world's clock a request was accepted."""

    first: datetime
    last: datetime


@dataclass(slots=True)
class Book:
    """The scenario's own record, beside the service's and the simulator's."""

    ledger: Ledger
    surveys: dict[str, int] = field(default_factory=dict)
    languages: dict[str, list[str]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    spans: dict[int, Span] = field(default_factory=dict)
    """By the number of a ledger row."""
    rejected: int = 0
    asked: list[Asked] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    """Everybody it wanted to ask, also whom the service refused, as the gateway knows them."""
    bodies: dict[tuple[int, str, tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    """By survey, idempotency key and destinations: what was sent."""

    @property
    def rows(self) -> list[Sent]:
        """What must be in the reports: everything accepted, but for surveys that were deleted."""
        return [row for row in self.ledger if row.survey not in self.deleted]

    @property
    def live(self) -> dict[str, int]:
        """The surveys that were not deleted."""
        return {name: survey for name, survey in self.surveys.items() if survey not in self.deleted}

    def next_number(self) -> int:
        return len(self.ledger) + self.rejected

    def note(self, asked: Asked) -> None:
        if asked not in self.asked:
            self.asked.append(asked)
