"""A call's states: only the ways there are, and what each leaves behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.calls.call import FINAL, WAYS, Call, Status, WrongWay
from simulator.wire.calls_dialect import TWILIO
from simulator.wire.calls_order import CallOrder
from simulator.world import MessageId, Moment
from simulator.world import Status as Reported

ORDER = CallOrder("AC1", "+32470000000", "8937", TWILIO, None, "<Response/>")


def new() -> Call:
    return Call("CA1", MessageId("1"), ORDER, Moment(0), Moment(0), 1)


def through(*statuses: Status) -> Call:
    call = new()
    for second, status in enumerate(statuses, 1):
        call.become(status, Moment(second * 1000))
    return call


ANSWERED = (Status.INITIATED, Status.RINGING, Status.IN_PROGRESS)


@given(st.lists(st.sampled_from(Status), max_size=8))
def test_only_the_ways_of_the_table_are_gone(statuses):
    call = new()
    for status in statuses:
        before = call.status
        if status in WAYS.get(before, ()):
            call.become(status, Moment(1))
        else:
            with pytest.raises(WrongWay):
                call.become(status, Moment(1))
            assert call.status is before
        assert call.is_over == (call.status in FINAL)


def test_what_was_answered_lasts_from_the_answer():
    assert through(*ANSWERED, Status.COMPLETED).duration == 1
    assert through(Status.INITIATED, Status.BUSY).duration == 0
    assert through(*ANSWERED).duration is None


@pytest.mark.parametrize(
    ("answered_by", "reported"),
    [
        (None, Reported.DELIVERED_TO_TERMINAL),
        ("human", Reported.DELIVERED_TO_TERMINAL),
        ("unknown", Reported.DELIVERED_TO_TERMINAL),
        ("machine_start", Reported.DELIVERY_IMPOSSIBLE),
        ("machine_end_beep", Reported.DELIVERY_IMPOSSIBLE),
        ("fax", Reported.DELIVERY_IMPOSSIBLE),
    ],
)
def test_a_machine_that_answers_is_nobody_reached(answered_by, reported):
    call = through(*ANSWERED, Status.COMPLETED)
    call.answered_by = answered_by
    assert call.cause.status is reported


@pytest.mark.parametrize("status", sorted(FINAL - {Status.COMPLETED}))
def test_what_nobody_answered_was_not_delivered(status):
    assert through(Status.INITIATED, status).cause.status is Reported.DELIVERY_IMPOSSIBLE
