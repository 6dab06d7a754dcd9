"""A run that is cut short leaves nothing behind, and a verdict where there is time for one."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from belfort.exits import Exit
from tests.loadtests.disturbance import disturbed
from tests.loadtests.runs import LOAD, ROOT, verdict


def test_a_worker_that_dies_is_told_of_and_what_it_sent_is_judged(tmp_path: Path, calm: Path):
    command = [*LOAD, "--time", "8s", "--processes", "2", "--thresholds", str(calm)]
    code, told = disturbed(
        command, tmp_path, after="All users spawned", harm=lambda pid: os.kill(_a_worker(pid), signal.SIGKILL)
    )
    assert code == Exit.WELL, told
    (died, *_) = verdict(tmp_path)["remarks"]
    assert re.match(r"worker \S+ died", died)


def _a_worker(parent: int) -> int:
    """The last process that Locust's master forked, below the command."""
    (master,) = (each for each in _family(parent) if "locust" in _said_of(each) and _children(each))
    return max(_children(master))


def test_ctrl_c_ends_the_run_with_a_verdict_on_what_was_sent(tmp_path: Path, calm: Path):
    command = [*LOAD, "soak", "--users", "5", "--thresholds", str(calm)]
    code, told = disturbed(
        command, tmp_path, after="requests accepted", harm=lambda pid: os.killpg(pid, signal.SIGINT),
        session=True,
    )  # fmt: skip
    assert code == Exit.INTERRUPTED, told
    assert verdict(tmp_path)["accepted"] > 0


@pytest.mark.parametrize("times", [1, 2])
def test_who_ends_the_command_ends_all_it_has_started(tmp_path: Path, calm: Path, times: int):
    """Told once, it judges what there is; told again, it ends at once."""
    family: list[int] = []

    def end(pid: int) -> None:
        family.extend(os.pidfd_open(each) for each in _family(pid))
        for how in (signal.SIGTERM, signal.SIGHUP)[:times]:  # two of a kind may be taken for one
            os.kill(pid, how)

    command = [*LOAD, "soak", "--users", "5", "--processes", "2", "--thresholds", str(calm)]
    code, told = disturbed(command, tmp_path, after="All users spawned", harm=end)
    assert code == Exit.INTERRUPTED, told
    assert "Traceback" not in told
    assert (tmp_path / "belfort-report" / "verdict.json").exists() == (times == 1)
    assert len(family) >= 5, "simulator, service, Locust and two workers"
    assert _end(family)


@pytest.mark.parametrize("started", ["simulator", "service", "locust"])
def test_who_ends_the_command_before_a_call_is_made_ends_all_it_has_started(tmp_path: Path, started: str):
    own = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(LOAD, cwd=tmp_path, env=own, stderr=subprocess.PIPE, text=True) as child:
        while not any(started in _said_of(pid) for pid in _family(child.pid)):
            assert child.poll() is None
        family = [os.pidfd_open(each) for each in _family(child.pid)]
        child.terminate()
        assert child.stderr
        assert child.stderr.read().endswith("belfort: stopped before it was done\n")
        assert child.wait(20) == Exit.INTERRUPTED
    assert _end(family)


def _family(pid: int) -> set[int]:
    """All that this process, and what it has started, has started."""
    children = _children(pid)
    return children.union(*map(_family, children))


def _children(pid: int) -> set[int]:
    """Linux lists them in one place as well, but not reliably (proc(5))."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.add(int(stat.parent.name))
    return found


def _end(processes: list[int]) -> bool:
    """Whether all of them do, and soon. A descriptor of a process can be read once it has ended."""
    ended = [bool(select.select([each], [], [], 10)[0]) for each in processes]
    for each in processes:
        os.close(each)
    return all(ended)


def _said_of(pid: int) -> str:
    """How it was called."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_whoever_kills_the_command_ends_all_it_has_started(tmp_path: Path, calm: Path):
    """SIGKILL, of which it learns nothing itself."""
    family: list[int] = []

    def kill(pid: int) -> None:
        family.extend(os.pidfd_open(each) for each in _family(pid))
        os.kill(pid, signal.SIGKILL)

    command = [*LOAD, "soak", "--users", "5", "--processes", "2", "--thresholds", str(calm)]
    code, _told = disturbed(command, tmp_path, after="All users spawned", harm=kill)
    assert code == -signal.SIGKILL
    assert len(family) >= 5, "simulator, service, Locust and two workers"
    assert _end(family)


def test_a_mistake_in_the_judging_is_none_of_the_services_and_nobody_watches_meanwhile():
    """Two who follow the journal at once would count twice what they read."""
    program = (
        "import sys; sys.path.insert(0, 'loadtests')\n"
        "import gevent\n"
        "from locust.env import Environment\n"
        "from conduct import Conductor\n"
        "from tales import Tales\n"
        "class Broken(Tales):\n"
        "    def end(self, stats):\n"
        "        print(conductor._watcher.dead)\n"
        "        raise ZeroDivisionError\n"
        "conductor, environment = Conductor(Broken), Environment()\n"
        "environment.create_local_runner()\n"
        "conductor._run, conductor._watcher = Broken([]), gevent.spawn(gevent.sleep, 60)\n"
        "try: conductor.judge(environment)\n"
        "except ZeroDivisionError: print(environment.process_exit_code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["True", str(int(Exit.INTERNAL))], done.stderr
