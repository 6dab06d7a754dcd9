"""One measured figure, and how work is timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RATE_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, its median, and what it should be seen beside."""

    what: str
    median: float
    unit: str
    spread: tuple[float, float] | None = None
    beside: str = ""

    def row(self) -> str:
        """A row of a Markdown table."""
        spread = f" ({_short(self.spread[0])} … {_short(self.spread[1])})" if self.spread else ""
        return f"| {self.what} | {_short(self.median)} {self.unit}{spread} | {self.beside} |"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def median(what: str, rates: Sequence[float], beside: str = "") -> Figure:
    """The figure of several measured rates a second."""
    return Figure(what, statistics.median(rates), "/s", (min(rates), max(rates)), beside)


def rounds(work: Callable[[], float], count: int) -> list[float]:
    """What `work` measures, several times, after once that is not counted."""
    work()
    return [work() for _ in range(count)]


def in_turn(works: Sequence[Callable[[], float]], count: int) -> list[list[float]]:
    """What each of several works measures, in turn, since a machine is not equally fast all the time; each
    once before that is not counted."""
    for work in works:
        work()
    taken = [[work() for work in works] for _ in range(count)]
    return [list(each) for each in zip(*taken, strict=True)]


def share(rates: Sequence[float], limits: Sequence[float]) -> float:
    """What part of a limit was reached: the median over moments that both were measured at."""
    return statistics.median(rate / limit for rate, limit in zip(rates, limits, strict=True))


def rate(what: str, count: int, work: Callable[[], object]) -> Figure:
    """How many of `count` things `work` does a second."""
    return median(what, rounds(lambda: count / _seconds(work), RATE_ROUNDS))


def duration(what: str, work: Callable[[], object], *, beside: str = "", count: int = 21) -> Figure:
    """How long `work` takes, in milliseconds: the median of `count` times."""
    times = rounds(lambda: _seconds(work) * 1000, count)
    return Figure(what, statistics.median(times), "ms", (min(times), max(times)), beside)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
