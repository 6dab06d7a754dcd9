"""The plug-in where it will live: in a foreign project, which has packages called `service` and `simulator`
itself, installed in an environment of its own that knows nothing of Belfort.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
HERE = Path(sysconfig.get_path("purelib"))
BELFORT = Path(sys.executable).with_name("belfort")
NEEDED = (
    "pytest", "_pytest", "py.py", "pluggy", "iniconfig", "packaging", "pygments", "xdist", "execnet",
    *("pytest-*.dist-info", "pluggy-*.dist-info", "pytest_xdist-*.dist-info"),
)  # fmt: skip
"""What pip would install beside the plug-in; taken from here, so that no test needs a network."""
ASKING = {"BELFORT_CONTROL_TOKEN": "for those who may"}
THEIRS = "raise AssertionError('Belfort imported the project under test')"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with pytest, pytest-xdist and the plug-in's wheel."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    site = next(home.glob("lib/python3*/site-packages"))
    for pattern in NEEDED:
        for found in HERE.glob(pattern):
            (site / found.name).symlink_to(found)
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", home, PROJECT], **quiet)
    (wheel,) = home.glob("pytest_belfort-*.whl")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], **quiet)
    return python


class Foreign:
    """Somebody's project, and a way to run its tests."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder, self._python = folder, python
        for name in ("service", "simulator", "belfort"):
            (folder / name).mkdir(parents=True)
            (folder / name / "__init__.py").write_text("whose = 'theirs'\n")
            (folder / name / "app.py").write_text(THEIRS)

    def test(self, text: str, *options: str, **environment: str) -> tuple[int, str]:
        """The exit code and output of pytest on a file with this text."""
        (self.folder / "test_theirs.py").write_text(text)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        mine = {"BELFORT_COMMAND": str(BELFORT), "PYTHONPATH": str(self.folder), **kept, **environment}
        done = subprocess.run(
            [self._python, "-m", "pytest", "-p", "no:cacheprovider", *options],
            cwd=self.folder, env=mine, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def foreign(tmp_path: Path, python: Path) -> Foreign:
    return Foreign(tmp_path / "project", python)


FIRST = """
import service, simulator

def test_a_promoter_counts(belfort, phone):
    survey = belfort.surveys.create()
    belfort.surveys.send(survey, phone(score=9), phone(score=3), segments=["gold"])
    belfort.clock.advance("1h")
    report = belfort.surveys.report(survey, segments="gold")
    assert report["nps"] == {"promoters": 1, "detractors": 1, "score": 0}
    belfort.truth.agrees(survey)

def test_everybody_may_be_asked_again(belfort, phone):
    survey = belfort.surveys.create(nl_BE="0-10?")
    same = [f"+3245000{score:02}{lane:02}" for score in (3, 9) for lane in range(100)]
    assert belfort.surveys.send(survey, *same)["accepted"] == 200
    assert belfort.journal()[0]["kind"] != "mt.submitted"

def test_people_do_as_they_are_told(belfort, phone):
    twice, stops, quiet = phone(says=[9, 3]), phone(family=2, parameter=9), phone(family=3)
    survey = belfort.surveys.create()
    belfort.surveys.send(survey, twice, stops, quiet)
    assert belfort.wait(to=quiet, state="submitted")["to"] == quiet
    belfort.clock.advance("1h")
    assert [message["state"] for message in quiet.messages] == ["delivered"]
    quiet.reply("ok dan, een 8", score=8)
    belfort.clock.advance("1m")
    belfort.truth.agrees()
    assert belfort.truth.report(survey)["responseStatistics"]["badResponses"] == 1
    assert belfort.truth.report(survey)["nps"] == {"promoters": 1, "detractors": 0, "score": 50}

def test_a_token_that_is_over_is_asked_for_anew(belfort):
    belfort.token = "over"
    assert belfort.surveys.list() == []

def test_faults_end_with_the_test(belfort, phone):
    assert belfort.faults.show()["faults"] == []
    belfort.faults.add("report_lost")
    assert belfort.faults.show()["faults"]

def test_faults_have_ended(belfort):
    assert belfort.faults.show()["faults"] == []
    assert service.whose == simulator.whose == "theirs"
"""


def test_a_foreign_project_with_packages_of_the_same_names_tests_with_people_who_answer(foreign: Foreign):
    code, said = foreign.test(FIRST, "-n", "2", **ASKING)
    assert code == 0, said
    assert "6 passed" in said


FAILING = """
def test_too_good_to_be_true(belfort, phone):
    survey = belfort.surveys.create()
    belfort.surveys.send(survey, phone(score=6))
    belfort.clock.advance("1h")
    print("phone", phone(score=6))
    assert belfort.surveys.report(survey)["nps"]["score"] == 100
"""


def test_a_failure_shows_seed_and_journal_and_repeats(foreign: Foreign):
    code, said = foreign.test(FAILING)
    assert code == 1, said
    assert "reply.written" in said
    assert "mt.submitted" in said
    found = re.search(r"Reproduce with:\n  pytest '(.*)' (--belfort-seed=\d+)", said)
    assert found is not None, said
    code, again = foreign.test(FAILING, found[1], found[2])
    assert code == 1
    number = re.search(r"phone (\+32450\d+)", said)
    assert number is not None
    assert number[0] in again


def test_a_bug_in_the_service_fails_the_test_with_what_people_wrote(foreign: Foreign):
    """The harness started with a planted bug: the test that holds report against truth finds it."""
    code, said = foreign.test(WRONG, BELFORT_COMMAND=str(buggy(foreign)))
    assert code == 1, said
    assert "report and truth differ" in said
    assert "wrote ['7']" in said


WRONG = """
def test_a_seven_is_passive(belfort, phone):
    survey = belfort.surveys.create()
    belfort.surveys.send(survey, phone(score=7))
    belfort.clock.advance("1h")
    belfort.truth.agrees(survey)
"""


def buggy(foreign: Foreign) -> Path:
    script = foreign.folder / "belfort-with-a-bug"
    script.write_text(f'#!/bin/sh\nexec "{BELFORT}" "$@" --bug boundary-6-7\n')
    script.chmod(0o755)
    return script


def test_until_it_is_used_it_says_and_starts_nothing(foreign: Foreign):
    code, said = foreign.test(
        "import sys\n"
        "def test_alone():\n"
        "    assert 'pytest_belfort.client' not in sys.modules\n"
        "    assert 'pytest_belfort.harness' not in sys.modules\n",
        BELFORT_COMMAND="/nowhere/belfort",
    )
    assert code == 0, said
    assert "belfort" not in said.replace("belfort-0.1.0", "")


def test_a_harness_that_does_not_start_is_one_clear_failure(foreign: Foreign):
    for command in ("/nowhere/belfort", "sh -c 'echo the port is taken >&2; exit 4'"):
        code, said = foreign.test(FAILING, BELFORT_COMMAND=command)
        assert code == 1
        assert "did not start" in said
        assert "BELFORT_COMMAND" in said
        assert "Traceback" not in said
    assert "the port is taken" in said


def test_the_readme_shows_the_example_as_it_is():
    _, _, example = (PROJECT / "example.py").read_text().partition("\n\n\n")
    shown = (PROJECT / "README.md").read_text()
    assert re.sub(r" +#", " #", example) in re.sub(r" +#", " #", shown)


def test_workers_share_a_running_harness_without_meeting(foreign: Foreign):
    """Four workers, one harness at BELFORT_URL: nobody resets, everybody has phones of their own."""
    text = """
import pytest

@pytest.mark.parametrize("count", range(12))
def test_mine(belfort, phone, count):
    survey = belfort.surveys.create()
    assert belfort.surveys.send(survey, phone(score=9), phone(score=0))["accepted"] == 2
    belfort.clock.advance("1h")
    belfort.truth.agrees(survey)
    assert belfort.surveys.report(survey)["nps"] == {"promoters": 1, "detractors": 1, "score": 0}
"""
    up = subprocess.Popen(
        [BELFORT, "up", "--json", "--tied", "--port", "0", "--clock", "frozen"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("BELFORT_")} | ASKING,
    )  # fmt: skip
    assert up.stdout
    assert up.stdin
    with up:
        try:
            card = json.loads(up.stdout.readline())
            where = {"BELFORT_URL": card["service"], "BELFORT_CONTROL": card["control"]}
            code, said = foreign.test(text, **where)
            assert (code, "asks for its control token" in said) == (1, True), said
            where |= ASKING
            code, said = foreign.test(text, "-n", "4", **where)
            assert code == 0, said
            code, said = foreign.test(text, **where)
            assert code == 0, said
        finally:
            up.stdin.close()


def test_no_orphan_is_left_when_the_tests_are_killed(foreign: Foreign):
    pid = foreign.folder / "pid"
    script = foreign.folder / "noting"
    script.write_text(f'#!/bin/sh\necho $$ > {pid}\nexec "{BELFORT}" "$@"\n')
    script.chmod(0o755)
    text = "import os, signal\ndef test_dies(belfort):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    code, _ = foreign.test(text, BELFORT_COMMAND=str(script))
    assert code == -9
    done = subprocess.run(
        ["timeout", "20", "tail", f"--pid={pid.read_text().strip()}", "-f", "/dev/null"], check=False
    )
    assert done.returncode == 0, "the harness outlived its tests"
