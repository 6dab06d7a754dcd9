"""What the carrier takes, and what it takes once."""

from __future__ import annotations

import pytest

from simulator.carrier import Limits
from simulator.journal import Kind
from simulator.people.numbers import number
from simulator.world import Accepted, Address, Channel, Refusal, Refused, Status, Submission
from tests.simulator.carrier.people import HOUR, NINE, SILENT
from tests.simulator.town_hall import QUESTION, World


def test_an_accepted_message_has_the_status_that_real_clients_expect():
    answer = World().send(NINE)
    assert answer.status is Status.DELIVERED_TO_NETWORK
    assert not answer.repeated


@pytest.mark.parametrize("address", ["+3221234567", "+31612345678", "0470123456", "+32440123456", "", "STOP"])
def test_what_is_no_belgian_mobile_number_is_refused(address: str):
    assert World().submit(address) == Refused(Refusal.ADDRESS_INVALID)


def test_a_submission_is_journalled_with_everything_the_truth_needs():
    world = World()
    accepted = world.send(NINE, reference="order-1")
    (entry,) = world.entries(Kind.MT_SUBMITTED)
    assert (entry.message, entry.address, entry.account) == (accepted.message, NINE, "acme")
    assert entry.facts == {"channel": "SMS", "sender": "8937", "reference": "order-1", "text": QUESTION}


def test_a_decision_tells_nothing_of_moments_or_connections():
    one, other = World(), World()
    other.send(SILENT)
    other.send(NINE, account="other", reference="r")
    one.send(NINE)
    assert one.entries(Kind.PERSON_DECIDED)[0].facts == other.entries(Kind.PERSON_DECIDED)[1].facts


async def test_the_same_reference_is_the_same_message_for_two_days():
    world = World()
    first = world.send(NINE, reference="order-1")
    await world.clock.advance(by=47 * HOUR)
    again = world.send(NINE, reference="order-1")
    assert (again.message, again.repeated) == (first.message, True)
    assert [text for _, text in world.door.said()] == ["9"]
    (entry,) = world.entries(Kind.MT_REPEATED)
    assert (entry.message, entry.facts["reference"]) == (first.message, "order-1")
    await world.clock.advance(by=HOUR)
    later = world.send(NINE, reference="order-1")
    assert (later.message != first.message, later.repeated) == (True, False)


def test_a_reference_belongs_to_its_account_and_address():
    world = World()
    answers = [
        world.send(NINE, reference="r"),
        world.send(SILENT, reference="r"),
        world.send(NINE, account="other", reference="r"),
        world.send(NINE),
        world.send(NINE),
        world.send(NINE, reference=""),
    ]
    assert len({answer.message for answer in answers}) == len(answers)
    assert not any(answer.repeated for answer in answers)


def test_a_repeat_is_no_message_more_to_its_address():
    world = World()
    for _ in range(3):
        world.send(NINE, reference="r")
    world.send(NINE)
    assert [entry.facts["nth"] for entry in world.entries(Kind.PERSON_DECIDED)] == [1, 2]


async def test_more_than_the_throughput_is_throttled_until_there_is_room():
    world = World(limits=Limits(throughput=10))
    answers = [world.submit(number(3, 0, lane)) for lane in range(12)]
    assert [isinstance(answer, Accepted) for answer in answers] == [True] * 10 + [False] * 2
    refused = answers[-1]
    assert (refused.refusal, refused.retry_after) == (Refusal.THROTTLED, pytest.approx(0.1))
    assert isinstance(world.submit(number(3, 0, 50), account="other"), Accepted)
    await world.clock.advance(by=0.1)
    assert isinstance(world.submit(number(3, 0, 11)), Accepted)
    assert isinstance(world.submit(number(3, 0, 12)), Refused)


async def test_a_full_queue_takes_nothing_until_something_is_delivered():
    world = World(limits=Limits(queue=2))
    off, quick = number(3, 1), number(3, 0)
    assert isinstance(world.submit(off), Accepted)
    assert isinstance(world.submit(quick), Accepted)
    assert world.submit(quick).refusal is Refusal.QUEUE_FULL
    await world.clock.advance(by=1)
    assert isinstance(world.submit(quick), Accepted)
    await world.clock.drain()
    assert isinstance(world.submit(off), Accepted)


async def test_what_is_withdrawn_makes_room_in_the_queue_and_what_is_replaced_keeps_its_one_place():
    world = World(limits=Limits(queue=2))
    off = number(3, 1)
    first = world.carrier.message(world.send(off).message)
    assert world.carrier.replace(first, "shorter", first.submission.terms) is not None
    second = world.carrier.message(world.send(off).message)
    assert world.submit(off).refusal is Refusal.QUEUE_FULL
    assert world.carrier.cancel(second)
    world.send(off)
    assert world.submit(off).refusal is Refusal.QUEUE_FULL


def test_a_submission_shows_no_text_in_its_repr():
    assert "secret" not in repr(Submission("a", Channel.SMS, Address("+32470000000"), "8937", "secret"))
