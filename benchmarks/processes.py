"""Accepted sends a second on PostgreSQL, by one process of the service and by two on one port. Beside each is
the processor time of everybody who had a share of the machine: where two cores are full, a second process
cannot give more.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.figure import Figure, in_turn, median, share
from benchmarks.programs import CLIENT, MASTER_KEY, UNLIMITED, Api, Program, free_port, running
from benchmarks.sends import AT_REST, Sends
from tests.service.server import Server, serving

ROUNDS = 5
COMPARED = (
    (1, 8_000, (64, 64)),
    (1, 8_000, (64, 128)),
    (1, 8_000, (256, 256)),
    (100, 16_000, (16, 16)),
    (1_000, 16_000, (8, 8)),
)
"""How many a call, how many in all, over how many connections: to one process, and to two together. Where
two share as many as one has, fewer sends share a commit."""


def measure(scale: float) -> list[Figure]:
    """Singles and batches, each by one process and by two."""
    with serving(durable=True) as server:
        return [
            figure
            for size, count, connections in COMPARED
            for figure in _compared(
                server, size, max(round(count * scale), size * connections[1]), connections
            )
        ]


def _compared(server: Server, size: int, count: int, connections: tuple[int, int]) -> Iterator[Figure]:
    """One process and two, in turn: this machine is not equally fast all the time."""
    with ExitStack() as opened:
        taken = [_Taken(*opened.enter_context(_sends(server, processes))) for processes in (1, 2)]
        works = [partial(each.rate, count, size, many) for each, many in zip(taken, connections, strict=True)]
        one, two = in_turn(works, ROUNDS)
    gain = f"{share(two, one):.2f} × one"
    name = f"PostgreSQL: accepted sends, {size:,} a call"
    yield median(f"{name}, one process, {connections[0]} connections", one, taken[0].told())
    yield median(f"{name}, two processes, {connections[1]} connections", two, f"{gain}; {taken[1].told()}")


@dataclass(slots=True)
class _Taken:
    """What some processes did, and what processor time everybody took meanwhile."""

    sends: Sends
    programs: list[Program]
    seconds: float = 0.0
    used: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def rate(self, count: int, size: int, connections: int) -> float:
        """Sends a second."""
        calls = self.sends.calls(count, size)
        before, began = _used(self.programs), time.perf_counter()
        rate = self.sends.rate_of(calls, size, connections)
        self.seconds += time.perf_counter() - began
        spent = [after - earlier for earlier, after in zip(before, _used(self.programs), strict=True)]
        self.used = (self.used[0] + spent[0], self.used[1] + spent[1], self.used[2] + spent[2])
        return rate

    def told(self) -> str:
        """Which cores were busy."""
        service, postgres, client = (one / self.seconds for one in self.used)
        return f"cores busy: service {service:.2f}, PostgreSQL {postgres:.2f}, client {client:.2f}"


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
