"""Counts → figures: what a report says of the requests it is about (survey-api "Reports").

`totalResponses` is good plus bad; a request counts at most one, and by the moment it was accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from service.clock import Moment
from service.domain import nps
from service.domain.nps import Split
from service.domain.period import date_of
from service.domain.survey import language_key
from service.store import figures, surveys
from service.store.changes import GOOD, NO_VERDICT, Outcome
from service.store.engine import Store, Tx
from service.store.figures import Counts, Place, Selection

Key = TypeVar("Key", bound=Hashable)
Detail = Iterable[tuple[Place, Outcome, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of some requests."""

    requests: int
    failed: int
    bad: int
    split: Split
    scores: tuple[int, ...] = ()
    """How many gave each score, 0..10; nothing unless details were asked for."""
    bad_by_verdict: Mapping[str, int] = field(default_factory=dict)
    """Only verdicts that occurred, by name; likewise."""

    @property
    def good(self) -> int:
        return self.split.good

    @property
    def responses(self) -> int:
        return self.good + self.bad

    @property
    def response_rate(self) -> float | None:
        """Responses ÷ requests, 0..1 to four decimals; None without a request."""
        return round(self.responses / self.requests, 4) if self.requests else None


@dataclass(frozen=True, slots=True)
class Details:
    """The same figures apart, each part in the order of its keys."""

    by_channel: Mapping[str, Figures]
    by_language: Mapping[str, Figures]
    """By the tag of the question that was sent; tags that differ by case only are one."""
    by_day: Mapping[date, Figures]
    """By the day of acceptance in Brussels."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A report, all of one snapshot. `first`: when the account's first request was accepted, if there is
    one."""

    total: Figures
    first: Moment | None
    details: Details | None = field(default=None)


class Report:
    """Answers what a report asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def figures(self, selection: Selection, *, details: bool = False) -> Findings | None:
        """The figures of the requests selected; None when the account has no such survey.

        Errors: StoreUnavailable."""
        return await self._store.read(lambda tx: self.findings(tx, selection, details=details))

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        """As `figures`, inside the caller's snapshot."""
        survey, first = selection.survey, figures.asked_first_moment(tx, selection.account)
        owned = None if survey is None else surveys.asked_owns(tx, selection.account, survey)
        asked = _asked_details(tx, selection) if details else _asked_total(tx, selection)
        if owned is not None and not owned():
            return None
        total, apart = asked()
        return Findings(total, first(), apart)


def _asked_total(tx: Tx, selection: Selection) -> Callable[[], tuple[Figures, None]]:
    counts = figures.asked_counts(tx, selection)
    return lambda: (_figures(counts()), None)


def _asked_details(tx: Tx, selection: Selection) -> Callable[[], tuple[Figures, Details]]:
    outcomes = figures.asked_outcomes(tx, selection)

    def read() -> tuple[Figures, Details]:
        counts = [(*key, many) for key, many in outcomes().items()]
        return _detailed(_summed(counts)), _details(counts)

    return read


def _details(counts: Detail) -> Details:
    tags: dict[str, str] = {}
    for tag in sorted({place.language for place, _, _ in counts}):
        tags.setdefault(language_key(tag), tag)
    return Details(
        by_channel=_by(lambda place: place.channel, counts),
        by_language=_by(lambda place: tags[language_key(place.language)], counts),
        by_day=_by(lambda place: date_of(place.day), counts),
    )


def _by(key: Callable[[Place], Key], counts: Detail) -> dict[Key, Figures]:
    apart: dict[Key, Counter[Outcome]] = {}
    for place, outcome, many in counts:
        apart.setdefault(key(place), Counter())[outcome] += many
    return {name: _detailed(apart[name]) for name in sorted(apart, key=str)}


def _figures(counts: Counts) -> Figures:
    split = Split(counts.promoters, counts.passives, counts.detractors)
    return Figures(counts.requests, counts.failed, counts.bad, split)


def _detailed(outcomes: Counter[Outcome]) -> Figures:
    counts, scores, bad = Counts(), [0] * len(nps.SCORES), Counter[str]()
    for outcome, many in outcomes.items():
        counts.add(outcome, many)
        if outcome.verdict == GOOD:
            scores[outcome.score] += many
        elif outcome.verdict != NO_VERDICT:
            bad[outcome.verdict] += many
    verdicts = {verdict: bad[verdict] for verdict in sorted(bad) if bad[verdict]}
    return replace(_figures(counts), scores=tuple(scores), bad_by_verdict=verdicts)


def _summed(counts: Detail) -> Counter[Outcome]:
    total: Counter[Outcome] = Counter()
    for _, outcome, many in counts:
        total[outcome] += many
    return total
