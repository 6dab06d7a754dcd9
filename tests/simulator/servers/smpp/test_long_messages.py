"""Long messages in: every part is answered, the person gets one message, each part has its receipt."""

from __future__ import annotations

import pytest

from simulator.journal import Kind
from simulator.wire.smpp import alphabets, parts
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.parts import Way
from simulator.wire.smpp.pdu import Command, Tlv
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import NINE, Centre, Esme, opened

SILENT = "32450030001"
TEXT = "Hoe waarschijnlijk is het (0-10) dat u ons aanbeveelt? {€} " * 9


def segments(text: str, way: Way, alphabet: Alphabet = Alphabet.GSM) -> tuple[parts.Segment, ...]:
    written = alphabets.Written(alphabet, alphabets.encode(text, alphabet))
    return parts.split(written, 0x1234, way)


async def send(
    esme: Esme, segment: parts.Segment, to: str = SILENT, *more: Tlv, coding: int = 0
) -> tuple[int, str]:
    told = await esme.submit(
        to, segment.short_message, *segment.tlvs, *more, esm_class=segment.esm_class, data_coding=coding
    )
    return told.status, told.fields.get("message_id", b"").decode()


def submitted(centre: Centre) -> list[str]:
    return [str(entry.facts["text"]) for entry in centre.entries(Kind.MT_SUBMITTED)]


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("alphabet", [Alphabet.GSM, Alphabet.UCS2])
async def test_the_person_gets_one_message_and_each_part_its_receipt(way, backwards, alphabet):
    async with opened() as centre:
        esme = await centre.bound()
        pieces = segments(TEXT, way, alphabet)
        pieces = pieces[::-1] if backwards else pieces
        ids = []
        for piece in pieces:
            assert submitted(centre) == []
            status, identity = await send(esme, piece, coding=alphabet.value)
            assert status == 0
            ids.append(identity)
        assert submitted(centre) == [TEXT]
        assert len(set(ids)) == len(pieces)
        async with centre.passing(1):
            receipts = [await esme.delivered() for _ in ids]
        told = {(each.tlv(Tag.RECEIPTED_MESSAGE_ID) or b"").decode().rstrip("\0") for each in receipts}
        assert told == set(ids)
        assert len(centre.entries(Kind.REPORT_HANDED)) == 1


async def test_a_character_that_a_client_cut_in_two_is_whole_again():
    async with opened() as centre:
        esme = await centre.bound()
        octets = "ja 🙂 nee".encode("utf-16-be")
        for number, part in ((1, octets[:8]), (2, octets[8:])):
            head = bytes((5, 0, 3, 7, 2, number))
            assert (await esme.submit(SILENT, head + part, esm_class=0x40, data_coding=8)).status == 0
        assert submitted(centre) == ["ja 🙂 nee"]


async def test_parts_from_two_sessions_of_an_account_and_to_two_people_do_not_mix():
    async with opened() as centre:
        one, two, other = await centre.bound(), await centre.bound(), await centre.bound(name="other")
        first, *_, last = segments("a" * 200, Way.UDH_8)
        await send(one, first)
        await send(other, last)
        await send(one, last, NINE)
        assert submitted(centre) == []
        await send(two, last)
        assert submitted(centre) == ["a" * 200]


async def test_the_id_of_a_part_can_be_asked_about():
    async with opened() as centre:
        esme = await centre.bound()
        first, last = segments("a" * 200, Way.SAR)
        _, identity = await send(esme, first)
        ask = {"message_id": identity.encode(), "source_addr": b"8937"}
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 1
        await send(esme, last)
        async with centre.passing(1):
            await esme.delivered()
            await esme.delivered()
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 2


async def test_a_whole_that_is_refused_leaves_its_parts_so_that_the_last_can_come_again():
    async with opened() as centre:
        esme = await centre.bound()
        first, last = segments("a" * 200, Way.UDH_16)
        queue_full_once = "32450070201"
        assert (await send(esme, first, queue_full_once))[0] == 0
        assert (await send(esme, last, queue_full_once))[0] == Status.RMSGQFUL
        assert (await send(esme, last, queue_full_once))[0] == 0
        assert submitted(centre) == ["a" * 200]


async def test_a_repeat_of_all_parts_under_a_reference_is_the_same_message():
    async with opened() as centre:
        esme = await centre.bound()
        reference = Tlv(Tag.CLIENT_REFERENCE, bytes(range(16)))
        pieces = segments("a" * 200, Way.UDH_8)
        ids = [await send(esme, piece, SILENT, reference) for piece in pieces]
        assert [await send(esme, piece, SILENT, reference) for piece in pieces] == ids
        assert submitted(centre) == ["a" * 200]


async def test_parts_whose_others_never_come_expire_and_say_so():
    async with opened(bounds={"parts_age": 60}) as centre:
        esme = await centre.bound()
        first, _ = segments("a" * 200, Way.UDH_8)
        _, identity = await send(esme, first)
        async with centre.passing(61):
            pass
        receipt = await esme.delivered()
        assert f"id:{identity}" in receipt.fields["short_message"].decode()
        assert b"stat:EXPIRED" in receipt.fields["short_message"]
        assert centre.malformed() == ["1 of the 2 parts of a message came"]
        assert submitted(centre) == []


async def test_data_sm_carries_a_message_of_any_length():
    async with opened() as centre:
        esme = await centre.bound()
        told = await esme.ask(
            Command.DATA_SM,
            Tlv(Tag.MESSAGE_PAYLOAD, b"b" * 5_000),
            destination_addr=SILENT.encode(),
            dest_addr_ton=1,
            source_addr=b"8937",
            registered_delivery=1,
        )
        assert (told.command, told.status) == (Command.DATA_SM_RESP, 0)
        assert submitted(centre) == ["b" * 5_000]
        async with centre.passing(1):
            receipt = await esme.delivered()
        assert told.fields["message_id"] in receipt.fields["short_message"]
