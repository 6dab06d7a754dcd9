"""Exact counts of requests: fortnights, days and hours are added up from the roll-up; at the ragged ends of a
period requests are counted one by one. What the nearest of a grain hold too many is taken away again.

All of it inside the caller's snapshot, so that the counts of one report agree with each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.clock import Moment
from service.domain.nps import SCORES, Kind, classify
from service.domain.period import ALWAYS, Grain, Period, Pieces
from service.domain.request import AccountId, Channel, SurveyId
from service.domain.segments import SegmentMode, distinct
from service.store import rollups
from service.store.changes import ALL_SETS, COUNTS, GOOD, KINDS, NO_VERDICT, Outcome
from service.store.engine import Row, Tx

BOUNDS = {
    "promoters_from": min(score for score in SCORES if classify(score) is Kind.PROMOTER),
    "detractors_to": max(score for score in SCORES if classify(score) is Kind.DETRACTOR),
}
"""Where the kinds end, for statements that count scores."""
NAMES = {kind: COUNTS[place] for kind, place in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which requests a report is about. Without a survey: all of the account's."""

    account: AccountId
    survey: SurveyId | None = None
    period: Period = ALWAYS
    channel: Channel | None = None
    tags: Sequence[str] = ()
    mode: SegmentMode = SegmentMode.ALL


@dataclass(slots=True)
class Counts:
    """Requests, those that failed, bad responses, and the good ones by kind."""

    requests: int = 0
    failed: int = 0
    bad: int = 0
    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def add(self, outcome: Outcome, many: int) -> None:
        """So many requests of that outcome."""
        self.requests += many
        self.failed += many * outcome.failed
        if outcome.verdict == GOOD:
            name = NAMES[classify(outcome.score)]
            setattr(self, name, getattr(self, name) + many)
        elif outcome.verdict != NO_VERDICT:
            self.bad += many

    def add_row(self, row: Row) -> None:
        """What roll-ups add up to."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + int(row[name]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands in the details. `day` in Brussels, since the epoch."""

    channel: str
    language: str
    day: int


def counts(tx: Tx, selection: Selection) -> Counts:
    """The counts of a report."""
    return asked_counts(tx, selection)()


def asked_counts(tx: Tx, selection: Selection) -> Callable[[], Counts]:
    """The same for who can wait (`Tx.ask`)."""
    chosen = _asked_chosen(tx, selection)
    return lambda: _summed(_asked_pieces(tx, chosen(), selection.period.pieces()))


def _asked_pieces(tx: Tx, chosen: _Chosen, pieces: Pieces) -> Iterator[Callable[[], list[Row]]]:
    if pieces.stretches:
        yield tx.ask("figures_of_stretches", **chosen.rolled, stretches=json.dumps(pieces.stretches))
    if pieces.rests:
        yield tx.ask("figures_of_moments", **chosen.single, **BOUNDS, stretches=json.dumps(pieces.rests))


def _summed(pieces: Iterable[Callable[[], list[Row]]]) -> Counts:
    found = Counts()
    for rows in list(pieces):  # all are asked for before any is waited for
        for row in rows():
            found.add_row(row)
    return found


def asked_outcomes(tx: Tx, selection: Selection) -> Callable[[], Counter[tuple[Place, Outcome]]]:
    """How many requests of each outcome, apart for each channel, language and day; for who can wait
    (`Tx.ask`)."""
    chosen = _asked_chosen(tx, selection)
    return lambda: _by_place(_asked_details(tx, chosen(), selection))


def asked_first_moment(tx: Tx, account: AccountId) -> Callable[[], Moment | None]:
    """When the first request of the account was accepted, of those that are not deleted; for who can wait."""
    rows = tx.ask("first_moment", account=account)
    return lambda: None if (moment := rows()[0]["moment"]) is None else Moment(moment)


def _asked_details(tx: Tx, chosen: _Chosen, selection: Selection) -> Iterator[Callable[[], list[Row]]]:
    days, parts = selection.period.split()
    if days:
        yield tx.ask("details_of_days", **chosen.rolled, **_ends(days))
    for part in parts:
        yield tx.ask("details_of_moments", **chosen.single, day=part.day, first=part.first, last=part.last)


def _by_place(pieces: Iterable[Callable[[], list[Row]]]) -> Counter[tuple[Place, Outcome]]:
    found: Counter[tuple[Place, Outcome]] = Counter()
    for rows in list(pieces):  # as in `_summed`
        for row in rows():
            found[Place(row["channel"], row["language"], row["day"]), _outcome(row)] += int(row["many"])
    return found


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The parameters of a selection, for the roll-ups and for single requests."""

    rolled: dict[str, str]
    single: dict[str, str | None]


def _asked_chosen(tx: Tx, selection: Selection) -> Callable[[], _Chosen]:
    rollups.flush(tx)
    account, tags = {"account": selection.account, "survey": selection.survey}, distinct(selection.tags)
    wanted = json.dumps([each.value for each in Channel if selection.channel in (None, each)])
    rows = tx.ask("surveys_in_report", **account, channels=wanted, every=ALL_SETS, grain=Grain.FORTNIGHT)
    needed = selection.mode.needed(tags)
    sets = tx.ask("sets_in_report", **account, tags=json.dumps(tags), needed=needed) if tags else None
    return lambda: _read_chosen(rows(), sets and sets())


def _read_chosen(rows: Iterable[Row], tagged: Iterable[Row] | None) -> _Chosen:
    surveys = list(dict.fromkeys(int(row["id"]) for row in rows))
    channels = json.dumps(list(dict.fromkeys(row["channel"] for row in rows if row["channel"])))
    sets = [(survey, ALL_SETS) for survey in surveys]
    if tagged is not None:
        sets = [(row["survey"], row["id"]) for row in tagged]
    listed = json.dumps(sets)
    return _Chosen(
        {"sets": listed, "channels": channels},
        {"surveys": json.dumps(surveys), "channels": channels, "sets": None if tagged is None else listed},
    )


def _ends(buckets: range) -> dict[str, int]:
    return {"first": buckets[0], "last": buckets[-1]}


def _outcome(row: Row) -> Outcome:
    return Outcome(bool(row["failed"]), row["verdict"], row["score"])
