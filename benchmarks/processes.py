"""Accepted sends a second on PostgreSQL, by one process of the service and by two on one port. Beside each is
the processor time of everybody who had a share of the machine: where two cores are full, a second process
cannot give more.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.figure import Figure, median, rounds
from benchmarks.programs import CLIENT, MASTER_KEY, UNLIMITED, Api, Program, free_port, running
from benchmarks.sends import AT_REST, Sends
from tests.service.server import Server, serving

SINGLES, BATCHES, BATCH, ROUNDS = 8_000, 12, 1_000, 5
CONNECTIONS, BATCH_CONNECTIONS = (64, 256), 8
"""Two processes share the connections: with as many for each as one had, each commit is shared by as many
sends."""


def measure(scale: float) -> list[Figure]:
    """Singles and batches, each by one process and by two."""
    singles, batches = round(SINGLES * scale), max(BATCH_CONNECTIONS, round(BATCHES * scale))
    figures: list[Figure] = []
    with serving(durable=True) as server:
        for what, count, size, connections in (
            *(("one a call", singles, 1, many) for many in CONNECTIONS),
            (f"{BATCH:,} a call", batches * BATCH, BATCH, BATCH_CONNECTIONS),
        ):
            one, two = (_rates(server, many, count, size, connections) for many in (1, 2))
            name = f"PostgreSQL: accepted sends, {what}, {connections} connections"
            gain = statistics.median(two.rates) / statistics.median(one.rates)
            figures.append(median(f"{name}, one process", one.rates, one.told()))
            figures.append(median(f"{name}, two processes", two.rates, f"{gain:.2f} × one; {two.told()}"))
    return figures


@dataclass(frozen=True, slots=True)
class _Measured:
    """Rates, and cores that were busy meanwhile."""

    rates: list[float]
    service: float
    postgres: float
    client: float

    def told(self) -> str:
        """What used the processors."""
        service, postgres, client = self.service, self.postgres, self.client
        return f"cores busy: service {service:.2f}, PostgreSQL {postgres:.2f}, client {client:.2f}"


def _rates(server: Server, processes: int, count: int, size: int, connections: int) -> _Measured:
    with _sends(server, processes) as (sends, programs):
        before, began = _used(programs), time.perf_counter()
        rates = rounds(partial(sends.rate, count, size, connections), ROUNDS)
        seconds = time.perf_counter() - began
        used = [(after - earlier) / seconds for earlier, after in zip(before, _used(programs), strict=True)]
    return _Measured(rates, *used)


@contextmanager
def _sends(server: Server, processes: int) -> Iterator[tuple[Sends, list[Program]]]:
    """Processes that share an empty database and a port; the system deals connections out among them."""
    settings = {**UNLIMITED, **AT_REST, **MASTER_KEY, "BELFORT_DATABASE_URL": server.new_database()}
    gateway = f"http://127.0.0.1:{free_port()}"
    where = ("--json", "--tied", "--port", str(free_port()), "--gateway-url", gateway)
    with ExitStack() as opened:
        programs = [
            opened.enter_context(
                running("belfort", "service", *where, *(() if number else CLIENT), settings=settings)
            )
            for number in range(processes)
        ]
        api = Api.of(programs[0])
        yield Sends(f"{api.base}/surveys/{api.new_survey()}/send", api.bearer()), programs


def _used(programs: list[Program]) -> tuple[float, float, float]:
    """Processor seconds so far: of the service, of PostgreSQL, of this process."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    service = sum(program.cpu_seconds() for program in programs)
    return service, sum(map(_seconds, _servers())), own.ru_utime + own.ru_stime


def _servers() -> Iterator[Path]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if "(postgres)" in stat.read_text():
                yield stat
        except OSError:
            continue


def _seconds(stat: Path) -> float:
    try:
        after_name = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
