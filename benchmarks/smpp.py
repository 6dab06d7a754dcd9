"""submit_sm over SMPP a second, to people who answer, with the journal on; beside it, in the same run, what
the node package `smpp` does, which has neither.

Server and client each have a core of their own where there are two. A quarter of the people answer, also
where nobody asked for a receipt. node-smpp is installed into a folder of its own, and left out where npm is
missing.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.esme import Load, run
from benchmarks.figure import Figure
from benchmarks.programs import QUIET, Program, pinned, running

COUNT, ROUNDS = 100_000, 3
WINDOWS = (1, 10, 100, 1_000)
MANY_SESSIONS = 50
NPM_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Centre:
    """A message centre under load."""

    port: int
    system_id: str
    password: str
    program: Program | None = None

    def measure(self, count: int, window: int, receipts: bool, sessions: int = 1) -> Load:
        """One run, after a short one that warms it up."""
        with pinned(1):
            for each in (min(count, 5_000), count):
                load = Load(each, window, receipts)
                run(load, ("127.0.0.1", self.port), self.system_id, self.password, sessions)
        return load


def measure(scale: float) -> list[Figure]:
    """Every window on one session, then fifty sessions; without receipts and with."""
    figures = []
    rounds = ROUNDS if scale >= 1 else 1
    with _ours() as ours, _theirs() as theirs:
        for receipts in (False, True):
            for window, sessions in (*((each, 1) for each in WINDOWS), (100, MANY_SESSIONS)):
                count = max(500, round(COUNT * scale * (0.05 if window == 1 else 0.3 if window == 10 else 1)))
                figures.append(_figure(ours, theirs, count, window, receipts, sessions, rounds))
        figures.append(_memory(ours))
    return figures


def _figure(
    ours: Centre, theirs: Centre | None, count: int, window: int, receipts: bool, sessions: int, rounds: int
) -> Figure:
    mine, other = [], []
    cpu = ours.program.cpu_seconds() if ours.program else 0.0
    for _ in range(rounds):
        mine.append(ours.measure(count, window, receipts, sessions))
        if theirs is not None and sessions == 1:
            other.append(theirs.measure(count, window, receipts, sessions))
    spent = (ours.program.cpu_seconds() - cpu if ours.program else 0.0) / rounds
    rates = [each.per_second for each in mine]
    what = "receipts over SMPP" if receipts else "submit_sm answered"
    return Figure(
        f"{what}, window {window}, {sessions} session{'s' if sessions > 1 else ''}",
        statistics.median(rates),
        "/s",
        (min(rates), max(rates)),
        "; ".join(_beside(mine[-1], other, statistics.median(rates), spent, count)),
    )


def _beside(load: Load, other: list[Load], rate: float, spent: float, count: int) -> Iterator[str]:
    yield f"p50 {load.latency_ms(0.5):.2f} ms, p99 {load.latency_ms(0.99):.2f} ms"
    if spent:
        yield f"{1e6 * spent / (count + min(count, 5_000)):.1f} µs of processor a message"
    if load.client_share > 0.9:
        yield "the client was the limit"
    if other:
        theirs = statistics.median([each.per_second for each in other])
        yield f"node-smpp {theirs:,.0f}/s: {rate / theirs:.1f} times"


def _memory(ours: Centre) -> Figure:
    """What the process holds after all of this."""
    assert ours.program is not None  # noqa: S101  # ours always has one
    status = Path(f"/proc/{ours.program.process.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
    return Figure("most memory of the simulator meanwhile", peak, "MiB")


@contextmanager
def _ours() -> Iterator[Centre]:
    settings = {**QUIET, "BELFORT_PROFILE": "instant"}
    with pinned(0):
        program = running("belfort", "simulator", "--json", "--tied", "--port", "0", settings=settings)
        opened = program.__enter__()
    try:
        port = int(opened.card["smpp"].rpartition(":")[2])
        yield Centre(port, opened.card["smpp_system_id"], opened.card["smpp_password"], opened)
    finally:
        program.__exit__(None, None, None)


@contextmanager
def _theirs() -> Iterator[Centre | None]:
    """node-smpp, or None with a line that says why."""
    with tempfile.TemporaryDirectory() as folder:
        why = _install(Path(folder))
        if why:
            print(f"| node-smpp is left out | {why} | |", flush=True)
            yield None
            return
        with pinned(0):
            node = subprocess.Popen(["node", "centre.js"], cwd=folder, stdout=subprocess.PIPE, text=True)
        assert node.stdout is not None  # noqa: S101  # a pipe was asked for
        try:
            yield Centre(int(node.stdout.readline()), "any", "any")
        finally:
            node.kill()
            node.wait()
            node.stdout.close()


def _install(folder: Path) -> str:
    """Why it cannot be used; empty when it is there."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "there is no npm here"
    shutil.copy(Path(__file__).with_name("node_smpp.js"), folder / "centre.js")
    command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel", "error", "smpp"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=NPM_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "npm did not install it in time"
    return (
        ""
        if done.returncode == 0
        else f"npm install smpp: {done.stderr.strip().splitlines()[-1:] or 'failed'}"
    )
