"""Endings: windows, validities, keys, deleted surveys, and what is left in the files."""

from __future__ import annotations

import asyncio
import re

import pytest

from service.clock import Moment
from service.close import Close
from service.domain.request import Channel, Event, RequestId, State
from service.store import closing, idempotency, outbox, responses, surveys
from service.store.engine import StoreUnavailable
from service.store.idempotency import Kept, Slot
from service.store.responses import Addressed
from tests.service.rig import HOUR, NOON, Rig, count_bad, mark_submitted, until

DAY = 24 * HOUR
WINDOW = 72 * HOUR
MINUTE = 60_000
PERSON = "+32470123456"


@pytest.fixture
def close(rig):
    return Close(rig.store, rig.vault, rig.clock, rig.meters, rig.log)


async def hand_over(rig: Rig, request: RequestId, at: int = NOON) -> None:
    moment = Moment(at)
    await rig.store.write(
        lambda tx: mark_submitted(tx, request, gateway_id="g", now=moment, window_ms=WINDOW)
    )


def state(rig: Rig, request: RequestId) -> State:
    return rig.facts(request)[0]


async def test_a_window_that_ended_closes_its_request(rig, close):
    request = await rig.queue()
    await hand_over(rig, request)
    assert await close.sweep(Moment(NOON + WINDOW - 1)) == NOON + WINDOW
    assert state(rig, request) is State.SUBMITTED
    await close.sweep(Moment(NOON + WINDOW))
    assert state(rig, request) is State.CLOSED
    assert rig.envelope(request) is None
    assert rig.count("requests_closed", state="CLOSED") == 1


async def test_what_stayed_queued_beyond_its_validity_has_failed(rig, close):
    request = await rig.queue(validity=DAY)
    await close.sweep(Moment(NOON + DAY - 1))
    assert state(rig, request) is State.ACCEPTED
    await close.sweep(Moment(NOON + DAY))
    assert state(rig, request) is State.FAILED
    assert rig.row("SELECT failed FROM request WHERE id = ?", request.bytes) == (1,)
    assert rig.envelope(request) is None


async def test_what_is_being_handed_over_is_left_to_the_worker(rig, close):
    request = await rig.queue(validity=DAY)
    almost, after = Moment(NOON + DAY - 1), Moment(NOON + DAY + 5)
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, almost, Moment(NOON + DAY + 1000), 10))
    await close.sweep(after)
    assert state(rig, request) is State.ACCEPTED
    await hand_over(rig, request, after)
    await close.sweep(after)
    assert state(rig, request) is State.SUBMITTED


async def test_a_failure_stays_a_failure_and_a_bad_response_a_response(rig, close):
    failed, bad = await rig.queue("+32470000001"), await rig.queue("+32470000002")
    for request in (failed, bad):
        await hand_over(rig, request)
    await rig.store.write(lambda tx: outbox.move(tx, failed, Event.UNDELIVERED))
    await rig.store.write(lambda tx: count_bad(tx, bad, "no_score"))
    await close.sweep(Moment(NOON + WINDOW))
    assert rig.facts(failed) == (State.FAILED, None, None)
    assert rig.facts(bad) == (State.CLOSED, "no_score", None)
    assert rig.row("SELECT count(*) FROM envelope") == (0,)


async def test_many_endings_are_taken_in_slices(rig, close):
    await rig.queue_all([f"+3247{n:07d}" for n in range(2_500)], validity=DAY)
    before = rig.store.tally.units
    await close.sweep(Moment(NOON + DAY))
    assert rig.row("SELECT count(*), sum(failed) FROM request") == (2_500, 2_500)
    assert rig.store.tally.units - before == 3
    assert rig.count("requests_closed", state="FAILED") == 2_500


async def test_a_days_key_ends_with_its_last_destination(rig, close):
    one, two = await rig.queue("+32470000001"), await rig.queue("+32470000002")
    await hand_over(rig, one)
    await close.sweep(Moment(NOON + 1))
    assert rig.row("SELECT count(*) FROM data_key") == (1,)
    await hand_over(rig, two)
    assert rig.envelope(two)["sealed"] is None
    await close.sweep(Moment(NOON + 2))
    assert rig.row("SELECT count(*) FROM data_key") == (0,)
    three = await rig.queue("+32470000003")
    assert rig.envelope(three)["sealed"] is not None
    assert rig.row("SELECT count(*) FROM data_key") == (1,)


async def test_while_a_key_is_needed_the_next_look_is_within_the_hour(rig, close):
    await rig.queue(validity=10 * DAY)
    assert await close.sweep(Moment(NOON + 1)) == NOON + HOUR


async def test_with_nothing_open_nothing_wakes_the_worker(rig, close):
    assert await close.sweep(NOON) is None


async def test_the_next_sweep_is_rounded_up_to_a_minute(rig, close):
    request = await rig.queue()
    await hand_over(rig, request, NOON + 12_345)
    assert await close.sweep(NOON) == NOON + WINDOW + MINUTE


async def test_a_deleted_survey_goes_with_all_that_belonged_to_it(rig, close):
    kept = await rig.queue("+32470000001")
    doomed = await rig.store.write(
        lambda tx: surveys.create(tx, rig.account, "doomed", "shop", [surveys.Draft("nl", "?")])
    )
    await rig.queue_all([f"+3248{n:07d}" for n in range(1_500)], survey=doomed)
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, doomed.id, NOON), erasing=True)
    now = rig.clock.now()
    due = await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + 1), 9_999))
    assert [leased.request for leased in due] == [kept]
    await close.sweep(NOON)
    for table in ("question", "segment_set", "figures", "details_of_day"):
        assert rig.row(f"SELECT count(*) FROM {table} WHERE survey = ?", doomed.id) == (0,), table  # noqa: S608
    for table in ("survey", "request", "envelope"):
        assert rig.row(f"SELECT count(*) FROM {table}") == (1,), table  # noqa: S608
    assert rig.row("SELECT count(*) FROM contact") == (1_501,)


async def test_what_expired_is_forgotten_and_opt_outs_are_not(rig, close):
    await rig.queue_all([f"+3247{n:07d}" for n in range(3)])
    fingerprint = rig.vault.fingerprint("+32470000000")
    slot = Slot(rig.account, "/p", b"k" * 32)

    def leave_traces(tx):
        responses.opt_out(tx, rig.account, fingerprint, NOON)
        responses.first_copies(tx, {b"d" * 32: Moment(NOON + HOUR)})
        outbox.lease_due(tx, Channel.SMS, NOON, Moment(NOON + HOUR), 10)
        early = [Addressed("SMS", gateway_id, fingerprint) for gateway_id in ("1", "01")]
        responses.keep_early(tx, dict.fromkeys(early, (Event.DELIVERED, Moment(NOON + HOUR))))
        idempotency.record(tx, slot, Kept(b"b" * 32, 202, "{}"), NOON)

    await rig.store.write(leave_traces)
    counts = (
        "SELECT (SELECT count(*) FROM contact) AS a, (SELECT count(*) FROM idempotency) AS b, "
        "(SELECT count(*) FROM taken_reply) AS c, (SELECT count(*) FROM early_report) AS d"
    )
    await close.sweep(Moment(NOON + HOUR - 1))
    assert rig.row(counts) == (3, 1, 1, 2)
    await close.sweep(Moment(NOON + DAY))
    assert rig.row(counts) == (1, 0, 0, 0)
    assert rig.row("SELECT opted_out FROM contact") == (1,)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_after_a_campaign_no_destination_is_left_in_any_file_and_no_key_to_one(rig, close):
    requests = await rig.queue_all([f"+3247{n:07d}" for n in range(200)] + [PERSON])
    wrapped = rig.row("SELECT wrapped FROM data_key")[0]
    sealed = rig.envelope(requests[-1])["sealed"]
    held = b"".join(file.read_bytes() for file in rig.path.parent.iterdir())
    assert wrapped in held
    assert sealed in held
    for request in requests:
        await hand_over(rig, request)
    await close.sweep(Moment(NOON + WINDOW))
    left = b"".join(file.read_bytes() for file in rig.path.parent.iterdir())
    assert wrapped not in left
    assert sealed not in left
    assert not re.search(rb"3247\d{7}|0123456", left + rig.lines.getvalue())
    assert rig.store.log_bytes() == 0


async def test_a_log_that_a_reader_holds_is_emptied_later(rig, close, monkeypatch):
    answers = iter([False, True])

    async def in_the_way() -> bool:
        return next(answers)

    monkeypatch.setattr(rig.store, "truncate_log", in_the_way)
    assert await close.sweep(NOON) == NOON + 1_000
    assert await close.sweep(Moment(NOON + 1_000)) is None


async def test_the_worker_wakes_when_something_ends_and_not_before(rig, close):
    request = await rig.queue()
    await hand_over(rig, request)
    working = asyncio.create_task(close.run())
    await rig.clock.run_until(lambda: state(rig, request) is State.CLOSED)
    assert rig.clock.now() == NOON + WINDOW
    close.stop()
    await working


async def test_an_earlier_ending_wakes_the_worker_and_a_later_one_does_not(rig, close):
    working = asyncio.create_task(close.run())
    await rig.clock.settled()
    assert rig.clock.next_due() is None
    await hand_over(rig, await rig.queue("+32470000001"))
    close.expect(Moment(NOON + WINDOW))
    await rig.clock.settled()
    assert rig.clock.next_due() == NOON + WINDOW
    before = rig.store.tally.units
    close.expect(Moment(NOON + WINDOW + 1))
    await rig.clock.settled()
    assert rig.store.tally.units == before
    close.expect(Moment(NOON + 1))
    await rig.clock.settled()
    assert rig.store.tally.units > before
    close.stop()
    await working


async def test_a_store_that_fails_is_tried_again(rig, close, monkeypatch):
    request = await rig.queue(validity=HOUR)
    rig.clock.jump(NOON + HOUR)
    right, tries = closing.close_expired, []

    def first_fails(tx, now, limit):
        tries.append(now)
        if len(tries) == 1:
            raise StoreUnavailable("the disk is full")
        return right(tx, now, limit)

    monkeypatch.setattr(closing, "close_expired", first_fails)
    working = asyncio.create_task(close.run())
    await rig.clock.run_until(lambda: state(rig, request) is State.FAILED)
    assert rig.clock.now() == NOON + HOUR + 1_000
    assert b"the disk is full" in rig.lines.getvalue()
    close.stop()
    await working


async def test_stopping_waits_for_the_sweep_under_way(rig, close):
    await rig.queue_all([f"+3247{n:07d}" for n in range(1_200)], validity=HOUR)
    rig.clock.jump(NOON + HOUR)
    working = asyncio.create_task(close.run())
    await until(lambda: rig.row("SELECT count(*) FROM envelope") != (1_200,))
    close.stop()
    await working
    assert rig.row("SELECT count(*) FROM envelope") == (0,)
