"""Messages to the message centre, and what its answers mean."""

from __future__ import annotations

import asyncio

import pytest

from service.domain.request import (
    Deferred,
    Refused,
    Submitted,
)
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import BIND, NACK, RESP, SUBMIT, pdu
from tests.service.gateways.smpp.esme import (
    INVDSTADR,
    MSGQFUL,
    SYSERR,
    THROTTLED,
    gateway_of,
    question,
    running,
)
from tests.service.rig import until


async def test_it_binds_as_a_transceiver_with_its_credentials(centre, gateway):
    (seen,) = centre.of(BIND)
    assert seen.body == b"belfort\0hush\0\0\x34\0\0\0"


async def test_a_message_leaves_from_the_short_number_under_its_reference(rig, centre, gateway):
    sent = question(rig, "0-10? é€")
    assert await gateway.submit(sent) == Submitted("1")
    (seen,) = centre.of(SUBMIT)
    fields = seen.fields()
    assert (fields["source"], fields["ston"], fields["to"], fields["dton"], fields["dnpi"]) == (
        b"8937", 3, b"32470000000", 1, 1,
    )  # fmt: skip
    assert (fields["registered"], fields["esm"], fields["coding"]) == (1, 0, 0)
    assert fields["text"] == b"0-10? \x05\x1be"
    assert fields["tlvs"] == {0x1501: sent.request.bytes}


async def test_a_text_beyond_the_gsm_alphabet_goes_in_ucs2(rig, centre, gateway):
    await gateway.submit(question(rig, "Ça va? 😀"))
    fields = centre.of(SUBMIT)[0].fields()
    assert (fields["coding"], fields["text"].decode("utf-16-be")) == (8, "Ça va? 😀")


async def test_a_long_message_leaves_in_parts_with_one_reference(rig, centre, gateway):
    sent = question(rig, "x" * 161)
    assert await gateway.submit(sent) == Submitted("1")
    one, two = (seen.fields() for seen in centre.of(SUBMIT))
    head = bytes([5, 0, 3, sent.request.bytes[-1], 2])
    assert (one["text"], two["text"]) == (head + b"\1" + b"x" * 153, head + b"\2" + b"x" * 8)
    assert one["esm"] == two["esm"] == 0x40
    assert one["tlvs"] == two["tlvs"] == {0x1501: sent.request.bytes}


async def test_more_parts_than_the_window_holds_leave_one_after_the_other(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port, window=2), inbox) as gateway:
        many = [gateway.submit(question(rig, "x" * 700)) for _ in range(3)]
        assert all(isinstance(one, Submitted) for one in await asyncio.gather(*many))
    assert len(centre.of(SUBMIT)) == 15


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (THROTTLED, Deferred("command_status 0x58", throttled=True)),
        (MSGQFUL, Deferred("command_status 0x14", throttled=True)),
        (SYSERR, Deferred("command_status 0x8")),
        (INVDSTADR, Refused("command_status 0xb")),
        (0x45, Refused("command_status 0x45")),
        (0x4FF, Refused("command_status 0x4ff")),
    ],
)
async def test_a_status_is_an_outcome(rig, centre, gateway, status, outcome):
    centre.on(SUBMIT, stub.answers(status))
    assert await gateway.submit(question(rig)) == outcome


async def test_of_a_long_message_the_worst_part_decides(rig, centre, gateway):
    centre.on(SUBMIT, stub.take, stub.answers(THROTTLED))
    assert await gateway.submit(question(rig, "x" * 161)) == Deferred(
        "command_status 0x58", throttled=True, perhaps_taken=True
    )


async def test_a_generic_nack_is_an_answer_too(rig, centre, gateway):
    centre.on(SUBMIT, stub.says(lambda seen: pdu(NACK, seen.sequence, 3)))
    assert await gateway.submit(question(rig)) == Deferred("command_status 0x3")


async def test_a_message_without_an_id_is_taken_all_the_same(rig, centre, gateway):
    centre.on(SUBMIT, stub.answers(0, b"\0"), stub.answers(0))
    for _ in range(2):
        sent = question(rig)
        assert await gateway.submit(sent) == Submitted(str(sent.request))


@pytest.mark.parametrize(
    "written",
    [
        lambda seen: pdu(SUBMIT | RESP, seen.sequence, 0, b"never ended" * 9),
        lambda seen: b"\0\0\0\1" + b"\xff" * 40,
        lambda seen: b"\xff" * 64,
        lambda seen: b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
async def test_garbage_in_place_of_an_answer_may_mean_that_it_was_taken(rig, centre, gateway, written):
    centre.on(SUBMIT, stub.says(written))
    outcome = await gateway.submit(question(rig))
    assert isinstance(outcome, Deferred)
    assert outcome.perhaps_taken
    assert isinstance(await gateway.submit(question(rig)), Submitted)


async def test_an_answer_with_a_wrong_number_answers_nothing(rig, centre, inbox):
    centre.on(SUBMIT, stub.says(lambda seen: pdu(SUBMIT | RESP, seen.sequence + 77, 0, b"1\0")))
    async with running(gateway_of(rig, centre.port, deadline=0.3), inbox) as gateway:
        assert await gateway.submit(question(rig)) == Deferred("timed out", perhaps_taken=True)
        assert isinstance(await gateway.submit(question(rig)), Submitted)
    assert len(centre.of(BIND)) == 1


async def test_an_answer_in_single_bytes_is_put_together(rig, centre, gateway):
    async def drip(session, seen):
        for byte in pdu(SUBMIT | RESP, seen.sequence, 0, b"abc\0"):
            session.write(bytes([byte]))
            await asyncio.sleep(0.001)

    centre.on(SUBMIT, drip)
    assert await gateway.submit(question(rig)) == Submitted("abc")


async def test_what_fits_into_one_message_leaves_at_once_while_there_is_room(rig, centre, inbox):
    centre.on(SUBMIT, stub.silence, stub.answers(INVDSTADR))
    async with running(gateway_of(rig, centre.port, window=1), inbox) as gateway:
        await until(lambda: centre.sessions)
        heard, sent = [], question(rig)
        await until(lambda: gateway.submit_now(sent, heard.append))
        assert not gateway.submit_now(question(rig), heard.append)
        assert not gateway.submit_now(question(rig, "x" * 161), heard.append)
        await until(lambda: centre.of(SUBMIT))
        (seen,) = centre.of(SUBMIT)
        assert (seen.fields()["to"], seen.fields()["tlvs"]) == (b"32470000000", {0x1501: sent.request.bytes})
        centre.sessions[0].cut()
        await until(lambda: heard)
        assert (heard[0].perhaps_taken, len(heard)) == (True, 1)
