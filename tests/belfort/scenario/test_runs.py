"""Scenarios played for real: by the command, by pytest, in parallel, and what is said when they fail."""

from __future__ import annotations

import re
import shlex
import signal
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from belfort.exits import Exit
from belfort.scenario.outcome import Beside, Event, Outcome, Verdict
from belfort.scenario.telling import failure
from tests.belfort.junit import complaints
from tests.belfort.scenario.runs import FAILING, WELL, belfort, pytest_, started, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str, name: str = "s.belfort.yaml") -> str:
    (folder / name).write_text(text)
    return name


def test_a_failure_shows_the_line_what_was_expected_what_was_seen_and_lines_that_repeat_it(folder: Path):
    done = pytest_(write(folder, FAILING), cwd=folder)
    said = told(done)
    assert done.returncode == Exit.CHECK_FAILED, said
    assert "s.belfort.yaml:13: The report on waffles is promoters 2." in said
    assert "expected  promoters 2\n" in said
    assert "saw       promoters 1\n" in said
    assert "every report agrees with the truth; people wrote:\n" in said
    assert re.search(r"^    \w+ “9”, meant 9$", said, re.M), said
    assert "Traceback" not in said
    repeats = said.partition("Reproduce with:\n")[2].splitlines()[:2]
    assert repeats[0].split()[:2] == ["belfort", "run"]
    assert repeats[1].split()[0] == "pytest"
    for line in repeats:
        _, *arguments = shlex.split(line)
        again = belfort(*arguments[1:], cwd=folder) if "run" in arguments else pytest_(*arguments, cwd=folder)
        assert again.returncode == Exit.CHECK_FAILED, told(again)
        assert "saw       promoters 1\n" in told(again)


def test_from_another_folder_the_file_is_named_as_it_is_reached_from_there(folder: Path):
    write(folder, FAILING)
    here = folder / "elsewhere"
    here.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    for done in (belfort("../s.belfort.yaml", cwd=here), pytest_("../s.belfort.yaml", cwd=here)):
        assert "\n  belfort run ../s.belfort.yaml --seed" in told(done)
        assert "../s.belfort.yaml:13: The report on waffles" in told(done)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--bug", "boundary6-7"), ("--bug", "boundary-6-7", "--against", "http://127.0.0.1:9"),
        ("--control", "http://127.0.0.1:9"), ("--seed", "-1"), ("--lane", "100"), ("--against", "foo"),
        ("--against", "http://127.0.0.1:9", "--control", "foo"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_said_before_anything_runs(folder: Path, wrong: tuple[str, ...]):
    done = belfort(write(folder, WELL), *wrong, cwd=folder)
    assert done.returncode == Exit.USAGE, told(done)
    assert "Traceback" not in told(done)


def test_a_planted_bug_is_a_wrong_answer_with_a_culprit_and_the_files_tell_of_it(folder: Path):
    files = ("--junit", "j.xml", "--html", "out/p.html", "--github")
    done = belfort(write(folder, WELL), "--bug", "boundary-6-7", *files, cwd=folder)
    said = told(done)
    assert done.returncode == Exit.WRONG_ANSWER, said
    assert re.search(r"culprit Tom \(\+324500007\d\d\): wrote “7”; meant 7\n +should count as a passive; "
                     r"was counted as a detractor", said), said  # fmt: skip
    assert re.search(r"^::error file=s\.belfort\.yaml,line=13,col=5,title=s%3A wrong answer::", said, re.M), (
        said
    )
    assert re.search(r"belfort run s\.belfort\.yaml --seed \d+ --bug boundary-6-7$", said, re.M), said
    (failed,) = parse(folder / "j.xml").iter("failure")  # noqa: S314  # written by our own child
    assert "culprit Tom" in (failed.text or "")
    assert complaints(folder / "j.xml") == []
    page = (folder / "out" / "p.html").read_text()
    assert "was counted as <b>a detractor</b>" in page


def test_an_annotation_names_the_file_as_the_repository_has_it(folder: Path):
    here = folder / "sub"
    here.mkdir()
    actions = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(folder)}
    done = belfort(write(here, FAILING), cwd=here, **actions)
    assert "\n::error file=sub/s.belfort.yaml,line=13,col=5,title=s%3A failed::" in done.stdout, told(done)


def test_control_c_ends_it_in_order_and_with_its_own_code(folder: Path):
    many = ", ".join(f"{{n: {number}}}" for number in range(200))
    write(folder, f"cases: [{many}]\n{WELL}")
    with started(".", cwd=folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ok ")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED


def test_what_was_too_much_to_compare_is_said(folder: Path):
    """Ten people with four tags each: 61 combinations, for the survey and for all surveys."""
    many = [f"P{n}: +32 450 00 09 LL" if n == 0 else f"P{n}: +32 450 9{n} 01 LL" for n in range(10)]
    sends = [f"  - send: waffles\n    to: P{n}\n    segments: [a{n}, b{n}, c{n}, d{n}]\n" for n in range(10)]
    people, survey = (
        "".join(f"  {each}\n" for each in many),
        '  - create_survey: waffles\n    ask: {nl-BE: "0-10?"}\n',
    )
    text = f"belfort: 1\nstory: Tags.\npeople:\n{people}steps:\n{survey}{''.join(sends)}"
    done = belfort(write(folder, text), "--html", "p.html", cwd=folder)
    assert done.returncode == Exit.WELL, told(done)
    assert "120 reports compared with the truth, 2 more were not: too many for one story\n" in done.stdout
    assert "120 reports compared, 2 more were not<" in (folder / "p.html").read_text()


def test_two_at_a_time_each_on_a_harness_of_its_own(folder: Path):
    for name in ("a.belfort.yaml", "b.belfort.yaml"):
        write(folder, WELL, name)
    write(folder, "def test_python(): raise SystemExit\n", "test_not_ours.py")
    done = belfort(".", "-n", "2", cwd=folder)
    assert done.returncode == Exit.WELL, told(done)
    assert "2 passed" in done.stdout


def test_an_invalid_file_stops_everything_before_anything_runs(folder: Path):
    write(folder, WELL, "a.belfort.yaml")
    write(folder, WELL.replace("advance", "advanse"), "b.belfort.yaml")
    done = belfort(".", cwd=folder)
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert "b.belfort.yaml:12:5: unknown verb 'advanse'; did you mean advance?" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), Exit.USAGE, "which scenarios?"),
        (("none.belfort.yaml",), Exit.USAGE, "No such file"),
        ((".",), Exit.NOTHING_RAN, "no scenario"),
        (("--explian", "x"), Exit.USAGE, "--explain"),
        (("page.md",), Exit.USAGE, "page.md is no scenario: its name does not end with .belfort.yaml"),
        (("s.belfort.yaml", "-n", "-1"), Exit.USAGE, "--workers takes a number"),
    ],
)
def test_wrong_usage_is_told_from_nothing_to_run(folder: Path, arguments, code, words):
    (folder / "page.md").write_text("# No scenario")
    if "-n" in arguments:
        write(folder, WELL)
    done = belfort(*arguments, cwd=folder)
    assert done.returncode == code, told(done)
    assert words in told(done)


def test_nothing_matches_and_nobody_answers(folder: Path):
    name = write(folder, WELL)
    absent = belfort(name, "-k", "absent", cwd=folder)
    assert absent.returncode == Exit.NOTHING_RAN
    assert "nothing matches -k 'absent'; there is s\n" in absent.stderr
    away = belfort(name, "--against", "http://127.0.0.1:9", "--control", "http://127.0.0.1:9", cwd=folder)
    assert away.returncode == Exit.ENVIRONMENT, told(away)
    assert "no answer from http://127.0.0.1:9" in told(away)


def test_explain_says_each_step_and_does_nothing(folder: Path):
    behaves = "{number: +32 450 00 07 LL, says: [9, {text: '7,5', means: not_integer, after: 2h}], after: 5m}"
    done = belfort(write(folder, WELL.replace("+32 450 00 07 LL", behaves)), "--explain", cwd=folder)
    assert done.returncode == Exit.WELL
    assert "   2. Send waffles to everyone, tagged gold.  (line 9)\n" in done.stdout
    assert "; writes 9; writes “7,5” after 2h, meaning not integer; takes 5m to answer\n" in done.stdout


def test_cases_that_are_named_one_by_one_are_explained_once_each(folder: Path):
    name = write(folder, f"cases: [{{case: dutch}}, {{case: french}}]\n{WELL}")
    done = belfort(f"{name}::s[dutch]", f"{name}::s[french]", "--explain", cwd=folder)
    assert re.findall(r"^s\[(\w+)\]: ", done.stdout, re.M) == ["dutch", "french"], told(done)


def test_a_case_that_is_not_there_is_said_before_anything_runs(folder: Path):
    name = write(folder, f"cases: [{{case: dutch}}, {{case: french}}]\n{WELL}")
    for more in ((), ("--explain",)):
        done = belfort(f"{name}::s[duch]", *more, cwd=folder)
        assert done.returncode == Exit.USAGE, told(done)
        assert "no case 's[duch]' in s.belfort.yaml; did you mean s[dutch]?" in done.stderr


def test_reports_that_were_not_compared_are_not_said_to_agree():
    wrote = Event("", "Lies", "wrote", "9", "9")
    outcome = Outcome("s", "", "", "", 1, 2, verdict=Verdict.FAILED, events=[wrote])
    assert "no report was compared; people wrote:" in failure(outcome)
    outcome.compared.append(Beside("waffles", {"score": (1, 1)}))
    assert "every report agrees with the truth; people wrote:" in failure(outcome)
    outcome.uncompared = 2
    assert "1 reports agree with the truth, 2 more were not compared; people wrote:" in failure(outcome)


def test_pytest_users_without_scenarios_pay_next_to_nothing(folder: Path):
    """The plug-in stands in everybody's test runs: it must not bring the harness along."""
    heavy = "{'aiohttp', 'yaml', 'belfort.client'}"
    test = f"import sys\ndef test_light():\n    assert not {heavy} & set(sys.modules)\n"
    write(folder, test, "test_light.py")
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = pytest_("-p", "belfort.scenario.plugin", "test_light.py", cwd=folder, **alone)
    assert done.returncode == 0, told(done)
