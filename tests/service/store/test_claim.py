"""One process to a database file."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.store.claim import claimed
from service.store.database import StoreUnavailable

HOLD = """
import sys
from pathlib import Path
from service.store.claim import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    database = tmp_path / "survey.sqlite3"
    with claimed(database), pytest.raises(StoreUnavailable, match="another process"), claimed(database):
        pass
    with claimed(database):
        pass


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    database = tmp_path / "survey.sqlite3"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder.stdin, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreUnavailable), claimed(database):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    with claimed(database):
        pass


def test_a_folder_that_cannot_be_written_is_said_to_be_one(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreUnavailable, match="cannot write beside it"),
        claimed(tmp_path / "no" / "such.sqlite3"),
    ):
        pass
