"""What several processes on one database of a server do to each other. A real server throughout."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, State
from service.settle import Settle
from service.store import closing, idempotency, outbox
from service.store.engine import Store, Tx
from service.store.idempotency import Kept, Slot
from service.store.postgres import Postgres
from service.store.vault import day_of
from tests.service.rig import HOUR, NOON, mark_submitted, until
from tests.service.store.test_postgres import insert, rig, touch

__all__ = ["rig"]


@pytest.fixture
async def second(rig):
    """Another process's store on the same database."""
    store = await Store.open(Postgres(rig.url))
    yield store
    await store.close()


WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
"""Of the processes of the server, those that wait for another transaction."""


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
