"""Two processes settle what came to both, on PostgreSQL: each counts once, and nobody waits in a circle."""

from __future__ import annotations

import asyncio

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, State
from service.settle import Settle
from service.store import outbox
from service.store.engine import Store
from service.store.postgres import Postgres
from tests.service.rig import HOUR, Rig, open_rig

WINDOW = 72 * HOUR
PEOPLE, ROUNDS = 500, 6


def settle_of(rig: Rig, store: Store) -> Settle:
    return Settle(store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


async def test_copies_that_come_to_two_processes_in_opposite_orders_count_once(tmp_path, postgres):
    url = postgres.new_database()
    async with open_rig(tmp_path, database=Postgres(url)) as rig:
        other = await Store.open(Postgres(url))
        try:
            ours, theirs = settle_of(rig, rig.store), settle_of(rig, other)
            for day in range(ROUNDS):
                await a_day(rig, ours, theirs, day)
        finally:
            await other.close()
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
