"""Lays every report of the run beside the truth: by survey, by segment, by a pair of segments.

The truth is asked once for each request (what its person meant, and how that counts), and added up here for
every report. It comes from the simulator, which wrote the answers; nothing is read out of texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from book import Survey
from harness import Reports, control

CELLS = ("promoters", "passives", "detractors", "bad", "failed")
SILENT, MISSING = "silent", "missing"
CHUNK = 20_000
"""Requests asked about at once: to find them the simulator looks through all it knows."""
NO_SCORE = 100
"""How far a score is off that is there on one side only."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says, in cells that do not overlap, and its score."""

    total: int
    cells: Counter[str]
    score: int | None

    @classmethod
    def of_report(cls, report: Mapping[str, Any]) -> Figures:
        nps, told = report["nps"], report["responseStatistics"]
        passives = told["goodResponses"] - nps["promoters"] - nps["detractors"]
        counts = (nps["promoters"], passives, nps["detractors"], told["badResponses"], told["failed"])
        return cls(told["totalRequests"], Counter(dict(zip(CELLS, counts, strict=True))), nps["score"])

    @classmethod
    def of_fates(cls, fates: Iterable[str]) -> Figures:
        counts = Counter(fates)
        return cls(counts.total(), Counter({cell: counts[cell] for cell in CELLS}), score(counts))

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} {cell}" for cell, count in self.cells.items())
        return f"{self.total:,} requests, {told}, score {_score(self)}"


def _score(figures: Figures) -> str:
    return "none" if figures.score is None else f"{figures.score}"


def score(counts: Mapping[str, int]) -> int | None:
    """100 × (promoters − detractors) ÷ good responses, halves away from zero; None without a good one."""
    good = sum(counts[cell] for cell in CELLS[:3])
    if not good:
        return None
    part = 100 * (counts["promoters"] - counts["detractors"])
    return (2 * abs(part) + good) // (2 * good) * (1 if part >= 0 else -1)


@dataclass(frozen=True, slots=True)
class Scope:
    """One report: a survey, whole or by segments."""

    survey: int
    segments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"survey {self.survey}" + (f", {' or '.join(self.segments)}" if self.segments else "")

    @property
    def query(self) -> dict[str, str]:
        return {"segmentMode": "ANY"} if len(self.segments) > 1 else {}


@dataclass(frozen=True, slots=True)
class Compared:
    """One report beside the truth."""

    scope: Scope
    reported: Figures
    true: Figures

    @property
    def agrees(self) -> bool:
        return self.reported == self.true

    def __str__(self) -> str:
        return f"{self.scope}: {self.difference}"

    @property
    def difference(self) -> str:
        """What the report says and should not."""
        pairs = [("requests", self.reported.total, self.true.total)]
        pairs += [(cell, self.reported.cells[cell], self.true.cells[cell]) for cell in CELLS]
        told = [f"{told:,} {name}, not {true:,}" for name, told, true in pairs if told != true]
        score = "" if not self.delta else f"; score {_score(self.reported)}, not {_score(self.true)}"
        return f"{'; '.join(told)}{score}"

    @property
    def delta(self) -> int:
        """By how many points the score is off."""
        reported, true = self.reported.score, self.true.score
        if reported is None or true is None:
            return 0 if reported is true else NO_SCORE
        return abs(reported - true)


@dataclass(slots=True)
class Balance:
    """What is too little, too much, and in the wrong place."""

    lost: int = 0
    duplicated: int = 0
    misfiled: int = 0

    def worst(self, other: Balance) -> None:
        """Two ways to look at the same requests: what shows in either counts, once."""
        self.lost = max(self.lost, other.lost)
        self.duplicated = max(self.duplicated, other.duplicated)
        self.misfiled = max(self.misfiled, other.misfiled)

    def add(self, other: Balance) -> None:
        self.lost += other.lost
        self.duplicated += other.duplicated
        self.misfiled += other.misfiled


def balance(compared: Sequence[Compared]) -> Balance:
    """Of reports that do not overlap: what is missing in one cell and too much in another was misfiled."""
    more = less = 0
    for each in compared:
        for cell in CELLS:
            off = each.reported.cells[cell] - each.true.cells[cell]
            more, less = more + max(off, 0), less + max(-off, 0)
    misfiled = min(more, less)
    requests = sum(each.reported.total - each.true.total for each in compared)
    return Balance(max(less - misfiled, -requests), max(more - misfiled, requests, 0), misfiled)


@dataclass(slots=True)
class Truth:
    """What the comparison of the whole run found."""

    compared: list[Compared] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)
    missing: list[str] = field(default_factory=list)
    """Requests that were accepted and never reached the gateway."""
    fates: dict[str, str] = field(default_factory=dict, repr=False)
    """Request id to cell, `silent` or `missing`."""

    @property
    def differing(self) -> list[Compared]:
        return [each for each in self.compared if not each.agrees]

    @property
    def delta(self) -> int:
        return max((each.delta for each in self.compared), default=0)


def reconcile(surveys: Iterable[Survey], reports: Reports) -> Truth:
    """Compare every report of `surveys`."""
    told = list(surveys)
    truth = Truth(fates=fates_of([request for survey in told for request in survey.requests()]))
    for survey in told:
        _compare(survey, reports, truth)
    truth.missing = [request for request, fate in truth.fates.items() if fate == MISSING]
    truth.balance.lost = max(truth.balance.lost, len(truth.missing))
    return truth


def _compare(survey: Survey, reports: Reports, truth: Truth) -> None:
    """The whole, each segment, and each pair. Segments partition a survey, unless requests were adopted."""
    by_segment = {scope: _beside(scope, survey, reports, truth.fates) for scope in _scopes(survey)}
    found = Balance()
    for each in by_segment.values():
        if len(each.scope.segments) != 1:
            found.worst(balance([each]))
    found.worst(balance([each for each in by_segment.values() if len(each.scope.segments) == 1]))
    truth.balance.add(found)
    truth.compared += by_segment.values()


def _scopes(survey: Survey) -> Iterator[Scope]:
    yield Scope(survey.number)
    if survey.adopted:
        return
    segments = sorted({segment for call in survey.calls for segment, _ in call.people})
    for segment in segments:
        yield Scope(survey.number, (segment,))
    if len(segments) > 1:
        yield Scope(survey.number, (segments[0], segments[1]))


def _beside(scope: Scope, survey: Survey, reports: Reports, fates: Mapping[str, str]) -> Compared:
    requests = [
        request
        for call in survey.calls
        for segment, request in call.people
        if not scope.segments or segment in scope.segments
    ]
    requests += survey.adopted
    reported = Figures.of_report(reports.of(scope.survey, scope.segments, **scope.query))
    return Compared(scope, reported, Figures.of_fates(fates[request] for request in requests))


def fates_of(requests: Sequence[str]) -> dict[str, str]:
    """What became of each request by what its person meant."""
    fates = dict.fromkeys(requests, MISSING)
    for start in range(0, len(requests), CHUNK):
        for person in evidence(requests[start : start + CHUNK]):
            if person["state"] != "NEVER_SUBMITTED":
                fates[person["reference"]] = fate(person)
    return fates


def evidence(requests: Sequence[str]) -> list[dict[str, Any]]:
    """What the simulator knows of these requests, person by person."""
    return list(control("/truth", body={"references": list(requests), "evidence": True})["people"])


def fate(person: Mapping[str, Any]) -> str:
    """The cell in which one person counts."""
    counted = person["counted"]
    if counted["response"] is None:
        return "failed" if person["failed"] else SILENT
    if counted["response"] != "good":
        return "bad"
    return "promoters" if counted["score"] >= 9 else "passives" if counted["score"] >= 7 else "detractors"
