"""Delivery receipts: as asked for, to whoever can receive, again until they are acknowledged."""

from __future__ import annotations

import pytest

from simulator.journal import Kind
from simulator.wire.smpp import times
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Command
from simulator.wire.smpp.receipt import DIALECTS
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import QUICK, START, Esme, opened

SILENT, UNKNOWN, OFF_TEN_MINUTES = "32450030001", "32450040101", "32450030101"
NO_REPORT = "32450040601"


async def quiet(esme: Esme) -> bool:
    """Whether nothing but the answer to a question has come."""
    return (await esme.ask(Command.ENQUIRE_LINK)).status == 0 and esme.came == []


async def test_a_receipt_has_text_and_parameters_and_the_addresses_changed_about():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(SILENT, "Eén, [of] 10?\nX".encode("utf-16-be"), data_coding=8)
        async with centre.passing(1):
            receipt = await esme.delivered()
        fields = receipt.fields
        assert fields["short_message"].decode() == (
            f"id:{identity} sub:001 dlvrd:001 submit date:2701150800 done date:2701150800 stat:DELIVRD "
            "err:000 text:E?n, ?of? 10??X"
        )
        assert (fields["esm_class"], fields["data_coding"]) == (0x04, 0)
        assert (fields["source_addr"], fields["destination_addr"]) == (SILENT.encode(), b"8937")
        assert [(each.tag, each.value) for each in receipt.tlvs] == [
            (Tag.RECEIPTED_MESSAGE_ID, identity.encode() + b"\0"), (Tag.MESSAGE_STATE, b"\2"),
        ]  # fmt: skip
        handed = centre.entries(Kind.REPORT_HANDED)
        assert [(each.message, each.facts["status"]) for each in handed] == [
            (identity, "DeliveredToTerminal")
        ]


@pytest.mark.parametrize(
    ("registered", "delivered", "failed"),
    [(0, False, False), (1, True, True), (2, False, True), (3, True, False), (0x10, False, False)],
)
async def test_a_receipt_comes_when_it_is_asked_for(registered, delivered, failed):
    async with opened() as centre:
        esme = await centre.bound()
        for number, comes in ((SILENT, delivered), (UNKNOWN, failed)):
            await esme.accepted(number, registered_delivery=registered)
            async with centre.passing(60):
                if comes:
                    assert (await esme.delivered()).fields["source_addr"] == number.encode()
            assert await quiet(esme)
        assert len(centre.entries(Kind.REPORT_HANDED)) == delivered + failed


async def test_intermediate_notifications_come_on_request_with_a_class_of_their_own():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(OFF_TEN_MINUTES, registered_delivery=0x11)
        async with centre.passing(700):
            underway, final = await esme.delivered(), await esme.delivered()
        assert (underway.fields["esm_class"], underway.number(Tag.MESSAGE_STATE)) == (0x20, 1)
        assert b"stat:ENROUTE err:027" in underway.fields["short_message"]
        assert (final.fields["esm_class"], final.number(Tag.MESSAGE_STATE)) == (0x04, 2)


async def test_a_message_that_is_no_longer_worth_it_expires():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(OFF_TEN_MINUTES, validity_period=times.relative(60))
        async with centre.passing(60):
            receipt = await esme.delivered()
        assert b"done date:2701150801 stat:EXPIRED" in receipt.fields["short_message"]
        async with centre.passing(3600):
            pass
        told = await esme.ask(Command.QUERY_SM, message_id=identity.encode(), source_addr=b"8937")
        assert (told.fields["message_state"], told.fields["final_date"]) == (3, b"270115080100000+")
        assert await quiet(esme)


async def test_a_scheduled_message_waits_for_its_time():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(SILENT, schedule_delivery_time=times.absolute(START + 7_200_000))
        async with centre.passing(7_199):
            pass
        assert await quiet(esme)
        async with centre.passing(2):
            receipt = await esme.delivered()
        assert b"submit date:2701150800 done date:2701151000" in receipt.fields["short_message"]


async def test_receipts_go_to_a_receiver_of_the_account_and_never_to_a_transmitter():
    async with opened() as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        other = await centre.bound(Command.BIND_RECEIVER, "other")
        receives = await centre.bound(Command.BIND_RECEIVER)
        identity = await sends.accepted(SILENT)
        async with centre.passing(1):
            assert identity.encode() in (await receives.delivered()).fields["short_message"]
        assert await quiet(sends)
        assert await quiet(other)


async def test_receipts_wait_while_nobody_can_receive_and_time_goes_on():
    async with opened() as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        for _ in range(5):
            await sends.accepted(SILENT)
        async with centre.passing(3600):
            pass
        assert centre.door.waiting == 5
        receives = await centre.bound()
        stamps = [(await receives.delivered()).fields["short_message"] for _ in range(5)]
        assert all(b"done date:2701150800" in stamp for stamp in stamps)
        await centre.until(Kind.REPORT_HANDED, count=5)
        assert centre.door.waiting == 0


async def test_more_than_an_account_may_keep_is_lost_and_the_journal_says_so():
    async with opened(bounds={"waiting": 3}) as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        for _ in range(5):
            await sends.accepted(SILENT)
        async with centre.passing(1):
            pass
        assert centre.door.waiting == 3
        assert [each.facts["why"] for each in centre.entries(Kind.REPORT_LOST)] == ["too many wait"] * 2


async def test_sessions_of_an_account_take_turns():
    async with opened() as centre:
        one, two = await centre.bound(), await centre.bound(Command.BIND_RECEIVER)
        for _ in range(6):
            await one.accepted(SILENT)
        async with centre.passing(1):
            taken = [len([await each.delivered() for _ in range(3)]) for each in (one, two)]
        assert taken == [3, 3]


async def test_what_is_not_acknowledged_on_one_session_goes_to_another():
    async with opened() as centre:
        one = await centre.bound()
        identity = await one.accepted(SILENT)
        async with centre.passing(1):
            assert (await one.hear()).command is Command.DELIVER_SM
            two = await centre.bound(Command.BIND_RECEIVER)
            await one.close()
            assert identity.encode() in (await two.delivered()).fields["short_message"]
        assert [each.facts["why"] for each in centre.entries(Kind.REPORT_FAILED)] == [
            "the connection was lost"
        ]
        assert len(centre.entries(Kind.REPORT_HANDED)) == 1


async def test_what_a_peer_does_not_answer_comes_again_after_a_while():
    async with opened(timers=QUICK) as centre:
        esme = await centre.bound()
        await esme.accepted(SILENT)
        async with centre.passing(5):
            first = await esme.hear()
            while first.command is not Command.DELIVER_SM:
                await esme.answer_link(first)
                first = await esme.hear()
            again = await esme.hear()
            while again.command is not Command.DELIVER_SM:
                await esme.answer_link(again)
                again = await esme.hear()
            await esme.answer(again)
        assert again.raw[16:] == first.raw[16:]
        assert [each.facts["why"] for each in centre.entries(Kind.REPORT_FAILED)] == ["no answer in time"]


async def test_what_a_peer_cannot_take_now_comes_later_and_what_it_refuses_never():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(SILENT)
        async with centre.passing(10):
            for status in (Status.RX_T_APPN, Status.RTHROTTLED):
                await esme.answer(await esme.hear(), status)
            await esme.answer(await esme.hear(), Status.RX_R_APPN)
        assert await quiet(esme)
        assert [each.facts["why"] for each in centre.entries(Kind.REPORT_LOST)] == ["refused: ESME_RX_R_APPN"]


async def test_no_more_go_out_than_the_window_holds():
    async with opened(bounds={"window": 4}) as centre:
        esme = await centre.bound()
        for _ in range(10):
            await esme.accepted(SILENT)
        async with centre.passing(1):
            for _ in range(4):
                await esme.say(Command.ENQUIRE_LINK)
            await centre.wait(lambda: len(centre.entries(Kind.REPORT_DUE)) == 10)
            waits = [
                pdu for pdu in [await esme.hear() for _ in range(8)] if pdu.command is Command.DELIVER_SM
            ]
            assert await quiet(esme)
            for pdu in waits:
                await esme.answer(pdu)
            for _ in range(6):
                await esme.delivered()
        assert len(waits) == 4


@pytest.mark.parametrize("form", DIALECTS)
async def test_every_vendors_receipt_can_be_had(form):
    async with opened(dialect=DIALECTS[form]) as centre:
        esme = await centre.bound()
        identity = await esme.accepted(SILENT)
        async with centre.passing(1):
            receipt = await esme.delivered()
        shown = {"decimal": str(int(identity, 16)), "upper": identity.upper()}.get(form, identity)
        if form == "hex":
            assert identity.isdecimal()
            shown = f"{int(identity):x}"
            told = await esme.ask(Command.QUERY_SM, message_id=identity.encode(), source_addr=b"8937")
            assert told.fields["message_state"] == 2
        assert f"id:{shown}".encode() in receipt.fields["short_message"]
        assert receipt.tlv(Tag.RECEIPTED_MESSAGE_ID) == {
            "text-only": None, "unterminated": shown.encode(),
        }.get(form, shown.encode() + b"\0")  # fmt: skip


async def test_a_message_of_which_nothing_is_heard_has_no_receipt():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.accepted(NO_REPORT)
        async with centre.passing(200_000):
            pass
        assert await quiet(esme)


async def test_another_world_has_no_receipts_from_the_one_before():
    async with opened() as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        await sends.accepted(SILENT)
        async with centre.passing(1):
            pass
        centre.carrier.reset(2)
        receives = await centre.bound()
        assert await quiet(receives)
        assert centre.door.waiting == 0
