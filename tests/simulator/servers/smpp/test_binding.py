"""Who may bind, in which way, and what is allowed in which state (SMPP 3.4 §2.2, §2.3, §4.1)."""

from __future__ import annotations

import asyncio

import pytest

from simulator.journal import Kind
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import ANSWERS, Command
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import NINE, QUICK, Esme, Gone, message, opened

BINDS = [Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER]


async def test_a_bind_is_answered_octet_for_octet():
    async with opened() as centre:
        esme = await centre.connect()
        await esme.raw(
            "00000026 00000009 00000000 00000001 61636d6500 736563726574303800 564d5300 34 00 00 00"
        )
        told = (await esme.hear()).raw
        assert told.hex(" ", -4) == "0000001d 80000009 00000000 00000001 62656c66 6f727400 02100001 34"


@pytest.mark.parametrize("command", BINDS)
@pytest.mark.parametrize(("version", "tells"), [(0x33, None), (0x34, 0x34), (0x50, 0x34), (0x00, None)])
async def test_every_bind_in_every_version_is_taken_as_3_4(command, version, tells):
    async with opened() as centre:
        esme = await centre.connect()
        told = await esme.bind(command, version=version)
        assert (told.command, told.status) == (ANSWERS[command], Status.ROK)
        assert told.number(Tag.SC_INTERFACE_VERSION) == tells
        entry = centre.entries(Kind.DOOR_BOUND)[0]
        assert (entry.account, entry.facts["door"]) == ("acme", "smpp")


@pytest.mark.parametrize(
    ("name", "password", "version", "status"),
    [
        (b"nobody", b"secret08", 0x34, Status.RINVSYSID),
        (b"", b"", 0x34, Status.RINVSYSID),
        (b"acme", b"wrong", 0x34, Status.RINVPASWD),
        (b"acme", b"", 0x34, Status.RINVPASWD),
        (b"acme", b"secret08", 0x51, Status.RBINDFAIL),
    ],
)
async def test_a_bind_that_is_refused_may_be_tried_again(name, password, version, status):
    async with opened() as centre:
        esme = await centre.connect()
        told = await esme.ask(
            Command.BIND_RECEIVER, system_id=name, password=password, interface_version=version
        )
        assert (told.status, told.raw[16:]) == (status, b"")
        assert (await esme.bind()).status == Status.ROK


async def test_who_guesses_passwords_is_sent_away():
    async with opened(bounds={"failed_binds": 3}) as centre:
        esme = await centre.connect()
        for _ in range(3):
            assert (await esme.bind(name="nobody")).status == Status.RINVSYSID
        assert await esme.ended()


async def test_a_second_bind_on_a_session_is_already_bound():
    async with opened() as centre:
        esme = await centre.bound()
        assert (await esme.bind(Command.BIND_RECEIVER)).status == Status.RALYBND


async def test_an_account_has_as_many_sessions_as_its_bound_and_no_more():
    async with opened(bounds={"sessions": 2}) as centre:
        await centre.bound()
        await centre.bound(Command.BIND_RECEIVER)
        esme = await centre.connect()
        assert (await esme.bind()).status == Status.RBINDFAIL
        await centre.bound(name="other")


REQUESTS = {
    Command.SUBMIT_SM: message(NINE, b"x"),
    Command.SUBMIT_MULTI: None,
    Command.DATA_SM: {"destination_addr": NINE.encode()},
    Command.QUERY_SM: {},
    Command.CANCEL_SM: {},
    Command.REPLACE_SM: {},
}


@pytest.mark.parametrize("command", [each for each, fields in REQUESTS.items() if fields is not None])
@pytest.mark.parametrize("bound", [None, Command.BIND_RECEIVER])
async def test_messages_are_refused_in_the_wrong_state_and_the_session_goes_on(command, bound):
    async with opened() as centre:
        esme = await (centre.bound(bound) if bound else centre.connect())
        told = await esme.ask(command, **REQUESTS[command])
        assert (told.command, told.status) == (ANSWERS[command], Status.RINVBNDSTS)
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        assert centre.malformed()[-1].startswith(f"{command.name.lower()} is not allowed")


async def test_what_only_a_message_centre_says_is_refused_from_a_peer():
    async with opened() as centre:
        esme = await centre.bound()
        assert (await esme.ask(Command.DELIVER_SM, destination_addr=b"8937")).status == Status.RINVBNDSTS
        sequence = await esme.say(Command.OUTBIND, system_id=b"a", password=b"b")
        told = await esme.hear()
        assert (told.command, told.status, told.sequence) == (
            Command.GENERIC_NACK, Status.RINVBNDSTS, sequence,
        )  # fmt: skip


async def test_unbind_is_answered_before_the_connection_closes_and_the_peer_may_close_first():
    async with opened(timers=QUICK) as centre:
        esme = await centre.bound()
        assert (await esme.ask(Command.UNBIND)).raw.hex() == "00000010800000060000000000000002"
        assert (await esme.submit()).status == Status.RINVBNDSTS
        assert await esme.ended()
        assert centre.entries(Kind.DOOR_CLOSED)[0].facts["why"] == "unbound"


async def test_enquire_link_is_answered_before_the_bind_too():
    async with opened() as centre:
        esme = await centre.connect()
        assert (await esme.ask(Command.ENQUIRE_LINK)).command is Command.ENQUIRE_LINK_RESP


async def test_a_silent_peer_is_asked_whether_it_is_there_and_left_when_it_does_not_say():
    async with opened(timers=QUICK) as centre:
        esme = await centre.bound()
        asked = await esme.hear()
        assert asked.command is Command.ENQUIRE_LINK
        await esme.answer_link(asked)
        asked = await esme.hear()
        assert asked.command is Command.ENQUIRE_LINK
        assert await esme.ended()
        await centre.until(Kind.DOOR_CLOSED, why="no answer to enquire_link or unbind")


async def test_a_session_without_messages_is_unbound_after_its_time():
    timers = QUICK.__class__(init=5, enquire=0, inactivity=0.3, response=5, linger=0.3)
    async with opened(timers=timers) as centre:
        esme = await centre.bound()
        asked = await esme.hear()
        assert asked.command is Command.UNBIND
        await esme.answer_link(asked)
        assert await esme.ended()


@pytest.mark.parametrize("bind", [Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER])
async def test_asking_whether_the_link_is_there_is_no_message(bind):
    timers = QUICK.__class__(init=5, enquire=0, inactivity=0.3, response=5, linger=0.3)
    async with opened(timers=timers) as centre:
        esme = await centre.bound(bind)
        assert await kept_asking(esme) is Command.UNBIND


async def kept_asking(esme: Esme) -> Command | None:
    """What it hears besides the answers to its enquire_links."""
    for _ in range(2_000):
        await esme.ask(Command.ENQUIRE_LINK)
        if esme.came:
            return esme.came[0].command
        await asyncio.sleep(0.002)
    return None


async def test_a_connection_that_never_binds_is_closed():
    async with opened(timers=QUICK) as centre:
        esme = await centre.connect()
        await esme.raw("000000")
        assert await esme.ended()
        await centre.wait(lambda: centre.door.connections == 0)


async def test_the_door_unbinds_its_sessions_when_it_closes():
    async with opened() as centre:
        esme = await centre.bound()
        idle = await centre.connect()
        closing = asyncio.create_task(centre.door.close())
        asked = await esme.hear()
        assert asked.command is Command.UNBIND
        await esme.answer_link(asked)
        assert await idle.ended()
        assert await esme.ended()
        await closing


async def test_outbind_asks_a_peer_to_bind_as_a_receiver():
    async with opened() as centre:
        called: asyncio.Future = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda *pair: called.set_result(pair), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await centre.door.outbind("127.0.0.1", port, "acme")
        server.close()
        esme = Esme(*await called)
        centre.esmes.append(esme)
        asked = await esme.hear()
        assert asked.command is Command.OUTBIND
        assert asked.fields == {"system_id": b"acme", "password": b"secret08"}
        assert (await esme.bind(Command.BIND_TRANSMITTER)).status == Status.RINVBNDSTS
        assert (await esme.bind(Command.BIND_RECEIVER)).status == Status.ROK


async def test_outbind_calls_nobody_but_this_machine():
    async with opened() as centre:
        with pytest.raises(ValueError, match="this machine"):
            await centre.door.outbind("192.0.2.1", 2775, "acme")
        with pytest.raises(KeyError):
            await centre.door.outbind("127.0.0.1", 2775, "nobody")


async def test_a_peer_that_has_gone_is_not_written_to():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.close()
        await centre.wait(lambda: centre.door.connections == 0)
        with pytest.raises((Gone, ConnectionError)):
            await esme.hear()
