"""What people answer: to the account that wrote last, in an alphabet that has the characters, in parts."""

from __future__ import annotations

import pytest

from simulator.journal import Kind
from simulator.wire.smpp import alphabets, parts
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.assembly import Assembly, Part
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.parts import Way
from simulator.wire.smpp.pdu import Command, Pdu
from tests.simulator.servers.smpp.centre import NINE, START, opened

LONG, UCS2 = "32450060601", "32450090501"
QUIET = {"registered_delivery": 0}


async def test_a_reply_comes_to_where_the_question_came_from():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(source_addr=b"1234", source_addr_ton=3, **QUIET)
        async with centre.passing(2):
            reply = await esme.delivered()
        fields = reply.fields
        assert (fields["short_message"], fields["esm_class"], fields["data_coding"]) == (b"9", 0, 0)
        assert (fields["source_addr"], fields["source_addr_ton"], fields["source_addr_npi"]) == (
            NINE.encode(), 1, 1,
        )  # fmt: skip
        assert (fields["destination_addr"], fields["dest_addr_ton"]) == (b"1234", 3)
        handed = centre.entries(Kind.REPLY_HANDED)
        assert [each.message for each in handed] == [identity]


async def test_a_reply_in_other_letters_comes_in_ucs_2():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(UCS2, **QUIET)
        async with centre.passing(2):
            reply = await esme.delivered()
        wrote = centre.entries(Kind.REPLY_WRITTEN)[0].facts["text"]
        assert reply.fields["data_coding"] == 8
        assert reply.fields["short_message"].decode("utf-16-be") == wrote


@pytest.mark.parametrize("way", Way)
async def test_a_long_reply_comes_in_parts_out_of_order_and_is_handed_when_all_are_taken(way):
    async with opened(way=way) as centre:
        esme = await centre.bound()
        await esme.accepted(LONG, **QUIET)
        came: list[Pdu] = []
        async with centre.passing(3):
            await centre.until(Kind.REPLY_WRITTEN)
            count = 1 if way is Way.PAYLOAD else 2
            for place in range(count):
                came.append(await esme.hear())
                assert came[place].command is Command.DELIVER_SM
                assert centre.entries(Kind.REPLY_HANDED) == []
            for pdu in came:
                await esme.answer(pdu)
        wrote = centre.entries(Kind.REPLY_WRITTEN)[0].facts["text"]
        contents = [parts.content(pdu) for pdu in came]
        if way is Way.PAYLOAD:
            assert came[0].tlv(Tag.MESSAGE_PAYLOAD) == contents[0].octets
            whole = contents[0].octets
        else:
            assert [each.piece.number for each in contents if each.piece] == [2, 1]
            assembly, whole = Assembly(), b""
            for each in contents:
                found = assembly.add("x", each.piece, Part(each.octets), START) if each.piece else None
                whole = b"".join(part.octets for part in found or ())
        assert alphabets.decode(whole, Alphabet.GSM) == wrote
        assert len(centre.entries(Kind.REPLY_HANDED)) == 1


async def test_a_reply_that_is_not_acknowledged_comes_again_with_the_same_words():
    async with opened() as centre:
        one, two = await centre.bound(), await centre.bound()
        await one.accepted(**QUIET)
        async with centre.passing(2):
            await centre.until(Kind.REPLY_WRITTEN)
            first = await one.hear()
            await one.close()
            again = await two.delivered()
        assert again.raw[16:] == first.raw[16:]
        assert len(centre.entries(Kind.REPLY_FAILED)) == 1
        assert len(centre.entries(Kind.REPLY_HANDED)) == 1


async def test_replies_wait_for_a_receiver():
    async with opened() as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        await sends.accepted(**QUIET)
        async with centre.passing(3600):
            pass
        receives = await centre.bound(Command.BIND_RECEIVER)
        assert (await receives.delivered()).fields["short_message"] == b"9"


async def test_a_reply_by_hand_finds_its_way():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted("32450030001", **QUIET)
        centre.carrier.reply_by_hand("+32450030001", "tien! 🙂", score=10)
        async with centre.passing(1):
            reply = await esme.delivered()
        assert reply.fields["short_message"].decode("utf-16-be") == "tien! 🙂"


async def test_the_truth_of_what_came_over_smpp_is_told():
    from simulator.truth import Selection, Truth

    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(text=b"0-10?")
        async with centre.passing(5):
            await esme.delivered()
            await esme.delivered()
        told = centre.truth.tell(Selection(account="acme"), centre.clock.now())
        assert isinstance(told, Truth)
        assert [each.response for each in told.accounts] == ["good"]
