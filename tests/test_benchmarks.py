"""The measurements run: each prints its rows. What they measure is not judged here."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import esme, smpp

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


@pytest.fixture(scope="module")
def centre() -> Iterator[smpp.Centre]:
    with smpp.our_centre() as opened:
        yield opened


def test_an_esme_counts_what_it_sent_and_what_came_of_it(centre: smpp.Centre) -> None:
    load = centre.measure(smpp.Course(600, 20, receipts=True, sessions=3))
    assert (load.sent, load.answered, load.refused, load.reported) == (600, 600, 0, 600)
    assert 50 < load.replied < 300  # a quarter of the people answer
    assert len(load.latencies) == 600
    assert 0 < load.latency_ms(0.5) <= load.latency_ms(0.99)
    assert load.per_second == pytest.approx(600 / load.reported_seconds)


def test_an_esme_says_when_it_is_refused(centre: smpp.Centre) -> None:
    address = ("127.0.0.1", centre.port)
    with pytest.raises(RuntimeError, match="status 14"):
        esme.run(esme.Load(1, 1, receipts=False), address, centre.system_id, "wrong", 1)


def test_a_figure_over_smpp_stands_beside_latency_processor_time_and_another_centre(
    centre: smpp.Centre,
) -> None:
    figure = smpp.figure(centre, centre, smpp.Course(500, 10, receipts=False), 1)
    assert figure.what == "submit_sm answered, window 10, 1 session"
    assert figure.median > 0
    assert re.search(r"p50 [\d.]+ ms, p99 [\d.]+ ms", figure.beside)
    assert re.search(r"[\d.]+ µs of processor a message", figure.beside)
    assert re.search(r"node-smpp [\d,]+/s: [\d.]+ times", figure.beside)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_is_told_with_the_messages_it_was_for(centre: smpp.Centre) -> None:
    centre.measure(smpp.Course(100, 10, receipts=False))
    told = smpp.memory(centre)
    assert told.median > 10
    assert re.fullmatch(r"after [\d,]+ messages", told.beside)
