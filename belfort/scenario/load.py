"""Scenarios under load: one call plays a file on a running harness, from any thread.

For load tests, which may import this package, since it knows neither program:

    outcome, *_ = run_scenario("scenarios/first_steps.belfort.yaml", url=…, control=…)

It blocks, and has an event loop of its own: a user of Locust calls it in a thread of gevent's pool. Each call
takes a lane of people for itself. Stories that move the clock take turns; stories that only wait do not.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from belfort.exits import Exit
from belfort.scenario.environment import running
from belfort.scenario.outcome import Outcome
from belfort.scenario.runner import How, play
from belfort.scenario.scenario import read_scenario


def run_scenario(
    path: str | Path,
    *,
    url: str,
    control: str,
    client_id: str | None = None,
    client_secret: str | None = None,
    lane: int | None = None,
) -> list[Outcome]:
    """Play each case of a scenario against a running harness. `Trouble` if the file cannot be read."""
    against = running(url=url, control=control, client_id=client_id, client_secret=client_secret)
    cases = read_scenario(Path(path)).cases
    how = How(lane=lane, against=against)
    return [
        asyncio.run(play(case, f"{path}::{case.title}" if case.name else str(path), how)) for case in cases
    ]


def is_well(outcome: Outcome) -> bool:
    """Whether it passed, or was left out for a reason."""
    return outcome.verdict.exit is Exit.WELL
