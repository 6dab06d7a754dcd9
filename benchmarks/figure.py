"""One measured figure, and how work is timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


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


def rate(
    what: str, count: int, work: Callable[[], object], *, beside: str = "", rounds: int = ROUNDS
) -> Figure:
    """How many of `count` things `work` does a second: the median of several rounds after one that is not
    counted.
    """
    work()
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - start))
    return Figure(what, statistics.median(rates), "/s", (min(rates), max(rates)), beside)


def duration(what: str, work: Callable[[], object], *, beside: str = "", rounds: int = 21) -> Figure:
    """How long `work` takes, in milliseconds."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return Figure(what, statistics.median(times), "ms", (min(times), max(times)), beside)
