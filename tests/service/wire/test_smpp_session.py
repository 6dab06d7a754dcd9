"""A session from bind to end, second by second, without any socket."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from service.wire.smpp_pdu import Command, Decoder, Garbled, decode
from service.wire.smpp_session import (
    Answered,
    Bound,
    Came,
    Credentials,
    Ended,
    Phase,
    Session,
    Stray,
    Terms,
    Unclear,
)

TERMS = Terms(answer=8, quiet=30, window=3)
FIELDS = {"source_addr": b"8937", "destination_addr": b"32470000000", "short_message": b"0-10?"}


def pdu(command: int, sequence: int, status: int = 0, body: bytes = b"") -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def bound() -> Session:
    session = Session(Credentials(b"me", b"hush"), TERMS)
    session.begin(0)
    session.take()
    assert list(session.receive(pdu(0x80000009, 1, 0, b"c\0"), 0)) == [Bound()]
    return session


def written(session: Session) -> list:
    return [(int(one.command), one.sequence, one.status) for one in Decoder().feed(session.take())]


def test_it_asks_to_be_bound_and_sends_nothing_before_it_is():
    session = Session(Credentials(b"me", b"hush"), TERMS)
    session.begin(0)
    assert decode(session.take()).fields["system_id"] == b"me"
    assert session.room == 0
    with pytest.raises(ValueError, match="no room"):
        session.submit(FIELDS, {}, 0)


def test_a_refused_bind_ends_it():
    session = Session(Credentials(b"me", b"hush"), TERMS)
    session.begin(0)
    assert list(session.receive(pdu(0x80000009, 1, 0x0E), 0)) == [Ended("bind refused", 0x0E)]
    assert session.phase is Phase.OVER


def test_a_bind_without_an_answer_ends_it():
    session = Session(Credentials(b"me", b"hush"), TERMS)
    session.begin(0)
    assert session.next_tick() == 8
    assert list(session.tick(7.9)) == []
    assert list(session.tick(8)) == [Ended("no answer to bind_transceiver")]
    assert session.next_tick() is None


def test_a_message_before_the_bind_is_refused():
    session = Session(Credentials(b"me", b"hush"), TERMS)
    session.begin(0)
    session.take()
    assert list(session.receive(pdu(5, 9, 0, b"\0" * 17), 0)) == []
    assert written(session) == [(0x80000005, 9, 0x04)]


def test_the_window_closes_and_opens():
    session = bound()
    numbers = [session.submit(FIELDS, {}, 1) for _ in range(3)]
    assert (numbers, session.room) == ([2, 3, 4], 0)
    answer = pdu(0x80000004, 3, 0, b"id\0")
    assert list(session.receive(answer + answer, 2)) == [
        Answered(3, 0, b"id"),
        Stray("an answer to nothing"),
    ]
    assert session.room == 1


def test_what_is_not_answered_in_time_is_unclear_and_the_session_goes_on():
    session = bound()
    session.submit(FIELDS, {}, 1)
    session.submit(FIELDS, {}, 2)
    assert session.next_tick() == 9
    assert list(session.tick(9)) == [Unclear(2, "timed out")]
    assert list(session.receive(pdu(0x80000004, 2, 0, b"id\0"), 9)) == [Stray("an answer to nothing")]
    assert list(session.tick(10)) == [Unclear(3, "timed out")]
    assert session.phase is Phase.BOUND


def test_an_unreadable_answer_leaves_its_question_open():
    session = bound()
    session.submit(FIELDS, {}, 1)
    (event,) = session.receive(pdu(0x80000004, 2, 0, b"x" * 70), 1)
    assert isinstance(event, Unclear)


def test_silence_is_asked_about_and_then_ends_it():
    session = bound()
    assert session.next_tick() == 30
    assert list(session.tick(30)) == []
    assert written(session) == [(0x15, 2, 0)]
    assert list(session.receive(pdu(0x80000015, 2), 31)) == []
    assert session.next_tick() == 61
    assert list(session.tick(61)) == []
    assert list(session.tick(69)) == [Ended("no answer to enquire_link")]


def test_a_peer_that_talks_but_never_answers_an_enquiry_is_there():
    session = bound()
    list(session.tick(30))
    list(session.receive(pdu(0x15, 7), 35))
    assert list(session.tick(38)) == []
    assert session.phase is Phase.BOUND


def test_goodbyes_end_it_from_either_side():
    session = bound()
    session.leave(1)
    assert session.room == 0
    assert written(session) == [(6, 2, 0)]
    assert list(session.receive(pdu(0x80000006, 2), 2)) == [Ended("unbound")]
    other = bound()
    assert list(other.receive(pdu(6, 77) + pdu(0x15, 78), 2)) == [Ended("unbound by the peer")]
    assert written(other) == [(0x80000006, 77, 0)]


def test_a_message_is_acknowledged_when_told_to():
    session = bound()
    (event,) = session.receive(pdu(5, 9, 0, b"\0" * 17), 0)
    assert isinstance(event, Came)
    assert session.take() == b""
    session.acknowledge(event.pdu, 0x64)
    assert session.take() == pdu(0x80000005, 9, 0x64, b"\0")


def test_garbage_is_answered_and_ends_it():
    session = bound()
    (event,) = session.receive(b"GET / HTTP/1.1\r\n\r\n", 0)
    assert event == Ended("impossible command_length")
    assert written(session) == [(0x80000000, 0, 0x02)]
    assert list(session.receive(pdu(0x15, 7), 1)) == []


def test_sequence_numbers_go_round_and_pass_over_those_in_use():
    session = bound()
    session.submit(FIELDS, {}, 0)
    session._sequence = 0x7FFFFFFF - 1
    assert [session.submit(FIELDS, {}, 0), session.submit(FIELDS, {}, 0)] == [0x7FFFFFFF, 1]
    list(session.receive(pdu(0x80000004, 0x7FFFFFFF), 0))
    assert session.submit(FIELDS, {}, 0) == 3


@given(st.lists(st.binary(max_size=80), max_size=8), st.floats(0, 1000))
def test_whatever_comes_at_whatever_time_there_is_no_exception(pieces, now):
    for session in (bound(), Session(Credentials(b"me", b"hush"), TERMS)):
        for piece in pieces:
            list(session.receive(struct.pack(">I", 16 + len(piece)) + piece.ljust(12, b"\0"), now))
            list(session.receive(piece, now))
            list(session.tick(now))
        assert not [one for one in Decoder().feed(session.take()) if isinstance(one, Garbled)]


class Life(RuleBasedStateMachine):
    """Every submission ends exactly once, whatever the order of answers, nacks and time."""

    under_way = Bundle("under way")

    def __init__(self) -> None:
        super().__init__()
        self.session, self.now, self.open = bound(), 0.0, {}
        self.ended = False

    def _settle(self, events) -> None:
        for event in events:
            match event:
                case Answered(sequence) | Unclear(sequence):
                    del self.open[sequence]
                case Ended():
                    self.ended = True

    @precondition(lambda self: self.session.room > 0)
    @rule(target=under_way)
    def submit(self) -> int:
        sequence = self.session.submit(FIELDS, {}, self.now)
        assert sequence not in self.open
        self.open[sequence] = self.now + TERMS.answer
        return sequence

    @rule(
        sequence=consumes(under_way),
        command=st.sampled_from([0x80000004, 0x80000000]),
        status=st.integers(0, 99),
    )
    def answer(self, sequence, command, status) -> None:
        self._settle(self.session.receive(pdu(command, sequence, status), self.now))

    @rule(seconds=st.floats(0, 12))
    def wait(self, seconds) -> None:
        self.now += seconds
        self._settle(self.session.tick(self.now))

    @rule()
    def enquire(self) -> None:
        self._settle(self.session.receive(pdu(Command.ENQUIRE_LINK, 5), self.now))

    @invariant()
    def the_window_and_the_deadlines_hold(self) -> None:
        if self.ended:
            return
        assert self.session.room == TERMS.window - len(self.open)
        assert all(until > self.now for until in self.open.values())
        due = self.session.next_tick()
        assert due is not None
        assert all(due <= until for until in self.open.values())


TestLife = Life.TestCase
