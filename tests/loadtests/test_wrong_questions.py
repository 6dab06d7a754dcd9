"""What cannot be run is told before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from belfort.exits import Exit
from tests.loadtests.runs import ROOT, TOKEN, load

FIRST_STEPS = str(ROOT / "scenarios" / "first_steps.belfort.yaml")


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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--control-token", "for nobody"), "401 this simulator asks for its control token"),
        (("--control-token", TOKEN, "--client-secret", "guessed"), "401 The client is unknown"),
        (("--control-token", TOKEN, "--report", "/dev/null/report"), "the report cannot be written"),
    ],
)
def test_who_may_not_is_told_so(tmp_path: Path, card: dict[str, Any], arguments: tuple[str, ...], told: str):
    where = ("--against", card["service"], "--control", card["control"])
    ended, said = load(*where, *arguments, cwd=tmp_path)
    assert (ended, told in said, "Traceback" in said) == (Exit.ENVIRONMENT, True, False), said


def test_a_control_api_that_is_none_is_told_and_no_older_verdict_stands_beside(
    tmp_path: Path, card: dict[str, Any]
):
    report = tmp_path / "belfort-report"
    report.mkdir()
    for name in ("verdict.json", "junit.xml", "index.html"):
        (report / name).write_text("all well")
    ended, said = load("--against", card["service"], "--control", f"{card['service']}/docs#", cwd=tmp_path)
    assert (ended, "an answer that is no JSON" in said, "Traceback" in said) == (
        Exit.ENVIRONMENT,
        True,
        False,
    ), said
    assert not list(report.iterdir())
