"""The run second by second: users, calls, failures, percentiles of calls and of flows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

PARTS = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
FINE_MS = 100


class Histogram:
    """Times, rounded to two digits beyond 100 ms, so that a day of them takes little room."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()

    def add(self, milliseconds: int) -> None:
        self.counts[rounded(milliseconds)] += 1

    def __len__(self) -> int:
        return self.counts.total()

    def times(self) -> dict[str, float]:
        """Percentiles, mean and maximum, in milliseconds; nothing without a sample."""
        total = len(self)
        if not total:
            return {}
        found = {name: float(percentile(self.counts, part)) for name, part in PARTS.items()}
        mean = sum(time * count for time, count in self.counts.items()) / total
        return {**found, "mean": mean, "max": float(max(self.counts))}


def rounded(milliseconds: int) -> int:
    digits = len(str(abs(milliseconds))) - 2
    return milliseconds if milliseconds < FINE_MS else round(milliseconds, -digits)


def percentile(counts: Mapping[int, int], part: float) -> int:
    """The smallest time that at least this part of the samples keep to (nearest rank)."""
    wanted, seen, time = part * sum(counts.values()), 0, 0
    for time in sorted(counts):
        seen += counts[time]
        if seen >= wanted:
            return time
    return time


@dataclass(slots=True)
class Flows:
    """Each flow as a whole and second by second of the wall clock."""

    whole: dict[str, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    seconds: dict[str, dict[int, Histogram]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Histogram))
    )

    def add(self, name: str, ended: int, took: int) -> None:
        """One sample: when it ended and how long it took, in milliseconds."""
        self.whole[name].add(max(took, 0))
        self.seconds[name][ended // 1000].add(max(took, 0))


@dataclass(frozen=True, slots=True)
class Sample:
    """A few seconds: what the percentiles were of the calls that ended in them."""

    second: int
    users: int
    times: Mapping[str, float]


class Timeline:
    """Takes samples of Locust's statistics, which only grow: the difference is what happened since."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self._before: Counter[int] = Counter()

    def sample(self, second: int, users: int, response_times: Mapping[int, int]) -> None:
        now, fresh = Counter(response_times), Histogram()
        fresh.counts = now - self._before
        self._before = now
        self.samples.append(Sample(second, users, fresh.times()))

    def series(self, name: str) -> list[tuple[int, float]]:
        return [(each.second, each.times[name]) for each in self.samples if name in each.times]

    def users(self) -> list[tuple[int, float]]:
        return [(each.second, float(each.users)) for each in self.samples]


def every_second(counts: Mapping[int, int], first: int, last: int) -> list[tuple[int, float]]:
    """Counts by second, with the seconds in which there was nothing."""
    return [(second, float(counts.get(second, 0))) for second in range(first, last + 1)]


GAP_SECONDS = 2
"""Failures so far apart belong together."""
MOST_REASONS, MOST_TOLD = 3, 160


def outages(called: Mapping[int, int], failed: Mapping[int, int]) -> Iterator[str]:
    """A sentence for each stretch of the run in which calls failed."""
    began = min([*called, *failed], default=0)
    for first, last in _stretches(sorted(second for second, count in failed.items() if count)):
        bad, total = (
            sum(counts.get(each, 0) for each in range(first, last + 1)) for counts in (failed, called)
        )
        when = f"from {_clock(first - began)} to {_clock(last - began)}"
        yield f"{when} {bad:,} of {total:,} calls failed"


def reasons(errors: Iterable[Any]) -> Iterator[str]:
    """The most frequent failures of Locust's, most frequent first."""
    for each in sorted(errors, key=lambda error: -error.occurrences)[:MOST_REASONS]:
        yield f"  {each.occurrences:,} × {' '.join(each.to_name().split()[1:])[:MOST_TOLD]}"


def _stretches(seconds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of those that are close together."""
    starts = [at for at in range(len(seconds)) if not at or seconds[at] - seconds[at - 1] > GAP_SECONDS]
    for start, end in pairwise([*starts, len(seconds)]):
        yield seconds[start], seconds[end - 1]


def _clock(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes}:{seconds:02}"


def flow_series(seconds: Mapping[int, Histogram], name: str = "p95") -> Iterator[tuple[int, float]]:
    for second in sorted(seconds):
        yield second, seconds[second].times()[name]


def span(stats: Any) -> tuple[int, int]:
    """First and last second in which a call ended; the same twice if there was none."""
    seconds = [*stats.num_reqs_per_sec, *stats.num_fail_per_sec]
    return (min(seconds), max(seconds)) if seconds else (int(stats.start_time), int(stats.start_time))
