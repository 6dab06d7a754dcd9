"""Replies in several parts."""

from __future__ import annotations

import asyncio

import pytest

from service.gateways.smpp_inbound import GIVE_UP_MS
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import DELIVER, tlv
from tests.service.gateways.smpp.esme import RX_T_APPN, deliver, gateway_of, running
from tests.service.rig import until


def parts(text: str, count: int, reference: int = 7, *, wide: bool = False) -> list[bytes]:
    """Bodies of a long message's parts: user data headers of 8 bits, or of 16."""
    octets = text.encode("utf-16-be")
    size = -(-len(octets) // count)
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    heads = [
        (b"\6\x08\4\1" if wide else b"\5\0\3") + bytes([reference, len(pieces), number + 1])
        for number in range(len(pieces))
    ]
    return [
        stub.message(text=head + piece, esm=0x40, coding=8) for head, piece in zip(heads, pieces, strict=True)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 2)])
@pytest.mark.parametrize("wide", [False, True])
async def test_a_long_reply_is_one_reply_in_whatever_order(centre, gateway, inbox, order, wide):
    text = "😀 acht, omdat het goed was" * 3
    bodies = parts(text, 3, wide=wide)
    session = centre.sessions[0]
    answers = await asyncio.gather(*(session.ask(DELIVER, bodies[one]) for one in order))
    assert [seen.status for seen in answers] == [0] * len(order)
    assert [reply.text for reply in inbox.replies] == [text]


async def test_a_long_reply_may_be_told_by_parameters(centre, gateway, inbox):
    bodies = [
        stub.message(text=text, tlvs=tlv(0x20C, b"\1\2") + tlv(0x20E, b"\2") + tlv(0x20F, bytes([number])))
        for number, text in ((2, b" and more"), (1, b"9"))
    ]
    session = centre.sessions[0]
    await asyncio.gather(*(session.ask(DELIVER, body) for body in bodies))
    assert [reply.text for reply in inbox.replies] == ["9 and more"]


async def test_a_centre_that_sends_one_part_at_a_time_is_not_kept_waiting(centre, gateway, inbox):
    for body in parts("nine and more", 3):
        assert await deliver(centre, body) == 0
    assert [reply.text for reply in inbox.replies] == ["nine and more"]


async def test_a_part_that_never_comes_is_not_waited_for_for_ever(rig, centre, gateway, inbox):
    assert await deliver(centre, parts("8 and more", 2)[0]) == 0
    assert inbox.replies == []
    await rig.clock.run_until(lambda: inbox.replies)
    assert [reply.text for reply in inbox.replies] == ["8 and"]


async def test_parts_that_were_acknowledged_are_taken_before_the_end(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port), inbox):
        await deliver(centre, parts("8 and more", 2)[0])
    assert [reply.text for reply in inbox.replies] == ["8 and"]


async def test_a_part_that_cannot_be_kept_is_offered_again(centre, gateway, inbox):
    one, two = parts("nine and more", 2)
    assert await deliver(centre, one) == 0
    inbox.down = True
    assert await deliver(centre, two) == RX_T_APPN
    inbox.down = False
    assert await deliver(centre, two) == 0
    assert [reply.text for reply in inbox.replies] == ["nine and more"]


async def test_of_many_unfinished_messages_the_oldest_is_given_up(centre, gateway, inbox, monkeypatch):
    monkeypatch.setattr("service.gateways.smpp_inbound.MOST_UNFINISHED", 2)
    for reference in range(4):
        assert await deliver(centre, parts(f"{reference} and more", 2, reference)[0]) == 0
    await until(lambda: len(inbox.replies) == 2)
    assert [reply.text for reply in inbox.replies] == ["0 and", "1 and"]


async def test_what_became_whole_is_waited_for_no_more(rig, centre, gateway, inbox):
    for body in parts("nine and more", 2):
        await deliver(centre, body)
    await rig.clock.run_until(lambda: inbox.given_up, limit=rig.clock.now() + GIVE_UP_MS)
    assert inbox.given_up == []
