"""A short run of the coverage-guided fuzzer; the long ones are for people: see `guided`."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys

import pytest

RUNS = 6_000


def guided(*options: str) -> subprocess.CompletedProcess[str]:
    if importlib.util.find_spec("atheris") is None and "CI" not in os.environ:
        pytest.skip("Atheris has no wheel for this machine: pip install atheris")
    command = [sys.executable, "-m", "tests.fuzzing.guided", *options, f"-runs={RUNS}", "-seed=1"]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("reader", ["simulator", "service"])
def test_no_octets_lead_to_anything_but_pdus_and_protocol_errors(reader):
    ended = guided(reader)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    assert f"Done {RUNS} runs" in ended.stderr
    covered = re.findall(r"cov: (\d+)", ended.stderr)
    assert int(covered[-1]) > int(covered[0])


def test_it_finds_a_reader_that_trusts_a_length(tmp_path):
    ended = guided("planted", f"-artifact_prefix={tmp_path}/")
    assert ended.returncode != 0
    assert "IndexError" in ended.stderr + ended.stdout
