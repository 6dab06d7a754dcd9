"""The store under neighbours: units, commits, snapshots. Real SQLite in a real file throughout."""

from __future__ import annotations

import asyncio

import pytest

from service.store.engine import Store, StoreUnavailable, Tx
from tests.service.rig import until
from tests.service.store.units import Held, committed, gathered, insert, names, never


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
        first, *others = await gathered(store, *units_)
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
