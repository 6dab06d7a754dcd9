"""What a transaction changes in the roll-ups: counts by survey, set of tags, channel and hour, gathered while
its units run and written at once before it commits.

Pure: `rollups` writes them. Gathering makes one statement of what a thousand requests of a call change.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from service.domain.nps import Kind, classify
from service.domain.period import HOUR_MS, Grain, bucket, day_of_hour

ALL_SETS = -1
"""Stands for every set of tags together, so that a report without tags reads one row a day. Set 0 has no
tags."""
NO_VERDICT, NO_SCORE = "", -1
GOOD = "good"
COUNTS = ("requests", "failed", "bad", "promoters", "passives", "detractors")
"""The columns of a roll-up, in order: as few as a report needs, since it adds up thousands of rows."""
REQUESTS, FAILED, BAD = 0, 1, 2
KINDS = {Kind.PROMOTER: 3, Kind.PASSIVE: 4, Kind.DETRACTOR: 5}


class Outcome(NamedTuple):
    """How a request stands in the figures. `verdict` is "" without a response, `score` −1 without a good
    one."""

    failed: bool = False
    verdict: str = NO_VERDICT
    score: int = NO_SCORE


OPEN = Outcome()
"""Of a request that was just accepted."""


class Place(NamedTuple):
    """Where a request belongs in every report: it never changes."""

    survey: int
    segment_set: int
    channel: str
    language: str
    accepted_at: int

    @property
    def hour(self) -> int:
        """Hours since the epoch."""
        return self.accepted_at // HOUR_MS


Cell = tuple[int, int, str, int]
"""Survey, set of tags, channel, hour."""
FigureCell = tuple[int, int, str, int, int]
"""Survey, set of tags, channel, grain, and an hour, day or fortnight: the key of a roll-up."""
DetailCell = tuple[int, int, str, int, str, int, str, int]
"""Survey, set of tags, channel, day, language, failed, verdict, score."""


class Changes:
    """Gathered changes. `made` and `changed` note one; `figures` and `details` give what is to be added."""

    __slots__ = ("_details", "_hours")

    def __init__(self) -> None:
        self._hours: dict[Cell, list[int]] = {}
        self._details: Counter[DetailCell] = Counter()

    def __bool__(self) -> bool:
        return bool(self._hours)

    def made(self, place: Place, many: int = 1) -> None:
        """So many requests were accepted there."""
        self._count(place, OPEN, many)
        self._hour(place)[REQUESTS] += many

    def changed(self, place: Place, before: Outcome, after: Outcome) -> None:
        """A request's outcome is another now."""
        if before != after:
            self._count(place, before, -1)
            self._count(place, after, 1)

    def join(self, others: Changes) -> None:
        """Take those of another unit of the same transaction."""
        for cell, counts in others._hours.items():
            ours = self._hours.get(cell)
            self._hours[cell] = counts if ours is None else [a + b for a, b in zip(ours, counts, strict=True)]
        self._details.update(others._details)

    def figures(self) -> dict[FigureCell, list[int]]:
        """What to add to the roll-up's rows of every grain."""
        found: dict[FigureCell, list[int]] = {}
        for (survey, own, channel, hour), counts in self._hours.items():
            for grain in Grain:
                when = bucket(grain, hour)
                for segment_set in (own, ALL_SETS):
                    _add(found, (survey, segment_set, channel, grain, when), counts)
        return found

    def details(self) -> Counter[DetailCell]:
        """What to add to the rows of details."""
        found = Counter(self._details)
        for (survey, _, channel, day, language, failed, verdict, score), many in self._details.items():
            found[survey, ALL_SETS, channel, day, language, failed, verdict, score] += many
        return found

    def _hour(self, place: Place) -> list[int]:
        cell = (place.survey, place.segment_set, place.channel, place.hour)
        found = self._hours.get(cell)
        if found is None:
            found = self._hours[cell] = [0] * len(COUNTS)
        return found

    def _count(self, place: Place, outcome: Outcome, by: int) -> None:
        counts = self._hour(place)
        counts[FAILED] += by * outcome.failed
        if outcome.verdict == GOOD:
            counts[KINDS[classify(outcome.score)]] += by
        elif outcome.verdict != NO_VERDICT:
            counts[BAD] += by
        where = (place.survey, place.segment_set, place.channel, day_of_hour(place.hour), place.language)
        self._details[(*where, int(outcome.failed), outcome.verdict, outcome.score)] += by


def _add(cells: dict[FigureCell, list[int]], cell: FigureCell, counts: list[int]) -> None:
    known = cells.get(cell)
    cells[cell] = list(counts) if known is None else [a + b for a, b in zip(known, counts, strict=True)]
