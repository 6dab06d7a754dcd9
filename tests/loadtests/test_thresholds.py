"""Thresholds: what is read, what is refused with its line, what is judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from thresholds import BadThresholds, Row, judge, read

SEND = "POST /surveys/{id}/send (1)"
FAST = Row(100, 0, 10.0, {"p50": 5.0, "p95": 20.0, "p99": 40.0, "mean": 7.0, "max": 41.0})
SINGLES = {
    "truth": {"lost": 0.0, "duplicated": 0.0, "misfiled": 0.0, "nps.delta": 0.0},
    "offered": {"shortfall": 0.01},
    "growth": {"memory.service": 0.12, "queue": 40.0},
}


def thresholds(tmp_path: Path, text: str):
    path = tmp_path / "thresholds.toml"
    path.write_text(text)
    return read(path)


def crossed(tmp_path: Path, text: str, rows=None, singles=None):
    measured = {"requests": {SEND: FAST}, "flows": {}} if rows is None else rows
    judged = judge(thresholds(tmp_path, text), measured, singles or SINGLES)
    return [f"{each.name} {each.threshold.written}: {each.told()}" for each in judged if not each.kept]


@pytest.mark.parametrize(
    "line", ["p95 < 250ms", "p95<0.25s", "failures < 1%", "failures == 0", "rate >= 10/s"]
)
def test_a_line_that_is_kept(tmp_path: Path, line: str):
    assert crossed(tmp_path, f'[requests]\n"{SEND}" = ["{line}"]') == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("p95 < 20ms", "p95 < 20ms: 20 ms"),
        ("p99 <= 0.039s", "p99 <= 0.039s: 40 ms"),
        ("rate > 10/s", "rate > 10/s: 10.0/s"),
        ("mean < 6ms", "mean < 6ms: 7 ms"),
    ],
)
def test_a_line_that_is_crossed_tells_what_was_seen(tmp_path: Path, line: str, told: str):
    assert crossed(tmp_path, f'[requests]\n"{SEND}" = ["{line}"]') == [f"{SEND} {told}"]


def test_failures_count_in_parts_and_in_pieces(tmp_path: Path):
    rows = {"requests": {SEND: Row(200, 3, 1.0, {})}}
    text = f'[requests]\n"{SEND}" = ["failures < 1%", "failures < 3", "failures < 2%"]'
    assert crossed(tmp_path, text, rows) == [f"{SEND} failures < 1%: 1.50%", f"{SEND} failures < 3: 3"]


def test_what_an_injected_fault_explains_is_no_failure(tmp_path: Path):
    rows = {"flows": {"submitted": Row(200, 0, 1.0, {}, expected=118)}}
    assert crossed(tmp_path, '[flows]\nsubmitted = ["failures == 0"]', rows) == []


def test_a_name_that_matches_nothing_is_crossed_and_says_what_there_is(tmp_path: Path):
    (told,) = crossed(tmp_path, '[requests]\n"POST /survey" = ["p95 < 1s"]')
    assert told == f"POST /survey p95 < 1s: matches nothing; there are: {SEND}"


def test_a_row_without_a_sample_is_crossed(tmp_path: Path):
    rows = {"flows": {"sent→delivered": Row(0, 0, 0.0, {})}}
    text = '[flows]\n"sent→delivered" = ["p95 < 1s", "rate < 5/s", "failures == 0"]'
    assert [told.rpartition(": ")[2] for told in crossed(tmp_path, text, rows)] == ["no sample"] * 3


def test_a_star_holds_every_row_that_matches(tmp_path: Path):
    rows = {"requests": {SEND: FAST, "GET /report": Row(10, 1, 1.0, {}), "POST /surveys": FAST}}
    assert crossed(tmp_path, '[requests]\n"*" = ["failures == 0"]', rows) == ["GET /report failures == 0: 1"]


@pytest.mark.parametrize("name", ["lost", "duplicated", "misfiled", "nps.delta"])
def test_what_the_file_does_not_say_of_the_truth_must_be_nothing(tmp_path: Path, name: str):
    singles = {**SINGLES, "truth": {**SINGLES["truth"], name: 1.0}}
    assert crossed(tmp_path, "", singles=singles) == [f"{name} == 0: 1"]
    assert crossed(tmp_path, f'[truth]\n"{name}" = ["< 2"]', singles=singles) == []


def test_what_grew_is_held_against_its_line(tmp_path: Path):
    text = '[growth]\n"memory.service" = ["< 10%", "< 15%"]\nqueue = ["< 100"]\n"latency.p95" = ["< 50%"]'
    assert crossed(tmp_path, text) == [
        "memory.service < 10%: 12.00%",
        "latency.p95 < 50%: not measured",
    ]


def test_of_stories_other_things_must_be_true(tmp_path: Path):
    path = tmp_path / "stories.toml"
    path.write_text("")
    assert [each.name for each in read(path, ("stories",))] == ["stories"]


def test_a_truth_that_was_not_measured_is_crossed(tmp_path: Path):
    singles = {**SINGLES, "truth": dict.fromkeys(SINGLES["truth"])}
    assert len(crossed(tmp_path, "", singles=singles)) == 4


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[requests]\n\n"GET /report" = ["p95 less than 1s"]', 3, "is no threshold"),
        ('[requests]\n"GET /report" = ["p95 < 1s",\n "p97 < 1s"]', 3, "p97 cannot be measured here"),
        ('[requests]\n"GET /report" = ["p95 < 1%"]', 2, "the unit must be ms or s"),
        ('[requests]\n"GET /report" = ["rate > 5"]', 2, "the unit must be /s"),
        ('[requests]\n"GET /report" = "p95 < 1s"', 2, "must be a list of lines"),
        ('[requests]\n"GET /report" = []', 2, "must be a list of lines"),
        ('\n[request]\n"GET /report" = ["p95 < 1s"]', 2, "there is no section 'request'"),
        ('[truth]\nlst = ["== 0"]', 2, "truth has no 'lst'; it has lost"),
        ('[truth]\nlost = ["count == 0"]', 2, "count cannot be measured here"),
        ('[truth]\nlost = ["== 0%"]', 2, "the unit must be none"),
        ('[requests]\n"GET /report" ["p95 < 1s"]', 2, "line 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, line: int, what: str):
    with pytest.raises(BadThresholds) as refusal:
        thresholds(tmp_path, text)
    told = str(refusal.value)
    assert told.startswith(str(tmp_path / "thresholds.toml"))
    assert f"line {line}" in told
    assert what in told


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(BadThresholds, match=r"nowhere\.toml"):
        read(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("name", ["thresholds", "soak", "stories"])
def test_the_files_that_come_with_it_can_be_read(name: str):
    assert read(Path(__file__).parents[2] / "loadtests" / f"{name}.toml")
