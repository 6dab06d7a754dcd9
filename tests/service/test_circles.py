"""Two processes never wait for each other in a circle: whoever needs several rows takes them in one order. In
each case a third one keeps both waiting, where another order would end in a deadlock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
import pytest

from service.clock import Moment
from service.domain.request import Channel, Deferred, Delivery, DeliveryReport, Refused, RequestId
from service.gateways.sms_http import Peer, SmsHttp
from service.settle import Mail
from service.store import acceptance, closing, outbox, responses, surveys
from service.store.engine import Store
from service.store.tx import Tx, listed
from service.submit import HandOver, Limits, Submit
from tests.service.rig import HOUR, NOON, Rig, until
from tests.service.store.units import gathered
from tests.service.test_settle_processes import other, rig, settle_of, waiting

__all__ = ["other", "rig"]

LATER = Moment(NOON + HOUR)
THIS_REQUEST = "SELECT FROM request JOIN envelope ON request = id WHERE id = %s FOR UPDATE"
THIS_CONTACT = "SELECT FROM contact WHERE account = %s AND fingerprint = %s FOR UPDATE"


class Circle(NamedTuple):
    """`third` holds what the first wants last, or the second, when it comes before the first is through."""

    first: Callable[[Tx], object]
    second: Callable[[Tx], object]
    third: tuple[str, tuple[Any, ...]]


async def two_leased(rig: Rig) -> tuple[RequestId, RequestId]:
    """In the order of their ids; what looks for leases finds the second first."""
    one, two = sorted(await rig.queue_all(["+32470000001", "+32470000002"]))
    for request in (two, one):
        row = listed([request.bytes])
        await rig.store.write(lambda tx, row=row: tx.run("lease", **row, now=NOON, until=LATER, worker=0))
    return one, two


def gateway_of(rig: Rig) -> SmsHttp:
    peer = Peer(url="http://127.0.0.1:9", client_id="", client_secret="", deadline=1, polls=False)
    return SmsHttp(peer, rig.store, rig.clock, rig.meters, rig.log)


def outcomes(rig: Rig, *done: tuple[RequestId, Refused | Deferred]) -> Callable[[Tx], object]:
    gateway = gateway_of(rig)
    what = (rig.store, rig.vault, rig.clock, rig.dice, rig.meters, rig.log, Limits())
    submit = Submit(gateway, *what, on_window=lambda _: None)
    hand_overs = [HandOver(*each, NOON, NOON, LATER, perhaps_taken=False) for each in done]
    return lambda tx: submit.record(tx, hand_overs)


def reports(rig: Rig, *requests: RequestId) -> Callable[[Tx], object]:
    settle = settle_of(rig, rig.store)
    came = [DeliveryReport(Channel.SMS, Delivery.DELIVERED, request) for request in requests]
    return Mail(settle.settle, list(map(settle._counting.heard, came)), rig.clock.now())


async def outcomes_and_reports(rig: Rig) -> Circle:
    one, two = await two_leased(rig)
    done = outcomes(rig, (two, Refused("no")), (one, Deferred("not now")))
    return Circle(done, reports(rig, one, two), (THIS_REQUEST, (two.bytes,)))


async def a_refusal_and_a_report(rig: Rig) -> Circle:
    one, _ = await two_leased(rig)
    third = "SELECT FROM request WHERE id = %s FOR UPDATE", (one.bytes,)
    return Circle(outcomes(rig, (one, Refused("no"))), reports(rig, one), third)


async def next_polls_and_reports(rig: Rig) -> Circle:
    one, two = await two_leased(rig)
    polls = lambda tx: outbox.poll_again(tx, [two, one], LATER)  # noqa: E731
    return Circle(polls, reports(rig, one, two), (THIS_REQUEST, (two.bytes,)))


async def polls_that_are_due_and_reports(rig: Rig) -> Circle:
    one, two = await two_leased(rig)
    taken = [outbox.Taken(each, f"gw-{each}", NOON, Moment(NOON - ago)) for each, ago in ((one, 1), (two, 2))]
    await rig.store.write(lambda tx: outbox.mark_taken(tx, taken, HOUR))
    polls = lambda tx: gateway_of(rig)._polls._due(tx, NOON)  # noqa: E731
    return Circle(polls, reports(rig, one, two), (THIS_REQUEST, (two.bytes,)))


async def void_leases_and_reports(rig: Rig) -> Circle:
    one, two = await two_leased(rig)
    void = lambda tx: outbox.void_leases(tx, Channel.SMS, NOON, worker=0)  # noqa: E731
    return Circle(void, reports(rig, one, two), (THIS_REQUEST, (two.bytes,)))


async def a_deleted_survey_and_a_refusal(rig: Rig) -> Circle:
    one, _ = await two_leased(rig)
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, rig.survey.id, NOON))
    purge = lambda tx: closing.purge_deleted(tx, 100)  # noqa: E731
    return Circle(purge, outcomes(rig, (one, Refused("no"))), (THIS_REQUEST, (one.bytes,)))


async def two_people_of_two_accounts(rig: Rig) -> list[acceptance.Person]:
    """All four by their keys."""
    await rig.other_survey()
    accounts = [row["id"] for row in rig.rows("SELECT id FROM account ORDER BY id")]
    people = [(account, byte * 32) for byte in (b"a", b"b") for account in accounts]
    await rig.store.write(claims(*people))
    return people


def claims(*people: acceptance.Person) -> Callable[[Tx], object]:
    return lambda tx: acceptance.claim(tx, dict.fromkeys(people, LATER), HOUR)


async def stops_and_claims(rig: Rig) -> Circle:
    a1, a2, b1, _ = await two_people_of_two_accounts(rig)
    stops = lambda tx: responses.all_opt_out(tx, {}, {b1[1], a1[1]})  # noqa: E731
    return Circle(claims(a2, b1), stops, (THIS_CONTACT, b1))


async def opt_outs_and_claims(rig: Rig) -> Circle:
    a1, _, b1, _ = await two_people_of_two_accounts(rig)
    opt_outs = lambda tx: responses.all_opt_out(tx, {b1: NOON}, {a1[1]})  # noqa: E731
    return Circle(opt_outs, claims(a1, b1), (THIS_CONTACT, b1))


CIRCLES = [
    outcomes_and_reports, a_refusal_and_a_report, next_polls_and_reports, polls_that_are_due_and_reports,
    void_leases_and_reports, a_deleted_survey_and_a_refusal, stops_and_claims, opt_outs_and_claims,
]  # fmt: skip


@pytest.mark.parametrize("circle", CIRCLES)
async def test_two_that_need_the_same_rows_wait_for_each_other_once(rig, other, circle):
    first, second, (statement, values) = await circle(rig)
    with psycopg.connect(rig.url) as third:
        third.execute(statement.encode(), values)
        one = asyncio.ensure_future(rig.store.write(first))
        await until(lambda: waiting(rig) == 1)
        two = asyncio.ensure_future(other.write(second))
        await until(lambda: waiting(rig) == 2)
    await asyncio.gather(one, two)
    assert (rig.store.tally.repeats, other.tally.repeats) == (0, 0)


async def test_two_that_need_other_rows_after_each_other_never_hold_the_first_meanwhile(rig, other):
    """In one transaction each would hold what the other wants: one, and three."""
    one, two, three = sorted(await rig.queue_all([f"+3247000000{number}" for number in range(3)]))
    ours = reports(rig, one), outcomes(rig, (two, Deferred("not now")), (three, Deferred("not now")))
    theirs = reports(rig, three), outcomes(rig, (one, Deferred("not now")))
    with psycopg.connect(rig.url) as third:
        third.execute(THIS_REQUEST.encode(), (two.bytes,))
        we = asyncio.ensure_future(in_one_go(rig.store, *ours))
        await until(lambda: waiting(rig) == 1)
        they = asyncio.ensure_future(in_one_go(other, *theirs))
        await until(lambda: waiting(rig) == 2 or they.done())
    await asyncio.gather(we, they)
    assert (rig.store.tally.repeats, other.tally.repeats) == (0, 0)


async def in_one_go(store: Store, *units: Callable[[Tx], object]) -> None:
    """They wait for the writer together."""
    await asyncio.gather(*await gathered(store, *units, holding=True))


OVER = {
    "contact": "(1, 'a', 1)",
    "idempotency": "(1, 'x', 'k', 'b', 202, '', NULL, 1)",
    "taken_reply": "('d', 1)",
    "early_report": "('SMS', 'g', 'f', 'DELIVERED', 1)",
    "long_reply": "('m', 1, NULL, '{}', 1)",
}
"""A row of each table that is over."""


@pytest.mark.parametrize("table", OVER)
async def test_a_sweep_waits_for_nobody_and_takes_what_was_held_the_next_time(rig, table):
    many = f"SELECT count(*) FROM {table}"  # noqa: S608  # a name of ours
    with psycopg.connect(rig.url) as third:
        third.execute(f"INSERT INTO {table} VALUES {OVER[table]}".encode())  # noqa: S608
        third.commit()
        third.execute(f"SELECT FROM {table} FOR UPDATE".encode())
        await asyncio.wait_for(rig.store.write(lambda tx: closing.sweep(tx, NOON, 0.0, 10)), 5)
        assert rig.row(many) == (1,)
    await rig.store.write(lambda tx: closing.sweep(tx, NOON, 0.0, 10))
    assert rig.row(many) == (0,)
