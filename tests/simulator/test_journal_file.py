"""The journal on disk: whole after a stop, a lock, a kill; what it exports."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulator.entry import Line
from simulator.journal import Journal, Kind, Match
from simulator.journal_export import csv_lines, json_lines
from simulator.journal_file import SCHEMA, JournalFile, batches
from tests.simulator.journals import PAIR, Pairs, filled, frozen


async def test_what_has_yet_to_reach_the_file_is_read_beside_the_loop(tmp_path: Path):
    readers: list[threading.Thread] = []

    class Watched(Pairs):
        def lines(self, record: int) -> tuple[Line, Line]:
            readers.append(threading.current_thread())
            return super().lines(record)

    file = JournalFile(tmp_path / "journal.sqlite3")
    sqlite3.connect(file._path).executescript(SCHEMA).close()
    journal = Journal(frozen(), keep=5)
    journal.listen(file, take=file.take)
    journal.enter(Watched(PAIR, list(range(10))))
    page = await file.read(limit=100)
    assert [entry.seq for entry in page.entries] == list(range(1, 21))
    assert readers
    assert threading.main_thread() not in readers


async def test_the_file_holds_batches_as_entries(tmp_path: Path):
    file = JournalFile(tmp_path / "journal.sqlite3")
    file.open()
    journal = Journal(frozen(), keep=5)
    journal.listen(file, take=file.take)
    journal.record(Kind.WORLD_OPENED)
    journal.enter(Pairs(PAIR, list(range(3_000))))
    journal.record(Kind.WORLD_RESET)
    page = await file.read(5_990)
    assert [entry.seq for entry in page.entries] == list(range(5_991, 6_003))
    await file.close()
    assert (file.dropped, file.waiting()) == (0, 0)
    assert [entry.seq for batch in batches(file._path) for entry in batch] == list(range(1, 6_003))


async def test_the_file_holds_every_entry_after_a_stop(tmp_path: Path):
    journal, file = Journal(frozen(), keep=5), JournalFile(tmp_path / "journal.sqlite3")
    assert file.open() == 0
    journal.listen(file)
    for n in range(2_000):
        journal.record(Kind.MT_SUBMITTED, message=f"m{n}", address="+32470000001", text="dag", nth=n)
    await file.close()
    assert file.dropped == 0
    assert not (tmp_path / "journal.sqlite3-wal").exists()
    kept = [entry for batch in batches(tmp_path / "journal.sqlite3") for entry in batch]
    assert list(range(1, 2_001)) == [entry.seq for entry in kept]
    assert kept[-1].facts == {"text": "dag", "nth": 1_999}


async def test_the_file_answers_what_memory_has_forgotten_even_before_it_is_written(tmp_path: Path):
    journal, file = Journal(frozen(), keep=1), JournalFile(tmp_path / "j.sqlite3")
    file.open()
    journal.listen(file)
    for n in range(50):
        journal.record(Kind.MT_SUBMITTED, address=f"+3247000000{n % 2}", odd=bool(n % 2))
    match = Match(address="+32470000001", facts={"odd": True})
    first = await file.read(match=match, limit=10)
    rest = await file.read(after=first.after, match=match)
    await file.close()
    assert list(range(2, 51, 2)) == [entry.seq for entry in (*first.entries, *rest.entries)]


async def test_a_journal_goes_on_where_the_file_ended(tmp_path: Path):
    for first in (1, 2):
        file = JournalFile(tmp_path / "j.sqlite3")
        newest = file.open()
        assert first == newest + 1
        journal = Journal(frozen(), first=newest + 1)
        journal.listen(file)
        journal.record(Kind.WORLD_OPENED)
        assert journal.read().forgotten == 0
        await file.close()


async def test_a_strangers_lone_surrogate_does_not_end_the_file(tmp_path: Path):
    journal, file = Journal(frozen()), JournalFile(tmp_path / "j.sqlite3")
    file.open()
    journal.listen(file)
    journal.record(Kind.INPUT_MALFORMED, address="\udc80", text="\ud800")
    await file.close()
    [[entry]] = batches(tmp_path / "j.sqlite3")
    assert (entry.address, entry.facts["text"]) == ("\\udc80", "\ud800")


async def test_a_locked_file_is_reported_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "j.sqlite3"
    file = JournalFile(path)
    file.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    journal = Journal(frozen())
    journal.listen(file)
    journal.record(Kind.WORLD_OPENED)
    other.execute("ROLLBACK")
    other.close()
    await file.close()
    assert sum(map(len, batches(path))) == 1


def test_json_lines_are_one_object_a_line():
    lines = list(json_lines(filled(2).read().entries))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    first = json.loads(lines[0])
    assert (
        first["seq"], first["at"], first["kind"], first["facts"]
    ) == (1, "2027-01-15T08:00:00.000Z", "mt.submitted", {"nth": 0})  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_csv_cells_that_a_spreadsheet_would_compute_are_quoted(start):
    journal = filled(0)
    journal.record(Kind.REPLY_WRITTEN, address=f"{start}cmd", text="x")
    _, row = csv.reader(io.StringIO("".join(csv_lines(journal.read().entries))))
    assert f"'{start}cmd" == row[5]


KILLED = """
import os, sys
from pathlib import Path
from simulator.clock import Clock
from simulator.journal import Journal, Kind
from simulator.journal_file import SCHEMA, JournalFile, batches

path = Path(sys.argv[1])
file, journal = JournalFile(path), Journal(Clock())
file.open()
journal.listen(file)
for n in range(500):
    journal.record(Kind.MT_SUBMITTED, nth=n)
while not list(batches(path)):
    pass
for n in range(500, 100_000):
    journal.record(Kind.MT_SUBMITTED, nth=n)
os.kill(os.getpid(), 9)
"""


def test_the_file_of_a_killed_simulator_is_whole_up_to_its_last_batch(tmp_path: Path):
    path = tmp_path / "j.sqlite3"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=30)
    assert ended.returncode == -9
    kept = [entry.seq for batch in batches(path) for entry in batch]
    assert len(kept) >= 500
    assert kept == list(range(1, len(kept) + 1))
