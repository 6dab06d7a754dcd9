"""The oracle: lays every report beside the truth, and names the people behind a difference.

It works from outside, on the documented API of any service: reports are asked for like anybody's, the truth
comes from the simulator, and culprits are found by the tags in the ledger (`belfort.ledger`). What was hard
about the words of a culprit stands in the simulator's journal, under the name of a phenomenon of the page on
answers: that is usually the cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from belfort.client import Control, Json, SurveyApi
from belfort.ledger import LEVELS, Ledger, Scope, Sent
from belfort.shapes import FIGURES

CULPRITS_AT_MOST = 5
FEW = 40
"""So many people are looked at one by one even where every sum is right."""
PLAIN = frozenset({"", "bare", "by hand"})
"""Replies that put nothing to the test."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one report, reported and true."""

    name: str
    reported: object
    true: object

    @property
    def agrees(self) -> bool:
        return self.reported == self.true


@dataclass(frozen=True, slots=True)
class Comparison:
    """One report beside the truth."""

    scope: Scope
    figures: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        return all(figure.agrees for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Culprit:
    """A person whose answer the report and the truth count differently."""

    sent: Sent
    wrote: tuple[str, ...] = field(repr=False)
    meant: str
    should: str
    counted: str
    phenomenon: str = ""
    """What the reply put to the test, in words and with its name: `a fraction (half-decimal)`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the oracle found."""

    comparisons: tuple[Comparison, ...]
    culprits: tuple[Culprit, ...]
    unheard: int = 0
    """Replies that were written and never taken: neither side counts them, so no figure shows them."""

    @property
    def agrees(self) -> bool:
        return all(comparison.agrees for comparison in self.comparisons)

    @property
    def differences(self) -> tuple[Comparison, ...]:
        return tuple(comparison for comparison in self.comparisons if not comparison.agrees)

    @property
    def phenomena(self) -> tuple[str, ...]:
        """What the culprits' replies have in common, the most frequent first."""
        counts = Counter(culprit.phenomenon for culprit in self.culprits if culprit.phenomenon)
        return tuple(phenomenon for phenomenon, _ in counts.most_common())


class Oracle:
    """Compares one account's reports with what the simulated people meant."""

    def __init__(self, api: SurveyApi, control: Control, ledger: Ledger) -> None:
        self._api, self._control, self._ledger = api, control, ledger

    async def judge(self, scopes: Sequence[Scope]) -> Finding:
        """Compare each of `scopes`; where any differs, look for the people behind it."""
        comparisons = [await self.compare(scope) for scope in scopes]
        rows = [row for row in self._ledger if any(scope.holds(row) for scope in scopes)]
        if not all(comparison.agrees for comparison in comparisons):
            culprits = [culprit async for culprit in self._culprits()]
        elif unseen := await self._unseen(rows):
            comparisons.append(_never_asked(rows, unseen))
            culprits = [await self._culprit(row) for row in unseen[:CULPRITS_AT_MOST]]
        else:
            alone = [each async for each in self._cancelled_out(rows)]
            comparisons += [comparison for _, comparison in alone]
            culprits = [await self._culprit(row) for row, _ in alone]
        return Finding(tuple(comparisons), tuple(culprits), await self._unheard())

    async def _cancelled_out(self, rows: Sequence[Sent]) -> AsyncIterator[tuple[Sent, Comparison]]:
        """Of few people each alone: a false promoter and a false detractor add up to what is true."""
        found = 0
        for row in rows if len(rows) <= FEW else ():
            comparison = await self._lay_beside(self._alone(row), [row])
            if not comparison.agrees and found < CULPRITS_AT_MOST:
                found += 1
                yield row, comparison

    def _alone(self, row: Sent) -> Scope:
        query = {"segments": self._ledger.tags(row.number)[-1]}
        return Scope(f"{row.address} alone", lambda other: other is row, query=query)

    async def _unheard(self) -> int:
        truth = await self._control.truth([row.request for row in self._ledger])
        return int(truth["unheard"])

    async def _unseen(self, rows: Sequence[Sent]) -> list[Sent]:
        """Those of `rows` that the gateway knows nothing of, and that were not reported as failed either.

        Whoever forgets them reports nothing wrong, since nobody answers what was never asked."""
        references = [row.request for row in rows]
        if not rows or (await self._truth_of(rows))["responseStatistics"]["totalRequests"] >= len(rows):
            return []
        people = (await self._control.truth(references, evidence=True))["people"]
        known = {person.get("reference") for person in people}
        missing = [row for row in rows if row.request not in known]
        return [row for row in missing if not await self._has_failed(row)]

    async def _has_failed(self, row: Sent) -> bool:
        own = await self._api.report(segments=self._ledger.tags(row.number)[-1])
        return bool(own["responseStatistics"]["failed"])

    async def compare(self, scope: Scope) -> Comparison:
        """Ask for the report of `scope` and lay it beside the truth about the rows that it holds."""
        return await self._lay_beside(scope, [row for row in self._ledger if scope.holds(row)])

    async def _lay_beside(self, scope: Scope, rows: Sequence[Sent]) -> Comparison:
        reported = await self._api.report(scope.survey, **scope.query)
        return Comparison(scope, figures(reported, await self._truth_of(rows), requests=len(rows)))

    async def _truth_of(self, rows: Sequence[Sent]) -> Json:
        truth = await self._control.truth([row.request for row in rows])
        return dict(truth["report"])

    async def _culprits(self) -> AsyncIterator[Culprit]:
        """Walk down the tree of tags into every group that differs, as far as there is room for names."""
        found = 0
        async for row in self._differing(list(self._ledger), level=1):
            yield await self._culprit(row)
            found += 1
            if found == CULPRITS_AT_MOST:
                return

    async def _differing(self, rows: list[Sent], level: int) -> AsyncIterator[Sent]:
        for tag, group in self._groups(rows, level):
            scope = Scope(tag, group.__contains__, query={"segments": tag})
            if (await self._lay_beside(scope, group)).agrees:
                continue
            deeper = self._differing(group, level + 1) if level < len(LEVELS) - 1 else self._among(group)
            async for row in deeper:
                yield row

    async def _among(self, group: Sequence[Sent]) -> AsyncIterator[Sent]:
        """Who of a small group that differs is counted wrongly: halves first, then one by one."""
        found = False
        async for row in self._halved(group):
            found = True
            yield row
        if not found:  # halves are unions of tags, and a service may misread those, too
            for row in group:
                if await self._differ([row]):
                    yield row

    async def _halved(self, group: Sequence[Sent], *, sure: bool = True) -> AsyncIterator[Sent]:
        """Those who differ in a group that does; `sure` if that was seen, and not only concluded."""
        if len(group) == 1:
            if sure or await self._differ(group):
                yield group[0]
            return
        first, second = group[: len(group) // 2], group[len(group) // 2 :]
        if not await self._differ(first):
            async for row in self._halved(second, sure=False):
                yield row
            return
        async for row in self._halved(first):
            yield row
        if await self._differ(second):
            async for row in self._halved(second):
                yield row

    async def _differ(self, rows: Sequence[Sent]) -> bool:
        """Whether the report on these people alone differs from the truth about them."""
        tags = ",".join(self._ledger.tags(row.number)[-1] for row in rows)
        scope = Scope(tags, rows.__contains__, query={"segments": tags, "segmentMode": "ANY"})
        return not (await self._lay_beside(scope, rows)).agrees

    def _groups(self, rows: Sequence[Sent], level: int) -> Iterator[tuple[str, list[Sent]]]:
        groups: dict[str, list[Sent]] = {}
        for row in rows:
            groups.setdefault(self._ledger.tags(row.number)[level], []).append(row)
        yield from groups.items()

    async def _culprit(self, row: Sent) -> Culprit:
        truth = await self._control.truth([row.request], evidence=True)
        reported = await self._api.report(segments=self._ledger.tags(row.number)[-1])
        evidence = truth["people"][0] if truth["people"] else {}
        return Culprit(
            sent=row,
            wrote=tuple(evidence.get("wrote", ())),
            meant=_meaning(evidence),
            should=counted(truth["report"])
            if evidence
            else "asked: the service accepted it, the gateway never saw it",
            counted=counted(reported),
            phenomenon=await self._phenomenon(row.address) if evidence else "",
        )

    async def _phenomenon(self, address: str) -> str:
        """What was hard about the last thing they wrote; empty for what needs no explanation."""
        query = {"kind": "reply.written", "address": address}
        entries = (await self._control.ask("GET", "/journal", query=query))["entries"]
        slug = str(entries[-1]["facts"].get("phenomenon") or "") if entries else ""
        if slug in PLAIN:
            return ""
        numbers = (await self._control.ask("GET", "/numbers"))["numbers"]
        told = (str(number["does"]) for number in numbers)
        return next((does for does in told if does.endswith(f"({slug})")), slug)


def _never_asked(rows: Sequence[Sent], unseen: Sequence[Sent]) -> Comparison:
    """What the service accepted beside what the gateway has seen."""
    figure = Figure("totalRequests", len(rows), len(rows) - len(unseen))
    return Comparison(Scope("seen by the gateway", rows.__contains__), (figure,))


def figures(reported: Json, true: Json, *, requests: int) -> tuple[Figure, ...]:
    """Each figure of a report beside the truth; `requests` is how many the service said it accepted."""
    true = {**true, "responseStatistics": {**true["responseStatistics"], "totalRequests": requests}}
    return tuple(Figure(name, reported[block][name], true[block][name]) for block, name in FIGURES)


def _meaning(evidence: Mapping[str, Any]) -> str:
    meant = evidence.get("meant") or {}
    if not meant:
        return "nothing: no reply"
    return f"{meant['score']}" if meant.get("score") is not None else str(meant["verdict"]).replace("_", " ")


def counted(report: Json) -> str:
    """What one person's report says of them, in words."""
    nps, statistics = report["nps"], report["responseStatistics"]
    passives = statistics["goodResponses"] - nps["promoters"] - nps["detractors"]
    parts = [
        _times(nps["promoters"], "a promoter"),
        _times(passives, "a passive"),
        _times(nps["detractors"], "a detractor"),
        _times(statistics["badResponses"], "a bad response"),
        _times(statistics["failed"], "failed"),
    ]
    said = " and ".join(part for part in parts if part) or "no response"
    return said if statistics["totalRequests"] == 1 else f"{said}, in {statistics['totalRequests']} requests"


def _times(count: int, what: str) -> str:
    return {0: "", 1: what}.get(count, f"{what} {count} times")
