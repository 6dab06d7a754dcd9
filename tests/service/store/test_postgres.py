"""What only a server can do to the store, and several processes to each other. A real server throughout."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import psycopg
import pytest

from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, State
from service.settle import Settle
from service.store import closing, outbox
from service.store import postgres as store_postgres
from service.store.database import StoreUnavailable
from service.store.engine import Store, Tx
from service.store.postgres import Postgres
from service.store.vault import day_of
from tests.service.rig import HOUR, NOON, mark_submitted, open_rig, until
from tests.service.server import serving


@pytest.fixture(scope="module")
def own_server():
    """One that may be stopped and killed."""
    with serving() as server:
        yield server


@pytest.fixture
async def rig(tmp_path, postgres):
    async with open_rig(tmp_path, database=Postgres(postgres.new_database())) as opened:
        yield opened


@pytest.fixture
async def second(rig):
    """Another process's store on the same database."""
    store = await Store.open(Postgres(rig.url))
    yield store
    await store.close()


WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
"""Of the processes of the server, those that wait for another transaction."""


def insert(name: str):
    return lambda tx: tx.sole("create_account", name=name, now=1)["id"]


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("accounts")]


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_a_server_that_goes_away_is_missed_and_found_again(own_server, how):
    store = await Store.open(Postgres(own_server.new_database()))
    try:
        await store.write(insert("before"))
        assert await store.read(names) == ["before"]
        await asyncio.to_thread(own_server.stop, how)
        with pytest.raises(StoreUnavailable, match="away"):
            await store.write(insert("meanwhile"))
        with pytest.raises(StoreUnavailable, match="away"):
            await store.read(names)
        assert not store.available
        await asyncio.to_thread(own_server.start)
        await store.write(insert("after"))
        assert await store.read(names) == ["before", "after"]
        assert store.available
    finally:
        await store.close()


async def test_a_connection_that_was_ended_meanwhile_is_noticed_before_anything_is_lost(rig):
    await rig.store.read(names)
    rig.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
             "AND datname = current_database()")  # fmt: skip
    await rig.store.write(insert("after"))
    assert await rig.store.read(names) == ["ours", "after"]
    assert rig.store.tally.failures == 0


class Cut:
    """A connection that breaks at COMMIT, before the server hears it or after."""

    def __init__(self, real, *, heard: bool) -> None:
        self.real, self.heard = real, heard

    def commit(self):
        if self.heard:
            self.real.commit()
        self.real.close()
        raise psycopg.OperationalError("the connection is lost")

    def __getattr__(self, name):
        return getattr(self.real, name)


async def test_a_commit_that_was_heard_but_not_answered_has_happened(rig, monkeypatch):
    connect = Postgres.for_writing
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Cut(connect(self), heard=True))
    store = await Store.open(Postgres(rig.url))
    await store.write(insert("heard"))
    monkeypatch.undo()
    await store.write(insert("then"))
    await store.close()
    assert await rig.store.read(names) == ["ours", "heard", "then"]


async def test_a_commit_that_was_not_heard_has_not(rig, monkeypatch):
    connect = Postgres.for_writing
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Cut(connect(self), heard=False))
    store = await Store.open(Postgres(rig.url))
    with pytest.raises(StoreUnavailable):
        await store.write(insert("unheard"))
    monkeypatch.undo()
    await store.close()
    assert await rig.store.read(names) == ["ours"]


async def test_a_commit_is_asked_about_for_a_while_only(postgres, monkeypatch):
    database = Postgres(postgres.new_database())
    monkeypatch.setattr(store_postgres, "SETTLING_SECONDS", 0.1)
    with psycopg.connect(database.url) as under_way:
        [number] = under_way.execute("SELECT pg_current_xact_id()::text").fetchone()
        asking = asyncio.to_thread(database._was_committed, number)
        with pytest.raises(psycopg.OperationalError, match="does not come to its end"):
            await asyncio.wait_for(asking, 20)


async def test_a_mistake_that_a_unit_hides_is_found_at_the_commit(rig):
    def hides(tx: Tx) -> None:
        insert("lost")(tx)
        with suppress(psycopg.Error):
            tx._connection.execute("SELECT 1 / 0", {})

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        await rig.store.write(hides)
    assert await rig.store.read(names) == ["ours"]


async def test_who_falls_silent_in_a_transaction_holds_up_nobody_for_long(rig, monkeypatch):
    """As a process does that is stopped, or whose machine lost its power."""
    monkeypatch.setattr(store_postgres, "IDLE_SECONDS", 1)
    [before] = rig.row("SELECT created_at FROM account")
    silent = Postgres(rig.url)
    session = silent.for_writing()
    silent.begin(session)
    session.execute("UPDATE account SET created_at = 9")
    await asyncio.wait_for(rig.store.write(lambda tx: touch(tx, "ours")), 20)
    with pytest.raises(psycopg.OperationalError):
        silent.commit(session, lambda: None)
    assert rig.row("SELECT created_at FROM account") == (before + 1,)


def set_default(rig, setting: str) -> None:
    """For every connection from now on that does not say otherwise."""
    [name] = rig.row("SELECT current_database()")
    with psycopg.connect(rig.url, autocommit=True) as opened:
        opened.execute(f"ALTER DATABASE {name} SET {setting}")


async def test_answered_commits_survive_a_power_cut_whatever_the_servers_default_is(rig):
    set_default(rig, "synchronous_commit = off")
    session = Postgres(rig.url).for_writing()
    session.begin()
    assert session.execute("SHOW synchronous_commit").fetchall() == [{"synchronous_commit": "on"}]
    session.close()


async def test_a_server_that_only_reads_is_away(rig):
    set_default(rig, "default_transaction_read_only = on")
    store = await Store.open(Postgres(rig.url))
    with pytest.raises(StoreUnavailable, match="25006"):
        await store.write(insert("unread"))
    await store.close()


@pytest.mark.parametrize("what", ["DEALLOCATE ALL", "ALTER TABLE account ALTER name TYPE varchar"])
async def test_plans_that_are_of_no_use_any_more_are_made_anew(rig, what):
    await rig.store.write(names)
    await rig.store.write(lambda tx: tx._connection.execute(what, {}))
    assert await rig.store.write(names) == ["ours"]


async def test_two_that_wait_for_each_other_both_succeed_in_the_end(rig, second):
    for name in ("x", "y"):
        await rig.store.write(insert(name))
    here, there, runs = threading.Event(), threading.Event(), []

    def both(first: str, then: str, mine: threading.Event, theirs: threading.Event):
        def unit(tx: Tx) -> None:
            runs.append(first)
            touch(tx, first)
            mine.set()
            assert theirs.wait(20)
            touch(tx, then)

        return unit

    await asyncio.gather(
        rig.store.write(both("x", "y", here, there)), second.write(both("y", "x", there, here))
    )
    assert len(runs) > 2, "neither was in the other's way"
    moments = rig.rows("SELECT created_at FROM account WHERE name IN ('x', 'y')")
    assert [row["created_at"] for row in moments] == [3, 3]


def touch(tx: Tx, name: str) -> None:
    tx._connection.execute(
        "UPDATE account SET created_at = created_at + 1 WHERE name = %(name)s", {"name": name}
    )


async def test_what_one_process_leases_another_passes_over(rig, second):
    requests = set(await rig.queue_all([f"+3247{n:07d}" for n in range(20)]))
    reached, go = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> set[object]:
        found = {one.request for one in outbox.lease_due(tx, Channel.SMS, NOON, NOON + HOUR, 5, worker=1)}
        reached.set()
        go.wait(20)
        return found

    first = asyncio.create_task(rig.store.write(slowly))
    await until(reached.is_set)
    others = await second.write(
        lambda tx: {one.request for one in outbox.lease_due(tx, Channel.SMS, NOON, NOON + HOUR, 50, worker=2)}
    )
    go.set()
    ours = await first
    assert (len(ours), len(others)) == (5, 15)
    assert ours | others == requests


async def test_a_report_is_not_lost_while_another_process_writes_its_id_down(rig, second):
    request = await rig.queue("+32470000000")
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, NOON, NOON + HOUR, 5))
    reached, go = threading.Event(), threading.Event()

    def write_down(tx: Tx) -> None:
        outbox.mark_taken(tx, [outbox.Taken(request, "GW", NOON, None)], HOUR)
        reached.set()
        assert go.wait(20)

    writing = asyncio.create_task(second.write(write_down))
    await until(reached.is_set)
    settle = Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=HOUR / 1000)
    report = DeliveryReport(Channel.SMS, Delivery.UNDELIVERED, gateway_id="GW", people=("+32470000000",))
    settling = asyncio.create_task(settle.take_report(report))
    await until(lambda: settling.done() or rig.rows(f"SELECT pid {WAITING}"))
    go.set()
    await writing
    await settling
    assert rig.facts(request)[0] is State.FAILED


async def test_a_key_that_somebody_is_sealing_with_outlives_a_sweep(rig, second):
    reached, go = threading.Event(), threading.Event()
    first = await rig.queue()

    def seal_slowly(tx: Tx) -> None:
        rig.vault.sealer(tx, day_of(NOON))
        reached.set()
        go.wait(20)
        tx._connection.execute("UPDATE envelope SET tries = tries")

    await rig.store.write(lambda tx: mark_submitted(tx, first, gateway_id="g", now=NOON, window_ms=HOUR))
    sealing = asyncio.create_task(rig.store.write(seal_slowly))
    await until(reached.is_set)
    sweeping = asyncio.create_task(second.write(lambda tx: closing.sweep(tx, NOON, 0.0, 10)))
    done, _ = await asyncio.wait({sweeping}, timeout=0.5)
    assert not done, "the sweep does not wait for who is sealing"
    go.set()
    await sealing
    await sweeping
    await rig.queue("+32470000009")
    [leased] = await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, NOON, NOON + HOUR, 5))
    opened = await rig.store.write(
        lambda tx: rig.vault.opener(tx).unseal(leased.day, leased.request, leased.sealed)
    )
    assert opened == "+32470000009"


async def test_of_two_first_calls_under_one_key_one_is_the_first(rig, second):
    from service.store import idempotency
    from service.store.idempotency import Kept, Slot

    slot, runs = Slot(rig.account, "/x", b"k" * 32), []

    def call(who: str):
        def unit(tx: Tx) -> str:
            runs.append(who)
            kept = idempotency.lookup(tx, slot, NOON)
            if kept is not None:
                return kept.answer
            idempotency.record(tx, slot, Kept(b"b" * 32, 202, who), NOON)
            return who

        return unit

    found = await asyncio.gather(
        *(store.write(call(f"{n}")) for n, store in enumerate((rig.store, second) * 5))
    )
    assert len(set(found)) == 1
