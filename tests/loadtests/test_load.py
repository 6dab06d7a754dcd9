"""Whole runs: red with bugs and who they befell, every file of the report, stories under load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from belfort.exits import Exit
from tests.loadtests.browser import at_first_sight, drawn, opened
from tests.loadtests.runs import load, verdict


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
    with opened(tmp_path / "belfort-report" / "index.html") as page:
        assert page.locator("header .verdict").inner_text().startswith("wrong answer")
        assert page.locator("header .verdict").inner_text().endswith("exit 98")
        assert drawn(page) >= {"Calls a second", "Latency of calls", "Flows, p95", "Users", "Memory"}
        assert at_first_sight(page.get_by_text(culprit["address"]).first)
        assert page.get_by_text(culprit["request"]).is_visible()
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
    with opened(folder / "index.html") as page:
        for link in page.locator("a").all():
            assert (folder / (link.get_attribute("href") or "nowhere")).is_file()


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
