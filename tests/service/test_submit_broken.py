"""What is left of a hand-over that was cut off: by a crash, a stop, a full disk, a mistake."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest

from service.clock import Moment
from service.domain.request import Channel, State
from service.store import outbox
from service.store.database import OutcomeUnknown
from service.store.engine import StoreUnavailable
from tests.service.rig import HOUR, NOON, until
from tests.service.sms_gateway import answers, hang
from tests.service.submitting import PERSON, Worker, flies

OTHER = 7


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


async def test_a_deferral_that_is_written_twice_takes_nothing_from_who_leased_it_between(
    rig, stub, monkeypatch
):
    """The first commit was not answered, and another process was faster than its repetition."""
    write, unheard = rig.store.write, []
    [request], later = [await rig.queue()], Moment(NOON + HOUR)

    async def write_unheard(unit, **how):
        result = await write(unit, **how)
        if stub.tries and not unheard and rig.envelope(request)["lease_until"] is None:
            unheard.append(result)
            due, end = Moment(NOON + 120_000), Moment(later + HOUR)
            assert await write(lambda tx: outbox.lease_due(tx, Channel.SMS, due, end, 1, worker=OTHER))
            raise OutcomeUnknown("the database does not say")
        return result

    stub.on(PERSON, answers(503, 700700, Retry_After="40"))
    monkeypatch.setattr(rig.store, "write", write_unheard)
    async with Worker(rig, stub) as worker:
        await until(lambda: unheard)
        rig.clock.jump(Moment(NOON + 2_000))
        await until(lambda: worker.submit.in_flight == 0)
    envelope = rig.envelope(request)
    assert (envelope["worker"], envelope["lease_until"]) == (OTHER, later + HOUR)


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
