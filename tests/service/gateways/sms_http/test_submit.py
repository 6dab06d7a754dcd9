"""Handing messages over, and what the answers mean."""

from __future__ import annotations

import asyncio
import base64

import aiohttp
import pytest

from service.domain.request import (
    Deferred,
    Refused,
    Submitted,
)
from tests.service.gateways.sms_http.client import PERSON, gateway_of, message
from tests.service.rig import serving, until
from tests.service.sms_gateway import Stub, answers, cut, garbage, hang, says


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
