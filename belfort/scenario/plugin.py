"""The plug-in that lets pytest collect `*.belfort.yaml`. It is loaded into everybody's test runs, so it
imports nothing until there is such a file, adds no fixture, and patches nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from belfort.scenario import OUTCOME, SUFFIX

OPTIONS = (
    ("seed", "the town's seed, instead of each scenario's own"),
    ("lane", "the lane of the numbers that do things, 0 to 99"),
    ("bug", "build the service with this planted bug"),
    ("against", "base URL of a running survey service [BELFORT_URL]"),
    ("control", "control API of the simulator beside it [BELFORT_CONTROL]"),
    ("client-id", "OAuth client id there [BELFORT_CLIENT_ID]"),
    ("client-secret", "its secret [BELFORT_CLIENT_SECRET]"),
    ("html", "write one page about all scenarios, that opens from disk"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options about scenarios; all begin alike, so that they meet nobody else's."""
    group = parser.getgroup("scenario", "scenarios of belfort")
    for name, about in OPTIONS:
        group.addoption(f"--scenario-{name}", default=None, help=about)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not file_path.name.endswith(SUFFIX):
        return None
    from belfort.scenario.collecting import ScenarioFile

    return ScenarioFile.from_parent(parent, path=file_path)


def pytest_configure(config: pytest.Config) -> None:
    """Gather outcomes where they are shown: not in a worker of xdist, which sends them on."""
    if config.getoption("scenario_html") and not hasattr(config, "workerinput"):
        from belfort.scenario.collecting import Gatherer

        config.pluginmanager.register(Gatherer(Path(config.getoption("scenario_html"))), "scenario-page")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put a scenario's outcome on its report as plain data: xdist sends reports from process to process."""
    report = yield
    outcome = getattr(item, OUTCOME, None)
    if outcome is not None and report.when == "call":
        setattr(report, OUTCOME, outcome.as_json())
    return report
