"""Delivery reports: once, early, late, by the gateway's id, for the person they name."""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.request import Channel, Delivery, DeliveryReport, State
from service.store import outbox
from tests.service.rig import NOON, mark_submitted
from tests.service.settling import PERSON, WINDOW, hand_over, lease, reply, report, settle_of, taken


async def test_reports_move_a_request_once(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    settle = settle_of(rig)
    for delivery in (Delivery.UNDERWAY, Delivery.DELIVERED, Delivery.DELIVERED, Delivery.UNDERWAY):
        await settle.take_report(report(delivery, request))
    assert rig.facts(request)[0] is State.DELIVERED
    assert rig.count("delivery_reports", channel="SMS", delivery="delivered") == 1
    assert rig.count("strays", kind="further_report") == 1
    assert rig.count("strays", kind="report_under_way") == 2


async def test_a_report_may_know_only_the_gateways_id(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    by_id = DeliveryReport(Channel.SMS, Delivery.UNDELIVERED, gateway_id=f"gw-{request}")
    await settle_of(rig).take_report(by_id)
    assert rig.facts(request)[0] is State.FAILED


async def test_a_reply_undoes_a_failure(rig):
    good, bad = await rig.queue_all(["+32470000001", "+32470000002"])
    for request in (good, bad):
        await hand_over(rig, request)
    settle = settle_of(rig)
    for request in (good, bad):
        await settle.take_report(report(Delivery.UNDELIVERED, request))
        assert rig.facts(request)[0] is State.FAILED
    await settle.take_reply(reply("9", sender="+32470000001"))
    await settle.take_reply(reply("bof", sender="+32470000002"))
    assert rig.facts(good) == (State.ANSWERED, "good", 9)
    assert rig.facts(bad) == (State.DELIVERED, "no_score", None)


async def test_reports_after_the_window_change_nothing(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    rig.clock.jump(NOON + WINDOW)
    await settle_of(rig).take_report(report(Delivery.UNDELIVERED, request))
    assert rig.facts(request)[0] is State.SUBMITTED
    assert rig.count("strays", kind="late_report") == 1


@pytest.mark.parametrize("proof", ["report", "bad reply", "report again"])
async def test_what_is_known_is_not_asked_about_any_more(rig, proof):
    request = await rig.queue()
    await lease(rig)
    settle = settle_of(rig)
    if proof == "report again":
        await settle.take_report(report(Delivery.DELIVERED, request))
    await rig.store.write(
        lambda tx: mark_submitted(
            tx, request, gateway_id="gw", now=NOON, window_ms=WINDOW, poll_at=Moment(NOON + 5000)
        )
    )
    assert rig.envelope(request)["poll_at"] == NOON + 5000
    if proof == "bad reply":
        await settle.take_reply(reply("wat?"))
    else:
        await settle.take_report(report(Delivery.DELIVERED, request))
    assert rig.envelope(request)["poll_at"] is None


def told(gateway_id: str, delivery: Delivery, *, people: tuple[str, ...] = (PERSON,), others=()):
    """A report by a gateway that knows nothing but its own id."""
    return DeliveryReport(Channel.SMS, delivery, gateway_id=gateway_id, other_ids=others, people=people)


async def test_a_report_that_overtakes_the_gateways_answer_waits_for_it(rig):
    request = await rig.queue()
    await lease(rig)
    settle = settle_of(rig)
    await settle.take_report(told("GW", Delivery.UNDELIVERED, others=(f"gw-{request}",)))
    assert rig.facts(request) == (State.ACCEPTED, None, None)
    assert rig.count("strays", kind="early_report") == 1
    await taken(rig, request)
    assert rig.facts(request) == (State.FAILED, None, None)


async def test_an_early_report_waits_for_the_repeat_after_a_crash(rig):
    request = await rig.queue()
    await lease(rig)
    await settle_of(rig).take_report(told(f"gw-{request}", Delivery.DELIVERED))
    await rig.store.write(lambda tx: outbox.void_leases(tx, Channel.SMS, rig.clock.now()))
    await hand_over(rig, request)
    assert rig.facts(request) == (State.DELIVERED, None, None)


async def test_an_early_report_is_for_the_person_it_names(rig):
    one, other = await rig.queue_all([PERSON, "+32470000001"])
    await lease(rig)
    await settle_of(rig).take_report(told(f"gw-{other}", Delivery.UNDELIVERED))
    for request in (one, other):
        await taken(rig, request)
    assert [rig.facts(request)[0] for request in (one, other)] == [State.SUBMITTED, State.SUBMITTED]


async def test_a_report_for_a_person_to_whom_nothing_is_under_way_is_not_kept(rig):
    request = await rig.queue()
    await settle_of(rig).take_report(told("gw-x", Delivery.DELIVERED))
    await hand_over(rig, request)
    await settle_of(rig).take_report(told("gw-y", Delivery.DELIVERED))
    assert rig.row("SELECT count(*) FROM early_report") == (0,)
    assert rig.count("strays", kind="unknown_report") == 2


async def test_another_spelling_of_an_id_counts_for_the_right_person_only(rig):
    one, other = await rig.queue_all([PERSON, "+32470000001"])
    await lease(rig)
    for request in (one, other):
        await taken(rig, request)
    settle = settle_of(rig)
    ids = (f"gw-{other}", f"gw-{one}")
    await settle.take_report(told("gw-0", Delivery.UNDELIVERED, others=ids))
    assert [rig.facts(request)[0] for request in (one, other)] == [State.FAILED, State.SUBMITTED]
    await settle.take_report(told(f"gw-{other}", Delivery.DELIVERED, people=("+8937", "+32470000001")))
    assert rig.facts(other)[0] is State.DELIVERED


async def test_an_id_that_comes_again_means_the_message_to_the_person_it_names(rig):
    one, other = await rig.queue_all([PERSON, "+32470000001"])
    await lease(rig)
    now = rig.clock.now()
    for request in (one, other):
        await rig.store.write(
            lambda tx, request=request: mark_submitted(tx, request, gateway_id="1", now=now, window_ms=WINDOW)
        )
    await settle_of(rig).take_report(told("1", Delivery.DELIVERED, people=("+32470000001",)))
    assert [rig.facts(request)[0] for request in (one, other)] == [State.SUBMITTED, State.DELIVERED]
