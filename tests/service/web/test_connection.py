"""The express way on one connection: heads and bodies apart, the order of answers, the end."""

from __future__ import annotations

import asyncio
import json

import pytest

from service.app import Service
from service.web import connection
from service.web.connection import Connection
from tests.service.rig import until
from tests.service.web.caller import WAFFLES, Caller, to
from tests.service.web.conftest import Opener, Watch
from tests.service.web.wire import Wire, at_the_door, body, call, head, meet, total, writer_at_rest


async def test_a_body_that_follows_its_head_goes_that_way_too(
    wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    for number in (1, 2):
        whole = call(caller, survey, body(to(number)))
        await wire.say(whole[: whole.index(b"\r\n\r\n") + 4])
        await caller.get("/surveys")  # a round of the loop between the two
        await wire.say(whole[whole.index(b"\r\n\r\n") + 4 :])
        assert (await wire.answer())[0] == 202
    assert watch.taken == 2


async def test_a_body_that_lets_wait_is_the_general_ways(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HELD_SECONDS", 0.01)
    await meet(wire, caller, survey, body(to(1)))
    whole = call(caller, survey, body(to(1)))
    await wire.say(whole[: whole.index(b"\r\n\r\n") + 4])
    await until(lambda: any(each._body_alarm for each in service._doors._connections))
    await wire.say(whole[whole.index(b"\r\n\r\n") + 4 :])
    assert (await wire.answer())[0] == 202
    assert watch.taken == 0


async def test_a_known_head_without_its_body_is_408(
    open_service: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HELD_SECONDS", 0.01)
    async with at_the_door(open_service, body_deadline=0.2) as (_, caller, wire):
        survey = await caller.survey()
        await meet(wire, caller, survey, body(to(1)))
        await wire.say(head(caller, survey, f"Content-Length: {len(body(to(1)))}"))
        assert (await wire.answer())[0] == 408


async def test_what_is_said_behind_a_call_is_answered_behind_it(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    async with writer_at_rest(service):
        await wire.say(call(caller, survey, body(to(1))))
        await until(lambda: watch.taken == 1)
        await wire.say(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" + call(caller, survey, body(to(2))))
        await caller.get("/nothing")
    answers = [await wire.answer() for _ in range(3)]
    assert [status for status, _, _ in answers] == [202, 200, 202]
    assert await total(caller) == 2


async def test_it_overtakes_no_call_before_it(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    made = json.dumps(WAFFLES).encode()
    async with writer_at_rest(service):
        await wire.say(call(caller, survey, made).replace(b"/%d/send" % survey, b"", 1))
        await until(lambda: service.store.waiting() == 1)
        await wire.say(call(caller, survey, body(to(1))))
        await caller.get("/nothing")
    assert [(await wire.answer())[0] for _ in range(2)] == [201, 202]


async def test_what_looks_like_a_call_in_the_middle_of_a_head_is_none(
    wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    await wire.say(b"POST /nothing HTTP/1.1\r\nX: ")
    await caller.get("/nothing")
    await wire.say(call(caller, survey, body(to(1))))
    assert ((await wire.answer())[0], watch.taken) == (404, 0)
    assert await total(caller) == 0


async def test_a_head_that_waits_for_its_body_keeps_its_connection(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    whole = call(caller, survey, body(to(1)))
    await wire.say(whole[: whole.index(b"\r\n\r\n") + 4])
    await until(lambda: any(each._held for each in service._doors._connections))
    for each in service._doors._connections:
        if each._held:
            each._next_keepalive_close_time = 0
            each._process_keepalive()
    await wire.say(whole[whole.index(b"\r\n\r\n") + 4 :])
    assert ((await wire.answer())[0], watch.taken) == (202, 1)


async def test_a_call_under_way_at_the_end_is_answered_and_told_that_it_was_the_last(
    open_service: Opener, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()
    close_if_idle = Connection.close_if_idle

    def look(each: Connection) -> None:
        close_if_idle(each)
        looked.set()

    monkeypatch.setattr(Connection, "close_if_idle", look)
    async with at_the_door(open_service) as (service, caller, wire):
        survey = await caller.survey()
        await meet(wire, caller, survey, body(to(1)))
        async with writer_at_rest(service):
            await wire.say(call(caller, survey, body(to(1))))
            await until(lambda: watch.taken == 1)
            stopping = asyncio.create_task(service.stop())
            await looked.wait()
        status, headers, _ = await wire.answer()
        assert (status, headers["Connection"]) == (202, "close")
        assert await wire.end() == b""
        await stopping


async def test_a_caller_that_leaves_under_way_is_counted_and_no_crash(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    broken: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    await meet(wire, caller, survey, body(to(1)))
    many = len(service._doors._connections)
    async with writer_at_rest(service):
        await wire.say(call(caller, survey, body(to(1))))
        await until(lambda: watch.taken == 1)
        wire.writer.transport.abort()
        await until(lambda: len(service._doors._connections) < many)
    async with asyncio.timeout(5):
        while await total(caller) != 1:
            continue
    assert broken == []
