"""Exact counts of requests by outcome: whole days are added up from the tally, the ends of a period request
by request.

All of it inside the caller's snapshot, so that the counts of one report agree with each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.clock import Moment
from service.domain.period import ALWAYS, Period
from service.domain.request import AccountId, Channel, SurveyId
from service.domain.segments import SegmentMode, distinct
from service.store.engine import Row, Tx

NO_VERDICT, NO_SCORE = "", -1


@dataclass(frozen=True, slots=True)
class Selection:
    """Which requests a report is about. Without a survey: all of the account's."""

    account: AccountId
    survey: SurveyId | None = None
    period: Period = ALWAYS
    channel: Channel | None = None
    tags: Sequence[str] = ()
    mode: SegmentMode = SegmentMode.ALL


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request stands in the figures. `verdict` is "" without a response, `score` −1 without a good
    one."""

    failed: bool
    verdict: str
    score: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands in the details. `day` in Brussels, since the epoch."""

    channel: str
    language: str
    day: int


def outcomes(tx: Tx, selection: Selection) -> Counter[Outcome]:
    """How many requests of each outcome."""
    counts: Counter[Outcome] = Counter()
    for row in _rows(tx, "tally", selection):
        counts[_outcome(row)] += row["many"]
    return counts


def detailed_outcomes(tx: Tx, selection: Selection) -> Counter[tuple[Place, Outcome]]:
    """The same, apart for each channel, language and day."""
    counts: Counter[tuple[Place, Outcome]] = Counter()
    for row in _rows(tx, "details", selection):
        counts[Place(row["channel"], row["language"], row["day"]), _outcome(row)] += row["many"]
    return counts


def first_moment(tx: Tx, account: AccountId) -> Moment | None:
    """When the first request of the account was accepted, of those that are not deleted."""
    moment = tx.sole("first_moment", account=account)["moment"]
    return None if moment is None else Moment(moment)


def _rows(tx: Tx, query: str, selection: Selection) -> Iterator[Row]:
    tags = distinct(selection.tags)
    chosen = {
        "account": selection.account,
        "survey": selection.survey,
        "channel": None if selection.channel is None else selection.channel.value,
        "tags": json.dumps(tags) if tags else None,
        "needed": selection.mode.needed(tags),
    }
    days, parts = selection.period.split()
    if days:
        yield from tx.all(f"{query}_of_days", **chosen, first=days[0], last=days[-1])
    for part in parts:
        yield from tx.all(f"{query}_of_moments", **chosen, day=part.day, first=part.first, last=part.last)


def _outcome(row: Row) -> Outcome:
    return Outcome(bool(row["failed"]), row["verdict"], row["score"])
