"""Statements that nobody waits for, on both engines."""

from __future__ import annotations

import asyncio
import threading

import psycopg
import pytest

from service.store.engine import Tx
from service.store.postgres import Postgres
from tests.service.rig import open_rig, until

FAILED = 5


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


def state_of(rig, request) -> int:
    return rig.row("SELECT state FROM request WHERE id = ?", request.bytes)[0]


async def test_what_is_asked_later_sees_what_was_sent_before(rig):
    request = await rig.queue()

    def unit(tx: Tx) -> list[int]:
        seen = []
        for state in (2, 3):
            tx.send("set_state", request=request.bytes, state=state)
            seen.append(tx.sole("facts", request=request.bytes)["state"])
        tx.send("set_state", request=request.bytes, state=2)
        seen.append(tx.run("set_submitted", request=request.bytes))
        return seen

    assert await rig.store.write(unit) == [2, 3, 0]
    assert state_of(rig, request) == 2


async def test_a_mistake_in_what_was_sent_is_told_to_its_sender_and_spares_the_neighbours(rig):
    request = await rig.queue()
    reached, go = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        reached.set()
        assert go.wait(20)

    def mistaken(tx: Tx) -> None:
        tx.send("set_state", request=request.bytes, state=FAILED)  # it must say `failed`, too

    def neighbour(tx: Tx) -> int:
        return tx.sole("create_account", name="neighbour", now=1)["id"]

    first = asyncio.create_task(rig.store.write(hold))
    await until(reached.is_set)
    others = [asyncio.create_task(rig.store.write(unit)) for unit in (mistaken, neighbour)]
    await until(lambda: rig.store.waiting() == len(others))
    go.set()
    bad, made = await asyncio.gather(*others, return_exceptions=True)
    await first
    assert isinstance(bad, rig.store._database.errors), bad
    assert isinstance(made, int), made
    assert state_of(rig, request) == 1
    assert rig.row("SELECT count(*) FROM account WHERE name = 'neighbour'") == (1,)


async def test_what_a_unit_sent_before_it_gave_up_is_not_done_by_the_next(rig):
    request = await rig.queue()

    def gives_up(tx: Tx) -> None:
        tx.send("set_state", request=request.bytes, state=3)
        raise LookupError

    with pytest.raises(LookupError):
        await rig.store.write(gives_up)
    await rig.store.probe()
    assert state_of(rig, request) == 1


async def test_what_nobody_waits_for_makes_no_way_of_its_own(postgres):
    database = Postgres(postgres.new_database())
    database.prepare()
    session, asked = database.for_writing(), []
    wait = psycopg.Connection.wait

    def counting(self, *given, **how):
        asked.append(given)
        return wait(self, *given, **how)

    session.begin()
    session.connection.wait = counting.__get__(session.connection)
    session.send(
        "INSERT INTO account (name, created_at) VALUES (%(name)s, 1)", [{"name": "x"}, {"name": "y"}]
    )
    assert asked == []
    found = session.execute("SELECT count(*) AS many FROM account").fetchall()
    assert found == [{"many": 2}]
    session.execute("ROLLBACK")
    session.close()
