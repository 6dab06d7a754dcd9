"""What people write: kept before it is acknowledged, read in its alphabet, known when it comes twice."""

from __future__ import annotations

import asyncio

import pytest

from service.gateways import smpp_inbound
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import BIND, DELIVER, pdu, tlv
from tests.service.gateways.smpp.esme import PERSON, RX_T_APPN, SYSERR, deliver, question
from tests.service.rig import NOON, until


async def test_a_reply_is_acknowledged_only_when_it_is_durable(centre, gateway, inbox):
    inbox.open.clear()
    asking = asyncio.create_task(deliver(centre, stub.message()))
    await asyncio.sleep(0.05)
    assert not asking.done()
    inbox.open.set()
    assert await asking == 0
    assert inbox.replies[0].sender == PERSON


async def test_what_cannot_be_kept_is_to_be_offered_again(centre, gateway, inbox):
    inbox.down = True
    assert await deliver(centre, stub.message()) == RX_T_APPN
    assert await deliver(centre, stub.receipt(b"1")) == RX_T_APPN
    inbox.down = False
    assert await deliver(centre, stub.message()) == 0


async def deliver_together(centre, *bodies: bytes) -> list[int]:
    """What our side answers to messages that arrive in one piece."""
    await until(lambda: centre.sessions)
    session = centre.sessions[0]
    answers = {next(session.sequence): asyncio.get_running_loop().create_future() for _ in bodies}
    session.answers.update(answers)
    session.write(
        b"".join(pdu(DELIVER, *pair) for pair in zip(answers, [0] * len(bodies), bodies, strict=True))
    )
    return [(await asyncio.wait_for(answer, 15)).status for answer in answers.values()]


async def test_what_arrives_together_is_kept_together_and_in_order(centre, gateway, inbox):
    bodies = stub.message(text=b"9"), stub.receipt(b"1"), stub.message(text=b"8")
    assert await deliver_together(centre, *bodies) == [0, 0, 0]
    assert (inbox.batches, [reply.text for reply in inbox.replies]) == ([3], ["9", "8"])
    inbox.down = True
    assert await deliver_together(centre, *bodies) == [RX_T_APPN] * 3


async def test_what_one_read_brings_is_kept_in_units_of_bounded_size_and_in_order(
    centre, gateway, inbox, monkeypatch
):
    monkeypatch.setattr(smpp_inbound, "MOST_TOGETHER", 2)
    bodies = [stub.message(text=b"%d" % number) for number in range(5)]
    assert await deliver_together(centre, *bodies) == [0] * 5
    assert (inbox.batches, [reply.text for reply in inbox.replies]) == ([2, 2, 1], ["0", "1", "2", "3", "4"])


async def test_one_that_breaks_takes_nothing_of_its_company_along(centre, gateway, inbox):
    bodies = stub.message(text=b"9"), stub.message(text=b"break"), stub.message(text=b"8")
    assert await deliver_together(centre, *bodies) == [0, SYSERR, 0]
    assert sorted(reply.text for reply in inbox.replies) == ["8", "9"]


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"9", 0, "9"),
        (b"\x1be5 \x7f", 0, "€5 à"),
        (b"d\xe9j\xe0 9", 0, "déjà 9"),
        (b"d\xe9j\xe0 9", 3, "déjà 9"),
        ("neuf 😀".encode("utf-16-be"), 8, "neuf 😀"),
        ("neuf".encode("utf-16-be"), 0x18, "neuf"),
        (b"9", 0xF1, "9"),
        (b"9\xff", 4, "9ÿ"),
        (b"", 0, ""),
        ("é".encode("utf-16-be") + b"\xd8", 8, "é�"),
    ],
)
async def test_a_reply_is_read_in_its_alphabet(centre, gateway, inbox, octets, coding, text):
    assert await deliver(centre, stub.message(text=octets, coding=coding)) == 0
    assert inbox.replies[0].text == text


async def test_a_reply_in_a_payload_is_read(centre, gateway, inbox):
    await deliver(centre, stub.message(text=b"", tlvs=tlv(0x424, b"9, and " + b"so on " * 100)))
    assert inbox.replies[0].text.startswith("9, and so on")


@pytest.mark.parametrize(
    ("source", "ton"), [(b"32470000000", 1), (b"+32470000000", 1), (b"0032470000000", 0), (b"0470000000", 2)]
)
async def test_senders_are_known_however_they_are_written(centre, gateway, inbox, source, ton):
    await deliver(centre, stub.message(source=source, ton=ton))
    assert inbox.replies[0].sender == PERSON


async def test_a_copy_has_the_same_id_and_a_second_answer_another(rig, centre, gateway, inbox):
    mark = tlv(0x204, b"\x12\x34")
    for body in (
        stub.message(tlvs=mark),
        stub.message(tlvs=mark),
        stub.message(tlvs=tlv(0x204, b"\x12\x35")),
        stub.message(text=b"8", tlvs=mark),
        stub.message(source=b"32470000001", tlvs=mark),
    ):
        await deliver(centre, body)
    first, copy, *others = [reply.message_id for reply in inbox.replies]
    assert first == copy
    assert len({first, *others}) == 4
    assert "3247" not in first


async def test_without_a_mark_the_time_tells_a_copy_from_a_second_answer(rig, centre, gateway, inbox):
    await deliver(centre, stub.message())
    await deliver(centre, stub.message())
    rig.clock.jump(NOON + 86_400_000)
    await deliver(centre, stub.message())
    first, copy, second = [reply.message_id for reply in inbox.replies]
    assert (first == copy, first == second) == (True, False)


async def test_nothing_personal_is_logged(rig, centre, gateway, inbox):
    await gateway.submit(question(rig, "Een geheim?"))
    await deliver(centre, stub.message(text=b"mijn geheim"))
    await deliver(centre, stub.message(text=b"mijn geheim")[:-1])
    centre.sessions[0].cut()
    await until(lambda: len(centre.of(BIND)) == 2)
    for secret in (b"geheim", b"47000000", b"hush"):
        assert secret not in rig.lines.getvalue()
