"""The store under neighbours, locks, full disks and SIGKILL. Real SQLite in a real file throughout."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from service.store.engine import Store, StoreUnavailable, Tx
from tests.service.rig import until

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(tmp_path / "survey.sqlite3")
    yield opened
    await opened.close()


def insert(name: str):
    """A unit that makes an account."""
    return lambda tx: tx.sole("create_account", name=name, now=1)["id"]


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("accounts")]


def committed(path: Path) -> list[str]:
    """What another process would see."""
    other = sqlite3.connect(path)
    try:
        return [name for (name,) in other.execute("SELECT name FROM account ORDER BY id")]
    finally:
        other.close()


def never(tx: Tx) -> None:
    raise LookupError("this unit gives up")


def fill_up(tx: Tx) -> None:
    """From here on the database cannot grow, as on a full disk."""
    pages = tx._connection.execute("PRAGMA page_count").fetchone()[0]
    tx._connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(tx: Tx) -> None:
    tx._connection.execute("PRAGMA max_page_count = 1000000")


BIG = "x" * 40_000


class Held:
    """Stops the writer's thread inside a unit until it is let go, so that others gather behind it."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, tx: Tx) -> None:
        self.reached.set()
        assert self.go.wait(20)


async def test_what_is_answered_is_committed(store, tmp_path):
    await store.write(insert("ours"))
    assert committed(tmp_path / "survey.sqlite3") == ["ours"]


async def test_a_unit_that_fails_takes_nothing_of_its_neighbours_along(store, tmp_path):
    def half(tx: Tx) -> None:
        insert("half")(tx)
        never(tx)

    held = Held()
    first = asyncio.create_task(store.write(held))
    await until(held.reached.is_set)
    good, bad, other = (asyncio.create_task(store.write(unit)) for unit in (insert("a"), half, insert("b")))
    await until(lambda: store.waiting() == 3)
    held.go.set()
    await asyncio.gather(first, good, other)
    with pytest.raises(LookupError):
        await bad
    assert committed(tmp_path / "survey.sqlite3") == ["a", "b"]


async def test_units_that_wait_together_share_one_commit(store, tmp_path):
    held = Held()
    first = asyncio.create_task(store.write(held))
    await until(held.reached.is_set)
    others = [asyncio.create_task(store.write(insert(str(n)))) for n in range(200)]
    await until(lambda: store.waiting() == 200)
    held.go.set()
    await asyncio.gather(first, *others)
    assert committed(tmp_path / "survey.sqlite3") == [str(n) for n in range(200)]
    # The held unit used up its group's time; the others share the next one, or few if the machine is slow.
    assert store.tally.units == 201
    assert store.tally.commits <= 5


class Named:
    """A unit that makes an account, all that wait in one go; a name may be bad."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, tx: Tx) -> str:
        return self.together(tx, [self])[0]

    @staticmethod
    def together(tx: Tx, units: list) -> list[str]:
        for unit in units:
            insert(unit.name)(tx)
        if any(unit.name == "bad" for unit in units):
            never(tx)
        return [f"{unit.name} of {len(units)}" for unit in units]


async def test_units_of_a_kind_are_done_together_and_alone_when_one_fails(store, tmp_path):
    async def done(*units_: object) -> list[object]:
        held = Held()
        first = asyncio.create_task(store.write(held))
        await until(held.reached.is_set)
        others = [asyncio.create_task(store.write(unit)) for unit in units_]
        await until(lambda: store.waiting() == len(units_))
        held.go.set()
        await first
        return await asyncio.gather(*others, return_exceptions=True)

    assert (await done(Named("a"), insert("x"), Named("b")))[::2] == ["a of 2", "b of 2"]
    first, bad, last = await done(Named("c"), Named("bad"), Named("d"))
    assert (first, type(bad), last) == ("c of 1", LookupError, "d of 1")
    assert sorted(committed(tmp_path / "survey.sqlite3")) == ["a", "b", "c", "d", "x"]


async def test_reading_sees_all_that_was_answered_and_nothing_half(store):
    await store.write(insert("ours"))
    held = Held()

    def unfinished(tx: Tx) -> None:
        insert("theirs")(tx)
        held(tx)

    writing = asyncio.create_task(store.write(unfinished))
    await until(held.reached.is_set)
    assert await store.read(names) == ["ours"]
    held.go.set()
    await writing
    assert await store.read(names) == ["ours", "theirs"]


async def test_one_read_is_one_snapshot(store):
    await store.write(insert("ours"))
    held = Held()

    def twice(tx: Tx) -> tuple[list[str], list[str]]:
        before = names(tx)
        held(tx)
        return before, names(tx)

    reading = asyncio.create_task(store.read(twice))
    await until(held.reached.is_set)
    await store.write(insert("theirs"))
    held.go.set()
    assert await reading == (["ours"], ["ours"])


async def test_a_reader_cannot_write(store):
    with pytest.raises(StoreUnavailable):
        await store.read(insert("ours"))


async def test_a_locked_database_is_unavailable_and_comes_back(store, tmp_path):
    other = sqlite3.connect(tmp_path / "survey.sqlite3", isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="locked by another process"):
            await store.write(insert("ours"))
        assert not store.available
        assert await store.read(names) == []
        other.execute("ROLLBACK")
    finally:
        other.close()
    await store.write(insert("ours"))
    assert store.available


async def test_those_who_wait_behind_a_lock_do_not_wait_it_out_one_by_one(store, tmp_path):
    other = sqlite3.connect(tmp_path / "survey.sqlite3", isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        async with asyncio.timeout(8):
            found = await asyncio.gather(
                *(store.write(insert(str(n))) for n in range(50)), return_exceptions=True
            )
    finally:
        other.close()
    assert {type(one) for one in found} == {StoreUnavailable}


async def test_on_a_full_disk_nothing_is_half_done_and_erasing_still_works(store, tmp_path):
    path, ballast = tmp_path / "survey.sqlite3", tmp_path / "survey.sqlite3.ballast"
    await store.write(insert("ours"))
    assert ballast.stat().st_size == 4 * 1024 * 1024
    await store.write(fill_up)
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(insert(BIG))
    assert ballast.exists()
    assert not store.available
    assert committed(path) == ["ours"]
    assert await store.read(names) == ["ours"]

    def erase(tx: Tx) -> None:
        # What the ballast takes on a disk, this limit takes here: giving up the one lifts the other.
        if not ballast.exists():
            make_room(tx)
        insert(BIG)(tx)

    await store.write(erase, erasing=True)
    assert committed(path) == ["ours", BIG]


async def test_after_erasing_on_a_full_disk_others_wait_until_the_reserve_is_back(
    store, tmp_path, monkeypatch
):
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    await store.write(fill_up)
    monkeypatch.setattr(os, "posix_fallocate", no_room)
    tries = []

    def erase(tx: Tx) -> None:
        tries.append(1)
        if len(tries) == 2:
            make_room(tx)
        insert(BIG)(tx)

    await store.write(erase, erasing=True)
    assert len(tries) == 2
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(insert("others"))
    await store.write(insert("erasing"), erasing=True)
    assert not store.available
    monkeypatch.undo()
    await store.write(insert("others"))
    assert store.available
    assert (tmp_path / "survey.sqlite3.ballast").exists()


async def test_after_an_error_of_the_disk_the_connection_is_opened_again(store):
    seen = []

    def broken(tx: Tx) -> None:
        seen.append(tx._connection)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    with pytest.raises(StoreUnavailable):
        await store.write(broken)
    await store.write(lambda tx: seen.append(tx._connection))
    assert seen[0] is not seen[1]


async def test_closing_finishes_what_is_queued(tmp_path):
    store = await Store.open(tmp_path / "survey.sqlite3")
    held = Held()
    first = asyncio.create_task(store.write(held))
    await until(held.reached.is_set)
    rest = [asyncio.create_task(store.write(insert(str(n)))) for n in range(20)]
    await until(lambda: store.waiting() == 20)
    closing = asyncio.create_task(store.close())
    held.go.set()
    await asyncio.gather(first, *rest, closing)
    await store.close()
    assert len(committed(tmp_path / "survey.sqlite3")) == 20
    assert store.log_bytes() == 0
    with pytest.raises(StoreUnavailable):
        await store.write(insert("late"))
    with pytest.raises(StoreUnavailable):
        await store.read(names)


async def test_emptying_the_log_leaves_nothing_in_it_unless_a_reader_is_in_the_way(store):
    await store.write(insert("ours"))
    assert store.log_bytes() > 0
    held = Held()

    def long_report(tx: Tx) -> None:
        names(tx)
        held(tx)

    reading = asyncio.create_task(store.read(long_report))
    await until(held.reached.is_set)
    await store.write(insert("theirs"))
    assert not await store.truncate_log()
    held.go.set()
    await reading
    assert await store.truncate_log()
    assert store.log_bytes() == 0


async def test_a_whole_file_is_found_whole_and_a_damaged_one_is_not(store, tmp_path):
    for n in range(50):
        await store.write(insert(f"{n}" * 100))
    assert await store.integrity() == []
    await store.close()
    path = tmp_path / "survey.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 4] = b"\xff" * 8192
    path.write_bytes(content)
    assert await faults_of(path)


async def faults_of(path: Path) -> list[str]:
    try:
        damaged = await Store.open(path)
    except StoreUnavailable as error:
        return [str(error)]
    try:
        return await damaged.integrity()
    except StoreUnavailable as error:
        return [str(error)]
    finally:
        await damaged.close()


async def test_what_cannot_be_a_database_is_refused_with_the_reason(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("this is no database, it only stands where one should be. " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await Store.open(text)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        await Store.open(tmp_path / "nowhere" / "survey.sqlite3")
    other = sqlite3.connect(tmp_path / "other.sqlite3")
    other.execute("CREATE TABLE things (id)")
    other.close()
    with pytest.raises(StoreUnavailable, match="other program"):
        await Store.open(tmp_path / "other.sqlite3")


async def test_a_database_of_a_later_version_is_left_alone(store, tmp_path):
    await store.close()
    path = tmp_path / "survey.sqlite3"
    later = sqlite3.connect(path)
    later.execute("UPDATE schema_version SET version = 99")
    later.commit()
    later.close()
    with pytest.raises(StoreUnavailable, match="99"):
        await Store.open(path)


WRITER = """
    import asyncio, sys
    from service.store.engine import Store

    async def one(store, n):
        await store.write(lambda tx: [tx.sole("create_account", name=f"{n} {part}", now=1) for part in "ab"])
        print(n, flush=True)

    async def main():
        store = await Store.open(sys.argv[1])
        for first in range(0, 100_000, 8):
            await asyncio.gather(*(one(store, n) for n in range(first, first + 8)))

    asyncio.run(main())
"""


@pytest.mark.parametrize("after", [1, 30, 200, 500])
def test_nothing_answered_is_lost_when_the_process_is_killed(tmp_path, after):
    path = tmp_path / "survey.sqlite3"
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    answered = [child.stdout.readline().strip() for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    answered += [line for line in child.stdout.read().split("\n")[:-1] if line]
    child.wait()
    child.stdout.close()
    kept = committed(path)
    assert {f"{n} {part}" for n in answered for part in "ab"} <= set(kept)
    assert sorted(name[:-2] for name in kept if name.endswith("a")) == sorted(
        name[:-2] for name in kept if name.endswith("b")
    ), "a unit was torn"
