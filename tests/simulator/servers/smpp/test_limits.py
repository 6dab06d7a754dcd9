"""Hostile peers: answered as the standard says, bounded, and no harm to others (gateway.md, "Bad input")."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.clock import Mode
from simulator.journal import Kind
from simulator.wire.smpp.codec import encode
from simulator.wire.smpp.layout import LAYOUTS
from simulator.wire.smpp.pdu import ANSWERS, COMMANDS, Command, Pdu
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import NINE, PATIENCE, QUICK, Esme, message, opened

SILENT = "32450030001"


def pdu(command: int, sequence: int = 9, body: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack(">4I", 16 + len(body) if length is None else length, command, 0, sequence) + body


@pytest.mark.parametrize("command", [0x0000000A, 0x00000112, 0x00010200, 0x7FFFFFFF])
async def test_an_unknown_command_is_nacked_and_the_session_goes_on(command):
    async with opened() as centre:
        esme = await centre.bound()
        await esme.raw(pdu(command, 0x01020304, b"whatever"))
        assert (await esme.hear()).raw.hex(" ", -4) == "00000010 80000000 00000003 01020304"
        await esme.accepted()


@pytest.mark.parametrize("command", sorted(COMMANDS))
async def test_every_command_without_its_body_is_answered_or_passed_over_and_the_session_goes_on(command):
    async with opened() as centre:
        esme = await centre.bound()
        await esme.raw(pdu(command))
        if command in (Command.UNBIND, Command.ENQUIRE_LINK):
            expected = [(ANSWERS[Command(command)], 0)]
        elif command & 0x80000000:
            expected = []
        else:
            nack = ANSWERS.get(Command(command), Command.GENERIC_NACK)
            expected = [(nack, Status.RINVCMDLEN)]
        esme.sequence = 100
        await esme.say(Command.ENQUIRE_LINK)
        came = []
        while (heard := await esme.hear()).sequence != 101:
            came.append((heard.command, heard.status))
        assert came == expected


@pytest.mark.parametrize("length", [0, 15, 65_537, 0x7FFFFFFF, 0xFFFFFFFF])
async def test_a_length_that_cannot_be_is_nacked_and_ends_the_connection(length):
    async with opened() as centre:
        esme, other = await centre.bound(), await centre.bound()
        await esme.raw(pdu(Command.SUBMIT_SM, 5, b"", length))
        told = await esme.hear()
        assert (told.command, told.status) == (Command.GENERIC_NACK, Status.RINVCMDLEN)
        assert await esme.ended()
        await other.accepted()
        assert centre.malformed() == [f"command_length is {length}"]


async def test_every_prefix_of_a_submit_sm_with_a_right_header_has_an_answer():
    whole = bytes.fromhex(
        "434d5400 0001 3839333700 0101 333234353030303330303031 00 00 00 00 00 00 01 00 00 00 02 6869"
    )
    async with opened() as centre:
        esme = await centre.bound()
        for size in range(len(whole)):
            await esme.raw(pdu(Command.SUBMIT_SM, size + 1, whole[:size]))
            told = await esme.hear()
            assert (told.command, told.sequence) == (Command.SUBMIT_SM_RESP, size + 1)
            assert told.status in (Status.RINVCMDLEN, Status.RINVMSGLEN)
        assert centre.entries(Kind.MT_SUBMITTED) == []
        await esme.accepted()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_no_octets_break_the_door(octets):
    async def attack() -> None:
        async with opened(timers=QUICK) as centre:
            esme, other = await centre.bound(), await centre.bound()
            try:
                for each in octets:
                    await esme.raw(each)
            except ConnectionError:
                pass
            assert (await other.submit(registered_delivery=0)).status == 0

    asyncio.run(attack())


async def test_a_storm_of_binds_is_served_and_leaves_nothing():
    async with opened(bounds={"sessions": 2_000}) as centre:
        esmes = await asyncio.gather(*(centre.connect() for _ in range(1_000)))
        told = await asyncio.gather(*(each.bind() for each in esmes))
        assert {each.status for each in told} == {0}
        assert centre.door.connections == 1_000
        await esmes[500].accepted()
        await asyncio.gather(*(each.close() for each in esmes))
        await centre.wait(lambda: centre.door.connections == 0)


async def test_half_open_sockets_are_closed_in_time_while_others_are_served():
    async with opened(timers=QUICK) as centre:
        silent = await asyncio.gather(*(centre.connect() for _ in range(200)))
        for each in silent[:100]:
            await each.raw(b"\0\0\0")
        esme = await centre.bound()
        await esme.accepted(registered_delivery=0)
        assert all(await asyncio.gather(*(each.ended() for each in silent)))


async def test_more_connections_than_the_door_bears_are_cut():
    async with opened(bounds={"connections": 3}) as centre:
        for _ in range(3):
            await centre.bound()
        extra = await centre.connect()
        assert await extra.ended()


async def test_a_peer_that_never_reads_is_not_read_from_and_cut_in_the_end_and_harms_nobody():
    bounds = {"write_octets": 20_000, "write_deadline": 0.5}
    async with opened(bounds=bounds, timers=replace(QUICK, enquire=0, init=30)) as centre:
        deaf, esme = await centre.bound(), await centre.bound(name="other")
        deaf.writer.transport.pause_reading()
        deaf.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        flood = asyncio.create_task(flooding(deaf))
        await centre.until(Kind.DOOR_CLOSED, why="it reads nothing")
        assert (await esme.submit(registered_delivery=0)).status == 0
        with pytest.raises(ConnectionError):
            await flood


async def test_a_flood_of_the_smallest_pdus_does_not_keep_another_waiting():
    asked = 12_000
    async with opened() as centre:
        floods, esme = await centre.bound(), await centre.bound(name="other")
        floods.writer.write(b"".join(pdu(Command.ENQUIRE_LINK, number) for number in range(1, asked + 1)))
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        served = [entry for entry in centre.entries(Kind.PDU_IN) if entry.account == "acme"]
        assert len(served) < asked / 2
        for _ in range(asked):
            assert (await floods.hear()).command is Command.ENQUIRE_LINK_RESP


async def flooding(esme: Esme) -> None:
    """Ask, and read nothing."""
    some = b"".join(pdu(Command.ENQUIRE_LINK, sequence) for sequence in range(1, 1_000))
    while True:
        await esme.raw(some)


async def test_a_deaf_receiver_gets_its_window_and_another_takes_the_rest():
    async with opened(bounds={"window": 10}, profile="instant", mode=Mode.REAL) as centre:
        deaf = await centre.bound(Command.BIND_RECEIVER)
        deaf.writer.transport.pause_reading()
        good, esme = await centre.bound(Command.BIND_RECEIVER), await centre.bound(Command.BIND_TRANSMITTER)
        for _ in range(100):
            await esme.accepted(SILENT)
        for _ in range(90):
            await good.delivered()
        assert (await good.ask(Command.ENQUIRE_LINK)).status == 0
        assert good.came == []
        assert centre.door.waiting == 10


async def test_answers_to_nothing_are_passed_over():
    async with opened() as centre:
        esme = await centre.bound()
        for command in (Command.DELIVER_SM_RESP, Command.ENQUIRE_LINK_RESP, Command.UNBIND_RESP):
            await esme.raw(pdu(command, 77))
        await esme.raw(pdu(Command.GENERIC_NACK, 78))
        await esme.accepted()


async def test_a_pdu_that_is_too_long_for_the_door_is_refused_before_it_comes():
    async with opened(bounds={"pdu_octets": 1_000}) as centre:
        esme = await centre.bound()
        await esme.raw(pdu(Command.SUBMIT_SM, 1, b"", 1_001))
        assert (await esme.hear()).status == Status.RINVCMDLEN
        assert await esme.ended()


async def test_stray_octets_behind_the_text_are_passed_over():
    async with opened() as centre:
        esme = await centre.bound()
        fields = message(NINE, b"hi")
        from simulator.wire.smpp.codec import encode
        from simulator.wire.smpp.layout import LAYOUTS
        from simulator.wire.smpp.pdu import Pdu

        given = {each.name: fields.get(each.name, each.default) for each in LAYOUTS[Command.SUBMIT_SM]}
        whole = encode(Pdu(Command.SUBMIT_SM, 0, 55, given))
        await esme.raw(struct.pack(">I", len(whole) + 3) + whole[4:] + b"\0\0\0")
        assert (await esme.hear()).status == 0


async def flooded(esme: Esme) -> int:
    """Twenty messages in one read are answered, their receipts wait, three of them under way; returns the
    sequence number of one message more."""
    fields = {each.name: each.default for each in LAYOUTS[Command.SUBMIT_SM]} | message(SILENT, b"?")
    numbers = range(101, 121)
    await esme.raw(b"".join(encode(Pdu(Command.SUBMIT_SM, 0, number, fields)) for number in numbers))
    came = [await esme.hear() for _ in range(23)]
    answered = [each.sequence for each in came if each.command is Command.SUBMIT_SM_RESP]
    assert answered == list(numbers)
    assert [each.command for each in came if each.sequence not in numbers] == [Command.DELIVER_SM] * 3
    esme.came, esme.sequence = came, numbers[-1]
    return await esme.say(Command.SUBMIT_SM, **message(SILENT, b"one more"))


async def test_a_peer_that_hands_in_more_than_it_takes_back_is_answered_later():
    bounds = {"window": 3, "behind": 5, "hold": PATIENCE}
    async with opened(bounds=bounds, profile="instant", mode=Mode.REAL) as centre:
        esme = await centre.bound()
        last, taken = await flooded(esme), 0
        while (pdu := await esme.hear()).sequence != last or pdu.command is not Command.SUBMIT_SM_RESP:
            if pdu.command is Command.DELIVER_SM:
                await esme.answer(pdu)
                taken += 1
        assert taken >= 20 + 1 - 5 - 3
        assert pdu.status == 0


async def test_who_takes_nothing_back_is_answered_all_the_same():
    bounds = {"window": 3, "behind": 5, "hold": 0.05}
    async with opened(bounds=bounds, profile="instant", mode=Mode.REAL) as centre:
        esme = await centre.bound()
        last = await flooded(esme)
        while (pdu := await esme.hear()).sequence != last or pdu.command is not Command.SUBMIT_SM_RESP:
            assert pdu.command in (Command.SUBMIT_SM_RESP, Command.DELIVER_SM)
        assert centre.door.waiting == 21


async def test_who_leaves_gets_the_answers_that_are_held_back_before_the_goodbye():
    bounds = {"window": 3, "behind": 5, "hold": PATIENCE}
    async with opened(bounds=bounds, profile="instant", mode=Mode.REAL) as centre:
        esme = await centre.bound()
        last = await flooded(esme)
        await esme.say(Command.UNBIND)
        answered: set[int] = set()
        while (pdu := await esme.hear()).command is not Command.UNBIND_RESP:
            if pdu.command is Command.SUBMIT_SM_RESP:
                answered.add(pdu.sequence)
        assert last in answered
