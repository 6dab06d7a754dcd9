"""Ordering calls, and asking about them, against a real server that speaks the dialect, and breaks it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from service.config import Settings
from service.domain.request import (
    Channel,
    Deferred,
    Delivery,
    DeliveryReport,
    MtMessage,
    Refused,
    Submitted,
)
from service.gateways.choice import chosen
from service.store import outbox
from service.store.engine import StoreUnavailable
from tests.service.gateways.switchboard import (
    ACCOUNT,
    CALLER,
    TOKEN,
    answers,
    cuts,
    fails,
    hangs,
    open_exchange,
)
from tests.service.rig import HOUR, mark_submitted, open_rig, until

HERE = "https://survey.example.be/front"
FIRST = 90_000


class Inbox:
    def __init__(self) -> None:
        self.reports: list[DeliveryReport] = []
        self.down = False

    async def take_report(self, report: DeliveryReport) -> None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        self.reports.append(report)


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def exchange():
    async with open_exchange() as opened:
        yield opened


def voice_of(rig, url: str, here: Callable[[], str] = lambda: HERE, **settings: object):
    own = {
        "voice_url": url,
        "voice_account_sid": ACCOUNT,
        "voice_auth_token": TOKEN,
        "voice_caller": CALLER,
        "gateway_deadline": 0.5,
        "voice_ask_after": FIRST / 1000,
    }
    found = chosen(Settings(**(own | settings)), rig.means(here))
    return next(each for each in found if each.gateway.channel is Channel.VOICE)


@pytest.fixture
async def gateway(rig, exchange):
    opened = voice_of(rig, exchange.url).gateway
    yield opened
    await opened.close()


def message(rig, destination: str = "+32470000000") -> MtMessage:
    return MtMessage(rig.dice.request_ids([rig.clock.now()])[0], Channel.VOICE, destination, "Hoe?", "nl-BE")


async def test_a_call_is_ordered_with_our_addresses(rig, exchange, gateway):
    ordered = message(rig)
    assert await gateway.submit(ordered) == Submitted("CA" + "0" * 32)
    (order,) = exchange.orders
    assert (order["To"], order["From"]) == ("+32470000000", CALLER)
    place = re.escape(HERE) + r"/gateways/voice/[a-z2-7]{42}/%s\?reference=" + str(ordered.request)
    assert re.fullmatch(place % "question", order["Url"])
    assert re.fullmatch(place % "status", order["StatusCallback"])
    assert exchange.authorisations[0].startswith("Basic ")
    assert rig.clock.held == 0


async def test_the_repeat_of_a_call_is_the_same_order(rig, exchange, gateway):
    ordered = message(rig)
    exchange.behaviours.append(cuts)
    assert await gateway.submit(ordered) == Deferred("cut off: ServerDisconnectedError", perhaps_taken=True)
    await gateway.submit(ordered)
    assert exchange.orders[0] == exchange.orders[1]


async def test_settings_reach_the_order(rig, exchange):
    gateway = voice_of(rig, exchange.url, voice_ring_time=40.0, voice_machines="ignore").gateway
    await gateway.submit(message(rig))
    await gateway.close()
    assert exchange.orders[0]["Timeout"] == "40"
    assert "MachineDetection" not in exchange.orders[0]


def test_pace_and_window_are_the_settings(rig):
    limits = voice_of(rig, "http://127.0.0.1:9", voice_rate=2.5, voice_window=7).limits
    assert (limits.rate, limits.window, limits.first_poll) == (2.5, 7, FIRST / 1000)


def test_without_an_address_there_is_no_channel(rig):
    assert [each.gateway.channel for each in chosen(Settings(), rig.means())] == [Channel.SMS]


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (fails(400, 21211), Refused("HTTP 400, error 21211")),
        (fails(403, 21215), Refused("HTTP 403, error 21215")),
        (fails(400), Refused("HTTP 400")),
        (fails(401, 20003), Deferred("HTTP 401, error 20003")),
        (fails(403, 20403), Deferred("HTTP 403, error 20403")),
        (fails(404, 20404), Deferred("HTTP 404, error 20404")),
        (fails(429, 20429, Retry_After="7"), Deferred("HTTP 429, error 20429", 7.0, throttled=True)),
        (fails(400, 10004), Deferred("HTTP 400, error 10004", throttled=True)),
        (fails(503, Retry_After="3"), Deferred("HTTP 503", 3.0)),
        (fails(503, Retry_After="Thu, 26 Nov 2026 16:00:00 GMT"), Deferred("HTTP 503")),
        (answers(b"busy", 500), Deferred("HTTP 500")),
        (answers(b"<xml/>"), Deferred("HTTP 201: the body is not JSON in UTF-8", perhaps_taken=True)),
        (answers(b"{}"), Deferred(
            "HTTP 201: sid is not a text of 1 to 64 printable characters", perhaps_taken=True)),
        (answers(b'{"sid": "CA7"}', 200), Submitted("CA7")),
        (answers(b"x" * 70_000), Deferred("cut off: ValueError", perhaps_taken=True)),
        (hangs, Deferred("timed out", perhaps_taken=True)),
        (cuts, Deferred("cut off: ServerDisconnectedError", perhaps_taken=True)),
    ],
)  # fmt: skip
async def test_every_answer_is_an_outcome(rig, exchange, gateway, behaviour, outcome):
    exchange.behaviours.append(behaviour)
    assert await gateway.submit(message(rig)) == outcome
    assert rig.clock.held == 0
    assert b"470000000" not in rig.lines.getvalue()


async def test_nobody_there_means_that_nobody_was_called(rig):
    gateway = voice_of(rig, "http://127.0.0.1:9").gateway
    assert await gateway.submit(message(rig)) == Deferred("unreachable")
    await gateway.close()


# Asking about calls


@asynccontextmanager
async def running(gateway, inbox):
    task = asyncio.create_task(gateway.run(inbox))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ordered(rig, gateway, destination: str = "+32470000000"):
    """A call is ordered and written down, as the worker does."""
    request, now = await rig.queue(destination, channel=Channel.VOICE), rig.clock.now()
    (leased,) = await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.VOICE, now, now + HOUR, 1))
    outcome = await gateway.submit(
        MtMessage(request, Channel.VOICE, destination, leased.text, leased.language)
    )
    await rig.store.write(
        lambda tx: mark_submitted(
            tx, request, gateway_id=outcome.gateway_id, now=now, window_ms=72 * HOUR, poll_at=now + FIRST
        )
    )
    return request, outcome.gateway_id


@pytest.mark.parametrize(
    ("status", "answered_by", "delivery"),
    [
        ("completed", "human", Delivery.DELIVERED),
        ("completed", None, Delivery.DELIVERED),
        ("completed", "unknown", Delivery.DELIVERED),
        ("completed", "machine_start", Delivery.UNDELIVERED),
        ("completed", "fax", Delivery.UNDELIVERED),
        ("busy", None, Delivery.UNDELIVERED),
        ("no-answer", None, Delivery.UNDELIVERED),
        ("failed", None, Delivery.UNDELIVERED),
        ("canceled", None, Delivery.UNDELIVERED),
    ],
)
async def test_a_call_that_nobody_told_us_of_is_asked_about(
    rig, exchange, gateway, status, answered_by, delivery
):
    inbox = Inbox()
    async with running(gateway, inbox):
        request, sid = await ordered(rig, gateway)
        exchange.records[sid] |= {"status": status, "answered_by": answered_by}
        begun = rig.clock.now()
        await rig.clock.run_until(lambda: inbox.reports)
    assert inbox.reports == [DeliveryReport(Channel.VOICE, delivery, request=request, gateway_id=sid)]
    assert rig.clock.now() - begun == FIRST


async def test_a_call_under_way_is_asked_about_more_and_more_seldom(rig, exchange, gateway):
    inbox = Inbox()
    async with running(gateway, inbox):
        await ordered(rig, gateway)
        begun = rig.clock.now()
        await rig.clock.run_until(lambda: len(exchange.read) >= 6)
        out = rig.clock.now() - begun
    assert inbox.reports == []
    assert out > 4 * FIRST


async def test_what_was_told_meanwhile_is_not_asked_about(rig, exchange, gateway):
    async with running(gateway, Inbox()):
        request, _ = await ordered(rig, gateway)
        await rig.store.write(lambda tx: outbox.poll_again(tx, [request], None))
        await rig.clock.run_until(lambda: False)
    assert exchange.read == []
    assert rig.clock.next_due() is None, "no timer is left, so that a world's clock can run dry"


async def test_a_call_ordered_before_a_restart_is_asked_about_too(rig, exchange, gateway):
    request, sid = await ordered(rig, gateway)
    exchange.records[sid]["status"] = "busy"
    fresh, inbox = voice_of(rig, exchange.url).gateway, Inbox()
    async with running(fresh, inbox):
        await rig.clock.run_until(lambda: inbox.reports)
    await fresh.close()
    assert [report.request for report in inbox.reports] == [request]


async def test_what_cannot_be_read_or_kept_is_asked_about_again(rig, exchange, gateway):
    inbox = Inbox()
    async with running(gateway, inbox):
        _, sid = await ordered(rig, gateway)
        record = exchange.records.pop(sid)
        await rig.clock.run_until(lambda: len(exchange.read) == 1)
        exchange.records[sid] = record | {"status": "busy"}
        inbox.down = True
        await rig.clock.run_until(lambda: len(exchange.read) == 2)
        await until(lambda: rig.lines.getvalue().count(b"call_not_read") == 2)
        inbox.down = False
        await rig.clock.run_until(lambda: inbox.reports)
    assert len(inbox.reports) == 1
