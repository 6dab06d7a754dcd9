"""Who is behind a difference: found from outside, on any service, by asking for ever shorter periods.

One user makes one call at a time, so the calls of its survey follow each other; a report on a period that
ends between two calls holds the earlier ones exactly. Halves are asked for until one call is left, and in a
batch each request has a tag of its own. Where reports do not keep to their period nobody is accused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from book import Book, Call, tag_of
from harness import Reports
from truth import MISSING, SILENT, Figures, Scope, Truth, evidence

AT_MOST = 5
ONE = {
    "promoters": "a promoter",
    "passives": "a passive",
    "detractors": "a detractor",
    "bad": "a bad response",
    "failed": "failed",
    SILENT: "no response",
}


@dataclass(frozen=True, slots=True)
class Culprit:
    """A request that the report and the truth count differently."""

    request: str
    survey: int
    address: str = ""
    wrote: tuple[str, ...] = field(default=(), repr=False)
    meant: str = ""
    should: str = ""
    counted: str = ""

    @property
    def who(self) -> str:
        return self.address or "somebody"

    @property
    def where(self) -> str:
        return f"survey {self.survey}, request {self.request}"

    @property
    def what(self) -> str:
        """What they did, and what became of it."""
        wrote = ", then ".join(f"“{text}”" for text in self.wrote) or "nothing"
        return f"wrote {wrote}, meant {self.meant}; should count as {self.should}, counted as {self.counted}"

    def __str__(self) -> str:
        return f"{self.who} ({self.where}) {self.what}"


class Search:
    """Looks for culprits in a run whose truth differs; `shift_ms` is the world's time less the wall's."""

    def __init__(self, book: Book, truth: Truth, reports: Reports, shift_ms: int) -> None:
        self._book, self._truth, self._reports, self._shift = book, truth, reports, shift_ms
        self.by_period = True
        """Whether reports keep to the period they are asked for."""

    def culprits(self) -> list[Culprit]:
        """The first few, each request once."""
        found: dict[str, Culprit] = {}
        for each in self._all():
            found.setdefault(each.request, each)
            if len(found) == AT_MOST:
                break
        return list(found.values())

    def _all(self) -> Iterator[Culprit]:
        """In whole surveys first: there a difference needs no segments to be seen."""
        scopes = (each.scope for each in self._truth.differing)
        for scope in sorted(scopes, key=lambda each: len(each.segments)):
            calls = sorted(self._book.surveys[scope.survey].calls, key=lambda call: call.began)
            if calls:
                yield from self._of(scope, calls, self._report(scope, calls))
        owners = {each: n for n, survey in self._book.surveys.items() for each in survey.requests()}
        for request in self._truth.missing:
            yield _never_seen(request, owners[request])

    def _of(self, scope: Scope, calls: Sequence[Call], reported: Figures) -> Iterator[Culprit]:
        """The culprits among these calls, of which the report says this."""
        if reported == self._true(scope, calls):
            return
        if len(calls) == 1:
            yield from self._of_call(scope, calls[0], reported)
            return
        middle = len(calls) // 2
        halves = [(half, self._report(scope, half)) for half in (calls[:middle], calls[middle:])]
        if sum(told.total for _, told in halves) > reported.total:
            self.by_period = False
            return
        for half, told in halves:
            yield from self._of(scope, half, told)

    def _of_call(self, scope: Scope, call: Call, reported: Figures) -> Iterator[Culprit]:
        """Of a batch those that differ by their own tag; all of it where only reports on several differ."""
        if len(call.people) == 1:
            if self._is_theirs(reported, call):
                yield self._named(scope, call.people[0][1], reported)
            return
        for place, (segment, request) in enumerate(call.people):
            if scope.segments and segment not in scope.segments:
                continue
            alone = self._report(Scope(scope.survey, (tag_of(place),)), [call])
            if alone != Figures.of_fates([self._truth.fates[request]]):
                if self._is_theirs(alone, call):
                    yield self._named(scope, request, alone)
            elif len(scope.segments) > 1:
                yield self._named(scope, request, reported)

    def _is_theirs(self, alone: Figures, call: Call) -> bool:
        """Whether the report on one person is on nobody else: the same moment may hold a request of which no
        answer told.
        """
        return alone.total == 1 or not self._book.surveys[call.survey].adopted

    def _named(self, scope: Scope, request: str, reported: Figures) -> Culprit:
        person = next(iter(evidence([request])), None)
        if person is None or self._truth.fates[request] == MISSING:
            return _never_seen(request, scope.survey)
        where = f" in the report on {' or '.join(scope.segments)}" if scope.segments else ""
        should, counted = ONE[self._truth.fates[request]] + where, _cells(reported)
        wrote = tuple(person["wrote"])
        return Culprit(request, scope.survey, person["address"], wrote, _meant(person), should, counted)

    def _report(self, scope: Scope, calls: Sequence[Call]) -> Figures:
        """The report on the period that holds these calls and none before or after them."""
        period = {
            "startDate": _moment(calls[0].began + self._shift),
            "endDate": _moment(calls[-1].ended + self._shift),
        }
        return Figures.of_report(self._reports.of(scope.survey, scope.segments, **scope.query, **period))

    def _true(self, scope: Scope, calls: Sequence[Call]) -> Figures:
        return Figures.of_fates(
            self._truth.fates[request]
            for call in calls
            for segment, request in call.people
            if not scope.segments or segment in scope.segments
        )


def _never_seen(request: str, survey: int) -> Culprit:
    return Culprit(request, survey, meant="?", should="asked", counted="accepted, and unknown to the gateway")


def _cells(figures: Figures) -> str:
    told = [ONE[cell] if count == 1 else f"{count} {cell}" for cell, count in figures.cells.items() if count]
    requests = "" if figures.total == 1 else f", in {figures.total} requests"
    return (" and ".join(told) or ONE[SILENT]) + requests


def _meant(person: Mapping[str, Any]) -> str:
    meant = person.get("meant")
    if not meant:
        return "nothing: no reply"
    return str(meant["verdict"] if meant.get("score") is None else meant["score"]).replace("_", " ")


def _moment(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"
