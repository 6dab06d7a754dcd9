"""Every PDU in every state, cut at every place, and with something behind it: answered as SMPP 3.4 §2.3 and
§5.1.3 say, and the session goes on."""

from __future__ import annotations

import asyncio
import struct

import pytest

from simulator.journal import Kind
from simulator.wire.smpp.codec import encode
from simulator.wire.smpp.layout import LAYOUTS, Tag
from simulator.wire.smpp.pdu import ANSWER, ANSWERS, Command, Destination, Pdu, Tlv
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import ACCOUNTS, NINE, Centre, Esme, message, opened

BIND = {"system_id": b"acme", "password": ACCOUNTS["acme"].encode(), "interface_version": 0x34}
ABOUT = {"message_id": b"1", "source_addr": b"8937"}
FIELDS = {
    Command.BIND_TRANSMITTER: BIND,
    Command.BIND_RECEIVER: BIND,
    Command.BIND_TRANSCEIVER: BIND,
    Command.SUBMIT_SM: message(NINE, b"9?"),
    Command.SUBMIT_MULTI: {"dest_address": (Destination(1, 1, NINE.encode()),), "short_message": b"9?"},
    Command.DATA_SM: {"destination_addr": NINE.encode(), "source_addr": b"8937"},
    Command.QUERY_SM: ABOUT,
    Command.CANCEL_SM: ABOUT,
    Command.REPLACE_SM: {**ABOUT, "short_message": b"9?"},
    Command.DELIVER_SM: {"source_addr": NINE.encode(), "destination_addr": b"8937"},
    Command.OUTBIND: {"system_id": b"acme", "password": b"secret08"},
}
TLVS = {Command.DATA_SM: (Tlv(Tag.MESSAGE_PAYLOAD, b"9?"),)}


def whole(command: Command, sequence: int = 7) -> bytes:
    """A PDU of this kind that says something."""
    given = FIELDS.get(command, {})
    fields = {each.name: given.get(each.name, each.default) for each in LAYOUTS[command]}
    return encode(Pdu(command, 0, sequence, fields, TLVS.get(command, ())))


# What becomes of a request. t: taken, by whatever status · S: ESME_RINVBNDSTS · B: ESME_RALYBND ·
# N: generic_nack with ESME_RINVBNDSTS, where the request has no answer of its own.
STATES = ("open", "outbound", "transmitter", "receiver", "transceiver", "unbound")
TABLE = {
    Command.BIND_TRANSMITTER:   "t S B B B S",
    Command.BIND_RECEIVER:      "t t B B B S",
    Command.BIND_TRANSCEIVER:   "t t B B B S",
    Command.UNBIND:             "S S t t t S",
    Command.ENQUIRE_LINK:       "t t t t t t",
    Command.SUBMIT_SM:          "S S t S t S",
    Command.SUBMIT_MULTI:       "S S t S t S",
    Command.DATA_SM:            "S S t S t S",
    Command.QUERY_SM:           "S S t S t S",
    Command.CANCEL_SM:          "S S t S t S",
    Command.REPLACE_SM:         "S S t S t S",
    Command.DELIVER_SM:         "S S S S S S",
    Command.OUTBIND:            "N N N N N N",
    Command.ALERT_NOTIFICATION: "N N N N N N",
}  # fmt: skip
REFUSALS = {"S": Status.RINVBNDSTS, "B": Status.RALYBND, "N": Status.RINVBNDSTS}


async def in_state(centre: Centre, state: str) -> Esme:
    if state in ("open", "unbound"):
        esme = await (centre.connect() if state == "open" else centre.bound())
        if state == "unbound":
            await esme.ask(Command.UNBIND)
        return esme
    if state != "outbound":
        return await centre.bound(Command[f"BIND_{state.upper()}"])
    arrived = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda *pair: arrived.set_result(Esme(*pair)), "127.0.0.1", 0)
    async with server:
        await centre.door.outbind("127.0.0.1", server.sockets[0].getsockname()[1], "acme")
        esme = await arrived
        centre.esmes.append(esme)
    assert (await esme.hear()).command is Command.OUTBIND
    return esme


def test_the_table_has_every_request_there_is():
    assert set(TABLE) == {each for each in Command if not each & ANSWER}


@pytest.mark.parametrize("state", STATES)
async def test_every_request_is_answered_in_every_state_as_the_standard_says(state):
    async with opened() as centre:
        for command, row in TABLE.items():
            expected = row.split()[STATES.index(state)]
            esme = await in_state(centre, state)
            await esme.raw(whole(command))
            told = await esme.hear()
            answer = Command.GENERIC_NACK if expected == "N" else ANSWERS[command]
            assert (told.command, told.sequence) == (answer, 7), command.name
            if expected == "t":
                assert told.status not in (Status.RINVBNDSTS, Status.RALYBND), command.name
            else:
                assert told.status == REFUSALS[expected], command.name
            assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0


@pytest.mark.parametrize("state", STATES)
async def test_answers_to_nothing_are_passed_over_in_every_state(state):
    async with opened() as centre:
        esme = await in_state(centre, state)
        for command in (each for each in Command if each & ANSWER):
            await esme.raw(whole(command))
        await esme.raw(struct.pack(">4I", 16, 0x0A, 0, 9))
        told = await esme.hear()
        assert (told.command, told.status, told.sequence) == (Command.GENERIC_NACK, Status.RINVCMDID, 9)
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0


WITH_BODY = [each for each in TABLE if LAYOUTS[each]]
LENGTHS = (
    Status.RINVCMDLEN, Status.RINVMSGLEN, Status.RINVNUMDESTS, Status.RINVOPTPARSTREAM, Status.RINVPARLEN,
)  # fmt: skip


def state_for(command: Command) -> str:
    return "open" if command.name.startswith("BIND") else "transceiver"


@pytest.mark.parametrize("command", WITH_BODY, ids=lambda each: each.name.lower())
async def test_a_pdu_that_ends_too_early_is_refused_wherever_it_ends(command):
    octets = whole(command)
    taken = len(octets) - (6 if command is Command.DATA_SM else 0)  # without its parameter it is whole
    async with opened() as centre:
        esme = await in_state(centre, state_for(command))
        for size in range(16, len(octets)):
            await esme.raw(struct.pack(">I", size) + octets[4:size])
            told = await esme.hear()
            assert told.command is ANSWERS.get(command, Command.GENERIC_NACK)
            assert told.status in LENGTHS or size == taken, (size, Status(told.status).name)
        assert centre.entries(Kind.MT_SUBMITTED) == [] or command is Command.DATA_SM
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0


@pytest.mark.parametrize("command", WITH_BODY, ids=lambda each: each.name.lower())
async def test_a_pdu_with_something_behind_it_is_refused_or_read_without(command):
    """A few octets behind short_message are passed over: clients leave them there."""
    octets = whole(command)
    async with opened() as centre:
        for stray in range(1, 12):
            esme = await in_state(centre, state_for(command))
            await esme.raw(struct.pack(">I", len(octets) + stray) + octets[4:] + b"\xee" * stray)
            told = await esme.hear()
            passes = stray < 4 and "short_message" in [each.name for each in LAYOUTS[command]]
            assert (told.status in LENGTHS) is not passes, (stray, Status(told.status).name)
            assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0


@pytest.mark.parametrize(
    ("name", "most", "status"),
    [
        ("service_type", 5, Status.RINVSERTYP),
        ("source_addr", 20, Status.RINVSRCADR),
        ("destination_addr", 20, Status.RINVDSTADR),
        ("schedule_delivery_time", 16, Status.RINVSCHED),
        ("validity_period", 16, Status.RINVEXPIRY),
    ],
)
async def test_a_text_longer_than_its_field_has_the_fields_own_status(name, most, status):
    given = {**message(NINE, b"9?"), name: b"1"}
    fields = {each.name: given.get(each.name, each.default) for each in LAYOUTS[Command.SUBMIT_SM]}
    begin, end = _around(fields, name)
    async with opened() as centre:
        esme = await centre.bound()
        for length in (most + 1, most + 2, 60, 250):
            body = begin + b"1" * length + end
            await esme.raw(struct.pack(">4I", 16 + len(body), Command.SUBMIT_SM, 0, length) + body)
            told = await esme.hear()
            assert (told.status, told.sequence) == (status, length)
        await esme.accepted()


def _around(fields: dict[str, object], name: str) -> tuple[bytes, bytes]:
    """The body of a submit_sm before and behind one text of it."""
    order = [each.name for each in LAYOUTS[Command.SUBMIT_SM]]
    parts = []
    for each in order:
        value = fields[each]
        if each == "short_message":
            parts.append(bytes((len(value),)) + value)
        else:
            parts.append(bytes((value,)) if isinstance(value, int) else bytes(value) + b"\0")
    at = order.index(name)
    return b"".join(parts[:at]), b"\0" + b"".join(parts[at + 1 :])
