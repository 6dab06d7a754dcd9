"""The store under locks, full disks, damaged files and SIGKILL. Real SQLite in a real file throughout."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from service.store.engine import Store, StoreUnavailable, Tx
from tests.service.store.units import BIG, committed, fill_up, insert, make_room, names

ROOT = Path(__file__).parents[3]


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
