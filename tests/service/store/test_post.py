"""Units that are posted: who posts does not wait, and is told all the same. Real SQLite in a real file."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from service.store import engine, writer
from service.store.database import Contested
from service.store.engine import Store
from tests.service.rig import until
from tests.service.store.units import Held, committed, insert, never

TURNS = 20_000
"""Of an event loop: a second or two."""


class Told:
    """Notes what it is told, in order, and what others had been told before."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []

    def prepare(self, result: Any) -> None:
        self.said.append(("may be", result))

    def then(self, result: Any, error: BaseException | None) -> None:
        self.said.append(("is", result if error is None else str(error)))

    async def settled(self, many: int = 1) -> list[tuple[str, Any]]:
        await until(lambda: sum(what == "is" for what, _ in self.said) == many)
        return self.said


@pytest.fixture
def told() -> Told:
    return Told()


async def test_what_is_posted_in_one_go_shares_a_commit_and_each_is_told_its_own(
    store: Store, told: Told, tmp_path: Path
) -> None:
    before = store.tally.commits
    for name in "abc":
        store.post(insert(name), told.then)
    assert await told.settled(3) == [("is", 1), ("is", 2), ("is", 3)]
    assert committed(tmp_path / "survey.sqlite3") == [*"abc"]
    assert store.tally.commits == before + 1
    store.post(insert("d"), told.then)
    assert (await told.settled(4))[3:] == [("is", 4)]


async def test_what_is_posted_while_the_loop_finds_more_to_do_is_queued_together(
    store: Store, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, queued = store._writer.put, []
    monkeypatch.setattr(store._writer, "put", lambda jobs: queued.append(len(jobs)) or put(jobs))
    for name in "abc":
        store.post(insert(name), told.then)
        await asyncio.sleep(0)
    await told.settled(3)
    assert queued == [3]


async def test_many_do_not_wait_for_more(store: Store, told: Told) -> None:
    """The event loop never comes to rest here."""
    for number in range(engine.MOST_POSTED):
        store.post(insert(str(number)), told.then)
    for _ in range(TURNS):
        store.post(insert("more"), told.then)
        await asyncio.sleep(0)
        if len(told.said) >= engine.MOST_POSTED:
            return
    pytest.fail("they were not even queued")


async def test_a_unit_that_fails_is_told_and_no_other(store: Store, told: Told) -> None:
    store.post(never, told.then, told.prepare)
    store.post(insert("b"), told.then)
    assert await told.settled(2) == [("is", "this unit gives up"), ("is", 1)]


async def test_a_caller_that_breaks_takes_no_other_along_and_is_noted(store: Store, told: Told) -> None:
    noted: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: noted.append(context["exception"]))

    def broken(*_: Any) -> None:
        raise LookupError("the caller gives up")

    store.post(insert("a"), broken, broken)
    store.post(insert("b"), told.then, told.prepare)
    assert await told.settled() == [("may be", 2), ("is", 2)]
    assert [str(error) for error in noted] == ["the caller gives up"]


async def test_a_closing_store_refuses_what_is_posted(store: Store, told: Told) -> None:
    await store.close()
    store.post(insert("late"), told.then, told.prepare)
    assert await told.settled() == [("is", "the store is closed")]


async def test_a_full_queue_refuses_all_that_was_posted_in_one_go(
    store: Store, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    first = asyncio.create_task(store.write(held))
    await asyncio.to_thread(held.reached.wait, 20)
    second = asyncio.create_task(store.write(insert("a")))
    await until(lambda: store.waiting() == 1)
    monkeypatch.setattr(writer, "MAX_WAITING", 1)
    for name in "bc":
        store.post(insert(name), told.then)
    assert await told.settled(2) == [("is", "too many units are waiting for the disk")] * 2
    held.go.set()
    await asyncio.gather(first, second)


async def test_one_prepares_while_the_disk_works(
    store: Store, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, prepared, seen = store._database.commit, threading.Event(), []

    def slowly(opened: Any, last: Any) -> None:
        commit(opened, lambda: (last(), prepared.wait(20)))

    def prepare(result: int) -> None:
        told.prepare(result)
        seen.extend(committed(tmp_path / "survey.sqlite3"))
        prepared.set()

    monkeypatch.setattr(store._database, "commit", slowly)
    store.post(insert("a"), told.then, prepare)
    assert await told.settled() == [("may be", 1), ("is", 1)]
    assert prepared.is_set()
    assert seen == []


class NoRoom:
    """A reserve that cannot be held."""

    held = False

    def hold(self) -> bool:
        return False


async def test_nothing_is_prepared_for_what_has_no_room(
    store: Store, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._writer, "_reserve", NoRoom())
    store.post(insert("a"), told.then, told.prepare)
    assert await told.settled() == [("is", "the disk is full")]


@pytest.mark.parametrize("error", [Contested(), sqlite3.OperationalError("the disk burns")])
async def test_what_was_prepared_may_come_to_nothing(
    store: Store, told: Told, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A unit that others got in the way of runs again, and gives something else."""
    commit, results = store._database.commit, iter((1, 2))

    def fail(_: Any, last: Any) -> None:
        last()
        monkeypatch.setattr(store._database, "commit", commit)
        raise error

    monkeypatch.setattr(store._database, "commit", fail)
    store.post(lambda _: next(results), told.then, told.prepare)
    said = await told.settled()
    assert said[0] == ("may be", 1)
    if isinstance(error, Contested):
        assert said[1:] == [("may be", 2), ("is", 2)]
    else:
        assert said[1:] == [("is", "the disk burns")]


async def test_what_waits_to_be_queued_when_the_store_closes_is_refused_and_not_done(
    store: Store, told: Told, tmp_path: Path
) -> None:
    store.post(insert("late"), told.then)
    await store.close()
    assert await told.settled() == [("is", "the store is closed")]
    assert committed(tmp_path / "survey.sqlite3") == []
