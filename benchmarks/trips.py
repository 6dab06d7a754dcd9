"""Full round trips a second: sent in batches, handed over to the gateway, reported as delivered, answered,
read and counted. Service and simulator are two processes, each on a core of its own where there are two;
everybody answers at once (profile `instant`).

The clock runs from the first send until the report counts every reply. Whether it counted them right is said
beside the figure.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, median
from benchmarks.hammer import hammer, prepared
from benchmarks.programs import (
    MASTER_KEY,
    QUIET,
    UNLIMITED,
    Api,
    Program,
    call,
    free_port,
    pinned,
    running,
    service,
)
from tests.service.server import serving

TRIPS, BATCH, ROUNDS = 2_000, 1_000, 3
FETCHED_TRIPS, SMPP_TRIPS, POSTGRES_TRIPS = 1_000, 12_000, 12_000
SESSIONS, WINDOW = 4, 250
"""Over SMPP: sessions, and submissions without an answer in each."""
DEADLINE_SECONDS = 60
GLANCE_SECONDS, SETTLE_SECONDS = 0.05, 5
SIGNING_SECRET = "whsec_" + "c2VjcmV0" * 6
EVERYBODY = {"population": {"answers": {"rate": 1}, "languages": {"nl": 1}}}


def measure(scale: float) -> list[Figure]:
    """Over SMPP, on SQLite and on PostgreSQL, then pushed and polled over HTTP, each with the processor time
    of both sides."""
    with serving(durable=True) as server:
        people = max(500, round(POSTGRES_TRIPS * scale))
        on_postgres = _figures("smpp", people, ROUNDS, server.new_database())
    return [
        *_figures("smpp", max(1_000, round(SMPP_TRIPS * scale)), ROUNDS),
        *on_postgres,
        *_figures("push", max(500, round(TRIPS * scale)), ROUNDS),
        *_figures("poll", max(200, round(FETCHED_TRIPS * scale)), 1),
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: trips a second, and processor time in milliseconds for each trip."""

    rate: float
    service_ms: float
    simulator_ms: float


def _figures(mode: str, count: int, rounds: int, url: str = "") -> list[Figure]:
    with _house(mode, url) as house:
        house.run(count)
        runs = [house.run(count) for _ in range(rounds)]
        verdict = house.agreement()
    rates = [run.rate for run in runs]
    busy = statistics.median([run.service_ms for run in runs])
    other = statistics.median([run.simulator_ms for run in runs])
    spent = f"; processor time a trip: service {busy:.2f} ms, simulator {other:.2f} ms" if busy else ""
    what = f"round trips, {mode}{', PostgreSQL' if url else ''}, {count:,} people at once"
    return [median(what, rates, verdict + spent)]


@contextmanager
def _house(mode: str, url: str) -> Iterator[House]:
    port, free = free_port(), ["--control-port", "0", "--gateway-port", "0", "--smpp-port", "0"]
    signed = ["--callback-secret", SIGNING_SECRET] if mode == "push" else []
    told = ["--callback-url", f"http://127.0.0.1:{port}/gateways/sms/notifications"] if signed else []
    instant = {**QUIET, "BELFORT_PROFILE": "instant"}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        world = ("belfort", "simulator", "--json", "--tied", *free, *signed, *told)
        with pinned(1):
            there = opened.enter_context(running(*world, settings=instant))
        call("PUT", f"{there.card['control']}/control/v1/population", EVERYBODY)
        how = _over_smpp(there.card) if mode == "smpp" else ["--gateway-mode", mode, *signed]
        how += ["--database-url", url] if url else []
        database, settings = Path(folder) / "trips.sqlite3", {**UNLIMITED, **MASTER_KEY}
        with pinned(0):
            made = service(database, *how, gateway=there.card["gateway"], port=port, settings=settings)
            program = opened.enter_context(made)
        yield House(there, program)


def _over_smpp(card: Any) -> list[str]:
    host, _, port = card["smpp"].rpartition(":")
    where = ["--gateway", "smpp", "--smpp-host", host, "--smpp-port", port]
    who = ["--smpp-system-id", card["smpp_system_id"], "--smpp-password", card["smpp_password"]]
    return [*where, *who, "--smpp-sessions", str(SESSIONS), "--gateway-window", str(WINDOW)]


class House:
    """A running simulator and service, and how many people were asked."""

    def __init__(self, simulator: Program, program: Program) -> None:
        self._simulator, self._service = simulator, program
        self._api = Api.of(program)
        self._url = f"{self._api.base}/surveys/{self._api.new_survey()}/send"
        self._asked = 0

    def run(self, count: int) -> Run:
        """Ask `count` people more. Errors: RuntimeError when not all are counted in time."""
        calls = [self._call(min(BATCH, count - first)) for first in range(0, count, BATCH)]
        before = self._service.cpu_seconds(), self._simulator.cpu_seconds()
        start = time.perf_counter()
        asyncio.run(hammer(self._url, calls, connections=2, wanted=202))
        self._wait_until_counted(start + DEADLINE_SECONDS)
        seconds = time.perf_counter() - start
        after = self._service.cpu_seconds(), self._simulator.cpu_seconds()
        spent = [(now - then) * 1000 / count for now, then in zip(after, before, strict=True)]
        return Run(count / seconds, *spent)

    def _call(self, batch: int) -> bytes:
        people = range(self._asked, self._asked + batch)
        self._asked += batch
        requests = [{"channel": "SMS", "destination": f"+3247{place:07d}"} for place in people]
        body = json.dumps({"requests": requests}).encode()
        return prepared("POST", self._url, body, [self._api.bearer()])

    def _wait_until_counted(self, deadline: float) -> None:
        while (counted := self._api.report()["responseStatistics"]["totalResponses"]) < self._asked:
            if time.perf_counter() > deadline:
                raise RuntimeError(f"only {counted} of {self._asked} are counted")
            time.sleep(GLANCE_SECONDS)

    def agreement(self) -> str:
        """Whether report and truth are the same; the gateway hears a moment after the count that its last
        reply was taken.
        """
        patience = time.perf_counter() + SETTLE_SECONDS
        while (truth := self._truth()) != (report := _figures_of(self._api.report())):
            if time.perf_counter() > patience:
                return f"DIFFERS: the truth is {truth}, the report says {report}"
            time.sleep(GLANCE_SECONDS)
        return "the truth agrees"

    def _truth(self) -> tuple[Any, Any]:
        control = self._simulator.card["control"]
        return _figures_of(call("POST", f"{control}/control/v1/truth", {"evidence": False})["report"])


def _figures_of(report: Any) -> tuple[Any, Any]:
    return report["nps"], report["responseStatistics"]
