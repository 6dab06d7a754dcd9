"""A session of pytest for scenarios alone: nobody's conftest, settings or other plug-ins, our own words."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from belfort.exits import Exit, Trouble
from belfort.scenario import OUTCOME
from belfort.scenario import annotations as github_says
from belfort.scenario.outcome import Outcome, Verdict
from belfort.scenario.telling import failure, headline

STRICTEST = (Exit.WRONG_ANSWER, Exit.CHECK_FAILED, Exit.ENVIRONMENT)
"""If scenarios ended differently, the first of these that one of them ended with."""
WORDS = {Verdict.PASSED: "ok", Verdict.SKIPPED: "left out"}
PLUGIN = ("--disable-plugin-autoload", "-p", "belfort.scenario.plugin")
PLAIN = (
    "-p",
    "no:terminal",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:python",
    "--noconftest",
    "-c",
    os.devnull,
)


def session(
    paths: Sequence[str],
    options: Sequence[str],
    *,
    select: str | None = None,
    workers: str | None = None,
    first: bool = False,
    junit: Path | None = None,
    github: bool = False,
    titles: Sequence[str] = (),
) -> int:
    """Run the scenarios at `paths`, whose cases are called `titles`; returns the exit code (spec harness.md
    "One command"). `Trouble` if `select` leaves none of them.
    """
    arguments = [*PLUGIN, *PLAIN, f"--rootdir={Path.cwd()}", *options]
    arguments += ["-k", select] if select else []
    arguments += ["-p", "xdist", "-n", workers] if workers else []
    arguments += ["-x"] if first else []
    arguments += [f"--junitxml={junit}"] if junit else []
    teller = Teller(sys.stdout, annotate=github or github_says.wanted())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is running is ended in order
    code = pytest.main([*arguments, *paths], plugins=[teller])
    if teller.unread:
        raise BrokenPipeError
    if select and code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise Trouble(f"nothing matches -k {select!r}; there is {', '.join(titles)}", Exit.NOTHING_RAN)
    return teller.exit(int(code))


class Teller:
    """Says what became of each scenario as soon as it is known, and of all at the end."""

    def __init__(self, out: IO[str], *, annotate: bool) -> None:
        self._out, self._annotate = out, annotate
        self.outcomes: list[Outcome] = []
        self.broken: list[str] = []
        self.unread = False
        """Whether nobody reads our output any more."""
        self._session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = getattr(report, OUTCOME, None)
        if told is not None:
            self._tell(Outcome.of_json(told))
        elif report.failed:
            self._break(report.nodeid, report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._break(report.nodeid, report.longreprtext)

    def pytest_internalerror(self, excrepr: object) -> None:
        self._break("belfort", str(excrepr))

    def _break(self, where: str, why: str) -> None:
        self.broken.append(where)
        print(f"{where}: {why}", file=sys.stderr)

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        say = self._say
        words = WORDS.get(outcome.verdict, outcome.verdict.value)
        why = f"  {outcome.reason}" if outcome.verdict is Verdict.SKIPPED else ""
        say(f"{words:<13} {outcome.title:<34} {outcome.seconds:6.1f} s{why}")
        if outcome.verdict.exit is not Exit.WELL:
            say("", failure(outcome), "")
            if self._annotate:
                say(github_says.annotation(outcome, headline(outcome)))

    def _say(self, *lines: str) -> None:
        try:
            print(*lines, sep="\n", file=self._out, flush=True)
        except BrokenPipeError:
            self.unread, self._out = True, io.StringIO()
            if self._session is not None:
                self._session.shouldstop = "nobody reads what is said"

    def pytest_sessionfinish(self) -> None:
        counts = {each: sum(outcome.verdict is each for outcome in self.outcomes) for each in Verdict}
        told = ", ".join(f"{count} {each.value}" for each, count in counts.items() if count)
        if self.outcomes:
            compared = sum(len(outcome.compared) for outcome in self.outcomes)
            more = sum(outcome.uncompared for outcome in self.outcomes)
            left = f", {more:,} more were not: too many for one story" if more else ""
            self._say(f"{told}; {compared:,} reports compared with the truth{left}")

    def exit(self, code: int) -> int:
        """The exit code, by what became of the scenarios and by how pytest itself ended."""
        if code == pytest.ExitCode.INTERRUPTED and not self.broken:
            return Exit.INTERRUPTED
        if code == pytest.ExitCode.INTERNAL_ERROR or self.broken:
            return Exit.INTERNAL
        if code == pytest.ExitCode.USAGE_ERROR:
            return Exit.USAGE
        ended = {outcome.verdict.exit for outcome in self.outcomes}
        for each in STRICTEST:
            if each in ended:
                return each
        ran = any(outcome.verdict is not Verdict.SKIPPED for outcome in self.outcomes)
        return Exit.WELL if ran else Exit.NOTHING_RAN
