"""What a unit reads of a database on a server grows with what it does, and not with what is there.

PostgreSQL keeps a statement's plan. One that was made while the tables were empty must do for full ones: in
its first minute a database has no statistics, and grows.
"""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply
from service.settle import Mail, Settle
from service.store import outbox
from service.store.postgres import Postgres
from tests.service.rig import HOUR, Rig, open_rig

WINDOW = 72 * HOUR
PEOPLE, FEW, WARM = 3_000, 20, 6
"""PostgreSQL keeps a plan from a statement's sixth execution on."""
READ = """SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint AS rows FROM pg_stat_xact_user_tables
          WHERE relname IN ('request', 'envelope')"""
MOST_READ = FEW * 15
PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %(what)s"


async def test_a_unit_reads_few_rows_however_many_there_are(tmp_path, postgres):
    async with open_rig(tmp_path, database=Postgres(postgres.new_database())) as rig:
        await rig.queue_all([f"+3247{number:07}" for number in range(WARM * FEW)])
        for _ in range(WARM):
            await a_turn(rig)
        await rig.queue_all([f"+3248{number:07}" for number in range(PEOPLE)])
        now = rig.clock.now()
        until = Moment(now + HOUR)
        await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, until, PEOPLE - FEW))
        rows = await a_turn(rig)
        assert max(rows.values()) <= MOST_READ, rows


async def test_looking_for_leases_of_the_dead_reads_no_queue(tmp_path, postgres):
    async with open_rig(tmp_path, database=Postgres(postgres.new_database())) as rig:
        now = rig.clock.now()

        def look(tx):
            return outbox.void_leases(tx, Channel.SMS, now)

        for _ in range(WARM):
            await counted(rig, look)
        await rig.queue_all([f"+3248{number:07}" for number in range(PEOPLE)])
        await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), FEW))
        rows, void = await counted(rig, look)
        assert void == FEW
        assert rows <= MOST_READ


async def test_a_reader_plans_each_statement_once_whatever_its_values(postgres):
    """PostgreSQL would plan it five times anew first, and for good where that seems cheaper."""
    database = Postgres(postgres.new_database())
    database.prepare()
    session = database.for_reading()
    for number in range(WARM):
        database.begin_reading(session)
        session.execute(database.queries["survey"], {"account": number, "survey": number})
        database.end_reading(session)
    [plans] = session.execute(PLANS, {"what": "%deleted_at%"}).fetchall()
    assert plans == {"generic_plans": WARM, "custom_plans": 0}
    session.close()


@pytest.mark.parametrize("opened", [Postgres.for_reading, Postgres.for_writing])
async def test_nobody_compiles(postgres, opened):
    """It takes longer than any of our statements, and a server's default is to do it."""
    session = opened(Postgres(postgres.url))
    assert session.execute("SHOW jit").fetchall() == [{"jit": "off"}]
    session.close()


async def a_turn(rig: Rig) -> dict[str, int]:
    """Some are handed over, delivered and answered; how many rows each unit read."""
    settle = Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)
    now, rows = rig.clock.now(), {}

    async def turn(what: str, unit):
        rows[what], result = await counted(rig, unit)
        return result

    until = Moment(now + HOUR)
    leased = await turn("lease", lambda tx: outbox.lease_due(tx, Channel.SMS, now, until, FEW))
    await turn("when next", lambda tx: outbox.next_due(tx, Channel.SMS, now))
    requests = [one.request for one in leased]
    taken = [outbox.Taken(one, f"gw-{one}", now, None) for one in requests]
    await turn("outcomes", lambda tx: outbox.mark_taken(tx, taken, WINDOW))
    reports = [DeliveryReport(Channel.SMS, Delivery.DELIVERED, one) for one in requests]
    replies = [Reply(f"of {one}", Channel.SMS, "+32470000000", "9", one) for one in requests]
    for what, came in (("reports", reports), ("replies", replies)):
        await turn(what, Mail(settle.settle, list(map(settle._counting.heard, came)), now))
    return rows


async def counted(rig: Rig, unit):
    """How many rows it reads, and what it gives."""

    def count(tx):
        before, result = rows_read(tx), unit(tx)
        return rows_read(tx) - before, result

    return await rig.store.write(count)


def rows_read(tx) -> int:
    """So far, of the tables that grow."""
    return int(tx._connection.execute(READ).fetchall()[0]["rows"])
