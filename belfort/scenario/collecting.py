"""Scenarios as pytest sees them: a file is a collector, a case an item, a failure a text and no traceback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from belfort.exits import Exit, Trouble
from belfort.scenario import OUTCOME
from belfort.scenario.case import Case
from belfort.scenario.environment import running
from belfort.scenario.outcome import Outcome, Verdict
from belfort.scenario.runner import How, play
from belfort.scenario.scenario import read_scenario
from belfort.scenario.telling import failure

TURN_SECONDS = 1_800
"""For a story on a harness that others use: the limits of a suite do not know that it waits for its turn."""


class ScenarioFailed(Exception):
    """A scenario did not end well; pytest shows its text and nothing else."""


class ScenarioFile(pytest.File):
    """One file `*.belfort.yaml`."""

    def collect(self) -> Iterator[ScenarioItem]:
        try:
            scenario = read_scenario(self.path, _from_here(self))
            how_of(self.config)  # a wrong option is said before anything runs
        except Trouble as trouble:
            raise self.CollectError(str(trouble)) from None
        for case in scenario.cases:
            yield ScenarioItem.from_parent(self, name=case.title, case=case)


class ScenarioItem(pytest.Item):
    """One playing of a scenario."""

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        if how_of(self.config).against is not None and self.config.pluginmanager.hasplugin("timeout"):
            self.add_marker(pytest.mark.timeout(TURN_SECONDS))
        self.belfort_outcome: Outcome | None = None

    def runtest(self) -> None:
        node = f"{_from_here(self)}::{self.name}" if self.case.name else _from_here(self)
        outcome = asyncio.run(play(self.case, node, how_of(self.config)))
        self.belfort_outcome = outcome
        if outcome.verdict is Verdict.SKIPPED:
            pytest.skip(outcome.reason)
        if outcome.verdict is not Verdict.PASSED:
            raise ScenarioFailed(failure(outcome))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return excinfo.getrepr(style="short")

    def reportinfo(self) -> tuple[Path, int, str]:
        line = self.belfort_outcome.line if self.belfort_outcome else self.case.steps[0].place.line
        return self.path, line - 1, self.name


def _from_here(node: pytest.Collector | pytest.Item) -> str:
    """The file's path as whoever called pytest would write it; a node's id begins at the root folder."""
    return Path(os.path.relpath(node.path, node.config.invocation_params.dir)).as_posix()


def how_of(config: pytest.Config) -> How:
    """How the options and the environment say scenarios are to be played."""
    bug = config.getoption("scenario_bug")
    against = running(
        url=config.getoption("scenario_against"),
        control=config.getoption("scenario_control"),
        client_id=config.getoption("scenario_client_id"),
        client_secret=config.getoption("scenario_client_secret"),
    )
    if bug and against:
        raise Trouble("a bug is planted in a service of the scenario's own, not in a running one", Exit.USAGE)
    return How(
        seed=_whole(config, "seed", 2**63),
        lane=_whole(config, "lane", 100),
        bug=bug,
        against=against,
        history=bool(config.getoption("scenario_html")),
    )


def _whole(config: pytest.Config, name: str, above: int) -> int | None:
    said = config.getoption(f"scenario_{name}")
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and int(said) < above):
        raise Trouble(f"--scenario-{name} takes a whole number below {above}, not {said!r}", Exit.USAGE)
    return int(said)


class Gatherer:
    """Gathers outcomes and writes the page at the end."""

    def __init__(self, page: Path) -> None:
        self.page = page
        self.belfort_outcomes: list[Outcome] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = getattr(report, OUTCOME, None)
        if told is not None:
            self.belfort_outcomes.append(Outcome.of_json(told))

    def pytest_sessionfinish(self) -> None:
        from belfort.scenario.page import page

        self.page.parent.mkdir(parents=True, exist_ok=True)
        self.page.write_text(page(self.belfort_outcomes), encoding="utf-8")
