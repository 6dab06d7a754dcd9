"""Something dies in the middle of a load test: a process of the service, PostgreSQL itself. The run recovers,
its figures are true, and the verdict says what happened. (A worker of Locust: tests/loadtests.)
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from belfort.exits import Exit
from tests.loadtests.disturbance import disturbed
from tests.service.server import Server

LOAD = (sys.executable, "-m", "belfort", "load", "--workers", "2", "--time", "5s", "--users", "8")
FIGURES = """
[requests]
"*" = ["failures < 90%"]
[flows]
"sent→delivered" = ["p95 < 60s", "failures == 0"]
"replied→counted" = ["p95 < 60s", "failures == 0"]
"""
"""What must hold whatever dies; calls may fail meanwhile."""


def children_of(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def kill_a_worker(load: int, _server: Server) -> None:
    """The first process of the service's command."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children_of(load)}
    (service,) = [pid for pid, command in commands.items() if "--workers" in command]
    os.kill(children_of(service)[0], signal.SIGKILL)


def crash_the_server(_load: int, server: Server) -> None:
    server.stop("immediate")
    server.start()


@pytest.mark.parametrize(
    ("die", "told"),
    [(kill_a_worker, "the service said: worker"), (crash_the_server, "calls failed")],
    ids=["a worker", "PostgreSQL"],
)
def test_what_dies_in_a_run_costs_no_figure(
    tmp_path: Path, server: Server, die: Callable[[int, Server], None], told: str
):
    (tmp_path / "figures.toml").write_text(FIGURES)
    command = [*LOAD, "--database-url", server.new_database(), "--thresholds", "figures.toml"]
    code, said = disturbed(command, tmp_path, after="requests accepted", harm=lambda pid: die(pid, server))
    assert code == Exit.WELL, said
    verdict: dict[str, Any] = json.loads((tmp_path / "belfort-report" / "verdict.json").read_text())
    assert verdict["accepted"] > 100
    assert {each["name"]: each["seen"] for each in verdict["thresholds"]}["truth lost"] == 0
    assert any(told in remark for remark in verdict["remarks"])
