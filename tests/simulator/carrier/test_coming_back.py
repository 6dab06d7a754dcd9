"""Reports and replies: where to, and with which faults."""

from __future__ import annotations

import asyncio

import pytest

from simulator.carrier import Limits, NobodyWrote
from simulator.delivery import State
from simulator.journal import Kind
from simulator.people.numbers import number
from simulator.phrasebook.phrase import Meaning
from simulator.world import Channel
from tests.simulator.carrier.people import DAY, LATE, NINE, SILENT
from tests.simulator.town_hall import NOON, Door, World


async def test_a_reply_goes_to_whoever_wrote_last():
    world = World()
    world.send(NINE, account="first")
    world.send(NINE, account="second")
    await world.clock.drain()
    assert [reply.account for _, reply in world.door.replies] == ["second", "second"]
    assert [report.account for _, report in world.door.reports] == ["first", "second"]


async def test_a_reserved_keyword_goes_to_its_owner():
    world = World()
    assert world.carrier.keywords.reserve("Wedstrijd", "radio")
    assert not world.carrier.keywords.reserve("WEDSTRIJD", "other")
    world.send(SILENT)
    for text in ("wedstrijd ja", "WEDSTRIJD", "geen wedstrijd", "wedstrijden", ""):
        world.carrier.reply_by_hand(SILENT, text)
    await world.clock.settled()
    accounts = [reply.account for _, reply in world.door.replies]
    assert accounts == ["radio", "radio", "acme", "acme", "acme"]
    assert not world.carrier.keywords.release("wedstrijd", "other")
    assert world.carrier.keywords.release("wedstrijd", "radio")
    assert world.carrier.keywords.reserve("wedstrijd", "other")


async def test_a_reply_after_the_conversation_window_finds_nobody_and_the_journal_says_so():
    world = World(limits=Limits(conversation=DAY))
    world.send(LATE)
    await world.clock.drain()
    assert world.door.replies == []
    (entry,) = world.entries(Kind.REPLY_LOST)
    assert entry.facts["why"] == "no conversation"
    assert len(world.entries(Kind.REPLY_WRITTEN)) == 1


async def test_an_account_may_have_a_door_of_its_own():
    world = World()
    own = Door(world.clock, carrier=world.carrier)
    detach = world.carrier.attach(Channel.SMS, own, "smpp")
    world.send(NINE, account="smpp")
    world.send(number(0, 8), account="acme")
    await world.clock.drain()
    assert [text for _, text in own.said()] == ["9"]
    assert [text for _, text in world.door.said()] == ["8"]
    detach()
    detach()
    world.send(number(0, 7), account="smpp")
    await world.clock.drain()
    assert [text for _, text in world.door.said()] == ["8", "7"]


async def test_without_any_door_nothing_is_dropped_in_silence():
    world = World()
    world.carrier.attach(Channel.SMS, world.door)()
    world.send(SILENT)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    with pytest.raises(LookupError, match="attach one first"):
        await world.clock.drain()


async def test_the_door_gets_everything_it_needs_to_know():
    world = World()
    message = world.send(NINE, reference="order-1").message
    await world.clock.drain()
    ((_, report),) = world.door.reports
    assert (report.message, report.to, report.reference) == (message, NINE, "order-1")
    assert report.at == NOON + 500
    ((_, reply),) = world.door.replies
    assert (reply.sender, reply.to, reply.answers, reply.at) == (NINE, "8937", message, NOON + 1000)


async def test_somebody_answers_by_hand():
    world = World()
    message = world.send(SILENT).message
    identities = [
        world.carrier.reply_by_hand(SILENT, "top!", meaning=Meaning.NO_SCORE),
        world.carrier.reply_by_hand(SILENT, "een 9", score=9, after=60),
        world.carrier.reply_by_hand(SILENT, "wat denk je?"),
    ]
    await world.clock.drain()
    assert len(set(identities)) == 3
    assert [reply.id for _, reply in world.door.replies] == [identities[0], identities[2], identities[1]]
    written = {entry.facts["reply"]: entry for entry in world.entries(Kind.REPLY_WRITTEN)}
    meant = [(written[each].facts["meaning"], written[each].facts["score"]) for each in identities]
    assert meant == [("no_score", None), ("good", 9), (None, None)]
    assert all(entry.message == message for entry in written.values())
    assert world.door.replies[-1][0] == 60


def test_nobody_answers_who_was_never_written_to():
    world = World()
    with pytest.raises(NobodyWrote):
        world.carrier.reply_by_hand(SILENT, "hallo?")


@pytest.mark.parametrize(
    "meant", [{"meaning": Meaning.GOOD}, {"score": 11}, {"score": -1}, {"meaning": Meaning.EMPTY, "score": 3}]
)
def test_what_is_meant_by_hand_makes_sense(meant):
    world = World()
    world.send(SILENT)
    with pytest.raises(ValueError, match="score"):
        world.carrier.reply_by_hand(SILENT, "x", **meant)


async def test_faults_lose_delay_and_repeat_on_the_way_back():
    world = World()
    world.faults.add({"fault": "report_lost", "where": "sms.report"})
    world.faults.add({"fault": "reply_duplicated", "where": "sms.reply"})
    message = world.carrier.message(world.send(NINE).message)
    await world.clock.drain()
    assert world.door.reports == []
    assert [entry.facts["why"] for entry in world.entries(Kind.REPORT_LOST)] == ["fault"]
    assert message.state is State.DELIVERED
    first, again = (reply for _, reply in world.door.replies)
    assert (first.id, first.text) == (again.id, again.text)
    assert len(world.entries(Kind.REPLY_WRITTEN)) == 1
    assert len(world.entries(Kind.REPLY_HANDED)) == 2


async def test_a_late_report_leaves_the_state_as_it_is():
    world = World()
    world.faults.add(
        {
            "fault": "report_late",
            "where": "sms.report",
            "with": {"seconds": 3600, "distribution": "fixed", "cap": 3600},
        }
    )
    message = world.carrier.message(world.send(SILENT).message)
    await world.clock.advance(by=60)
    assert (message.state, world.door.reports) == (State.DELIVERED, [])
    await world.clock.drain()
    ((told, report),) = world.door.reports
    assert told > 1800
    assert report.at == NOON + 500


async def test_a_lost_reply_is_written_all_the_same():
    world = World()
    world.faults.add({"fault": "reply_lost", "where": "sms.reply"})
    world.send(NINE)
    await world.clock.drain()
    assert world.door.replies == []
    assert [entry.kind for entry in world.entries(Kind.REPLY_WRITTEN, Kind.REPLY_LOST)] == [
        Kind.REPLY_WRITTEN, Kind.REPLY_LOST,
    ]  # fmt: skip
