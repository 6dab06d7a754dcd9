"""The SMS gateway's client against a real server that speaks the wire, and breaks it."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace

import aiohttp
import pytest

from service.domain.request import (
    Channel,
    Deferred,
    Delivery,
    DeliveryReport,
    MtMessage,
    Refused,
    Reply,
    Submitted,
)
from service.gateways.sms_http import Peer, SmsHttp
from service.store import outbox
from service.store.engine import StoreUnavailable
from service.wire.webhook import signature
from tests.service.rig import (
    HOUR,
    NOON,
    Stub,
    answers,
    cut,
    garbage,
    hang,
    mark_submitted,
    open_rig,
    open_stub,
    says,
    serving,
    until,
)

PERSON = "+32470000000"
SECRET, NEXT_SECRET = b"0123456789abcdefghijklmn", b"nmlkjihgfedcba9876543210"


class Inbox:
    """Takes everything, or fails for a while."""

    def __init__(self) -> None:
        self.reports: list[DeliveryReport] = []
        self.replies: list[Reply] = []
        self.down = False

    async def take_report(self, report: DeliveryReport) -> None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        self.reports.append(report)

    async def take_reply(self, reply: Reply) -> None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        self.replies.append(reply)


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def stub():
    async with open_stub() as opened:
        yield opened


@pytest.fixture
async def gateway(rig, stub):
    opened = gateway_of(rig, stub.url)
    yield opened
    await opened.close()


def gateway_of(rig, url: str, **change) -> SmsHttp:
    peer = Peer(url=url, client_id="client", client_secret="hush", deadline=10.0, call_back_secrets=(SECRET,))
    return SmsHttp(replace(peer, **change), rig.store, rig.clock, rig.meters, rig.log)


def message(rig, destination: str = PERSON) -> MtMessage:
    return MtMessage(rig.dice.request_ids([NOON])[0], Channel.SMS, destination, "Een vraag? 😀", "nl")


async def test_a_message_is_handed_over_under_its_own_reference(rig, stub, gateway):
    sent = message(rig)
    assert await gateway.submit(sent) == Submitted(f"gw-{sent.request}")
    assert stub.tries == [
        {
            "message": "Een vraag? 😀",
            "destinations": [PERSON],
            "binary": False,
            "clientCorrelator": str(sent.request),
            "callbackData": str(sent.request),
        }
    ]


@pytest.mark.parametrize("word", ["DeliveredToNetwork", "MessageWaiting", "DeliveryUncertain", "NewWord"])
async def test_what_is_on_its_way_is_submitted(rig, stub, gateway, word):
    stub.on(PERSON, says(word))
    assert isinstance(await gateway.submit(message(rig)), Submitted)


@pytest.mark.parametrize("word", ["AddressInvalid", "DeliveryImpossible"])
async def test_a_destination_that_is_none_is_refused(rig, stub, gateway, word):
    stub.on(PERSON, says(word))
    assert await gateway.submit(message(rig)) == Refused(word)


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (answers(400, 101), Refused("HTTP 400, fault 101")),
        (answers(422, 1), Refused("HTTP 422, fault 1")),
        (garbage(b"<html>", status=404, taking=False), Refused("HTTP 404")),
        (answers(403, 900908), Deferred("HTTP 403, fault 900908")),
        (
            answers(429, 900800, Retry_After="7"),
            Deferred("HTTP 429, fault 900800", retry_after=7.0, throttled=True),
        ),
        (answers(429, 900805), Deferred("HTTP 429, fault 900805", throttled=True)),
        (answers(503, 900807), Deferred("HTTP 503, fault 900807", throttled=True)),
        (answers(503, 101503, Retry_After="2"), Deferred("HTTP 503, fault 101503", retry_after=2.0)),
        (
            answers(503, 700700, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"),
            Deferred("HTTP 503, fault 700700"),
        ),
        (garbage(b"oops", status=500, taking=False), Deferred("HTTP 500")),
        (garbage(b"", status=302, taking=False), Deferred("HTTP 302")),
        (answers(408, 1), Deferred("HTTP 408, fault 1")),
    ],
)
async def test_a_clear_no_says_when_and_whether_to_try_again(rig, stub, gateway, behaviour, outcome):
    stub.on(PERSON, behaviour)
    assert await gateway.submit(message(rig)) == outcome


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (cut(taking=False), "cut off: ServerDisconnectedError"),
        (cut(taking=True), "cut off: ServerDisconnectedError"),
        (hang(taking=True), "timed out"),
        (garbage(b"\xff\x00"), "HTTP 201: the body is not JSON in UTF-8"),
        (garbage(b"{}"), "HTTP 201: resourceURL is not a text of 1 to 2048 printable characters"),
        (garbage(b" " * 100_000), "cut off: ValueError"),
    ],
)
async def test_without_a_clear_answer_it_may_have_been_taken(rig, stub, behaviour, reason):
    gateway = gateway_of(rig, stub.url, deadline=1.0)
    stub.on(PERSON, behaviour)
    assert await gateway.submit(message(rig)) == Deferred(reason, perhaps_taken=True)
    await gateway.close()


async def test_a_gateway_that_is_not_there_has_surely_taken_nothing(rig):
    async with serving([]) as url:
        pass
    gateway = gateway_of(rig, url)
    assert await gateway.submit(message(rig)) == Deferred("token: unreachable")
    await gateway.close()


async def test_what_does_not_speak_http_is_an_outcome_too(rig):
    async def shout(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01SMPP?\r\n\r\n" * 5000)
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    gateway = gateway_of(rig, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    outcome = await gateway.submit(message(rig))
    assert isinstance(outcome, Deferred)
    assert not outcome.perhaps_taken
    await gateway.close()
    server.close()
    await server.wait_closed()


async def test_many_messages_share_one_token(rig, stub, gateway):
    await asyncio.gather(*(gateway.submit(message(rig)) for _ in range(20)))
    assert len(stub.taken) == 20
    basic = "Basic " + base64.b64encode(b"client:hush").decode()
    assert stub.token_calls == [(basic, b"grant_type=client_credentials&scope=openid")]


async def test_a_token_is_renewed_before_its_end(rig, stub, gateway):
    await gateway.submit(message(rig))
    rig.clock.wall_seconds += 3569
    await gateway.submit(message(rig))
    assert len(stub.token_calls) == 1
    rig.clock.wall_seconds += 2
    await gateway.submit(message(rig))
    assert len(stub.token_calls) == 2


async def test_a_permanent_token_does_not_overflow_anything(rig, stub, gateway):
    stub.lifetime = 9223372036854775
    assert isinstance(await gateway.submit(message(rig)), Submitted)


async def test_a_revoked_token_is_renewed_once_for_all(rig, stub, gateway):
    await gateway.submit(message(rig))
    stub.valid, stub.tokens = {"token-2"}, ["token-2"]
    outcomes = await asyncio.gather(*(gateway.submit(message(rig)) for _ in range(10)))
    assert all(isinstance(outcome, Submitted) for outcome in outcomes)
    assert len(stub.token_calls) == 2


async def test_a_gateway_that_takes_no_token_is_asked_twice_and_not_for_ever(rig, stub, gateway):
    stub.valid = set()
    assert await gateway.submit(message(rig)) == Deferred("HTTP 401, fault 900901")
    assert len(stub.token_calls) == 2


async def test_wrong_credentials_defer_and_say_so_without_telling_them(rig, stub, gateway):
    stub.tokens = []
    assert await gateway.submit(message(rig)) == Deferred("token: HTTP 401")
    assert b"no_token" in rig.lines.getvalue()
    assert b"hush" not in rig.lines.getvalue()


async def test_a_token_door_that_hangs_holds_all_up_for_one_deadline_only(rig):
    async def never(_request):
        await asyncio.sleep(20)

    async with serving([aiohttp.web.post("/token", never)]) as url:
        gateway = gateway_of(rig, url, deadline=0.2)
        async with asyncio.timeout(2):
            outcomes = await asyncio.gather(*(gateway.submit(message(rig)) for _ in range(32)))
        assert set(outcomes) == {Deferred("token: timed out")}
        await gateway.close()


async def test_a_message_holds_the_clock_and_lets_go_on_every_path(rig, stub, gateway):
    held: list[int] = []

    async def look(_stub: Stub, _request, _body) -> None:
        held.append(rig.clock.held)

    stub.before = look
    for behaviour in (answers(503), cut(taking=True), garbage(b"x"), answers(400)):
        stub.on(PERSON, behaviour)
        await gateway.submit(message(rig))
        assert rig.clock.held == 0
    assert held == [1, 1, 1, 1]
    stub.on(PERSON, hang(taking=False))
    task = asyncio.create_task(gateway.submit(message(rig)))
    await until(lambda: len(held) == 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert rig.clock.held == 0


async def test_nothing_personal_is_logged(rig, stub, gateway):
    for behaviour in (answers(400, 5), answers(429, 900800), cut(taking=True), garbage(b"+32470000000")):
        stub.on(PERSON, behaviour)
        await gateway.submit(message(rig))
    for secret in (b"32470000000", b"vraag", b"token-1", b"hush"):
        assert secret not in rig.lines.getvalue()
    assert "470000000" not in repr(message(rig))


# Polling


async def out_with_people(rig, count: int = 1):
    """Requests that were handed over, to be asked about at once."""
    requests = await rig.queue_all([f"+3247000{number:04}" for number in range(count)])
    await rig.store.write(
        lambda tx: outbox.lease_due(tx, Channel.SMS, rig.clock.now(), rig.clock.now() + HOUR, count)
    )
    for request in requests:
        await rig.store.write(
            lambda tx, request=request: mark_submitted(
                tx,
                request,
                gateway_id=f"gw-{request}",
                now=rig.clock.now(),
                window_ms=72 * HOUR,
                poll_at=rig.clock.now(),
            )
        )
    return requests


class Running:
    """`gateway.run` as a task, ended properly."""

    def __init__(self, gateway, inbox) -> None:
        self._gateway, self._inbox = gateway, inbox

    async def __aenter__(self):
        self._task = asyncio.create_task(self._gateway.run(self._inbox))
        return self._task

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_replies_are_fetched_in_order_and_confirmed_by_the_cursor(rig, stub, gateway):
    await out_with_people(rig)
    for number in range(230):
        stub.person_writes(f"mo-{number:03}", "tel:+32470000000", str(number))
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert [reply.text for reply in inbox.replies] == [str(number) for number in range(230)]
        assert inbox.replies[0] == Reply("mo-000", Channel.SMS, PERSON, "0")
        assert stub.polls == ["", "mo-099", "mo-199", "mo-229"]
        assert stub.inbound == []


async def test_what_could_not_be_kept_is_fetched_again(rig, stub, gateway):
    await out_with_people(rig)
    stub.person_writes("mo-1", PERSON, "9")
    inbox = Inbox()
    inbox.down = True
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert (inbox.replies, len(stub.inbound)) == ([], 1)
        inbox.down = False
        await rig.clock.run_until(lambda: inbox.replies)
        assert [reply.message_id for reply in inbox.replies] == ["mo-1"]
        assert stub.polls == ["", "", "mo-1"]


async def test_nobody_polls_while_nothing_is_out(rig, stub, gateway):
    async with Running(gateway, Inbox()):
        await rig.clock.settled()
        assert (stub.polls, rig.clock.next_due()) == ([], None)


async def test_a_hand_over_starts_the_polling_and_the_end_of_the_windows_ends_it(rig, stub):
    gateway = gateway_of(rig, stub.url, longest_poll=3600.0)
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        requests = await out_with_people(rig)
        await gateway.submit(message(rig))
        await rig.clock.run_until(lambda: len(stub.polls) > 2)
        assert len(stub.polls) == 3
        await rig.clock.run_until(lambda: False, limit=NOON + 80 * HOUR)
        assert rig.clock.next_due() is None
        assert NOON + 72 * HOUR <= rig.clock.now() <= NOON + 73 * HOUR
        assert 8 < len(stub.asked) < 40
        assert set(stub.asked) == {f"gw-{request}" for request in requests}
    await gateway.close()


async def test_a_storm_of_hand_overs_does_not_become_a_storm_of_polls(rig, stub, gateway):
    await out_with_people(rig)
    async with Running(gateway, Inbox()):
        await rig.clock.settled()
        for _ in range(50):
            await gateway.submit(message(rig))
        await rig.clock.settled()
        assert len(stub.polls) == 1


async def test_deliveries_are_asked_about_until_they_are_final(rig, stub, gateway):
    delivered, lost = await out_with_people(rig, 2)
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert {report.delivery for report in inbox.reports} == {Delivery.UNDERWAY}
        inbox.reports.clear()
        stub.statuses[f"gw-{delivered}"] = "DeliveredToTerminal"
        stub.statuses[f"gw-{lost}"] = "DeliveryImpossible"
        await rig.clock.run_until(lambda: len(inbox.reports) == 2)
        told = {report.request: report.delivery for report in inbox.reports}
        assert told == {delivered: Delivery.DELIVERED, lost: Delivery.UNDELIVERED}


async def test_polling_outlives_a_gateway_that_is_away(rig, stub, gateway):
    await out_with_people(rig)
    stub.person_writes("mo-1", PERSON, "9")
    stub.tokens, tokens = [], stub.tokens
    inbox = Inbox()
    async with Running(gateway, inbox) as task:
        await rig.clock.settled()
        assert (inbox.replies, task.done()) == ([], False)
        stub.tokens = tokens
        await rig.clock.run_until(lambda: inbox.replies)
        assert len(inbox.replies) == 1


async def test_a_gateway_that_pushes_is_not_polled(rig, stub):
    gateway = gateway_of(rig, stub.url, polls=False, pushes=True)
    await out_with_people(rig)
    async with Running(gateway, Inbox()):
        await gateway.submit(message(rig))
        await rig.clock.settled()
        assert (stub.polls, stub.asked, rig.clock.next_due()) == ([], [], None)
    await gateway.close()


# Call-backs


REPLY = {"inboundSMSMessageNotification": {"inboundSMSMessage": {"messageId": "m", "senderAddress": PERSON}}}


class Door:
    """The call-back route behind a real server."""

    def __init__(self, rig, url: str, inbox: Inbox) -> None:
        self.rig, self.url, self.inbox = rig, url, inbox

    async def push(self, body: bytes, *, key=SECRET, apart: float = 0, message_id="id-1", **change) -> int:
        moment = int(self.rig.clock.wall() + apart)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(key, message_id, moment, body),
            "Content-Type": "application/json",
        }
        return await self.post(body, headers | change)

    async def post(self, body: bytes, headers=None) -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url + "/gateways/sms/notifications", data=body, headers=headers) as answer,
        ):
            if answer.status >= 400:
                assert answer.content_type == "application/problem+json"
                assert (await answer.json(content_type=None))["status"] == answer.status
            return answer.status


@pytest.fixture
async def door(rig):
    inbox = Inbox()
    secrets = (SECRET, NEXT_SECRET)
    gateway = gateway_of(rig, "http://127.0.0.1:1", pushes=True, polls=False, call_back_secrets=secrets)
    async with serving(gateway.routes(inbox)) as url:
        yield Door(rig, url, inbox)
    await gateway.close()
    assert rig.clock.held == 0


async def test_a_signed_reply_is_taken(rig, door):
    body = json.dumps(REPLY).encode()
    assert await door.push(body) == 204
    assert door.inbox.replies == [Reply("m", Channel.SMS, PERSON, "")]


async def test_a_signed_report_is_taken(rig, door):
    request = rig.dice.request_ids([NOON])[0]
    notice = {
        "callbackData": str(request),
        "resourceURL": "http://gw/x/gw-1",
        "deliveryInfo": {"address": f"tel:{PERSON}", "deliveryStatus": "DeliveredToTerminal"},
    }
    assert await door.push(json.dumps({"deliveryInfoNotification": notice}).encode()) == 204
    notice["callbackData"] = "not ours"
    assert await door.push(json.dumps({"deliveryInfoNotification": notice}).encode()) == 204
    assert door.inbox.reports == [
        DeliveryReport(Channel.SMS, Delivery.DELIVERED, request=request, gateway_id="gw-1"),
        DeliveryReport(Channel.SMS, Delivery.DELIVERED, request=None, gateway_id="gw-1"),
    ]


async def test_both_keys_open_during_a_rotation_and_no_other(rig, door):
    body = json.dumps(REPLY).encode()
    keys = (SECRET, NEXT_SECRET, b"z" * 24)
    assert [await door.push(body, key=key) for key in keys] == [204, 204, 401]
    assert rig.count("call_backs_refused", reason="wrong") == 1


@pytest.mark.parametrize(("apart", "status"), [(-301, 401), (-299, 204), (300, 204), (301, 401)])
async def test_five_minutes_and_no_second_more(door, apart, status):
    assert await door.push(json.dumps(REPLY).encode(), apart=apart) == status


async def test_a_changed_body_is_refused_before_it_is_read(door):
    body = json.dumps(REPLY).encode()
    headers = {"webhook-signature": signature(SECRET, "id-1", int(door.rig.clock.wall()), body)}
    assert await door.push(body.replace(b"+32", b"+33"), **headers) == 401
    assert await door.push(b"{not json", **headers) == 401
    assert door.inbox.replies == []


async def test_unsigned_is_refused_and_malformed_is_told(rig, door):
    assert await door.post(json.dumps(REPLY).encode()) == 401
    assert await door.push(b"{}") == 400
    assert await door.push(b"\xff") == 400
    assert await door.push(b"[" * 60_000) == 400
    assert rig.count("call_backs_refused", reason="unsigned") == 1
    assert rig.count("call_backs_refused", reason="malformed") == 3
    assert b"32470000000" not in rig.lines.getvalue()


async def test_a_body_beyond_the_limit_is_refused(door):
    assert await door.push(b"x" * 65_537) == 413


async def test_what_cannot_be_kept_is_not_acknowledged(door):
    door.inbox.down = True
    assert await door.push(json.dumps(REPLY).encode()) == 503
    door.inbox.down = False
    assert await door.push(json.dumps(REPLY).encode()) == 204


async def test_a_polled_gateway_has_no_call_back_door(rig, stub):
    assert gateway_of(rig, stub.url).routes(Inbox()) == []
