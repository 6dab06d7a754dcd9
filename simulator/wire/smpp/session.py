"""One session of the message centre with an ESME, sans-IO: what is allowed now, what is owed, what is due.

Theory of operation. The driver hands in every PDU it decoded (`hear`) and is told whose move it is: its own
to answer, a ready answer to send, the fate of one of its own requests, or nothing. It claims a sequence
number for each request it makes (`claim`), tells which answers change the state (`bind`, `unbind`), and asks
at `next_due` what is to be done (`tick`). The session writes nothing itself, so that the driver can send the
answers to a whole read in one piece.

Sequence numbers run from 1 to 0x7FFFFFFF and begin again (§3.2, §2.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import NamedTuple

from simulator.wire.smpp.pdu import ANSWER, ANSWERS, Command, Pdu
from simulator.wire.smpp.states import BINDS, BOUND, HEARS, SAYS, State
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.timers import NEVER, Timers, due, earliest

LAST_SEQUENCE = 0x7FFFFFFF
_tuple = tuple.__new__
_LINK = frozenset(
    {
        Command.ENQUIRE_LINK,
        Command.ENQUIRE_LINK_RESP,
        Command.UNBIND,
        Command.UNBIND_RESP,
        Command.GENERIC_NACK,
    }
)
"""What is no sign of activity: §7.2 asks whether *messages* pass."""


class Take(Enum):
    """Whose move it is, when no more need be said."""

    REQUEST = "the driver's: answer it"
    NOTHING = "nobody's"


class Sent(NamedTuple):
    """A request of ours that waits for its answer."""

    command: Command
    sequence: int
    at: float
    token: object
    """What the driver wants back."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request that is not allowed now, with the answer to send."""

    answer: Pdu
    reason: str


@dataclass(frozen=True, slots=True)
class Matched:
    """An answer (or generic_nack) to a request of ours."""

    sent: Sent
    answer: Pdu


@dataclass(frozen=True, slots=True)
class Expired:
    """A request of ours that was not answered in time."""

    sent: Sent


class Do(Enum):
    """What the time has come for."""

    ENQUIRE = "claim and send an enquire_link"
    UNBIND = "claim and send an unbind: no message for too long"
    CLOSE = "close the connection"


Heard = Take | Wrong | Matched
Due = Do | Expired


class Session:
    """What the message centre knows of one connection."""

    __slots__ = (
        "_asked", "_heard", "_hears", "_leaving", "_opened",
        "_says", "_sequence", "_state", "_timers",
        "_window", "_worked", "sent",
    )  # fmt: skip

    def __init__(self, now: float, timers: Timers, window: int = 1_000) -> None:
        """A connection accepted at `now`; `window` bounds our own unanswered messages."""
        self._timers, self._window = timers, window
        self._opened = self._heard = self._worked = now
        self.sent: dict[int, Sent] = {}
        """Our requests without an answer, by their sequence numbers, oldest first."""
        self._sequence = 0
        self._asked = self._leaving = False
        self._enter(State.OPEN)

    def _enter(self, state: State) -> None:
        self._state = state
        self._hears, self._says = HEARS[state], SAYS[state]

    @property
    def state(self) -> State:
        return self._state

    @property
    def bound(self) -> bool:
        return self._state in BOUND

    @property
    def free(self) -> int:
        """Messages that may be sent now without an answer to earlier ones."""
        return max(0, self._window - len(self.sent)) if not self._leaving else 0

    @property
    def outstanding(self) -> Iterator[Sent]:
        """Our requests without an answer, oldest first."""
        return iter(tuple(self.sent.values()))

    def may(self, command: Command) -> bool:
        """Whether we may send the request `command` now."""
        return command in self._says

    # What the peer sends

    def hear(self, pdu: Pdu, now: float) -> Heard:
        """Whose move `pdu` makes it."""
        self._heard = now
        command = pdu.command
        if command not in _LINK:
            self._worked = now
        if command in self._hears:
            return Take.REQUEST
        if command & ANSWER:
            return self._match(pdu)
        return self._refuse(pdu)

    def _match(self, pdu: Pdu) -> Heard:
        sent = self.sent.get(pdu.sequence)
        if sent is None or pdu.command not in (ANSWERS.get(sent.command), Command.GENERIC_NACK):
            return Take.NOTHING
        del self.sent[pdu.sequence]
        if sent.command is Command.ENQUIRE_LINK:
            self._asked = False
            return Take.NOTHING
        if sent.command is Command.UNBIND:
            self.unbind(self._heard)
        return Matched(sent, pdu)

    def _refuse(self, pdu: Pdu) -> Heard:
        if self._state is State.CLOSED:
            return Take.NOTHING
        again = pdu.command in BINDS and self._state in BOUND
        status = Status.RALYBND if again else Status.RINVBNDSTS
        command = ANSWERS.get(pdu.command, Command.GENERIC_NACK)
        reason = f"{pdu.command.name.lower()} is not allowed while {self._state.value}"
        return Wrong(Pdu(command, status, pdu.sequence, {}), reason)

    # What we send

    def claim(self, command: Command, now: float, token: object = None) -> int:
        """The sequence number for a request of ours, which then waits for its answer.

        ValueError when the state does not allow it or the window is full: ask `may` and `free` first.
        """
        if command not in self._says:
            raise ValueError(f"{command.name.lower()} may not be sent while {self._state.value}")
        if command in _LINK:
            self._note(command)
        elif self._leaving or len(self.sent) >= self._window:
            raise ValueError("the window is full")
        self._sequence = sequence = next(self._free_sequences())
        if command in ANSWERS:
            self.sent[sequence] = _tuple(Sent, (command, sequence, now, token))
        return sequence

    def _free_sequences(self) -> Iterator[int]:
        """The numbers to come, but for those whose request still waits."""
        sequence = self._sequence
        while True:
            sequence = sequence % LAST_SEQUENCE + 1
            if sequence not in self.sent:
                yield sequence

    def claim_all(self, command: Command, now: float, tokens: Sequence[object]) -> Sequence[int]:
        """`claim` for many messages at once, of which there must be some."""
        if command not in self._says or self._leaving or len(self.sent) + len(tokens) > self._window:
            raise ValueError(f"{command.name.lower()} may not be sent {len(tokens)} times now")
        sent, after = self.sent, self._sequence + 1
        claimed: Sequence[int] = range(after, after + len(tokens))
        if after + len(tokens) > LAST_SEQUENCE or not sent.keys().isdisjoint(claimed):
            claimed = list(islice(self._free_sequences(), len(tokens)))
        for sequence, token in zip(claimed, tokens, strict=True):
            sent[sequence] = _tuple(Sent, (command, sequence, now, token))
        self._sequence = claimed[-1]
        return claimed

    def heard(self, now: float) -> None:
        """Messages have come, or answers to ours, that the driver deals with by itself."""
        self._heard = self._worked = now

    def _note(self, command: Command) -> None:
        self._asked = self._asked or command is Command.ENQUIRE_LINK
        self._leaving = self._leaving or command is Command.UNBIND

    def outbind(self) -> int:
        """The sequence number for an outbind; the peer is then to bind as a receiver."""
        sequence = self.claim(Command.OUTBIND, self._opened)
        self._enter(State.OUTBOUND)
        return sequence

    def bind(self, command: Command, now: float) -> None:
        """The bind `command` was accepted."""
        if command not in self._hears or command not in BINDS:
            raise ValueError(f"{command.name.lower()} is not allowed while {self._state.value}")
        self._worked = now
        self._enter(BINDS[command])

    def unbind(self, now: float) -> None:
        """unbind was answered, by us or by the peer."""
        self._opened = now
        self._enter(State.UNBOUND)

    def close(self) -> tuple[Sent, ...]:
        """The connection is gone; returns what will not be answered any more."""
        left = tuple(self.sent.values())
        self.sent.clear()
        self._enter(State.CLOSED)
        return left

    # What time brings

    def next_due(self) -> float | None:
        """When to call `tick` next, as things are now; None for never."""
        return earliest(self._moments())

    def _moments(self) -> Iterator[float]:
        timers = self._timers
        if self._state in (State.OPEN, State.OUTBOUND):
            yield due(self._opened, timers.init)
        elif self._state is State.UNBOUND:
            yield due(self._opened, timers.linger)
        elif self._state in BOUND:
            yield due(next(iter(self.sent.values())).at, timers.response) if self.sent else NEVER
            yield due(self._heard, timers.enquire) if not self._asked else NEVER
            yield due(self._worked, timers.inactivity) if not self._leaving else NEVER

    def tick(self, now: float) -> list[Due]:
        """What is due at `now`, in the order to do it. CLOSE comes last, and says the rest is in vain."""
        if self._state in BOUND:
            return self._tick_bound(now)
        return [Do.CLOSE] if any(moment <= now for moment in self._moments()) else []

    def _tick_bound(self, now: float) -> list[Due]:
        found: list[Due] = []
        for sent in self._late(now):
            if sent.command in _LINK:
                return [*found, Do.CLOSE]
            found.append(Expired(sent))
        if not self._asked and due(self._heard, self._timers.enquire) <= now:
            found.append(Do.ENQUIRE)
        if not self._leaving and due(self._worked, self._timers.inactivity) <= now:
            found.append(Do.UNBIND)
        return found

    def _late(self, now: float) -> Iterator[Sent]:
        while self.sent:
            sent = next(iter(self.sent.values()))
            if due(sent.at, self._timers.response) > now:
                return
            del self.sent[sent.sequence]
            yield sent
