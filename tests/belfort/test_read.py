"""`belfort read`: lines for people, and a stream of JSON answered line by line."""

import io
import json
import os
import subprocess
import sys

import pytest

from belfort.reading import read_jsonl, read_one


def test_one_reply_is_explained_with_verdict_score_and_clause() -> None:
    assert read_one("een dikke 8!", "nl-BE").split("\n") == [
        "verdict  good",
        "score    8",
        "why      clause 2, digits: 8",
    ]


def test_a_bad_reply_is_explained_without_a_score() -> None:
    assert "score " not in read_one("geen 10", "nl-BE").replace("number that scores", "")


def test_each_line_is_answered_with_verdict_and_score() -> None:
    out = io.StringIO()
    lines = io.StringIO(
        '{"text": "9", "language": "nl-BE"}\n{"text": "nul", "language": "fr-BE"}\n{"text": "8"}\n'
    )
    assert read_jsonl(lines, out) == 0
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"verdict": "good", "score": 9},
        {"verdict": "no_score", "score": None},
        {"verdict": "good", "score": 8},
    ]


@pytest.mark.parametrize(
    "bad", ["nonsense", "[1]", '{"text": 8}', '{"language": "nl-BE"}', '{"text": "8", "language": 3}']
)
def test_a_malformed_line_is_named_and_reading_goes_on(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    assert read_jsonl(io.StringIO(f'{{"text": "9"}}\n{bad}\n{{"text": "7"}}\n'), out) == 2
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answers[0]["score"], list(answers[1]), answers[2]["score"]] == [9, ["error"], 7]
    assert capsys.readouterr().err.startswith("line 2: ")


def test_a_line_is_answered_before_the_next_is_sent() -> None:
    code = "import sys; import belfort.reading as r; sys.exit(r.read_jsonl(sys.stdin, sys.stdout))"
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    for score in (3, 10):
        child.stdin.write(json.dumps({"text": f"een {score}", "language": "nl-BE"}) + "\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline()) == {"verdict": "good", "score": score}
    child.stdin.close()
    child.stdout.close()
    assert child.wait(timeout=20) == 0


def test_bytes_that_are_no_utf8_are_read_on() -> None:
    lines = b'\xef\xbb\xbf{"text": "\xff\xfe 9", "language": "nl-BE"}\n\xff\n{"text": "8"}\n'
    command = [sys.executable, "-m", "belfort", "read", "--jsonl"]
    done = subprocess.run(command, input=lines, capture_output=True, timeout=60, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [answers[0]["score"], list(answers[1]), answers[2]["score"]] == [9, ["error"], 8]
