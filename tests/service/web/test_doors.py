"""Connections over raw sockets: what is cut off, what is refused without being read, what is answered."""

import asyncio
import json
from typing import Any

import pytest

from service.app import Service
from service.web import connection, doors
from tests.service.web.caller import Caller
from tests.service.web.conftest import Opener
from tests.service.web.wire import Wire, head

LIMIT = 1024 * 1024
SEND_400 = {"route": "/surveys/{id}/send", "method": "POST", "status": "400"}


@pytest.mark.parametrize("sent", [b"G", b"GET /health/live HTTP/1.1\r\nHost: x\r\n", b"\r\n"])
async def test_a_half_sent_head_is_cut_off(open_service: Opener, sent: bytes) -> None:
    async with open_service(head_deadline=0.2) as service, Wire(service) as wire:
        await wire.say(sent)
        assert await wire.end() == b""
        assert cut(service, "half-sent head") == 1


async def test_a_connection_that_says_nothing_is_cut_off(open_service: Opener) -> None:
    async with open_service(head_deadline=0.2) as service, Wire(service) as wire:
        assert await wire.end() == b""
        assert cut(service, "half-sent head") == 1


async def test_a_connection_that_says_nothing_does_not_hold_up_the_end(open_service: Opener) -> None:
    loop = asyncio.get_running_loop()
    async with open_service() as service, Wire(service) as wire:
        assert await live(service) == 200  # connected later, so the silent one is in
        began = loop.time()
        await service.stop()
        assert await wire.end() == b""
        assert loop.time() - began < 4


async def test_a_head_that_drips_is_cut_off_too(open_service: Opener) -> None:
    async with open_service(head_deadline=0.3) as service, Wire(service) as wire:
        loop = asyncio.get_running_loop()
        began = loop.time()
        ending = loop.create_task(wire.end())
        for byte in b"GET /health/live HTTP/1.1\r\n" * 100:
            if ending.done() or wire.writer.is_closing():
                break
            wire.writer.write(bytes((byte,)))
            await asyncio.wait((ending,), timeout=0.02)
        assert await ending == b""
        assert loop.time() - began < 2


async def test_a_second_head_on_a_kept_connection_has_the_same_deadline(open_service: Opener) -> None:
    async with open_service(head_deadline=0.2) as service, Wire(service) as wire:
        await wire.say(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await wire.answer())[0] == 200
        await wire.say(b"GET /health")
        assert await wire.end() == b""


async def test_a_slow_head_that_comes_in_time_is_answered(open_service: Opener) -> None:
    async with open_service(head_deadline=5) as service, Wire(service) as wire:
        for piece in (b"GET /health", b"/live HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n"):
            await wire.say(piece)
        assert (await wire.answer())[0] == 200


async def test_a_half_sent_body_is_408_and_cut_off(open_service: Opener) -> None:
    async with (
        open_service(body_deadline=0.2) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
        Wire(service) as wire,
    ):
        await wire.say(head(caller, await caller.survey(), "Content-Length: 10") + b"{")
        status, headers, body = await wire.answer()
        assert (status, headers["Connection"], json.loads(body)["status"]) == (408, "close", 408)
        await wire.end()


async def test_a_half_sent_body_is_cut_off_wherever_it_goes(
    open_service: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BODY_GRACE_SECONDS", 0.0)
    secret = "whsec_" + "QUJD" * 8
    more = {"body_deadline": 0.2, "gateway_mode": "push", "callback_secret": secret}
    async with open_service(**more) as service, Wire(service) as wire:
        await wire.say(b"POST /gateways/sms/notifications HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        assert await wire.end() == b""
        assert cut(service, "half-sent body") == 1


@pytest.mark.parametrize("length", [LIMIT + 1, 10**12])
async def test_a_body_that_is_announced_too_large_is_413_without_being_read(
    service: Service, caller: Caller, length: int
) -> None:
    async with Wire(service) as wire:
        await wire.say(head(caller, await caller.survey(), f"Content-Length: {length}") + b"{")
        status, headers, _ = await wire.answer()
        assert (status, headers["Connection"]) == (413, "close")


async def test_a_chunked_body_is_413_as_soon_as_it_is_too_large(service: Service, caller: Caller) -> None:
    async with Wire(service) as wire:
        await wire.say(head(caller, await caller.survey(), "Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        for _ in range(17):
            await wire.say(chunk)
        assert (await wire.answer())[0] == 413


async def test_a_caller_that_asks_first_is_not_made_to_send_what_will_be_refused(
    service: Service, caller: Caller
) -> None:
    survey, asking = await caller.survey(), "Expect: 100-continue"
    async with Wire(service) as wire:
        await wire.say(head(caller, survey, asking, f"Content-Length: {LIMIT + 1}"))
        assert (await wire.answer())[0] == 413
    async with Wire(service) as wire:
        await wire.say(head(caller, survey + 1, asking, "Content-Length: 2"))
        assert (await wire.answer())[0] == 404
    async with Wire(service) as wire:
        await wire.say(head(caller, survey, asking, "Content-Length: 2"))
        assert await wire.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        await wire.say(b"{}")
        assert (await wire.answer())[0] == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: +5\r\n\r\n",
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_400_and_closes(service: Service, sent: bytes) -> None:
    async with Wire(service) as wire:
        await wire.say(sent)
        status, headers, body = await wire.answer()
        assert (status, headers["Content-Type"]) == (400, "application/problem+json")
        assert json.loads(body)["status"] == 400
        assert await wire.end() == b""
    async with Wire(service) as wire:
        await wire.say(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await wire.answer())[0] == 200


async def test_broken_chunks_are_400(service: Service, caller: Caller) -> None:
    async with Wire(service) as wire:
        await wire.say(head(caller, await caller.survey(), "Transfer-Encoding: chunked") + b"zz\r\n")
        assert (await wire.answer())[0] == 400


async def test_a_caller_that_leaves_in_the_middle_is_no_crash(service: Service, caller: Caller) -> None:
    async with Wire(service) as wire:
        await wire.say(head(caller, await caller.survey(), "Content-Length: 10") + b"{")
        await caller.get("/surveys")
    async with asyncio.timeout(5):
        while service.meters.registry.get_sample_value("survey_calls_total", SEND_400) is None:
            await caller.get("/surveys")
    assert service.meters.registry.get_sample_value("survey_crashes_total", {"part": "web"}) is None


async def test_pipelined_calls_are_answered_in_their_order(service: Service) -> None:
    async with Wire(service) as wire:
        await wire.say(
            b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        assert [(await wire.answer())[0] for _ in range(2)] == [200, 404]


async def test_connections_are_bounded(open_service: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.app.most_connections", lambda: 2)
    async with open_service() as service:
        async with Wire(service) as one, Wire(service) as two:
            for wire in (one, two):
                await wire.say(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await wire.answer())[0] == 200
            async with Wire(service) as three:
                assert await three.end() == b""
            assert cut(service, "too many") == 1
        async with asyncio.timeout(5):
            while (await live(service)) != 200:
                continue


def test_the_bound_leaves_files_for_the_rest() -> None:
    assert 16 <= doors.most_connections() <= doors.MOST_CONNECTIONS


async def live(service: Service) -> int:
    async with Wire(service) as wire:
        await wire.say(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            return (await wire.answer())[0]
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0


def cut(service: Service, reason: str) -> Any:
    return service.meters.registry.get_sample_value("survey_connections_cut_total", {"reason": reason})
