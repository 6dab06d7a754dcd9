"""For whoever runs the service: does it live, can it take calls, what did it count; and the document."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from prometheus_client import Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from service.clock import Clock, Dice
from service.meters import Meters
from service.store.engine import Store
from service.web import page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PROBE_SECONDS = 1.0
"""How long a probe of the store is believed: a storm of health checks is no storm of writes."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    read: dict[str, Any] = json.loads(_text("openapi.json"))
    return read


class StoreMeters(Collector):
    """What the store tells of itself, read when somebody asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        store, tally = self._store, self._store.tally
        yield CounterMetricFamily("survey_store_commits", "Commits.", value=tally.commits)
        yield CounterMetricFamily("survey_store_units", "Units of work committed.", value=tally.units)
        yield CounterMetricFamily(
            "survey_store_commit_seconds",
            "Time spent committing, fsync included.",
            value=tally.commit_seconds,
        )
        yield CounterMetricFamily(
            "survey_store_failures", "Groups of units that the disk refused.", value=tally.failures
        )
        yield GaugeMetricFamily("survey_store_waiting", "Units waiting to be written.", value=store.waiting())
        yield GaugeMetricFamily("survey_store_log_bytes", "Size of the write-ahead log.", store.log_bytes())
        available = float(store.available)
        yield GaugeMetricFamily("survey_store_available", "1 if the last write succeeded.", available)


class Ops:
    """Health, metrics and the document."""

    def __init__(
        self,
        store: Store,
        meters: Meters,
        clock: Clock,
        dice: Dice,
        *,
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        """`refresh` brings the gauges up to date before they are shown."""
        self._store, self._meters, self._clock, self._dice = store, meters, clock, dice
        self._refresh = refresh
        meters.registry.register(StoreMeters(store))
        self._probed = float("-inf")
        self._page = page.render(document(), _text("docs.html"))
        self._document = _text("openapi.json").encode()

    def routes(self) -> list[tuple[str, Handler]]:
        """(path, handler of GET)."""
        return [
            ("/health/live", self.live),
            ("/health/ready", self.ready),
            ("/metrics", self.metrics),
            ("/survey/1.0.0/openapi.json", self.openapi),
            ("/docs", self.docs),
        ]

    async def live(self, _call: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, _call: web.Request) -> web.Response:
        """The store can be written. Errors: StoreUnavailable."""
        age = self._clock.wall() - self._probed
        if not self._store.available or not 0 <= age < PROBE_SECONDS:
            await self._store.probe()
            self._probed = self._clock.wall()
        return web.json_response({"status": "ok"})

    async def metrics(self, _call: web.Request) -> web.Response:
        await self._refresh()
        return web.Response(
            body=generate_latest(self._meters.registry), headers={"Content-Type": METRICS_TYPE}
        )

    async def openapi(self, _call: web.Request) -> web.Response:
        return web.Response(body=self._document, content_type="application/json")

    async def docs(self, _call: web.Request) -> web.Response:
        nonce = base64.urlsafe_b64encode(self._dice.secret(18)).decode()
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"
        headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
        text = self._page.replace(page.NONCE, nonce)
        return web.Response(text=text, content_type="text/html", headers=headers)


def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
