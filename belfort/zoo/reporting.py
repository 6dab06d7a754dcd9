"""Reports that count wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from service.domain.nps import Split
from service.domain.period import BRUSSELS, Period
from service.domain.request import AccountId
from service.domain.segments import SegmentMode
from service.report import Figures, Findings, Report
from service.store.engine import Tx
from service.store.figures import Selection

ACCOUNTS = "SELECT id FROM account"


class SevenDetracts(Report):
    """Puts the boundary between detractors and passives one too high."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        found = super().findings(tx, selection, details=True)
        if found is None:
            return None
        split, sevens = found.total.split, found.total.scores[7]
        wrong = Split(split.promoters, split.passives - sevens, split.detractors + sevens)
        return replace(
            found, total=replace(found.total, split=wrong), details=found.details if details else None
        )


@dataclass(frozen=True, slots=True)
class _CutOff(Split):
    """Figures whose score is cut off towards zero."""

    @property
    def score(self) -> int | None:
        return int(100 * (self.promoters - self.detractors) / self.good) if self.good else None


class CutsOff(Report):
    """Cuts the score off instead of rounding it."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        found = super().findings(tx, selection, details=details)
        if found is None:
            return None
        split = found.total.split
        cut = _CutOff(split.promoters, split.passives, split.detractors)
        return replace(found, total=replace(found.total, split=cut))


class AnyMeansAll(Report):
    """Reads `segmentMode=ANY` as `ALL`."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        return super().findings(tx, replace(selection, mode=SegmentMode.ALL), details=details)


class AnyCountsTwice(Report):
    """Adds up the segments of `ANY` one by one, as a join without DISTINCT does."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        if selection.mode is not SegmentMode.ANY or len(selection.tags) < 2:
            return super().findings(tx, selection, details=details)
        each = [
            super(AnyCountsTwice, self).findings(tx, replace(selection, tags=(tag,)))
            for tag in selection.tags
        ]
        return _added([found for found in each if found is not None])


class EndExcluded(Report):
    """Leaves the last millisecond of a period out."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        start, end = selection.period.start, selection.period.end
        period = Period(start, None if end is None else end - 1)
        return super().findings(tx, replace(selection, period=period), details=details)


class ConvertedTwice(Report):
    """Takes the ends of a period for Brussels wall-clock time after they were converted already."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        period = Period(_earlier(selection.period.start), _earlier(selection.period.end))
        return super().findings(tx, replace(selection, period=period), details=details)


def _earlier(moment: int | None) -> int | None:
    """By what Brussels is ahead of UTC."""
    if moment is None or not 0 <= moment < 4_000_000_000_000:
        return moment
    ahead = datetime.fromtimestamp(moment / 1000, UTC).astimezone(BRUSSELS).utcoffset() or timedelta()
    return moment - ahead // timedelta(milliseconds=1)


class EverybodysReport(Report):
    """Forgets whose report it is: where no survey is named, all accounts are counted."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        if selection.survey is not None:
            return super().findings(tx, selection, details=details)
        accounts = [AccountId(row["id"]) for row in tx._connection.execute(ACCOUNTS).fetchall()]
        each = [
            super(EverybodysReport, self).findings(tx, replace(selection, account=one)) for one in accounts
        ]
        return _added([found for found in each if found is not None])


def _added(findings: Sequence[Findings]) -> Findings | None:
    if not findings:
        return None
    total = findings[0].total
    for found in findings[1:]:
        total = _sum(total, found.total)
    return replace(findings[0], total=total)


def _sum(one: Figures, other: Figures) -> Figures:
    first, second = one.split, other.split
    split = Split(
        first.promoters + second.promoters,
        first.passives + second.passives,
        first.detractors + second.detractors,
    )
    return replace(
        one,
        requests=one.requests + other.requests,
        failed=one.failed + other.failed,
        bad=one.bad + other.bad,
        split=split,
    )
