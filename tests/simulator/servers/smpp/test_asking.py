"""query_sm, cancel_sm, replace_sm, replace_if_present (SMPP 3.4 §4.8 to §4.10, §5.2.18)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.journal import Kind
from simulator.wire.smpp import times
from simulator.wire.smpp.pdu import Command, Destination
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import NINE, START, Esme, opened

SILENT, UNKNOWN, OFF_TEN_MINUTES = "32450030001", "32450040101", "32450030101"
LATER = times.absolute(START + 3_600_000)


async def test_a_message_can_be_asked_about_from_its_acceptance_to_its_end():
    async with opened() as centre:
        esme = await centre.bound()
        ids = [
            await esme.accepted(each, registered_delivery=0) for each in (SILENT, UNKNOWN, OFF_TEN_MINUTES)
        ]
        asks = [{"message_id": each.encode(), "source_addr": b"8937"} for each in ids]
        told = [(await esme.ask(Command.QUERY_SM, **each)).fields for each in asks]
        assert [(each["message_state"], each["final_date"]) for each in told] == [(1, b"")] * 3
        async with centre.passing(60):
            pass
        told = [(await esme.ask(Command.QUERY_SM, **each)).fields for each in asks]
        assert [(each["message_state"], each["error_code"]) for each in told] == [(2, 0), (5, 1), (1, 0)]
        assert told[0]["final_date"] == b"270115080000500+"
        assert told[2]["final_date"] == b""


async def test_a_stranger_hears_nothing():
    async with opened() as centre:
        esme = await centre.bound()
        identity = (await esme.accepted()).encode()
        for ask in (
            {"message_id": b"nonsense", "source_addr": b"8937"},
            {"message_id": identity, "source_addr": b"1234"},
            {"message_id": b"", "source_addr": b"8937"},
            {"message_id": b"\xff", "source_addr": b"8937"},
        ):
            assert (await esme.ask(Command.QUERY_SM, **ask)).status == Status.RINVMSGID


async def test_a_message_under_way_can_be_cancelled_and_then_nothing_comes_of_it_but_the_receipt():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(schedule_delivery_time=LATER)
        ask = {"message_id": identity.encode(), "source_addr": b"8937"}
        assert (await esme.ask(Command.CANCEL_SM, **ask)).raw.hex()[8:24] == "8000000800000000"
        assert b"stat:DELETED" in (await esme.delivered()).fields["short_message"]
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == Status.RCANCELFAIL
        async with centre.passing(100_000):
            pass
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 4
        assert esme.came == []
        assert len(centre.entries(Kind.MT_CANCELLED)) == 1
        assert centre.entries(Kind.REPLY_WRITTEN) == []


async def test_all_messages_between_two_addresses_can_be_cancelled():
    async with opened() as centre:
        esme = await centre.bound()
        for source in (b"8937", b"8937", b"1234"):
            await esme.accepted(source_addr=source, schedule_delivery_time=LATER, registered_delivery=0)
        ask = {"source_addr": b"8937", "destination_addr": NINE.encode(), "dest_addr_ton": 1}
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == 0
        assert len(centre.entries(Kind.MT_CANCELLED)) == 2
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == Status.RCANCELFAIL
        nobody = ask | {"destination_addr": b"44"}
        assert (await esme.ask(Command.CANCEL_SM, **nobody)).status == Status.RCANCELFAIL


async def test_what_was_delivered_cannot_be_cancelled_or_replaced():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(SILENT)
        async with centre.passing(1):
            await esme.delivered()
        ask = {"message_id": identity.encode(), "source_addr": b"8937"}
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == Status.RCANCELFAIL
        assert (await esme.ask(Command.REPLACE_SM, **ask, short_message=b"y")).status == Status.RREPLACEFAIL


async def test_a_scheduled_message_gets_another_text_and_another_time():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(SILENT, b"old", schedule_delivery_time=LATER)
        ask = {
            "message_id": identity.encode(),
            "source_addr": b"8937",
            "short_message": b"new \x00",
            "registered_delivery": 1,
            "schedule_delivery_time": times.absolute(START + 60_000),
        }
        assert (await esme.ask(Command.REPLACE_SM, **ask)).status == 0
        assert centre.carrier.message(identity).submission.text == "new @"
        async with centre.passing(61):
            assert b"done date:2701150801 stat:DELIVRD" in (await esme.delivered()).fields["short_message"]
        async with centre.passing(10_000):
            pass
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        assert esme.came == []
        wrong = ask | {"schedule_delivery_time": b"00000000000000xR"}
        assert (await esme.ask(Command.REPLACE_SM, **wrong)).status == Status.RINVSCHED
        assert (await esme.ask(Command.REPLACE_SM, **ask | {"message_id": b"x"})).status == Status.RINVMSGID


async def test_the_receipt_of_a_replaced_message_repeats_its_new_text():
    async with opened() as centre:
        esme = await centre.bound()
        identity = (await esme.accepted(SILENT, b"old", registered_delivery=1)).encode()
        new = {"short_message": b"new \x00", "registered_delivery": 1}
        assert (
            await esme.ask(Command.REPLACE_SM, message_id=identity, source_addr=b"8937", **new)
        ).status == 0
        async with centre.passing(61):
            assert (await esme.delivered()).fields["short_message"].endswith(b" text:new ?")


async def test_a_message_replaces_the_one_that_is_still_under_way_if_asked_to():
    async with opened() as centre:
        esme = await centre.bound()
        one = await esme.accepted(NINE, b"old", schedule_delivery_time=LATER)
        two = await esme.accepted(NINE, b"new", replace_if_present_flag=1)
        assert two == one
        three = await esme.accepted(NINE, b"another", replace_if_present_flag=0)
        assert three != one
        assert centre.carrier.message(one).submission.text == "new"
        async with centre.passing(2):
            came = [(await esme.delivered()).fields["short_message"] for _ in range(4)]
        assert sorted(each[:1] for each in came) == [b"9", b"9", b"i", b"i"]
        four = await esme.accepted(NINE, b"fresh", replace_if_present_flag=1)
        assert four not in (one, three)


async def to_many(esme: Esme, *to: str, **fields: Any) -> dict[str, bytes]:
    """A submit_multi; returns how to ask about it."""
    told = await esme.ask(
        Command.SUBMIT_MULTI,
        dest_address=tuple(Destination(1, 1, each.encode()) for each in to),
        source_addr=b"8937",
        **{"short_message": b"to all", **fields},
    )
    assert told.status == 0
    return {"message_id": told.fields["message_id"], "source_addr": b"8937"}


async def test_the_id_of_a_submit_multi_cancels_the_message_to_every_destination():
    async with opened() as centre:
        esme = await centre.bound()
        ask = await to_many(esme, SILENT, "33612345678", NINE, OFF_TEN_MINUTES, schedule_delivery_time=LATER)
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == 0
        async with centre.passing(100_000):
            pass
        assert len(centre.entries(Kind.MT_CANCELLED)) == 3
        assert centre.entries(Kind.REPLY_WRITTEN) == []
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 4
        assert (await esme.ask(Command.CANCEL_SM, **ask)).status == Status.RCANCELFAIL


@pytest.mark.parametrize("part", [1, 2])
async def test_the_id_of_any_part_of_a_long_submit_multi_cancels_it_to_every_destination(part: int):
    async with opened() as centre:
        esme = await centre.bound()
        asks = {}
        for number in (1, 2):
            text = bytes((5, 0, 3, 7, 2, number)) + b"a"
            long = {"short_message": text, "esm_class": 0x40, "schedule_delivery_time": LATER}
            asks[number] = await to_many(esme, SILENT, NINE, **long)
        assert (await esme.ask(Command.CANCEL_SM, **asks[part])).status == 0
        cancelled = {entry.address for entry in centre.entries(Kind.MT_CANCELLED)}
        assert cancelled == {f"+{SILENT}", f"+{NINE}"}


async def test_a_submit_multi_is_under_way_as_long_as_one_of_its_messages_is():
    async with opened() as centre:
        esme = await centre.bound()
        ask = await to_many(esme, SILENT, OFF_TEN_MINUTES)
        async with centre.passing(60):
            pass
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 1
        async with centre.passing(900):
            pass
        assert (await esme.ask(Command.QUERY_SM, **ask)).fields["message_state"] == 2


async def test_a_submit_multi_is_replaced_for_every_destination():
    async with opened() as centre:
        esme = await centre.bound()
        ask = await to_many(esme, SILENT, NINE, schedule_delivery_time=LATER)
        assert (await esme.ask(Command.REPLACE_SM, **ask, short_message=b"anew")).status == 0
        assert [each.submission.text for each in centre.carrier.messages()] == ["anew"] * 2
