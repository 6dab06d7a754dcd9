"""The worker against a real gateway that throttles, breaks off and hangs."""

from __future__ import annotations

import asyncio

import pytest

from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, State
from service.settle import Settle
from service.store import outbox
from tests.service.rig import HOUR, NOON, HandClock, open_rig, until
from tests.service.sms_gateway import answers, cut, garbage, hang, says
from tests.service.submitting import PERSON, WINDOW, Worker


async def test_what_is_accepted_is_handed_over_and_its_destination_forgotten(rig, stub):
    async with Worker(rig, stub) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert stub.taken[str(request)]["destinations"] == [PERSON]
        assert rig.facts(request)[0] is State.SUBMITTED
        envelope = rig.envelope(request)
        assert (envelope["sealed"], envelope["due_at"], envelope["lease_until"]) == (None, None, None)
        assert (envelope["gateway_id"], envelope["closes_at"]) == (f"gw-{request}", NOON + WINDOW)
        assert (worker.windows, worker.submit.in_flight) == ([NOON + WINDOW], 0)
        assert rig.count("handovers", channel="SMS", outcome="submitted") == 1


async def test_what_was_accepted_while_nobody_worked_is_sent_at_the_start(rig, stub):
    requests = await rig.queue_all([f"+3247000{number:04}" for number in range(100)])
    async with Worker(rig, stub) as worker:
        await worker.run_dry()
        assert set(stub.taken) == {str(request) for request in requests}
        assert len(stub.tries) == 100
        assert stub.most_at_once <= 32


async def test_the_window_bounds_what_is_in_flight(rig, stub):
    gate = asyncio.Event()

    async def wait(_stub, _request, _body) -> None:
        await gate.wait()

    stub.before = wait
    async with Worker(rig, stub, window=4) as worker:
        await worker.queue(*(f"+3247000{number:04}" for number in range(50)))
        await until(lambda: stub.at_once == 4)
        worker.submit.bell.ring()
        gate.set()
        await worker.run_dry()
        assert (len(stub.taken), stub.most_at_once) == (50, 4)


async def test_the_rate_is_kept_on_the_worlds_clock(rig, stub):
    async with Worker(rig, stub, rate=10) as worker:
        await worker.queue(*(f"+3247000{number:04}" for number in range(50)))
        await worker.run_dry()
        assert len(stub.taken) == 50
        assert rig.clock.now() - NOON == pytest.approx(4900, abs=150)


@pytest.mark.parametrize(
    ("trouble", "tries"),
    [
        ([answers(429, 900800, Retry_After="1")] * 2, 3),
        ([answers(503, 700700, Retry_After="1")], 2),
        ([answers(503, 101503)] * 2, 3),
        ([cut(taking=False)], 2),
        ([cut(taking=True)], 2),
        ([hang(taking=True)], 2),
        ([garbage(b"<html>")], 2),
        ([answers(500), cut(taking=True), hang(taking=False), answers(429, 900800)], 5),
    ],
)
async def test_temporary_trouble_is_outlived_under_the_same_reference(rig, stub, trouble, tries):
    stub.on(PERSON, *trouble)
    async with Worker(rig, stub, deadline=1.0) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert stub.references() == [str(request)] * tries
        assert list(stub.taken) == [str(request)]
        assert rig.facts(request)[0] is State.SUBMITTED
        assert worker.windows == [rig.envelope(request)["closes_at"]]


async def test_a_retry_waits_as_long_as_the_gateway_asked(rig, stub):
    stub.on(PERSON, answers(503, 700700, Retry_After="40"))
    async with Worker(rig, stub) as worker:
        await worker.queue(PERSON)
        await worker.run_dry()
        assert 40_000 <= rig.clock.now() - NOON <= 44_000


async def test_throttling_slows_everybody_down(rig, stub):
    people = [f"+3247000{number:04}" for number in range(64)]
    refusals = [answers(429, 900800, Retry_After="5")]

    async def throttle_the_first(stub, request, body):
        return await refusals.pop()(stub, request, body) if refusals else stub.accept(body)

    for person in people:
        stub.on(person, throttle_the_first)
    async with Worker(rig, stub, window=8) as worker:
        await worker.queue(*people)
        await rig.clock.settled()
        assert len(stub.taken) < 32
        assert rig.lines.getvalue().count(b"slowed_down") == 1
        await worker.run_dry()
        assert len(stub.taken) == 64
        assert rig.clock.now() - NOON >= 5000


@pytest.mark.parametrize("no", [answers(400, 101), says("AddressInvalid"), says("DeliveryImpossible")])
async def test_a_permanent_refusal_fails_at_once_and_leaves_nothing_personal(rig, stub, no):
    stub.on(PERSON, no)
    async with Worker(rig, stub) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert rig.facts(request)[0] is State.FAILED
        assert rig.envelope(request) is None
        assert (len(stub.tries), rig.clock.now()) == (1, NOON)


async def test_nothing_is_tried_beyond_its_validity(rig, stub):
    stub.on(PERSON, *[answers(503, 101503)] * 1000)
    async with Worker(rig, stub) as worker:
        (request,) = await worker.queue(PERSON, validity=HOUR)
        await worker.run_dry()
        assert rig.facts(request)[0] is State.ACCEPTED
        assert NOON + HOUR - 120_000 <= rig.clock.now() <= NOON + HOUR
        assert 30 <= len(stub.tries) <= 80


async def test_what_has_outlived_its_validity_does_not_keep_the_worker_awake(rig, stub):
    await rig.queue(validity=1000)
    rig.clock.jump(NOON + 1000)
    async with Worker(rig, stub) as worker:
        await worker.run_dry()
        assert (stub.tries, rig.clock.next_due()) == ([], None)


async def test_a_deleted_survey_is_never_sent(rig, stub):
    await rig.queue()
    await rig.store.write(
        lambda tx: tx.run("delete_survey", account=rig.account, survey=rig.survey.id, now=NOON)
    )
    async with Worker(rig, stub) as worker:
        await worker.run_dry()
        assert (stub.tries, rig.clock.next_due()) == ([], None)


async def test_a_clear_no_lets_replies_pass_to_an_older_request_and_no_answer_keeps_them(rig, stub):
    stub.on(PERSON, answers(503, 101503))
    async with Worker(rig, stub) as worker:
        (request,) = await worker.queue(PERSON)
        await rig.clock.settled()
        assert rig.envelope(request)["handed_at"] is None
        await worker.run_dry()
        stub.on(PERSON, cut(taking=True), answers(503, 101503))
        other = await rig.other_survey()
        (second,) = await worker.queue(PERSON, survey=other)
        began = rig.clock.now()
        await rig.clock.settled()
        assert rig.envelope(second)["handed_at"] == began
        await rig.clock.run_until(lambda: len(stub.tries) == 4)
        assert rig.envelope(second)["handed_at"] == began


async def test_a_reply_that_overtakes_the_answer_ends_the_hand_over(rig, stub):
    settle = Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)

    async def reply_first(stub, _request, body):
        await settle.take_reply(Reply("mo-1", Channel.SMS, body["destinations"][0], "9"))
        return stub.accept(body)

    async def report_first_then_cut(stub, request, body):
        report = DeliveryReport(Channel.SMS, Delivery.DELIVERED, gateway_id="gw", request=other)
        await settle.take_report(report)
        return await cut(taking=True)(stub, request, body)

    stub.on(PERSON, reply_first)
    stub.on("+32470000001", report_first_then_cut)
    request, other = await rig.queue_all([PERSON, "+32470000001"])
    async with Worker(rig, stub) as worker:
        await worker.run_dry()
        assert rig.facts(request) == (State.ANSWERED, "good", 9)
        assert rig.envelope(request) is None
        assert rig.facts(other)[0] is State.DELIVERED
        assert rig.envelope(other)["due_at"] is None
        assert len(stub.tries) == 2


async def test_the_first_poll_is_asked_for_where_a_gateway_is_polled(rig, stub):
    async with Worker(rig, stub, first_poll=5.0) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert rig.envelope(request)["poll_at"] == NOON + 5000


async def test_the_clock_is_held_from_the_ring_to_the_last_outcome(tmp_path, stub):
    clock = HandClock()
    seen: list[int] = []

    async def look(_stub, _request, _body) -> None:
        seen.append(clock.held)

    stub.before = look
    async with open_rig(tmp_path, clock=clock) as rig, Worker(rig, stub) as worker:
        await clock.settled()
        await rig.queue_all([f"+3247000{number:04}" for number in range(20)])
        worker.submit.bell.ring()
        assert clock.held == 1
        await clock.settled()
        assert len(stub.taken) == 20
        assert min(seen) >= 1
        assert {rig.row("SELECT count(*) FROM envelope WHERE due_at IS NOT NULL")[0]} == {0}


async def test_the_outbox_knows_what_is_due_now_and_what_only_later(rig, stub):
    async def due():
        return await rig.store.read(lambda tx: outbox.anything_due(tx, Channel.SMS, rig.clock.now()))

    stub.on(PERSON, answers(503, 101503, Retry_After="60"))
    await rig.queue(PERSON)
    assert await due()
    async with Worker(rig, stub):
        await rig.clock.settled()
        assert not await due()
        rig.clock.moment = NOON + 70_000
        assert await due()
