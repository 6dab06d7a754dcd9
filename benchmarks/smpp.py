"""submit_sm over SMPP a second, to people who answer, with the journal on; beside it, in the same run, what
the node package `smpp` does, which has neither.

Server and client each have a core of their own where there are two. A quarter of the people answer, also
where nobody asked for a receipt. node-smpp is installed into a folder of its own, and left out where npm is
missing.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import tempfile
import urllib.request
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
WARMING_UP = 5_000
NPM_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Course:
    """How many messages, how many of them unanswered at a time on each of how many sessions."""

    count: int
    window: int
    receipts: bool
    sessions: int = 1

    def __str__(self) -> str:
        what = "receipts over SMPP" if self.receipts else "submit_sm answered"
        return f"{what}, window {self.window}, {self.sessions} session{'s' if self.sessions > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Centre:
    """A message centre under load."""

    port: int
    system_id: str
    password: str
    program: Program | None = None

    def measure(self, course: Course) -> Load:
        """One run, after a short one that warms it up."""
        with pinned(1):
            for each in (min(course.count, WARMING_UP), course.count):
                load = Load(each, course.window, course.receipts)
                run(load, ("127.0.0.1", self.port), self.system_id, self.password, course.sessions)
        return load


def measure(scale: float) -> list[Figure]:
    """Every window on one session, then fifty sessions; without receipts and with."""
    figures = []
    rounds = ROUNDS if scale >= 1 else 1
    with our_centre() as ours, _theirs() as theirs:
        for receipts in (False, True):
            for window, sessions in (*((each, 1) for each in WINDOWS), (100, MANY_SESSIONS)):
                count = max(500, round(COUNT * scale * (0.05 if window == 1 else 0.3 if window == 10 else 1)))
                figures.append(figure(ours, theirs, Course(count, window, receipts, sessions), rounds))
        figures.append(memory(ours))
    return figures


def figure(ours: Centre, theirs: Centre | None, course: Course, rounds: int) -> Figure:
    """The rate of one course; beside it latency, processor time, and how many times node-smpp's it is."""
    mine, other = [], []
    cpu = ours.program.cpu_seconds() if ours.program else 0.0
    for _ in range(rounds):
        mine.append(ours.measure(course))
        if theirs is not None:
            other.append(theirs.measure(course))
    spent = (ours.program.cpu_seconds() - cpu if ours.program else 0.0) / rounds
    rates = [each.per_second for each in mine]
    return Figure(
        str(course),
        statistics.median(rates),
        "/s",
        (min(rates), max(rates)),
        "; ".join(_beside(mine[-1], other, statistics.median(rates), spent, course.count)),
    )


def _beside(load: Load, other: list[Load], rate: float, spent: float, count: int) -> Iterator[str]:
    yield f"p50 {load.latency_ms(0.5):.2f} ms, p99 {load.latency_ms(0.99):.2f} ms"
    if spent:
        yield f"{1e6 * spent / (count + min(count, WARMING_UP)):.1f} µs of processor a message"
    if load.client_share > 0.9:
        yield "the client was the limit"
    if other:
        theirs = statistics.median([each.per_second for each in other])
        yield f"node-smpp {theirs:,.0f}/s: {rate / theirs:.1f} times"


def memory(ours: Centre) -> Figure:
    """The most that the process has held in all of this, and after how many messages."""
    assert ours.program is not None  # noqa: S101  # ours always has one
    status = Path(f"/proc/{ours.program.process.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
    with urllib.request.urlopen(f"{ours.program.card['control']}/metrics", timeout=10) as answer:  # noqa: S310  # loopback
        text = answer.read().decode()
    taken = re.search(r'entries\S*kind="mt.submitted"\S* (\S+)', text)
    after = f"after {float(taken[1]):,.0f} messages" if taken else ""
    return Figure("most memory of the simulator", peak, "MiB", None, after)


@contextmanager
def our_centre() -> Iterator[Centre]:
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
