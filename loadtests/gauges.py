"""What the programs say of themselves while they work, and whether it grew: memory, queue, latency.

Read from `/metrics` of service and simulator, by the names that every Prometheus client gives
(`process_resident_memory_bytes`). A service that has no such page has no such figures. Of several workers
behind one port each look sees one.
"""

from __future__ import annotations

import urllib.request
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from statistics import median

from harness import CONTROL, CONTROL_HEADERS, URL
from prometheus_client.parser import text_string_to_metric_families

MEMORY, QUEUED = "process_resident_memory_bytes", "survey_requests_queued"
WANTED: Mapping[str, tuple[str, str, float]] = {
    "memory.service": (URL, MEMORY, 1e-6),
    "memory.simulator": (CONTROL, MEMORY, 1e-6),
    "queue": (URL, QUEUED, 1),
}
"""Name of a series: who tells it, under which name, and what it is multiplied by (memory: MB)."""
SECONDS = 5

Series = Sequence[tuple[int, float]]
"""Second of the wall clock and value."""


class Gauges:
    """Series of gauges, taken now and then."""

    def __init__(self) -> None:
        self.series: dict[str, list[tuple[int, float]]] = defaultdict(list)

    def look(self, second: int) -> None:
        """One sample of each; none of who does not answer."""
        pages = {url: _figures(url) for url in {url for url, _, _ in WANTED.values()}}
        for name, (url, figure, factor) in WANTED.items():
            if figure in pages[url]:
                self.series[name].append((second, pages[url][figure] * factor))


def _figures(url: str) -> dict[str, float]:
    """The figures of one page, summed up over their labels; none of a page that is no such page."""
    found: dict[str, float] = defaultdict(float)
    try:
        asked = urllib.request.Request(f"{url}/metrics", headers=CONTROL_HEADERS if url == CONTROL else {})  # noqa: S310  # ours
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310  # ditto
            families = list(text_string_to_metric_families(answer.read().decode()))
    except (OSError, HTTPException, ValueError):
        return found
    for family in families:
        if family.name in (MEMORY, QUEUED):
            found[family.name] += sum(sample.value for sample in family.samples)
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """A series in the first third of a run and in the last: the medians."""

    first: float
    last: float

    @property
    def part(self) -> float:
        """By which part it grew; 0 if there was nothing and is nothing."""
        return self.last / self.first - 1 if self.first else float(self.last > 0)

    @property
    def more(self) -> float:
        return self.last - self.first


def growth(series: Series, began: int, ended: int) -> Growth | None:
    """None without a sample in both thirds."""
    third = (ended - began) / 3
    early = [value for at, value in series if at <= began + third]
    late = [value for at, value in series if ended - third <= at <= ended + 1]
    return Growth(median(early), median(late)) if early and late else None
