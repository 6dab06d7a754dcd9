import asyncio
import csv
import io
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock, Mode, Moment
from simulator.entry import LateFacts, Line
from simulator.journal import Batch, Entry, Journal, Kind, Match
from simulator.journal_export import csv_lines, json_lines
from simulator.journal_file import SCHEMA, JournalFile, batches

START = Moment(1_800_000_000_000)
SENT = Match(kinds=frozenset({Kind.MT_SUBMITTED}))


def frozen() -> Clock:
    return Clock(Mode.FROZEN, start=START)


def filled(count: int, keep: int = 100) -> Journal:
    journal = Journal(frozen(), keep)
    for n in range(count):
        journal.record(Kind.MT_SUBMITTED, message=f"m{n}", address=f"+3247000000{n % 3}", account="a", nth=n)
    return journal


def test_entries_are_numbered_from_one_and_carry_both_clocks():
    journal = filled(2)
    entries = journal.read().entries
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[0].at == START
    assert entries[0].wall > 1_700_000_000


def test_memory_keeps_the_newest_and_says_how_many_it_forgot():
    page = filled(25, keep=10).read(after=3)
    assert list(range(16, 26)) == [entry.seq for entry in page.entries]
    assert page.forgotten == 12


@given(count=st.integers(0, 60), keep=st.integers(1, 20), limit=st.integers(1, 7))
def test_following_the_cursor_shows_everything_remembered_once_and_in_order(count, keep, limit):
    journal, seen, after = filled(count, keep), [], 0
    while (page := journal.read(after, limit=limit)).entries:
        seen += [entry.seq for entry in page.entries]
        after = page.after
    assert list(range(max(1, count - keep + 1), count + 1)) == seen


class Pairs(Batch):
    """Each record reads as two entries."""

    def message_of(self, record: int) -> str:
        return f"m{record}"

    def lines(self, record: int) -> tuple[Line, Line]:
        names = (f"m{record}", f"+3247000000{record % 3}", "a")
        return Line(*names, LateFacts(lambda: {"nth": record})), Line(*names, {"nth": record, "fate": "x"})


PAIR = (Kind.MT_SUBMITTED, Kind.PERSON_DECIDED)


def told(sizes: list[int], keep: int, *, batched: bool) -> tuple[Journal, list[object]]:
    """The same entries, one by one or in batches between single ones; and what a listener heard."""
    journal, heard, number = Journal(frozen(), keep), [], 0
    journal.listen(heard.append)
    for size in sizes:
        journal.record(Kind.DOOR_CALL, nth=-size)
        numbers = range(number, number := number + size)
        if batched and size:
            journal.enter(Pairs(PAIR, list(numbers)))
            continue
        for each in numbers:
            names = {"message": f"m{each}", "address": f"+3247000000{each % 3}", "account": "a"}
            journal.record(Kind.MT_SUBMITTED, **names, nth=each)
            journal.record(Kind.PERSON_DECIDED, **names, nth=each, fate="x")
    return journal, heard


def bare(entries: Iterable[Entry]) -> list[object]:
    return [(*each[:2], *each[3:7], dict(each.facts)) for each in entries]


@given(
    sizes=st.lists(st.integers(0, 6), max_size=8),
    keep=st.integers(1, 40),
    after=st.integers(0, 60),
    limit=st.integers(1, 9),
    match=st.sampled_from([Match(), SENT, Match(message="m2"), Match(address="+32470000001"),
                           Match(facts={"nth": 3}), Match(frozenset({Kind.DOOR_CALL}), account="a")]),
)  # fmt: skip
def test_a_batch_reads_as_its_entries_would(sizes, keep, after, limit, match):
    one, heard_one = told(sizes, keep, batched=False)
    other, heard_other = told(sizes, keep, batched=True)
    assert bare(heard_one) == bare(heard_other)
    assert (one.last, one.oldest) == (other.last, other.oldest)
    here, there = one.read(after, match, limit), other.read(after, match, limit)
    assert (bare(here.entries), here.after, here.forgotten) == (
        bare(there.entries),
        there.after,
        there.forgotten,
    )
    assert bare(one.tail(limit, match)) == bare(other.tail(limit, match))


def test_whoever_takes_batches_gets_those_with_a_kind_it_wants_and_hears_of_single_entries():
    journal, taken, heard = Journal(frozen()), [], []
    wanted, others = Pairs(PAIR, [1]), Pairs((Kind.PDU_IN, Kind.PDU_OUT), [2])
    stop = journal.listen(heard.append, frozenset({Kind.PERSON_DECIDED}), take=taken.append)
    journal.enter(wanted)
    journal.enter(others)
    journal.record(Kind.PERSON_DECIDED)
    stop()
    journal.enter(Pairs(PAIR, [3]))
    assert taken == [wanted]
    assert [each.kind for each in heard] == [Kind.PERSON_DECIDED]


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


def test_a_filter_asks_for_every_condition():
    journal = filled(9)
    journal.record(Kind.REPLY_HANDED, address="+32470000001")
    match = Match(frozenset({Kind.MT_SUBMITTED}), address="+32470000001", facts={"nth": 4})
    assert [entry.seq for entry in journal.read(match=match).entries] == [5]


def test_listeners_hear_every_entry_until_they_stop():
    journal, heard = filled(0), []
    stop = journal.listen(heard.append)
    journal.record(Kind.WORLD_RESET)
    stop()
    journal.record(Kind.WORLD_RESET)
    assert [entry.seq for entry in heard] == [1]


async def test_a_wait_ends_as_soon_as_enough_entries_came():
    journal = filled(1)
    waiting = asyncio.ensure_future(journal.wait(SENT, count=3, within=10))
    await asyncio.sleep(0)
    journal.record(Kind.MT_SUBMITTED)
    assert not waiting.done()
    journal.record(Kind.MT_SUBMITTED)
    waited = await waiting
    assert (waited.met, [entry.seq for entry in waited.entries]) == (True, [1, 2, 3])


async def test_a_wait_on_the_worlds_clock_ends_when_that_has_passed_and_names_near_misses():
    clock = frozen()
    journal = Journal(clock)
    journal.record(Kind.MT_SUBMITTED, address="+32470000001")
    journal.record(Kind.REPLY_HANDED, address="+32470000009")
    match = Match(frozenset({Kind.MT_SUBMITTED}), address="+32470000002")
    waiting = asyncio.ensure_future(journal.wait(match, within=3600))
    await clock.advance(by=3599)
    assert not waiting.done()
    await clock.advance(by=1)
    waited = await waiting
    assert not waited.met
    assert [(miss.entry.seq, list(miss.because)) for miss in waited.near] == [
        (1, ["address is +32470000001, not +32470000002"])
    ]


async def test_a_wait_on_this_machines_clock_does_not_need_the_worlds():
    waited = await filled(0).wait(SENT, within=0.01, wall=True)
    assert not waited.met


async def test_a_finished_wait_no_longer_listens():
    journal = filled(1)
    await journal.wait(SENT)
    await journal.wait(SENT, count=2, within=0.001, wall=True)
    assert journal._listeners == ()


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
