"""The measurements run: each prints its rows. What they measure is not judged here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def rows_of(*names: str) -> list[list[str]]:
    """The cells of the table that the benchmarks print."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = [line for line in ran.stdout.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_benchmarks_of_one_process_give_a_rate_for_each_kind_of_text_and_message() -> None:
    rows = rows_of("answers", "phrases")
    assert [what.split(" ")[:2] for what, _, _ in rows[:4]] == [
        *[["replies", "read:"]] * 3,
        ["replies", "written"],
    ]
    assert len(rows) == 6
    assert all(float(figure.split(" ")[0].replace(",", "")) > 0 for _, figure, _ in rows)


def test_an_unknown_benchmark_is_refused_with_those_there_are() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, "answers" in ran.stderr) == (2, True)
