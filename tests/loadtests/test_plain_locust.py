"""Locust without our command, against a harness that somebody has running: ours, or a foreign service."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from belfort.exits import Exit
from tests.loadtests.disturbance import disturbed
from tests.loadtests.runs import LOCUST, ROOT, TOKEN, inject, locust, program, verdict, whereabouts


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


def test_a_user_who_has_no_survey_yet_can_be_stopped(tmp_path: Path):
    program = (
        "import sys; sys.path.insert(0, 'loadtests')\n"
        "from locust.env import Environment\n"
        "from users.sender import Sender\n"
        "Sender(Environment()).on_stop()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_who_asks_for_nothing_gets_the_smoke_test(tmp_path: Path, card: dict[str, Any]):
    command, own = [*LOCUST, "--only-summary"], {**os.environ, **whereabouts(card)}
    code, said = disturbed(
        command, tmp_path, after="20 total users", harm=lambda pid: os.kill(pid, signal.SIGINT), environ=own
    )
    assert code == Exit.INTERRUPTED, said
    assert verdict(tmp_path)["shape"] == "smoke"


def test_a_foreign_service_that_counts_wrongly_is_found_and_nobody_is_accused_on_its_word(
    tmp_path: Path, calm: Path
):
    """Its reports know no period, so they cannot tell who is behind it."""
    ports = (f"--{door}-port=0" for door in ("control", "gateway", "smpp", "smtp"))
    simulator = ("belfort", "simulator", "--json", "--tied", "--profile", "instant", *ports)
    with program(*simulator, BELFORT_CONTROL_TOKEN=TOKEN) as ours:
        foreign = ("tests.foreign.survey_service", "--gateway", ours["gateway"], "--reader", "hurried")
        with program(*foreign) as theirs:
            users = ("-u", "6", "-r", "6", "-t", "3s", "Sender", "BatchSender")
            code, said = locust({**ours, **theirs}, *users, cwd=tmp_path, BELFORT_THRESHOLDS=str(calm))
    assert code == Exit.WRONG_ANSWER, said
    told = verdict(tmp_path)
    assert {each["name"]: each["seen"] for each in told["thresholds"]}["truth misfiled"] > 0
    assert not told["culprits"]
    assert any("reports do not keep to their period" in remark for remark in told["remarks"])


def test_a_report_that_cannot_be_written_is_told_with_the_verdict(
    tmp_path: Path, calm: Path, card: dict[str, Any]
):
    (tmp_path / "belfort-report" / "locust.html").mkdir(parents=True)
    more = {"BELFORT_THRESHOLDS": str(calm)}
    code, said = locust(card, "-u", "4", "-r", "4", "-t", "1s", "Sender", cwd=tmp_path, **more)
    assert code == Exit.ENVIRONMENT, said
    assert "pass  truth lost" in said
    assert "the report cannot be written" in said
    told = verdict(tmp_path)
    assert (told["exit"], told["verdict"] in said) == (code, True)
    assert "the report cannot be written" in told["remarks"][-1]
