"""What the simulator counts and measures, in Prometheus' text format, in a registry of its own.

Names and labels carry kinds, states and doors; never a destination, a text or a token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
LAG_PERIOD = 0.25


class Meters:
    """The registry, and ways to add to it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """A figure that is read when somebody asks."""
        Gauge(name, about, registry=self.registry).set_function(read)

    def table(
        self,
        name: str,
        about: str,
        label: str,
        read: Callable[[], Mapping[str, float]],
        *,
        grows: bool = False,
    ) -> None:
        """Figures by one label, read when somebody asks; `grows` if they only go up."""
        self.registry.register(_Table(name, about, label, read, grows))

    def text(self) -> bytes:
        """All of it, as `GET /metrics` shows it."""
        return generate_latest(self.registry)


class _Table:
    """A collector that reads its rows from the world."""

    def __init__(
        self, name: str, about: str, label: str, read: Callable[[], Mapping[str, float]], grows: bool
    ) -> None:
        self._name, self._about, self._label, self._read = name, about, label, read
        self._family = CounterMetricFamily if grows else GaugeMetricFamily

    def collect(self) -> Iterator[Metric]:
        family = self._family(self._name, self._about, labels=[self._label])
        for value, figure in self._read().items():
            family.add_metric([value], figure)
        yield family

    def describe(self) -> Iterator[Metric]:
        yield self._family(self._name, self._about, labels=[self._label])


class LoopLag:
    """How late the event loop runs what is due: the seconds of the latest look."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.seconds = 0.0
        self._expected = loop.time() + LAG_PERIOD
        self._timer = loop.call_at(self._expected, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        self.seconds = max(0.0, now - self._expected)
        self._expected = now + LAG_PERIOD
        self._timer = self._loop.call_at(self._expected, self._look)

    def close(self) -> None:
        """Look no more."""
        self._timer.cancel()
