"""The worker against a real gateway that throttles, breaks off and hangs; and what a crash leaves behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, State
from service.gateways.sms_http import Peer, SmsHttp
from service.settle import Settle
from service.store import outbox
from service.store.database import OutcomeUnknown
from service.store.engine import StoreUnavailable
from service.submit import Limits, Submit
from tests.service.rig import HOUR, NOON, HandClock, open_rig, until
from tests.service.sms_gateway import answers, cut, garbage, hang, open_stub, says

PERSON = "+32470000000"
WINDOW = 72 * HOUR


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


@pytest.fixture
async def stub():
    async with open_stub() as opened:
        yield opened


class Worker:
    """A submitting worker that runs. `crash` ends it as a killed process would end."""

    def __init__(self, rig, stub, *, deadline: float = 10.0, **limits) -> None:
        self.rig = rig
        self.windows: list[Moment] = []
        peer = Peer(url=stub.url, client_id="client", client_secret="hush", deadline=deadline, polls=False)
        self.gateway = SmsHttp(peer, rig.store, rig.clock, rig.meters, rig.log)
        self.submit = Submit(
            self.gateway,
            rig.store,
            rig.vault,
            rig.clock,
            rig.dice,
            rig.meters,
            rig.log,
            Limits(**limits),
            on_window=self.windows.append,
        )

    async def __aenter__(self):
        self.task = asyncio.create_task(self.submit.run())
        return self

    async def __aexit__(self, *_):
        await self.crash()

    async def queue(self, *destinations: str, **how):
        requests = await self.rig.queue_all(list(destinations), **how)
        self.submit.bell.ring()
        return requests

    async def run_dry(self, limit: int | None = None) -> None:
        await self.rig.clock.run_until(lambda: False, limit)

    async def crash(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.gateway.close()


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


async def test_a_crash_repeats_what_was_in_flight_and_nothing_else(rig, stub):
    people = [f"+3247000{number:04}" for number in range(60)]
    for person in people[10:18]:
        stub.on(person, hang(taking=True))
    requests = await rig.queue_all(people)
    async with Worker(rig, stub, window=8) as worker:
        await until(lambda: stub.at_once == 8)
        flying = worker.submit.in_flight
    before = Counter(stub.references())
    async with Worker(rig, stub, window=8) as worker:
        await worker.run_dry()
    tries = Counter(stub.references())
    assert set(stub.taken) == {str(request) for request in requests}
    assert sum(tries.values()) - len(requests) <= flying == 8
    assert max(tries.values()) == 2
    assert set(before) <= set(tries)
    assert {rig.facts(request)[0] for request in requests} == {State.SUBMITTED}
    assert b"repeating_what_was_in_flight" in rig.lines.getvalue()


def flies(worker: Worker, count: int) -> bool:
    return worker.submit.in_flight == count


async def test_a_stop_finishes_what_has_begun_and_begins_nothing_more(rig, stub):
    passes = asyncio.Semaphore(0)

    async def wait(_stub, _request, _body) -> None:
        await passes.acquire()

    stub.before = wait
    requests = await rig.queue_all([f"+3247000{number:04}" for number in range(40)])
    async with Worker(rig, stub, window=8) as worker:
        await until(lambda: stub.at_once == 8)
        worker.submit.stop()
        for left in reversed(range(8)):
            passes.release()
            await until(partial(flies, worker, left))
        async with asyncio.timeout(5):
            await worker.task
    assert len(stub.tries) == 8
    submitted = [request for request in requests if rig.facts(request)[0] is State.SUBMITTED]
    assert {str(request) for request in submitted} == set(stub.references())
    waiting = [rig.envelope(request) for request in requests if request not in submitted]
    assert {(envelope["lease_until"], envelope["handed_at"]) for envelope in waiting} == {(None, None)}


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


async def test_a_store_that_cannot_be_written_loses_no_outcome(rig, stub, monkeypatch):
    write, down = rig.store.write, True

    async def failing(unit, **how):
        if down and stub.tries:
            raise StoreUnavailable("the disk is full")
        return await write(unit, **how)

    (request,) = [await rig.queue()]
    monkeypatch.setattr(rig.store, "write", failing)
    async with Worker(rig, stub) as worker:
        await rig.clock.run_until(lambda: rig.clock.now() > NOON + 10_000)
        assert rig.facts(request)[0] is State.ACCEPTED
        assert worker.submit.in_flight == 1
        down = False
        await worker.run_dry()
        assert rig.facts(request)[0] is State.SUBMITTED
        assert len(stub.tries) == 1


async def test_what_was_leased_by_a_commit_that_nobody_heard_of_is_handed_over_soon(rig, stub, monkeypatch):
    write, unheard, gate = rig.store.write, [], asyncio.Event()

    async def write_unheard(unit, **how):
        result = await write(unit, **how)
        if stub.tries and not unheard and getattr(result, "leased", None):
            unheard.append(result)
            raise OutcomeUnknown("the database does not say")
        return result

    async def hold_the_first(stub, _request, _body) -> None:
        if len(stub.tries) == 1:
            await gate.wait()

    monkeypatch.setattr(rig.store, "write", write_unheard)
    stub.before = hold_the_first
    async with Worker(rig, stub) as worker:
        (first,) = await worker.queue(PERSON)
        await until(lambda: stub.at_once == 1)
        (second,) = await worker.queue("+32470000001")
        await until(lambda: unheard)
        rig.clock.jump(Moment(NOON + 2_000))
        await until(lambda: rig.facts(second)[0] is State.SUBMITTED)
        gate.set()
        await worker.run_dry()
        assert [rig.facts(each)[0] for each in (first, second)] == [State.SUBMITTED] * 2
    assert stub.references() == [str(first), str(second)], "nothing is handed over twice"
    assert [rig.envelope(each)["tries"] for each in (first, second)] == [1, 2]


async def test_a_store_that_cannot_be_written_does_not_hold_up_a_stop(rig, stub, monkeypatch):
    write = rig.store.write

    async def failing(unit, **how):
        if stub.tries:
            raise StoreUnavailable("the disk is full")
        return await write(unit, **how)

    (request,) = [await rig.queue()]
    monkeypatch.setattr(rig.store, "write", failing)
    async with Worker(rig, stub) as worker:
        await until(lambda: worker.submit.in_flight == 1 and stub.taken)
        worker.submit.stop()
        async with asyncio.timeout(5):
            await worker.task
    monkeypatch.undo()
    async with Worker(rig, stub) as worker:
        await worker.run_dry()
    assert stub.references() == [str(request)] * 2
    assert rig.facts(request)[0] is State.SUBMITTED


async def test_a_destination_that_cannot_be_opened_does_not_hold_up_the_rest(rig, stub):
    broken = await rig.queue("+32470000001")
    await rig.store.write(lambda tx: tx._connection.execute("UPDATE envelope SET sealed = fingerprint"))
    async with Worker(rig, stub) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert rig.facts(request)[0] is State.SUBMITTED
        assert rig.facts(broken)[0] is State.FAILED


async def test_a_lease_that_ends_under_way_does_not_send_twice(rig, stub):
    gate = asyncio.Event()

    async def wait(_stub, _request, _body) -> None:
        await gate.wait()

    stub.before = wait
    async with Worker(rig, stub) as worker:
        await worker.queue(PERSON)
        await until(lambda: stub.at_once == 1)
        rig.clock.jump(NOON + 2 * HOUR)
        await worker.queue("+32470000001")
        await until(lambda: stub.at_once == 2)
        gate.set()
        await worker.run_dry()
        assert len(stub.tries) == 2


async def test_the_first_poll_is_asked_for_where_a_gateway_is_polled(rig, stub):
    async with Worker(rig, stub, first_poll=5.0) as worker:
        (request,) = await worker.queue(PERSON)
        await worker.run_dry()
        assert rig.envelope(request)["poll_at"] == NOON + 5000


async def test_a_broken_promise_of_a_gateway_ends_the_worker_loudly(rig, stub):
    class Liar:
        channel = Channel.SMS

        async def submit(self, _message):
            raise RuntimeError("a gateway never raises")

        async def run(self, _inbox): ...

    worker = Worker(rig, stub)
    worker.submit._gateway = Liar()
    await rig.queue()
    with pytest.raises(ExceptionGroup):
        await worker.submit.run()
    await worker.gateway.close()
    assert rig.clock.held == 0


async def test_after_such_an_end_it_can_run_again(rig, stub):
    stub.on(PERSON, hang(taking=False))
    worker = Worker(rig, stub)
    await rig.queue()
    task = asyncio.create_task(worker.submit.run())
    await until(lambda: stub.at_once == 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with worker:
        await worker.run_dry()
    assert len(stub.taken) == 1


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
