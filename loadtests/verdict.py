"""What a run comes to: every figure that was measured, every threshold judged, and one exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from culprits import Culprit
from gauges import Growth, Series
from thresholds import Judged, Row
from truth import Compared

WELL, WRONG_USAGE, INTERNAL, NOT_REACHABLE, NOTHING_RAN = 0, 2, 3, 4, 5
WRONG_ANSWER, THRESHOLD, INTERRUPTED = 98, 99, 130
SAID = {
    WELL: "all well",
    NOT_REACHABLE: "not reachable",
    NOTHING_RAN: "nothing ran",
    WRONG_ANSWER: "wrong answer",
    THRESHOLD: "a threshold was crossed",
    INTERRUPTED: "interrupted",
}
MOST_DIFFERENCES, MOST_LINES = 20, 6
UNITS = {"memory": " MB", "queue": ""}


@dataclass(frozen=True, slots=True)
class Fault:
    """An injected fault and how often it hit."""

    name: str
    where: str
    hits: int


@dataclass(slots=True)
class Verdict:
    """The run, judged."""

    accepted: int = 0
    reports: int = 0
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    judged: Sequence[Judged] = ()
    differing: Sequence[Compared] = ()
    culprits: Sequence[Culprit] = ()
    faults: Sequence[Fault] = ()
    growth: Mapping[str, Growth] = field(default_factory=dict)
    gauges: Mapping[str, Series] = field(default_factory=dict)
    due: int = 0
    made: int = 0
    remarks: list[str] = field(default_factory=list)
    """What else happened: workers that died, calls without an answer, what could not be proved."""
    unreachable: str = ""
    interrupted: bool = False
    shape: str = ""
    stories: Mapping[str, int] = field(default_factory=dict)
    """Of a run of stories: how many ended in which way."""
    told: Sequence[str] = ()
    """What reports said in stories that was not true."""

    @property
    def crossed(self) -> list[Judged]:
        return [each for each in self.judged if not each.kept]

    @property
    def code(self) -> int:
        """The gravest cause decides."""
        if self.unreachable:
            return NOT_REACHABLE
        if not self.accepted and not self.stories:
            return INTERRUPTED if self.interrupted else NOTHING_RAN
        if any(each.threshold.section == "truth" for each in self.crossed):
            return WRONG_ANSWER
        if self.interrupted:
            return INTERRUPTED
        return THRESHOLD if self.crossed else WELL

    @property
    def expected(self) -> int:
        return sum(row.expected for rows in self.rows.values() for row in rows.values())

    @property
    def other(self) -> int:
        return sum(row.failures for rows in self.rows.values() for row in rows.values())

    def not_written(self, error: OSError) -> None:
        """A part of the report is missing: what else went wrong is graver, but no such run ended well."""
        self.remarks.append(f"the report cannot be written: {error}")
        if self.code == WELL:
            self.unreachable = self.remarks[-1]

    def lines(self) -> Iterator[str]:
        """The verdict for a terminal."""
        yield "THRESHOLDS"
        width = max((len(_name(each)) for each in self.judged), default=0)
        for each in self.judged:
            word = "pass" if each.kept else "FAIL"
            yield f"  {word}  {_name(each):<{width}}  {each.threshold.written:<18} {each.told()}"
        for each in self.differing[:MOST_LINES]:
            yield f"wrong answer: {each}"
        if len(self.differing) > MOST_LINES:
            yield f"  and {len(self.differing) - MOST_LINES:,} more reports differ"
        yield from (f"culprit: {each}" for each in self.culprits)
        yield from (f"wrong answer: {each}" for each in self.told[:MOST_LINES])
        yield from self.remarks
        if any(each.threshold.section == "growth" for each in self.judged):
            yield from (f"  {told}" for told in self.grown())
        yield f"  {self.summary()}"
        yield f"  {self.word()}: exit {self.code}"

    def grown(self) -> Iterator[str]:
        """What was measured in the first third of the run and in the last."""
        for name, each in sorted(self.growth.items()):
            unit = UNITS.get(name.partition(".")[0], " ms")
            change = f"{each.more:+,.0f}" if name == "queue" else f"{each.part:+.1%}"
            yield f"{name}: first third {each.first:,.0f}{unit}, last {each.last:,.0f}{unit} ({change})"

    def summary(self) -> str:
        if self.stories:
            ends = ", ".join(f"{count:,} {ended}" for ended, count in sorted(self.stories.items()))
            return f"played {sum(self.stories.values()):,} stories: {ends}"
        hits = sum(fault.hits for fault in self.faults)
        short = f" ({1 - self.made / self.due:.1%} short)" if self.due > self.made else ""
        return (
            f"made {min(self.made, self.due):,} of {self.due:,} calls offered{short} · "
            f"{self.accepted:,} requests accepted, "
            f"{self.reports:,} reports compared · injected {hits:,} faults, {self.expected:,} expected "
            f"failures, {self.other:,} other"
        )

    def word(self) -> str:
        crossed = f", {len(self.crossed)} of {len(self.judged)} thresholds crossed" if self.crossed else ""
        return (self.unreachable or SAID[self.code]) + crossed

    def as_json(self) -> dict[str, Any]:
        return {
            "exit": self.code,
            "verdict": self.word(),
            "shape": self.shape,
            "accepted": self.accepted,
            "reports": self.reports,
            "offered": {"due": self.due, "made": self.made},
            "growth": {
                name: {"first": round(each.first, 1), "last": round(each.last, 1)}
                for name, each in self.growth.items()
            },
            "gauges": {
                name: [[at, round(value, 1)] for at, value in series] for name, series in self.gauges.items()
            },
            "thresholds": [_judged(each) for each in self.judged],
            "rows": {
                section: {name: _row(row) for name, row in rows.items()}
                for section, rows in self.rows.items()
            },
            "differences": [
                {"scope": str(each.scope), "report": str(each.reported), "truth": str(each.true)}
                for each in self.differing
            ],
            "stories": dict(self.stories),
            "told": list(self.told),
            "culprits": [{name: getattr(each, name) for name in each.__slots__} for each in self.culprits],
            "faults": [{"fault": each.name, "where": each.where, "hits": each.hits} for each in self.faults],
            "failures": {"expected": self.expected, "other": self.other},
            "remarks": list(self.remarks),
        }


def _name(judged: Judged) -> str:
    return f"{judged.threshold.section} {judged.name}"


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "name": _name(judged), "line": judged.threshold.written, "kept": judged.kept,
        "seen": judged.seen, "told": judged.told(),
    }  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    return {
        "count": row.count, "failures": row.failures, "expected": row.expected,
        "rate": round(row.rate, 3), "ms": {name: round(time, 1) for name, time in row.times.items()},
    }  # fmt: skip
