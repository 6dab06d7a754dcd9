from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from simulator.wire.smpp.pdu import ANSWER, ANSWERS, Command, Pdu
from simulator.wire.smpp.session import LAST_SEQUENCE, Do, Expired, Matched, Sent, Session, Take, Wrong
from simulator.wire.smpp.states import BINDS, BOUND, HEARS, SAYS, State
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.timers import Timers

TIMERS = Timers(init=10, enquire=30, inactivity=100, response=5, linger=2)
TX, RX, TRX = Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER
B = {"TX": State.BOUND_TX, "RX": State.BOUND_RX, "TRX": State.BOUND_TRX}
TABLE = {
    # PDU: (states in which an ESME may send it, states in which a message centre may)
    Command.BIND_TRANSMITTER: ("OPEN", ""),
    Command.BIND_RECEIVER: ("OPEN OUTBOUND", ""),
    Command.BIND_TRANSCEIVER: ("OPEN OUTBOUND", ""),
    Command.OUTBIND: ("", "OPEN"),
    Command.UNBIND: ("TX RX TRX", "TX RX TRX"),
    Command.SUBMIT_SM: ("TX TRX", ""),
    Command.SUBMIT_MULTI: ("TX TRX", ""),
    Command.DATA_SM: ("TX TRX", "RX TRX"),
    Command.DELIVER_SM: ("", "RX TRX"),
    Command.QUERY_SM: ("TX TRX", ""),
    Command.CANCEL_SM: ("TX TRX", ""),
    Command.REPLACE_SM: ("TX TRX", ""),
    Command.ENQUIRE_LINK: ("OPEN OUTBOUND TX RX TRX UNBOUND", "TX RX TRX"),
    Command.ALERT_NOTIFICATION: ("", "RX TRX"),
}
"""§2.3, typed in a second time."""


def states(names: str) -> set[State]:
    return {B.get(each) or State[each] for each in names.split()}


def session_in(state: State, **given) -> Session:
    session = Session(0.0, TIMERS, **given)
    if state in BOUND:
        session.bind(next(each for each, bound in BINDS.items() if bound is state), 0.0)
    elif state is State.OUTBOUND:
        session.outbind()
    elif state is State.UNBOUND:
        session.bind(TRX, 0.0)
        session.unbind(0.0)
    elif state is State.CLOSED:
        session.close()
    return session


def pdu(command: Command, sequence: int = 1, status: int = 0) -> Pdu:
    return Pdu(command, status, sequence, {})


@pytest.mark.parametrize("command", TABLE, ids=lambda command: command.name)
def test_who_may_send_what_where_is_the_standards_table(command):
    heard, said = TABLE[command]
    assert states(heard) == {state for state in State if command in HEARS[state]}
    assert states(said) == {state for state in State if command in SAYS[state]}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
def test_every_pdu_in_every_state_is_taken_refused_or_ignored(state, command):
    heard = session_in(state).hear(pdu(command, 77), 1.0)
    if command in HEARS[state]:
        assert heard is Take.REQUEST
    elif command & ANSWER or state is State.CLOSED:
        assert heard is Take.NOTHING
    else:
        again = command in BINDS and state in BOUND
        status = Status.RALYBND if again else Status.RINVBNDSTS
        answers = ANSWERS.get(command, Command.GENERIC_NACK)
        assert (heard.answer.command, heard.answer.status, heard.answer.sequence) == (answers, status, 77)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
def test_every_request_of_ours_is_claimed_where_it_may_be(state, command):
    session = session_in(state)
    assert session.may(command) is (command in SAYS[state])
    if session.may(command):
        assert session.claim(command, 1.0) > 0
    else:
        with pytest.raises(ValueError, match="may not be sent"):
            session.claim(command, 1.0)


@pytest.mark.parametrize("command", [TX, RX, TRX])
def test_a_bind_that_is_accepted_binds(command):
    session = Session(0.0, TIMERS)
    assert session.hear(pdu(command), 0.0) is Take.REQUEST
    session.bind(command, 0.0)
    assert (session.state, session.bound) == (BINDS[command], True)


def test_a_session_is_bound_once_only():
    session = session_in(State.BOUND_TRX)
    with pytest.raises(ValueError, match="not allowed"):
        session.bind(TX, 0.0)


def test_an_answer_finds_its_request_whatever_the_order():
    session = session_in(State.BOUND_RX)
    numbers = [session.claim(Command.DELIVER_SM, 1.0, token) for token in "abc"]
    for number, token in reversed(list(zip(numbers, "abc", strict=True))):
        answer = pdu(Command.DELIVER_SM_RESP, number)
        assert session.hear(answer, 2.0) == Matched(Sent(Command.DELIVER_SM, number, 1.0, token), answer)
    assert session.free == 1_000


def test_generic_nack_is_an_answer_too():
    session = session_in(State.BOUND_RX)
    number = session.claim(Command.DELIVER_SM, 1.0, "a")
    heard = session.hear(pdu(Command.GENERIC_NACK, number, Status.RINVCMDID), 2.0)
    assert isinstance(heard, Matched)
    assert heard.sent.token == "a"


@pytest.mark.parametrize("command", [Command.DATA_SM_RESP, Command.SUBMIT_SM_RESP, Command.ENQUIRE_LINK_RESP])
def test_an_answer_of_another_kind_matches_nothing(command):
    session = session_in(State.BOUND_RX)
    number = session.claim(Command.DELIVER_SM, 1.0)
    assert session.hear(pdu(command, number), 2.0) is Take.NOTHING
    assert len(list(session.outstanding)) == 1


def test_an_answer_that_comes_twice_matches_once():
    session = session_in(State.BOUND_RX)
    answer = pdu(Command.DELIVER_SM_RESP, session.claim(Command.DELIVER_SM, 1.0))
    assert isinstance(session.hear(answer, 2.0), Matched)
    assert session.hear(answer, 2.0) is Take.NOTHING


def test_the_window_bounds_messages_but_not_the_link():
    session = session_in(State.BOUND_RX, window=2)
    first = session.claim(Command.DELIVER_SM, 1.0)
    session.claim(Command.DELIVER_SM, 1.0)
    assert session.free == 0
    with pytest.raises(ValueError, match="window"):
        session.claim(Command.DELIVER_SM, 1.0)
    session.claim(Command.ENQUIRE_LINK, 1.0)
    session.hear(pdu(Command.DELIVER_SM_RESP, first), 1.0)
    session.hear(pdu(Command.ENQUIRE_LINK_RESP, 3), 1.0)
    assert session.free == 1


def test_sequence_numbers_begin_at_one_and_again_after_the_last():
    session = session_in(State.BOUND_RX)
    assert [session.claim(Command.DELIVER_SM, 1.0) for _ in range(3)] == [1, 2, 3]
    session._sequence = LAST_SEQUENCE - 1
    session.hear(pdu(Command.DELIVER_SM_RESP, 1), 1.0)
    numbers = [session.claim(Command.DELIVER_SM, 1.0) for _ in range(3)]
    assert numbers == [0x7FFFFFFF, 1, 4]


def test_an_alert_waits_for_no_answer():
    session = session_in(State.BOUND_RX)
    session.claim(Command.ALERT_NOTIFICATION, 1.0)
    assert list(session.outstanding) == []


def test_who_unbinds_us_is_answered_and_given_time_to_close():
    session = session_in(State.BOUND_TRX)
    assert session.hear(pdu(Command.UNBIND), 10.0) is Take.REQUEST
    session.unbind(10.0)
    assert isinstance(session.hear(pdu(Command.SUBMIT_SM), 10.5), Wrong)
    assert session.next_due() == 12.0
    assert session.tick(11.9) == []
    assert session.tick(12.0) == [Do.CLOSE]


def test_who_answers_our_unbind_is_unbound():
    session = session_in(State.BOUND_TRX)
    number = session.claim(Command.UNBIND, 10.0)
    assert session.hear(pdu(Command.SUBMIT_SM), 10.5) is Take.REQUEST
    assert (session.free, isinstance(session.hear(pdu(Command.UNBIND_RESP, number), 11.0), Matched)) == (
        0,
        True,
    )
    assert session.state is State.UNBOUND


def test_nothing_is_sent_once_we_said_unbind():
    session = session_in(State.BOUND_TRX)
    session.claim(Command.UNBIND, 10.0)
    with pytest.raises(ValueError, match="window"):
        session.claim(Command.DELIVER_SM, 10.0)


def test_closing_gives_back_what_was_not_answered():
    session = session_in(State.BOUND_RX)
    session.claim(Command.DELIVER_SM, 1.0, "a")
    assert [each.token for each in session.close()] == ["a"]
    assert (session.state, session.next_due()) == (State.CLOSED, None)


@pytest.mark.parametrize("state", [State.OPEN, State.OUTBOUND])
def test_who_does_not_bind_in_time_is_closed(state):
    session = session_in(state)
    session.hear(pdu(Command.ENQUIRE_LINK), 9.0)
    assert (session.next_due(), session.tick(9.9), session.tick(10.0)) == (10.0, [], [Do.CLOSE])


def test_a_silent_peer_is_asked_once_and_closed_when_it_stays_silent():
    session = session_in(State.BOUND_TX)
    assert session.tick(29.9) == []
    assert session.tick(30.0) == [Do.ENQUIRE]
    session.claim(Command.ENQUIRE_LINK, 30.0)
    assert (session.tick(34.9), session.next_due()) == ([], 35.0)
    assert session.tick(35.0) == [Do.CLOSE]


def test_a_peer_that_answers_is_asked_again_later():
    session = session_in(State.BOUND_TX)
    number = session.claim(Command.ENQUIRE_LINK, 30.0)
    assert session.hear(pdu(Command.ENQUIRE_LINK_RESP, number), 31.0) is Take.NOTHING
    assert (session.tick(60.9), session.tick(61.0)) == ([], [Do.ENQUIRE])


def test_a_session_without_messages_is_unbound_whatever_the_link_says():
    session = session_in(State.BOUND_TX)
    session.hear(pdu(Command.SUBMIT_SM), 20.0)
    for now in range(30, 120, 10):
        session.hear(pdu(Command.ENQUIRE_LINK), float(now))
        assert Do.UNBIND not in session.tick(float(now))
    assert session.tick(120.0) == [Do.UNBIND]
    session.claim(Command.UNBIND, 120.0)
    assert session.tick(124.0) == []
    assert session.tick(125.0) == [Do.CLOSE]


def test_a_request_that_is_not_answered_expires_and_makes_room():
    session = session_in(State.BOUND_RX, window=2)
    session.claim(Command.DELIVER_SM, 1.0, "a")
    session.claim(Command.DELIVER_SM, 3.0, "b")
    assert session.next_due() == 6.0
    assert session.tick(6.0) == [Expired(Sent(Command.DELIVER_SM, 1, 1.0, "a"))]
    assert (session.next_due(), session.free) == (8.0, 1)


def test_a_timer_of_zero_never_fires():
    session = Session(0.0, Timers(0, 0, 0, 0, 0))
    assert (session.next_due(), session.tick(1e12)) == (None, [])
    session.bind(TRX, 0.0)
    session.claim(Command.DELIVER_SM, 0.0)
    assert (session.next_due(), session.tick(1e12)) == (None, [])


@settings(max_examples=60, stateful_step_count=40)
class Sessions(RuleBasedStateMachine):
    """Whatever a peer sends and a driver does, in whatever order."""

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.session = Session(0.0, TIMERS, window=3)
        self.open: dict[int, Command] = {}

    @rule(command=st.sampled_from(list(Command)), sequence=st.integers(0, 6))
    def hears(self, command, sequence):
        before = self.session.state
        heard = self.session.hear(pdu(command, sequence), self.now)
        if heard is Take.REQUEST:
            assert command in HEARS[before]
            if command in BINDS:
                self.session.bind(command, self.now)
            elif command is Command.UNBIND:
                self.session.unbind(self.now)
        elif isinstance(heard, Matched):
            assert self.open.pop(heard.sent.sequence) is heard.sent.command
        elif isinstance(heard, Wrong):
            assert heard.answer.status in (Status.RALYBND, Status.RINVBNDSTS)
        if command is Command.ENQUIRE_LINK_RESP and self.open.get(sequence) is Command.ENQUIRE_LINK:
            del self.open[sequence]
        if command is Command.GENERIC_NACK and self.open.get(sequence) is Command.ENQUIRE_LINK:
            del self.open[sequence]

    @rule(command=st.sampled_from([Command.DELIVER_SM, Command.ENQUIRE_LINK, Command.UNBIND]))
    def asks(self, command):
        free = self.session.free or command is not Command.DELIVER_SM
        if self.session.may(command) and free:
            number = self.session.claim(command, self.now)
            assert number not in self.open
            self.open[number] = command

    @rule(seconds=st.floats(0, 40))
    def time_passes(self, seconds):
        self.now += seconds
        for due in self.session.tick(self.now):
            if isinstance(due, Expired):
                assert self.open.pop(due.sent.sequence) is due.sent.command
            elif due is Do.CLOSE:
                self.session.close()
                self.open.clear()
                return
        upcoming = self.session.next_due()
        claimed = self.session.tick(self.now)
        assert upcoming is None or upcoming > self.now or claimed

    @precondition(lambda self: self.session.state is State.CLOSED)
    @rule()
    def begins_again(self):
        self.session = Session(self.now, TIMERS, window=3)

    @invariant()
    def what_waits_is_known_and_bounded(self):
        assert [each.sequence for each in self.session.outstanding] == list(self.open)
        messages = [each for each in self.session.outstanding if each.command is Command.DELIVER_SM]
        assert len(messages) <= 3


TestSessions = Sessions.TestCase


@given(st.lists(st.floats(0, 1000), min_size=1).map(sorted))
def test_what_is_due_is_never_due_before_next_due(moments):
    session = session_in(State.BOUND_TRX)
    for now in moments:
        upcoming = session.next_due()
        assert bool(session.tick(now)) == (upcoming is not None and upcoming <= now)
        session.hear(pdu(Command.SUBMIT_SM), now)
