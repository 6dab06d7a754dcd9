"""Two processes settle what came to both, on PostgreSQL: each counts once, and nobody waits in a circle."""

from __future__ import annotations

import asyncio
import threading

import psycopg
import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, RequestId, State
from service.settle import Mail, Settle
from service.store import outbox
from service.store.engine import Store
from service.store.postgres import Postgres
from tests.service.rig import DEADLINE, HOUR, Rig, open_rig, until

WINDOW = 72 * HOUR
PERSON = "+32470000000"
PEOPLE, ROUNDS = 500, 6


def settle_of(rig: Rig, store: Store) -> Settle:
    return Settle(store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


@pytest.fixture
async def rig(tmp_path, postgres):
    async with open_rig(tmp_path, database=Postgres(postgres.new_database())) as opened:
        yield opened


@pytest.fixture
async def other(rig):
    store = await Store.open(Postgres(rig.url))
    yield store
    await store.close()


async def test_copies_that_come_to_two_processes_in_opposite_orders_count_once(rig, other):
    ours, theirs = settle_of(rig, rig.store), settle_of(rig, other)
    for day in range(ROUNDS):
        await a_day(rig, ours, theirs, day)
    counted = rig.rows("SELECT state, score, count(*) AS many FROM request GROUP BY state, score")
    assert counted == [{"state": State.ANSWERED, "score": 9, "many": ROUNDS * PEOPLE}]
    assert rig.count("replies", verdict="good") == ROUNDS * PEOPLE
    assert (rig.store.tally.repeats, other.tally.repeats) == (0, 0)


async def a_day(rig: Rig, ours: Settle, theirs: Settle, day: int) -> None:
    people, now = [f"+3247{day:03}{number:04}" for number in range(PEOPLE)], rig.clock.now()
    requests = await rig.queue_all(people)
    taken = [outbox.Taken(one, f"gw-{one}", now, None) for one in requests]
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), PEOPLE))
    await rig.store.write(lambda tx: outbox.mark_taken(tx, taken, WINDOW))
    reports = [DeliveryReport(Channel.SMS, Delivery.DELIVERED, request) for request in requests]
    replies = [Reply(f"{day} {person}", Channel.SMS, person, "9") for person in people]
    came = [one for pair in zip(reports, replies, strict=True) for one in pair]
    await asyncio.gather(ours.take_all(came), theirs.take_all(came[::-1]))


async def test_reports_on_each_others_messages_are_waited_for_in_no_circle(rig, other):
    """Each process knows the ids of what it has just handed over, and not yet those of the other."""
    people, now = [f"+3247000000{number}" for number in range(3)], rig.clock.now()
    asked = sorted(zip(await rig.queue_all(people), people, strict=True))
    requests = [request for request, _ in asked]
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), 3))
    named = [DeliveryReport(Channel.SMS, Delivery.DELIVERED, one, f"gw-{one}") for one in requests]
    by_id = [
        DeliveryReport(Channel.SMS, Delivery.DELIVERED, None, f"gw-{one}", (), (person,))
        for one, person in asked
    ]
    with psycopg.connect(rig.url) as third:
        third.execute("SELECT FROM envelope WHERE request = %s FOR UPDATE", [requests[1].bytes])
        one = asyncio.ensure_future(settle_of(rig, rig.store).take_all([named[0], *by_id[1:]]))
        await until(lambda: waiting(rig) == 1)
        two = asyncio.ensure_future(settle_of(rig, other).take_all([named[2], by_id[0]]))
        await until(lambda: waiting(rig) == 2)
    await asyncio.gather(one, two)
    states = [rig.facts(request)[0] for request in requests]
    assert states == [State.DELIVERED, State.ACCEPTED, State.DELIVERED]
    assert (rig.store.tally.repeats, other.tally.repeats) == (0, 0)


def waiting(rig: Rig) -> int:
    """How many transactions wait for another one."""
    return rig.row("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0]


async def test_a_reply_whose_request_another_process_is_closing_belongs_to_the_next_older_one(rig, other):
    older, newer = await two_requests(rig)
    ours = settle_of(rig, rig.store)
    nine = ours._counting.heard(Reply("first", Channel.SMS, PERSON, "9"))
    await reply_meanwhile(rig, other, Mail(ours.settle, [nine], rig.clock.now()))
    assert [rig.facts(each)[2] for each in (newer, older)] == [9, 3]


async def test_a_reply_whose_request_another_process_takes_back_belongs_to_the_next_older_one(rig, other):
    """The gateway says no for now: nobody was asked."""
    older, newer = await two_requests(rig)
    later = Moment(rig.clock.now() + HOUR)
    await reply_meanwhile(rig, other, lambda tx: outbox.defer(tx, newer, due_at=later, taken=False))
    assert [rig.facts(each)[2] for each in (newer, older)] == [None, 3]


async def two_requests(rig: Rig) -> tuple[RequestId, RequestId]:
    """To one person by two accounts, both handed over."""
    now = rig.clock.now()
    (one,) = await rig.queue_all([PERSON], survey=await rig.other_survey())
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), 1))
    rig.clock.jump(now + 1)
    (two,) = await rig.queue_all([PERSON])
    await rig.store.write(
        lambda tx: outbox.lease_due(tx, Channel.SMS, Moment(now + 1), Moment(now + HOUR), 1)
    )
    return one, two


async def reply_meanwhile(rig: Rig, other: Store, unit) -> None:
    """A reply comes to the other process while this one has done `unit` and has not committed it."""
    begun, on, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def held(tx):
        unit(tx)
        tx.all("next_closing")  # what was only sent is done, too
        loop.call_soon_threadsafe(begun.set)
        on.wait(DEADLINE)

    one = asyncio.ensure_future(rig.store.write(held))
    await begun.wait()
    reply = Reply("second", Channel.SMS, PERSON, "3")
    two = asyncio.ensure_future(settle_of(rig, other).take_reply(reply))
    try:
        await until(lambda: waiting(rig) == 1)
    finally:
        on.set()
    await asyncio.gather(one, two)
