"""Sessions that break, windows, life signs."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from service.domain.request import (
    Deferred,
    Submitted,
)
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import BIND, DELIVER, ENQUIRE, NACK, RESP, SUBMIT, UNBIND, pdu
from tests.service.gateways.smpp.esme import THROTTLED, deliver, gateway_of, question, running
from tests.service.rig import until


@pytest.mark.parametrize("behaviour", [stub.cut, stub.take_and_cut])
async def test_a_cut_may_mean_that_it_was_taken_and_the_repeat_carries_the_same_reference(
    rig, centre, gateway, behaviour
):
    centre.on(SUBMIT, behaviour)
    sent = question(rig)
    outcome = await gateway.submit(sent)
    assert isinstance(outcome, Deferred)
    assert outcome.perhaps_taken
    assert await gateway.submit(sent) == Submitted("1")
    references = [seen.fields()["tlvs"][0x1501] for seen in centre.of(SUBMIT)]
    assert references == [sent.request.bytes] * 2
    assert len(centre.taken) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        stub.cut,
        stub.answers(0x0D),
        stub.answers(0x05, b"centre\0"),
        stub.says(lambda seen: b"\0" * 16),
        stub.says(lambda seen: pdu(NACK, seen.sequence, 3)),
        stub.says(lambda seen: pdu(BIND | RESP, seen.sequence, 0, b"no end")),
    ],
)
async def test_a_bind_that_fails_is_tried_again(rig, centre, inbox, behaviour):
    centre.on(BIND, behaviour)
    async with running(gateway_of(rig, centre.port, deadline=0.6), inbox) as gateway:
        outcome = await gateway.submit(question(rig))
        if not isinstance(outcome, Submitted):  # an unreadable answer to the bind takes the whole deadline
            assert outcome == Deferred("no session")
            await until(lambda: centre.sessions)
            assert isinstance(await gateway.submit(question(rig)), Submitted)
    assert len(centre.of(BIND)) >= 2


async def test_a_centre_that_is_not_there_is_no_exception(rig, inbox):
    async with stub.open_centre() as gone:
        port = gone.port
    async with running(gateway_of(rig, port, deadline=0.5), inbox) as gateway:
        assert await gateway.submit(question(rig)) == Deferred("no session")
        await until(lambda: rig.clock.held == 0)  # a long outage does not hold the world
        assert await gateway.submit(question(rig)) == Deferred("no session")
        async with stub.open_centre(port=port):
            # The centre knows of the session before we do, who must read its answer first.
            await until(lambda: b'"session_bound"' in rig.lines.getvalue())
            assert await gateway.submit(question(rig)) == Submitted("1")


async def test_the_world_waits_for_a_session_that_broke(rig, centre, gateway):
    await until(lambda: rig.clock.held == 0)
    held = []
    real = stub.bind

    async def look(session, seen):
        held.append(rig.clock.held)
        await real(session, seen)

    centre.on(BIND, look)
    centre.sessions[0].cut()
    await until(lambda: held)
    assert held == [1]
    await until(lambda: centre.sessions)
    await until(lambda: rig.clock.held == 0)


async def test_a_centre_that_says_goodbye_is_answered_and_left(rig, centre, gateway):
    session = centre.sessions[0]
    seen = await session.ask(UNBIND)
    assert (seen.command, seen.status) == (UNBIND | RESP, 0)
    await session.closed.wait()
    assert await gateway.submit(question(rig)) == Submitted("1")
    assert len(centre.of(BIND)) == 2


async def test_every_answer_under_way_is_settled_when_the_connection_breaks(rig, centre, gateway):
    centre.on(SUBMIT, *[stub.silence] * 19, stub.cut)
    outcomes = await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(20)))
    assert all(isinstance(one, Deferred) and one.perhaps_taken for one in outcomes)


async def test_at_the_end_it_unbinds(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port, sessions=2), inbox):
        await until(lambda: len(centre.sessions) == 2 and rig.clock.held == 0)
    assert len(centre.of(UNBIND)) == 2


async def test_a_centre_that_does_not_say_goodbye_is_left_all_the_same(rig, centre, inbox, monkeypatch):
    monkeypatch.setattr("service.gateways.smpp_sessions.GOODBYE_SECONDS", 0.05)
    centre.on(UNBIND, stub.silence)
    async with running(gateway_of(rig, centre.port), inbox):
        await until(lambda: centre.sessions)
    assert not centre.sessions or await centre.every[0].closed.wait()


async def test_a_session_never_has_more_under_way_than_its_window(rig, centre, inbox):
    waiting = deque()

    async def hold(session, seen):
        waiting.append((session, seen))

    centre.usual[SUBMIT] = hold
    async with running(gateway_of(rig, centre.port, window=3), inbox) as gateway:
        work = [asyncio.create_task(gateway.submit(question(rig))) for _ in range(10)]
        answered = 0
        while answered < 10:
            await until(lambda: waiting)
            await asyncio.sleep(0.01)
            assert len(waiting) <= 3
            await stub.take(*waiting.popleft())
            answered += 1
        assert all(isinstance(one, Submitted) for one in await asyncio.gather(*work))


async def test_several_sessions_share_the_messages(rig, centre, inbox):
    by_session = []

    async def note(session, seen):
        by_session.append(session)
        await stub.take(session, seen)

    centre.usual[SUBMIT] = note
    async with running(gateway_of(rig, centre.port, sessions=3, window=10), inbox) as gateway:
        await until(lambda: len(centre.sessions) == 3)
        await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(30)))
    assert sorted(by_session.count(session) for session in set(by_session)) == [10, 10, 10]


async def test_a_group_of_messages_leaves_in_one_write(rig, centre, gateway, monkeypatch):
    writes = []
    link = gateway._sessions._links[0]
    real = link._transport.write
    monkeypatch.setattr(link._transport, "write", lambda data: (writes.append(len(data)), real(data)))
    await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(20)))
    assert len(writes) == 1


async def test_throttled_sessions_and_full_windows_give_room_again(rig, centre, inbox):
    centre.on(SUBMIT, *[stub.answers(THROTTLED)] * 4)
    async with running(gateway_of(rig, centre.port, window=1), inbox) as gateway:
        outcomes = await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(8)))
    assert [type(one) for one in outcomes] == [Deferred] * 4 + [Submitted] * 4


async def test_a_silent_centre_is_asked_and_a_half_open_one_is_left(rig, centre, inbox):
    centre.on(ENQUIRE, stub.answers(0), stub.silence)
    async with running(gateway_of(rig, centre.port, quiet=0.05, deadline=0.3), inbox):
        await until(lambda: len(centre.of(BIND)) == 2)
    assert len(centre.of(ENQUIRE)) >= 2


async def test_an_enquiry_is_answered(centre, gateway):
    seen = await centre.sessions[0].ask(ENQUIRE)
    assert (seen.command, seen.status, seen.body) == (ENQUIRE | RESP, 0, b"")


async def test_a_request_that_is_not_for_us_is_refused_and_the_session_stays(rig, centre, gateway):
    session = centre.sessions[0]
    for command, body in ((0x21, b"junk"), (SUBMIT, stub.message()), (0x0B, b"a\0b\0")):
        seen = await session.ask(command, body)
        assert (seen.command, seen.status) == (NACK, 3)
    assert await gateway.submit(question(rig)) == Submitted("1")
    assert len(centre.of(BIND)) == 1


async def test_a_message_that_cannot_be_read_is_refused_and_the_session_stays(centre, gateway, inbox):
    session = centre.sessions[0]
    for body in (b"", b"\0\1\1", stub.message()[:-1], stub.message() + b"\4\x24\0\xff12"):
        seen = await session.ask(DELIVER, body)
        assert seen.command == DELIVER | RESP
        assert seen.status != 0
    assert await deliver(centre, stub.message()) == 0
    assert len(inbox.replies) == 1
