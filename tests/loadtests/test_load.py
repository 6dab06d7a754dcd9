"""Whole runs: green with faults, red with bugs and who they befell, a worker that dies, wrong questions."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse

from belfort.exits import Exit
from tests.loadtests.disturbance import disturbed

ROOT = Path(__file__).parents[2]
LOAD = (sys.executable, "-m", "belfort", "load")
LOCUST = (sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py"), "--headless")
CALM = """
[requests]
"*" = ["failures == 0"]
[flows]
"sent→delivered" = ["p95 < 30s", "failures == 0"]
"delivered→replied" = ["p95 < 30s"]
"replied→counted" = ["p95 < 30s", "failures == 0"]
submitted = ["failures == 0"]
"""
"""What holds on the busiest machine: latency is not what these tests are about."""


@pytest.fixture
def calm(tmp_path: Path) -> Path:
    path = tmp_path / "calm.toml"
    path.write_text(CALM)
    return path


def load(*arguments: object, cwd: Path, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [*LOAD, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=100,
        env={**os.environ, **environ},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def verdict(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "belfort-report" / "verdict.json").read_text()))


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, Any]]:
    """`belfort up`, as somebody has it running, and what it said."""
    command = (
        sys.executable,
        "-m",
        "belfort",
        "up",
        "--json",
        "--tied",
        "--port",
        "0",
        "--profile",
        "instant",
    )
    own = {**os.environ, "BELFORT_TOKEN_LIFETIME": "2s"}  # no run ends with the token it begins with
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own
    ) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())
        child.terminate()


def inject(control: str, **fault: Any) -> None:
    where, kind = f"{control}/control/v1/faults", {"Content-Type": "application/json"}
    sent = urllib.request.Request(where, json.dumps(fault).encode(), kind)  # noqa: S310  # our own simulator
    urllib.request.urlopen(sent).close()  # noqa: S310  # ditto


def locust(card: dict[str, Any], *arguments: str, cwd: Path, **environ: str) -> tuple[int, str]:
    """Plain Locust against a running harness."""
    where = {"BELFORT_URL": card["service"], "BELFORT_CONTROL": card["control"]}
    done = subprocess.run(
        [*LOCUST, *arguments, "--only-summary"], cwd=cwd, capture_output=True, text=True, timeout=100,
        env={**os.environ, **where, **environ},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_plain_locust_ends_green_with_injected_faults_counted_apart(
    tmp_path: Path, calm: Path, card: dict[str, Any]
):
    inject(card["control"], fault="error", where="sms.submit", when={"probability": 0.3}, limit=40)
    inject(card["control"], fault="reply_lost", where="sms.reply", when={"probability": 0.05})
    inject(card["control"], fault="error", where="smpp.submit", when={"probability": 0.3}, limit=7)
    inject(card["control"], fault="report_lost", where="smpp.report", limit=3)
    environ = {"BELFORT_SMPP": card["smpp"], "BELFORT_THRESHOLDS": str(calm)}
    code, said = locust(card, "-u", "10", "-r", "10", "-t", "4s", cwd=tmp_path, **environ)
    assert code == Exit.WELL, said
    told = verdict(tmp_path)
    hits = {(fault["fault"], fault["where"]): fault["hits"] for fault in told["faults"]}
    assert (hits["error", "sms.submit"], hits["error", "smpp.submit"]) == (40, 7)
    assert told["rows"]["requests"]["submit_sm"]["expected"] == 7
    assert told["rows"]["requests"]["receipt"]["expected"] == hits["report_lost", "smpp.report"] == 3
    assert told["rows"]["flows"]["submitted"]["expected"] == 40
    assert told["rows"]["flows"]["replied→counted"]["expected"] > 0
    assert told["failures"]["other"] == 0
    assert told["accepted"] > 100
    assert {"memory.service", "memory.simulator", "queue"} <= set(told["growth"])


def test_a_run_that_sends_nothing_proves_nothing(tmp_path: Path, card: dict[str, Any]):
    code, said = locust(card, "-u", "2", "-r", "2", "-t", "1s", "Reporter", cwd=tmp_path)
    assert code == Exit.NOTHING_RAN, said
    assert "nothing ran" in said


@pytest.mark.parametrize(
    ("bug", "crossed"),
    [("boundary-6-7", {"truth misfiled", "truth nps.delta"}), ("double-count", {"truth duplicated"}),
     ("tag-lost", {"truth lost"})],
)  # fmt: skip
def test_a_planted_bug_crosses_its_threshold_and_the_culprits_are_named(
    tmp_path: Path, calm: Path, bug: str, crossed: set[str]
):
    code, said = load("--bug", bug, "--time", "3s", "--thresholds", calm, cwd=tmp_path)
    assert code == Exit.WRONG_ANSWER, said
    told = verdict(tmp_path)
    assert crossed <= {each["name"] for each in told["thresholds"] if not each["kept"]}
    assert told["culprits"]
    culprit = told["culprits"][0]
    assert re.fullmatch(r"\+324\d{8}", culprit["address"])
    assert culprit["should"] != culprit["counted"]
    assert culprit["request"] in said
    failures = parse(tmp_path / "belfort-report" / "junit.xml").findall(".//failure")
    assert any(culprit["request"] in (failure.text or "") for failure in failures)


def test_a_threshold_that_matches_nothing_is_crossed_and_every_file_is_written(tmp_path: Path):
    lines = tmp_path / "lines.toml"
    lines.write_text('[requests]\n"POST /nowhere" = ["p95 < 1s"]\n[offered]\nshortfall = ["< 20%"]')
    more = ("--users", 5, "--rate", 5_000, "--thresholds", lines)
    code, said = load("--time", "2s", *more, cwd=tmp_path)
    assert code == Exit.THRESHOLD, said
    assert "FAIL  requests POST /nowhere" in said
    assert "FAIL  offered shortfall" in said
    folder = tmp_path / "belfort-report"
    assert {path.name for path in folder.iterdir()} == {
        "index.html", "locust.html", "locust_stats.csv", "locust_failures.csv", "junit.xml", "verdict.json"
    }  # fmt: skip
    page = (folder / "index.html").read_text()
    assert page.count("<polyline") >= 8
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


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


def test_a_user_who_has_no_survey_yet_can_be_stopped(tmp_path: Path):
    program = (
        "import sys; sys.path.insert(0, 'loadtests')\n"
        "from locust.env import Environment\n"
        "from users.sender import Sender\n"
        "Sender(Environment()).on_stop()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


FIRST_STEPS = str(Path(__file__).parents[2] / "scenarios" / "first_steps.belfort.yaml")
STORY = """
belfort: 1
story: Somebody gives us a 9.
people:
  Lies: +32 450 00 09 LL
steps:
  - create_survey: waffles
    ask: {nl-BE: "0-10?"}
  - send: waffles
    to: Lies
  - advance: 1h
  - report: waffles
    is: {requests: 1, good: 1}
"""


def test_a_scenario_is_played_again_and_again_and_judged(tmp_path: Path):
    (tmp_path / "nine.belfort.yaml").write_text(STORY)
    code, said = load("--scenario", "nine.belfort.yaml", "--users", 3, "--time", "2s", cwd=tmp_path)
    assert code == Exit.WELL, said
    assert verdict(tmp_path)["stories"]["passed"] >= 3
    assert "pass  truth stories" in said


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("smke",), Exit.USAGE, "there is no shape 'smke'"),
        (("--time", "soon"), Exit.USAGE, "--time soon"),
        (("--users", "0"), Exit.USAGE, "--users begins above 0"),
        (("--bug", "boundary-6-7", "--against", "http://127.0.0.1:9"), Exit.USAGE, "leave out --against"),
        (("--bug", "moth"), Exit.USAGE, "no bug 'moth'"),
        (("--workers", "2"), Exit.USAGE, "--database-url"),
        (("--workers", "0"), Exit.USAGE, "--workers begins above 0, and is 0"),
        (("--scenario", "nowhere.belfort.yaml"), Exit.USAGE, "nowhere.belfort.yaml"),
        (("--scenario", FIRST_STEPS, "--workers", "2"), Exit.USAGE, "leave out --workers"),
        (("--against", "http://127.0.0.1:9"), Exit.ENVIRONMENT, "no answer from http://127.0.0.1:9"),
    ],
)
def test_a_wrong_question_is_refused_before_anything_runs(
    tmp_path: Path, arguments: tuple[str, ...], code: Exit, told: str
):
    ended, said = load(*arguments, cwd=tmp_path)
    assert (ended, told in said) == (code, True), said
    assert not (tmp_path / "belfort-report").exists()


def test_a_wrong_line_of_the_thresholds_ends_with_file_and_line(tmp_path: Path):
    lines = tmp_path / "lines.toml"
    lines.write_text('[requests]\n"GET /report" = ["p95 < soon"]')
    code, said = load("--thresholds", lines, "--against", "http://127.0.0.1:9", cwd=tmp_path)
    assert (code, f"{lines}, line 2" in said) == (Exit.USAGE, True), said


def test_without_locust_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Any):
    from belfort.__main__ import main

    monkeypatch.setattr("belfort.commands.load.find_spec", lambda name: None)
    assert main(["load"]) == Exit.ENVIRONMENT
    assert "belfort[load]" in capsys.readouterr().err
