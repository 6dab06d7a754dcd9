"""One running harness for many: stories in parallel do not meet, under pytest and under Locust."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from belfort.exits import Exit
from belfort.scenario.borrowed import turn
from belfort.scenario.load import is_well, run_scenario
from belfort.scenario.outcome import Verdict
from tests.belfort.child import belfort
from tests.belfort.contract.bending import Forward, Passing, Proxy
from tests.belfort.contract.nonsense import MISFITS
from tests.belfort.scenario.runs import HEAD, WELL, pytest_, told

ROOT = Path(__file__).parents[3]
STORIES = 8
MEETING = (
    WELL
    + """\
  - report: all surveys
    segments: [gold, web]
    mode: ANY
    is: {requests: 2, promoters: 1, passives: 1}
  - report: all surveys
    is: {requests: 2}
"""
)
"""Each sends with the segment gold and asks for it over all surveys of the account."""


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, Any]]:
    with belfort("up", "--json", "--tied", "--port", "0", "--clock", "frozen") as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())


def where(card: dict[str, Any]) -> dict[str, str]:
    return {"BELFORT_URL": card["service"], "BELFORT_CONTROL": card["control"]}


def asked(card: dict[str, Any]) -> list[str]:
    """Everybody who was written to, in order."""
    with urllib.request.urlopen(f"{card['control']}/control/v1/messages?limit=1000") as answer:  # noqa: S310
        return [message["to"] for message in json.load(answer)["messages"]]


def test_eight_stories_on_four_workers_do_not_meet_on_one_harness(card: dict[str, Any], tmp_path: Path):
    for number in range(STORIES):
        (tmp_path / f"s{number}.belfort.yaml").write_text(MEETING)
    before = len(asked(card))
    done = pytest_("-q", "-n", "4", ".", cwd=tmp_path, **where(card))
    assert done.returncode == 0, told(done)
    assert f"{STORIES} passed" in done.stdout
    people = asked(card)[before:]
    assert len(set(people)) == len(people) == 2 * STORIES


def test_a_story_that_needs_a_harness_of_its_own_is_left_out_and_says_why(
    card: dict[str, Any], tmp_path: Path
):
    (tmp_path / "s.belfort.yaml").write_text("harness: {profile: instant}\n" + HEAD)
    (outcome,) = run_scenario(tmp_path / "s.belfort.yaml", url=card["service"], control=card["control"])
    assert outcome.verdict is Verdict.SKIPPED
    assert outcome.reason == "it sets profile, which takes a harness of its own"


@pytest.mark.parametrize("to", ["{inhabitants: 2}", '{family: "00"}'])
def test_a_lane_in_which_people_were_written_to_by_mail_lately_is_not_used_again(
    card: dict[str, Any], tmp_path: Path, to: str
):
    path = tmp_path / "s.belfort.yaml"
    ask = f"    to: {to}\n    by: EMAIL\n    language: nl-BE\n  - advance: 1m\n"
    path.write_text(WELL.partition("    to:")[0] + ask)
    first, again = (run_scenario(path, url=card["service"], control=card["control"])[0] for _ in range(2))
    assert is_well(first), first.saw
    assert is_well(again), again.saw
    assert first.lane != again.lane


def test_a_failure_on_a_shared_harness_says_where_and_in_which_lane(card: dict[str, Any], tmp_path: Path):
    path = tmp_path / "s.belfort.yaml"
    path.write_text(HEAD + "  - report: waffles\n    is: {promoters: 7}\n")
    first, again = (run_scenario(path, url=card["service"], control=card["control"])[0] for _ in range(2))
    assert not is_well(first)
    assert first.saw == again.saw == "promoters 1"
    assert first.lane != again.lane
    (line, _) = again.reproduce()
    assert f"--against {card['service']} --control {card['control']}" in line


async def test_who_waits_to_be_alone_with_the_world_is_not_passed_by(tmp_path: Path):
    order = []

    async def take(*, alone: bool) -> None:
        async with turn(str(tmp_path), alone=alone):
            order.append(alone)

    async with turn(str(tmp_path), alone=False):
        tasks = []
        for alone in (True, False):
            tasks.append(asyncio.create_task(take(alone=alone)))
            await asyncio.sleep(0)
        assert order == []
    await asyncio.gather(*tasks)
    assert order == [True, False]


def test_on_a_clock_that_runs_by_itself_nobody_waits_for_hours(tmp_path: Path):
    path = tmp_path / "s.belfort.yaml"
    path.write_text(HEAD + "  - expect: nothing\n    to: +32 450 00 01 LL\n    within: 3h\n")
    with belfort("up", "--json", "--tied", "--port", "0") as child:
        assert child.stdout is not None
        real = json.loads(child.stdout.readline())
        (outcome,) = run_scenario(path, url=real["service"], control=real["control"])
    assert is_well(outcome), outcome.saw
    assert outcome.seconds < 60


def test_a_story_may_wait_longer_for_its_turn_than_a_test_may_take(card: dict[str, Any], tmp_path: Path):
    (tmp_path / "s.belfort.yaml").write_text(WELL)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntimeout = 0.05\n")
    done = pytest_("-q", ".", cwd=tmp_path, **where(card))
    assert done.returncode == 0, told(done)


@pytest.mark.parametrize("which", ["/surveys", "/send", "/report"])
async def test_whatever_a_service_answers_a_story_fails_and_says_so(
    card: dict[str, Any], tmp_path: Path, which: str
):
    path = tmp_path / "s.belfort.yaml"
    path.write_text(WELL)
    odd: dict[str, Any] = {}

    async def bend(call: Passing, forward: Forward) -> Passing:
        answer = await forward(call)
        return answer.saying(odd["said"]) if call.url.partition("?")[0].endswith(which) else answer

    async with Proxy(card["service"], bend).open() as proxy:
        for what in ("nothing", "a text", "a list of lists", "members of wrong types", "nulls inside"):
            odd["said"] = MISFITS[what]
            play = partial(run_scenario, path, url=proxy.url, control=card["control"])
            (outcome,) = await asyncio.to_thread(play)
            assert outcome.verdict is Verdict.FAILED, what
            assert f"{which}" in outcome.saw, what
            assert "was answered with" in outcome.saw, what


async def test_a_report_may_take_as_long_to_be_true_as_the_story_says(card: dict[str, Any], tmp_path: Path):
    path = tmp_path / "s.belfort.yaml"
    path.write_text(HEAD + "  - report: waffles\n    is: true\n    within: 5m\n")
    reports: list[Passing] = []

    async def bend(call: Passing, forward: Forward) -> Passing:
        answer = await forward(call)
        if not call.url.partition("?")[0].endswith("/report"):
            return answer
        reports.append(answer)
        early = answer.json | {"nps": {"promoters": 0, "detractors": 0, "score": None}}
        return answer.saying(early) if len(reports) == 1 else answer

    async with Proxy(card["service"], bend).open() as proxy:
        play = partial(run_scenario, path, url=proxy.url, control=card["control"])
        (outcome,) = await asyncio.to_thread(play)
    assert outcome.verdict is Verdict.PASSED, outcome.saw


def test_a_wrong_secret_is_the_environments_trouble_and_lines_that_repeat_it_say_who_called(
    card: dict[str, Any], tmp_path: Path
):
    path = tmp_path / "s.belfort.yaml"
    path.write_text(WELL)
    (outcome,) = run_scenario(
        path, url=card["service"], control=card["control"], client_id="x", client_secret="y"
    )
    assert outcome.verdict is Verdict.TROUBLE
    assert outcome.verdict.exit == Exit.ENVIRONMENT
    assert (outcome.line, outcome.column) == (7, 5)
    assert "are client id and secret right?" in outcome.reason
    assert all(line.endswith("client-id x") for line in outcome.reproduce())


def test_the_same_story_is_a_user_of_locust(card: dict[str, Any], tmp_path: Path):
    (tmp_path / "s.belfort.yaml").write_text(WELL)
    options = [
        "--headless",
        "-u",
        "3",
        "-r",
        "3",
        "-t",
        "2s",
        "--stop-timeout",
        "60",
        "--json",
        "--loglevel",
        "WARNING",
    ]
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "stories.py"), *options]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "BELFORT_STORIES": str(tmp_path / "s.belfort.yaml"),
    }
    done = subprocess.run(
        command, env=environment | where(card), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, told(done)
    (row,) = json.loads(re.search(r"^\[.*^\]", done.stdout, re.M | re.S)[0])  # type: ignore[index]
    assert row["name"] == "s"
    assert row["num_requests"] >= 3
    assert row["num_failures"] == 0
