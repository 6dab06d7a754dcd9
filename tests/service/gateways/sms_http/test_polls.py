"""Replies and deliveries that the service asks for."""

from __future__ import annotations

from service.domain.request import (
    Channel,
    Delivery,
    Reply,
)
from tests.service.gateways.sms_http.client import (
    PERSON,
    Inbox,
    Running,
    gateway_of,
    message,
    out_with_people,
)
from tests.service.rig import (
    HOUR,
    NOON,
)


async def test_replies_are_fetched_in_order_and_confirmed_by_the_cursor(rig, stub, gateway):
    await out_with_people(rig)
    for number in range(230):
        stub.person_writes(f"mo-{number:03}", "tel:+32470000000", str(number))
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert [reply.text for reply in inbox.replies] == [str(number) for number in range(230)]
        assert inbox.replies[0] == Reply("mo-000", Channel.SMS, PERSON, "0")
        assert stub.polls == ["", "mo-099", "mo-199", "mo-229"]
        assert stub.inbound == []


async def test_what_could_not_be_kept_is_fetched_again(rig, stub, gateway):
    await out_with_people(rig)
    stub.person_writes("mo-1", PERSON, "9")
    inbox = Inbox()
    inbox.down = True
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert (inbox.replies, len(stub.inbound)) == ([], 1)
        inbox.down = False
        await rig.clock.run_until(lambda: inbox.replies)
        assert [reply.message_id for reply in inbox.replies] == ["mo-1"]
        assert stub.polls == ["", "", "mo-1"]


async def test_nobody_polls_while_nothing_is_out(rig, stub, gateway):
    async with Running(gateway, Inbox()):
        await rig.clock.settled()
        assert (stub.polls, rig.clock.next_due()) == ([], None)


async def test_a_hand_over_starts_the_polling_and_the_end_of_the_windows_ends_it(rig, stub):
    gateway = gateway_of(rig, stub.url, longest_poll=3600.0)
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        requests = await out_with_people(rig)
        await gateway.submit(message(rig))
        await rig.clock.run_until(lambda: len(stub.polls) > 2)
        assert len(stub.polls) == 3
        await rig.clock.run_until(lambda: False, limit=NOON + 80 * HOUR)
        assert rig.clock.next_due() is None
        assert NOON + 72 * HOUR <= rig.clock.now() <= NOON + 73 * HOUR
        assert 8 < len(stub.asked) < 40
        assert set(stub.asked) == {f"gw-{request}" for request in requests}
    await gateway.close()


async def test_a_storm_of_hand_overs_does_not_become_a_storm_of_polls(rig, stub, gateway):
    await out_with_people(rig)
    async with Running(gateway, Inbox()):
        await rig.clock.settled()
        for _ in range(50):
            await gateway.submit(message(rig))
        await rig.clock.settled()
        assert len(stub.polls) == 1


async def test_deliveries_are_asked_about_until_they_are_final(rig, stub, gateway):
    delivered, lost = await out_with_people(rig, 2)
    inbox = Inbox()
    async with Running(gateway, inbox):
        await rig.clock.settled()
        assert {report.delivery for report in inbox.reports} == {Delivery.UNDERWAY}
        inbox.reports.clear()
        stub.statuses[f"gw-{delivered}"] = "DeliveredToTerminal"
        stub.statuses[f"gw-{lost}"] = "DeliveryImpossible"
        await rig.clock.run_until(lambda: len(inbox.reports) == 2)
        told = {report.request: report.delivery for report in inbox.reports}
        assert told == {delivered: Delivery.DELIVERED, lost: Delivery.UNDELIVERED}


async def test_polling_outlives_a_gateway_that_is_away(rig, stub, gateway):
    await out_with_people(rig)
    stub.person_writes("mo-1", PERSON, "9")
    stub.tokens, tokens = [], stub.tokens
    inbox = Inbox()
    async with Running(gateway, inbox) as task:
        await rig.clock.settled()
        assert (inbox.replies, task.done()) == ([], False)
        stub.tokens = tokens
        await rig.clock.run_until(lambda: inbox.replies)
        assert len(inbox.replies) == 1


async def test_a_gateway_that_pushes_is_not_polled(rig, stub):
    gateway = gateway_of(rig, stub.url, polls=False, pushes=True)
    await out_with_people(rig)
    async with Running(gateway, Inbox()):
        await gateway.submit(message(rig))
        await rig.clock.settled()
        assert (stub.polls, stub.asked, rig.clock.next_due()) == ([], [], None)
    await gateway.close()
