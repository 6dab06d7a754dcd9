"""The outbox, function by function. The worker that drives it has tests of its own."""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.request import Channel, Event, State
from service.store import outbox, surveys
from tests.service.rig import HOUR, NOON, mark_submitted, open_rig

SMS, VOICE = Channel.SMS, Channel.VOICE
LEASE = Moment(NOON + 60_000)


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


async def do(rig, function, *values, **named):
    return await rig.store.write(lambda tx: function(tx, *values, **named))


async def lease(rig, now=NOON, limit=10, channel=SMS):
    return await do(rig, outbox.lease_due, channel, Moment(now), LEASE, limit)


async def test_a_lease_brings_everything_that_a_hand_over_needs(rig):
    request = await rig.queue("+32472306705")
    [leased] = await lease(rig)
    assert (leased.request, leased.account, leased.tries) == (request, rig.account, 1)
    assert (leased.language, leased.text) == ("nl-BE", rig.survey.questions[0].body)
    assert leased.closes_at == NOON + 24 * HOUR
    where = leased.day, leased.request, leased.sealed
    opened = await do(rig, lambda tx: rig.vault.opener(tx).unseal(*where))
    assert opened == "+32472306705"
    assert str(leased.sealed) not in repr(leased)


async def test_nobody_leases_twice_until_the_lease_ends(rig):
    request = await rig.queue()
    assert [one.tries for one in await lease(rig)] == [1]
    assert await lease(rig, LEASE - 1) == []
    assert [(one.request, one.tries) for one in await lease(rig, LEASE)] == [(request, 2)]


async def test_the_oldest_come_first_and_no_more_than_asked_for(rig):
    requests = []
    for n in range(5):
        requests.append(await rig.queue(f"+3247000000{n}"))
        rig.clock.jump(rig.clock.now() + 1)
    assert [one.request for one in await lease(rig, NOON + 3, 3)] == requests[:3]
    assert [one.request for one in await lease(rig, NOON + 3, 3)] == requests[3:4]


async def test_other_channels_validities_that_ended_and_deleted_surveys_are_not_leased(rig):
    await rig.queue(validity=HOUR)
    assert await lease(rig, channel=VOICE) == []
    assert await lease(rig, NOON + HOUR) == []
    await do(rig, surveys.delete, rig.account, rig.survey.id, NOON)
    assert await lease(rig) == []


async def test_after_a_crash_what_was_leased_is_due_again_with_the_moment_of_its_first_try(rig):
    request = await rig.queue()
    await lease(rig)
    assert await do(rig, outbox.next_due, SMS, NOON) == LEASE
    assert await do(rig, outbox.void_leases, SMS, Moment(NOON + 5)) == 1
    assert (await do(rig, outbox.next_due, SMS, NOON)) == NOON + 5
    [again] = await lease(rig, NOON + 5)
    assert (again.request, again.tries) == (request, 2)
    assert rig.envelope(request)["handed_at"] == NOON


async def test_submitted_means_no_destination_and_a_window_from_the_hand_over(rig):
    request = await rig.queue()
    await lease(rig)
    await do(rig, mark_submitted, request, gateway_id="g-1", now=Moment(NOON + 9), window_ms=72 * HOUR)
    envelope = rig.envelope(request)
    assert envelope["closes_at"] == NOON + 72 * HOUR
    assert (envelope["sealed"], envelope["due_at"], envelope["gateway_id"]) == (None, None, "g-1")
    assert rig.facts(request)[0] is State.SUBMITTED
    assert await do(rig, outbox.queued, SMS) == 0


async def test_submitting_what_was_closed_meanwhile_changes_nothing(rig):
    request = await rig.queue()
    await do(rig, outbox.refuse, request)
    await do(rig, mark_submitted, request, gateway_id="g", now=NOON, window_ms=HOUR)
    assert rig.facts(request)[0] is State.FAILED
    assert rig.envelope(request) is None


@pytest.mark.parametrize(("taken", "handed_at"), [(True, NOON), (False, None)])
async def test_deferred_replies_can_belong_to_it_only_if_the_gateway_may_have_it(rig, taken, handed_at):
    request = await rig.queue()
    await lease(rig)
    await do(rig, outbox.defer, request, due_at=Moment(NOON + HOUR), taken=taken)
    assert rig.envelope(request)["handed_at"] == handed_at
    assert await lease(rig, NOON + HOUR - 1) == []
    assert len(await lease(rig, NOON + HOUR)) == 1


async def test_a_deferral_that_comes_after_the_proof_of_a_hand_over_is_void(rig):
    request = await rig.queue()
    await lease(rig)
    await do(rig, mark_submitted, request, gateway_id=None, now=NOON, window_ms=HOUR)
    await do(rig, outbox.defer, request, due_at=NOON, taken=True)
    assert await lease(rig, NOON + 1) == []


async def test_moves_follow_the_table_of_transitions(rig):
    request = await rig.queue()
    assert await do(rig, outbox.move, request, Event.UNDELIVERED) is State.FAILED
    assert await do(rig, outbox.move, request, Event.DELIVERED) is State.FAILED
    assert await do(rig, outbox.move, rig.dice.request_ids([NOON])[0], Event.DELIVERED) is None


async def test_what_must_be_asked_about_is_asked_about_in_turn(rig):
    requests = await rig.queue_all([f"+3247000000{n}" for n in range(3)])
    for n, request in enumerate(requests):
        at = Moment(NOON + n)
        await do(rig, mark_submitted, request, gateway_id=f"g{n}", now=at, window_ms=HOUR, poll_at=at)
    assert await do(rig, outbox.next_poll, SMS) == NOON
    due = await do(rig, outbox.polls_due, SMS, Moment(NOON + 1), 10)
    assert [poll.gateway_id for poll in due] == ["g0", "g1"]
    await do(rig, outbox.poll_again, [poll.request for poll in due], None)
    assert [poll.gateway_id for poll in await do(rig, outbox.polls_due, SMS, Moment(NOON + 9), 10)] == ["g2"]
