"""`belfort read` for people and for programs."""

from __future__ import annotations

import json
import subprocess
import sys

from scenarios.programs import belfort, clean_environment


def test_a_reply_is_read_with_its_clause() -> None:
    done = belfort("read", "een dikke 9", "--language", "nl-BE")
    assert done.returncode == 0
    assert "good" in done.stdout
    assert "9" in done.stdout


def test_each_line_is_answered_at_once() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "belfort", "read", "--jsonl"],
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        for text, expected in (
            ("8", ("good", 8)),
            ("8 of 9", ("ambiguous", None)),
            ("STOP", ("opt_out", None)),
        ):
            process.stdin.write(json.dumps({"text": text, "language": "nl-BE"}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert (answer["verdict"], answer["score"]) == expected
        process.stdin.close()
        assert process.wait(10) == 0
