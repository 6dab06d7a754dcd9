"""Statements that nobody waits for, on both engines."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from service.store import session as sessions
from service.store.database import Trouble
from service.store.engine import Tx
from service.store.postgres import Postgres
from service.store.session import Session
from service.store.statement import numbered
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
        seen.append(tx.run("set_submitted", ids=request.bytes, places="[0]"))
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


def counted(postgres) -> tuple[Session, list[None]]:
    """A session, and its ways to the server and back."""
    database = Postgres(postgres.new_database())
    database.prepare()
    session, ways = database.for_writing(), []
    received = session._receive

    def counting():
        ways.append(None)
        return received()

    session._receive = counting
    return session, ways


async def test_what_nobody_waits_for_makes_no_way_of_its_own(postgres):
    session, ways = counted(postgres)
    session.begin()
    session.send(
        "INSERT INTO account (name, created_at) VALUES (%(name)s, 1)", [{"name": "x"}, {"name": "y"}]
    )
    assert ways == []
    found = session.execute("SELECT count(*) AS many FROM account").fetchall()
    assert found == [{"many": 2}]
    assert len(ways) == 1
    session.execute("ROLLBACK")
    session.close()


async def test_what_is_asked_together_goes_one_way(postgres):
    session, ways = counted(postgres)
    session.begin()
    answers = [session.ask("SELECT %(n)s::int AS n", {"n": n}) for n in range(3)]
    assert ways == []
    assert [rows() for rows in answers] == [[{"n": 0}], [{"n": 1}], [{"n": 2}]]
    assert len(ways) == 1
    session.close()


async def test_more_than_a_socket_holds_travels_both_ways_at_once(postgres):
    session, _ = counted(postgres)
    session.begin()
    long = "x" * 1_000_000
    thrice = "SELECT %(text)s::text || n AS text FROM generate_series(1, 3) AS n"
    answers = [session.ask(thrice, {"text": long}) for _ in range(5)]
    assert [[row["text"] for row in rows()] for rows in answers] == [[f"{long}{n}" for n in (1, 2, 3)]] * 5
    session.close()


async def test_behind_a_mistake_nothing_happens_and_the_connection_goes_on(postgres):
    session, _ = counted(postgres)
    session.begin()
    session.send("INSERT INTO account (name, created_at) VALUES (%(name)s, 1)", [{"name": "x"}])
    behind = session.ask("SELECT 1 / %(none)s AS never", {"none": 0})
    never = session.ask("SELECT 2 AS two", {})
    with pytest.raises(psycopg.errors.DivisionByZero):
        never()
    for given_up in (behind, never):
        with pytest.raises(psycopg.OperationalError, match="given up"):
            given_up()
    session.execute("ROLLBACK")
    session.begin()
    assert session.execute("SELECT count(*) AS many FROM account").fetchall() == [{"many": 0}]
    assert session.execute("SELECT 1 / %(some)s AS one", {"some": 1}).fetchall() == [{"one": 1}]
    session.close()


async def test_what_was_not_sent_need_not_be_undone(postgres):
    """A mistake in it would keep the server from undoing the rest."""
    session, _ = counted(postgres)
    session.begin()
    session.execute("SELECT 1 AS one")
    session.send("SELECT 1 / %(none)s", [{"none": 0}])
    session.execute("ROLLBACK")
    session.begin()
    assert session.execute("SELECT 2 AS two").fetchall() == [{"two": 2}]
    session.close()


async def test_a_statement_is_planned_once_however_often_it_is_asked_in_one_go_and_later(postgres):
    session, _ = counted(postgres)
    session.begin()
    for _ in range(2):
        for rows in [session.ask("SELECT %(n)s::int AS n", {"n": n}) for n in range(3)]:
            rows()
    planned = "SELECT count(*) AS many FROM pg_prepared_statements WHERE statement LIKE '%% AS n'"
    assert session.execute(planned).fetchall() == [{"many": 1}]
    session.close()


async def test_who_leaves_holds_no_snapshot(postgres):
    session, ways = counted(postgres)
    session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    session.execute("SELECT 1 AS one")
    session.leave()
    assert len(ways) == 1
    with psycopg.connect(postgres.url) as other:
        await until(lambda: not other.execute(
            "SELECT FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'").fetchall())  # fmt: skip
    session.begin()
    assert session.execute("SELECT 2 AS two").fetchall() == [{"two": 2}]
    session.close()


@contextmanager
def silent(session: Session) -> Iterator[None]:
    """The server's process for this session does nothing for the length of a block."""
    pid = session.execute("SELECT pg_backend_pid() AS pid").fetchall()[0]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("what", ["SELECT 1 AS one", "ROLLBACK"])
async def test_a_server_that_says_nothing_is_given_up_with_its_connection(postgres, monkeypatch, what):
    """Its answer may come all the same: nobody must take it for the next one's."""
    session, _ = counted(postgres)
    session.begin()
    with silent(session):
        monkeypatch.setattr(sessions, "PATIENCE_SECONDS", 0.1)
        with pytest.raises(psycopg.OperationalError, match="does not answer") as raised:
            await asyncio.wait_for(asyncio.to_thread(session.execute, what), 5)
    assert Postgres("").trouble(raised.value) is Trouble.FAILING
    assert not session.usable()


def test_a_text_that_ends_before_its_end_is_refused(postgres):
    session, _ = counted(postgres)
    with pytest.raises(psycopg.DataError):
        session.execute("SELECT %(text)s::text AS text", {"text": "a\0b"})
    session.close()


def test_percent_signs_and_names_that_come_twice_are_what_they_were():
    assert numbered("SELECT %(b)s LIKE 'x%%' AND %(a)s = %(b)s") == (
        b"SELECT $1 LIKE 'x%' AND $2 = $1",
        ("b", "a"),
    )
