"""Faults at the SMPP door, each played out once on a real connection."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from simulator.journal import Kind
from simulator.wire.smpp.codec import encode
from simulator.wire.smpp.layout import LAYOUTS, Tag
from simulator.wire.smpp.pdu import Command, Pdu
from simulator.wire.smpp.status import Status
from tests.simulator.servers.smpp.centre import NINE, Centre, Gone, message, opened

SILENT, LONG = "32450030001", "32450060601"


def fault(centre: Centre, name: str, where: str = "smpp.submit", **given: Any) -> None:
    centre.faults.add({"fault": name, "where": where, "limit": 1, "with": given})


async def test_an_error_has_the_status_that_was_asked_for_and_nothing_is_accepted():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "error", esme=int(Status.RSUBMITFAIL))
        assert (await esme.submit()).status == Status.RSUBMITFAIL
        assert centre.entries(Kind.MT_SUBMITTED) == []
        fault(centre, "outage")
        assert (await esme.submit()).status == Status.RSYSERR
        await esme.accepted()


async def test_a_capacity_refuses_with_throttled_and_queue_full():
    async with opened() as centre:
        esme = await centre.bound()
        centre.faults.add({"fault": "throttle", "where": "smpp.submit", "with": {"rate": 1, "burst": 1}})
        assert [(await esme.submit()).status for _ in range(2)] == [0, Status.RTHROTTLED]
        centre.faults.clear()
        centre.faults.add({"fault": "queue", "where": "smpp.submit", "with": {"rate": 1, "length": 1}})
        assert [(await esme.submit()).status for _ in range(2)] == [0, Status.RMSGQFUL]


@pytest.mark.parametrize(("name", "accepted"), [("disconnect_before", 0), ("disconnect_after", 1)])
async def test_the_connection_is_cut_before_or_after(name, accepted):
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, name)
        with pytest.raises((Gone, ConnectionError)):
            await esme.submit()
        assert len(centre.entries(Kind.MT_SUBMITTED)) == accepted
        assert centre.entries(Kind.DOOR_CLOSED)[0].facts["why"] == "cut by a fault"


async def test_an_answer_takes_longer_and_does_not_hold_up_the_session():
    async with opened(bounds={"window": 1}) as centre:
        esme = await centre.bound()
        centre.faults.add({"fault": "latency", "where": "smpp.submit", "with": {"seconds": 0.3}})
        slow = await esme.say(Command.SUBMIT_SM, **message(NINE, b"x"))
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        assert (await esme.submit()).status == Status.RTHROTTLED
        told = await esme.hear()
        assert (told.sequence, told.status) == (slow, 0)


async def test_a_half_open_session_never_answers_and_breaks_after_a_while():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "half_open", seconds=0.2)
        with pytest.raises((Gone, ConnectionError)):
            await esme.submit()
        assert len(centre.entries(Kind.MT_SUBMITTED)) == 1


async def test_garbage_comes_instead_of_an_answer():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "garbage", bytes=40)
        await esme.say(Command.SUBMIT_SM, **message(NINE, b"x"))
        assert len(await esme.reader.read()) == 40


async def test_half_an_answer_comes_and_then_the_end():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "truncated")
        await esme.say(Command.SUBMIT_SM, **message(NINE, b"x"))
        came = await esme.reader.read()
        assert came[:8].hex() == "0000002180000004"
        assert len(came) == 0x21 // 2


@pytest.mark.parametrize("kind", ["garbage", "truncated"])
async def test_what_comes_behind_a_message_whose_answer_is_spoilt_is_not_accepted_unanswered(kind):
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, kind)
        fields = {each.name: each.default for each in LAYOUTS[Command.SUBMIT_SM]} | message(NINE, b"x")
        three = [encode(Pdu(Command.SUBMIT_SM, 0, number, fields)) for number in (2, 3, 4)]
        await esme.raw(b"".join(three))
        await esme.reader.read()
        assert len(centre.entries(Kind.MT_SUBMITTED)) == 1


async def test_an_answer_carries_another_sequence_number():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "wrong_sequence")
        sequence = await esme.say(Command.SUBMIT_SM, **message(NINE, b"x"))
        assert (await esme.hear()).sequence == sequence + 1


async def test_the_message_centre_unbinds_in_the_middle():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "unbind")
        assert (await esme.submit()).status == 0
        asked = await esme.hear()
        assert asked.command is Command.UNBIND
        await esme.answer_link(asked)
        assert await esme.ended()


async def test_what_a_peer_sends_is_read_slowly():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "slow_reader", rate=250, cap=5)
        began = asyncio.get_running_loop().time()
        await esme.submit()
        assert asyncio.get_running_loop().time() - began > 0.2


async def test_a_bind_can_fail_too():
    async with opened() as centre:
        fault(centre, "error", "smpp.bind", esme=int(Status.RBINDFAIL))
        esme = await centre.connect()
        assert (await esme.bind()).status == Status.RBINDFAIL
        assert (await esme.bind()).status == 0


@pytest.mark.parametrize(
    ("form", "shows"), [("garbled", b"statt=DELIVRD Id;"), ("no-id", b"sub:001"), ("decimal", b"id:1")]
)
async def test_a_receipt_is_written_in_a_form_that_clients_do_not_expect(form, shows):
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "receipt_form", "smpp.push", form=form)
        await esme.accepted(SILENT)
        async with centre.passing(1):
            assert (await esme.delivered()).fields["short_message"].startswith(shows)


async def test_the_connection_breaks_when_a_receipt_goes_out_and_it_comes_again():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "disconnect_before", "smpp.push")
        await esme.accepted(SILENT)
        async with centre.passing(1):
            with pytest.raises((Gone, ConnectionError)):
                await esme.hear()
        esme = await centre.bound()
        assert (await esme.delivered()).number(Tag.MESSAGE_STATE) == 2


async def test_reports_are_lost_late_or_doubled_and_replies_too():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "report_duplicated", "smpp.report")
        fault(centre, "reply_lost", "smpp.reply")
        await esme.accepted(NINE)
        async with centre.passing(10):
            one, two = await esme.delivered(), await esme.delivered()
        assert one.fields == two.fields
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        assert esme.came == []


async def test_parts_are_lost_and_the_journal_says_so():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "parts_lost", "smpp.reply")
        await esme.accepted(LONG, registered_delivery=0)
        async with centre.passing(10):
            await esme.delivered()
        assert [each.facts["why"] for each in centre.entries(Kind.REPLY_LOST)] == [
            "a part was lost by a fault"
        ]
        assert centre.entries(Kind.REPLY_HANDED) == []


async def test_faults_of_the_http_door_do_nothing_here():
    async with opened() as centre:
        esme = await centre.bound()
        fault(centre, "error", "sms.submit")
        await esme.accepted()
