"""Replies that are addressed to one request: keys pressed in a call, mail to a token's address."""

from __future__ import annotations

import itertools

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, RequestId, State
from service.settle import Settle
from service.store import outbox
from tests.service.rig import HOUR, Rig, mark_submitted

WINDOW = 72 * HOUR


def settle_of(rig: Rig) -> Settle:
    return Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


async def called(rig: Rig, destination: str) -> RequestId:
    request = await rig.queue(destination, channel=Channel.VOICE)
    now = rig.clock.now()
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.VOICE, now, Moment(now + HOUR), 100))
    await rig.store.write(
        lambda tx: mark_submitted(tx, request, gateway_id=f"CA{request}", now=now, window_ms=WINDOW)
    )
    return request


def keys(request: RequestId, pressed: str, attempt: int = 1) -> Reply:
    return Reply(f"{request} {attempt}", Channel.VOICE, "", pressed, request=request, keyed=True)


def mail(request: RequestId, text: str, sender: str = "someone@example.be") -> Reply:
    return Reply(text, Channel.VOICE, sender, text, request=request)


async def test_it_belongs_to_its_request_however_many_are_open(rig):
    requests = [await called(rig, f"+3247000000{number}") for number in range(3)]
    await settle_of(rig).take_reply(keys(requests[1], "10"))
    assert [rig.facts(request)[2] for request in requests] == [None, 10, None]
    assert rig.envelope(requests[1]) is None


@pytest.mark.parametrize(
    ("pressed", "verdict", "score"),
    [("10#", "good", 10), ("0", "good", 0), ("11", "out_of_range", None), ("05", "out_of_range", None)],
)
async def test_keys_are_read_as_keys(rig, pressed, verdict, score):
    """As a text, `05` would be a five."""
    request = await called(rig, "+32470000001")
    await settle_of(rig).take_reply(keys(request, pressed))
    assert rig.facts(request)[1:] == (verdict, score)


async def test_no_key_is_no_response(rig):
    request = await called(rig, "+32470000001")
    await settle_of(rig).take_reply(keys(request, ""))
    assert rig.facts(request) == (State.SUBMITTED, None, None)
    assert rig.count("strays", kind="no_keys") == 1


async def test_right_after_wrong_counts_once_and_a_copy_never(rig):
    request, settle = await called(rig, "+32470000001"), settle_of(rig)
    for attempt, pressed in ((1, "77"), (1, "77"), (2, "7"), (2, "7"), (3, "3")):
        await settle.take_reply(keys(request, pressed, attempt))
    assert rig.facts(request) == (State.ANSWERED, "good", 7)
    assert rig.count("strays", kind="repeated_reply") == 2
    assert rig.count("strays", kind="unknown_reply") == 1


async def test_it_proves_a_hand_over_that_nobody_answered_for(rig):
    request = await rig.queue("+32470000001", channel=Channel.VOICE)
    await settle_of(rig).take_reply(keys(request, "*"))
    assert rig.facts(request) == (State.DELIVERED, "no_score", None)
    envelope = rig.envelope(request)
    assert envelope is not None
    assert (envelope["due_at"], envelope["sealed"]) == (None, None)


async def test_it_undoes_a_failure_that_was_only_reported(rig):
    request, settle = await called(rig, "+32470000001"), settle_of(rig)
    await settle.take_report(DeliveryReport(Channel.VOICE, Delivery.UNDELIVERED, request=request))
    assert rig.facts(request)[0] is State.FAILED
    await settle.take_reply(keys(request, "9"))
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


async def test_after_the_window_it_changes_nothing(rig):
    request = await called(rig, "+32470000001")
    rig.clock.jump(rig.clock.now() + WINDOW)
    await settle_of(rig).take_reply(keys(request, "9"))
    assert rig.facts(request) == (State.SUBMITTED, None, None)
    assert rig.count("strays", kind="unknown_reply") == 1


async def test_a_stop_concerns_the_person_who_was_asked_from_wherever_it_was_written(rig):
    request = await called(rig, "+32470000001")
    await settle_of(rig).take_reply(mail(request, "STOP"))
    assert rig.opted_out("+32470000001") == [rig.account]
    assert rig.opted_out("someone@example.be") == []


async def test_a_stop_to_a_request_that_is_closed_is_heard_from_its_sender(rig):
    request = await called(rig, "+32470000001")
    await rig.queue("someone@example.be")
    settle = settle_of(rig)
    await settle.take_reply(mail(request, "9"))
    await settle.take_reply(mail(request, "stop svp"))
    assert rig.opted_out("someone@example.be") == [rig.account]


async def test_in_whatever_order_things_come_the_score_counts_once(rig):
    """A bad key, a good one with its copy, and two reports that contradict each other: every order."""
    settle = settle_of(rig)
    delivered, undelivered = Delivery.DELIVERED, Delivery.UNDELIVERED
    for number, order in enumerate(itertools.permutations(("*", "9", "9", delivered, undelivered))):
        request = await called(rig, f"+32470000{number:03}")
        for each in order:
            if isinstance(each, Delivery):
                await settle.take_report(DeliveryReport(Channel.VOICE, each, request=request))
            else:
                await settle.take_reply(keys(request, each, 1 if each == "*" else 2))
        assert rig.facts(request) == (State.ANSWERED, "good", 9), order
    assert rig.count("replies", verdict="good") == 120
