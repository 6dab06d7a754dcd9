"""One SMPP session as an ESME lives it, from the bind to the end: bytes in, events out, and what to write.

Sans-IO. Moments are seconds of any clock that never goes back; the caller hands them in, writes what `take`
gives, and calls `tick` when `next_tick` has come. SMPP 3.4 §2.2 (states), §2.7 (window), §2.9 and §4.11
(enquire_link), §4.3 (generic_nack).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from service.wire.smpp_pdu import (
    LARGEST_SEQUENCE,
    RESPONSE,
    VERSION,
    Command,
    Decoder,
    Esme,
    Form,
    Garbled,
    Pdu,
    ProtocolError,
    encode,
)


class Phase(Enum):
    """Where a session is in its life."""

    BINDING = "binding"
    BOUND = "bound"
    LEAVING = "leaving"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a bind says: at most 15 and 8 octets."""

    system_id: bytes
    password: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """How patient we are. Seconds; `window`: submissions that may wait for their answer."""

    answer: float = 8.0
    quiet: float = 30.0
    """Silence after which we ask whether the peer is still there."""
    window: int = 32


@dataclass(frozen=True, slots=True)
class Bound:
    """Messages may go both ways from now on."""


class Answered(NamedTuple):
    """The peer answered a submission."""

    sequence: int
    status: int
    message_id: bytes


@dataclass(frozen=True, slots=True)
class Unclear:
    """A submission got no answer that can be read; the peer may have taken it."""

    sequence: int
    reason: str


class Came(NamedTuple):
    """A deliver_sm or data_sm, to be acknowledged once it is durable."""

    pdu: Pdu


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that nobody waits for, or that cannot be read."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection is of no further use: write what is left and close it. No event follows."""

    reason: str
    status: int = 0


Event = Bound | Answered | Unclear | Came | Stray | Ended

ACKNOWLEDGED = {Command.DELIVER_SM: Command.DELIVER_SM_RESP, Command.DATA_SM: Command.DATA_SM_RESP}


class Session:
    """Begin it when the connection stands, and feed it until it says `Ended`."""

    def __init__(self, credentials: Credentials, terms: Terms) -> None:
        self._credentials, self._terms = credentials, terms
        self.phase = Phase.BINDING
        self._decoder = Decoder()
        self._out: list[bytes] = []
        self._sequence = 0
        self._submitted: dict[int, float] = {}
        """Sequence number → when we stop waiting for its answer; oldest first."""
        self._asked: tuple[Command, int, float] | None = None
        """The bind, unbind or enquire_link whose answer is awaited, its number, and until when."""
        self._heard_at = 0.0

    @property
    def room(self) -> int:
        """How many submissions may leave now."""
        return self._terms.window - len(self._submitted) if self.phase is Phase.BOUND else 0

    def begin(self, now: float) -> None:
        """Ask to be bound as a transceiver."""
        self._heard_at = now
        fields: dict[str, int | bytes] = {
            "system_id": self._credentials.system_id,
            "password": self._credentials.password,
            "interface_version": VERSION,
        }
        self._ask(Command.BIND_TRANSCEIVER, now, fields)

    def submit(self, fields: Mapping[str, int | bytes], tlvs: Mapping[int, bytes], now: float) -> int:
        """Submit a message; its sequence number. Errors: ValueError when there is no room, or for a value
        that no submit_sm can hold: mistakes of ours."""
        sequence = self._place(now)
        self._out.append(encode(Pdu(Command.SUBMIT_SM, sequence, 0, fields, tlvs)))
        return sequence

    def submit_form(self, form: Form, receiver: bytes, reference: bytes, now: float) -> int:
        """The same for a message that is written already but for these."""
        sequence = self._place(now)
        self._out.append(form.written(sequence, receiver, reference))
        return sequence

    def _place(self, now: float) -> int:
        """A place in the window."""
        if self.room <= 0:
            raise ValueError("there is no room in the window")
        sequence = self._next()
        self._submitted[sequence] = now + self._terms.answer
        return sequence

    def acknowledge(self, pdu: Pdu, status: int = Esme.ROK) -> None:
        """Answer what came."""
        if self.phase is not Phase.OVER:
            self._write(ACKNOWLEDGED[pdu.command], pdu.sequence, status)

    def leave(self, now: float) -> None:
        """Say goodbye: nothing is submitted any more, and the peer's unbind_resp ends the session."""
        if self.phase in (Phase.BINDING, Phase.BOUND):
            self.phase = Phase.LEAVING
            self._ask(Command.UNBIND, now, {})

    def take(self) -> bytes:
        """Everything there is to write, in one piece."""
        out, self._out = b"".join(self._out), []
        return out

    def receive(self, data: bytes, now: float) -> Iterator[Event]:
        """What these bytes mean; to be read to its end."""
        self._heard_at = now
        if self.phase is Phase.OVER:
            return
        try:
            for found in self._decoder.feed(data):
                yield from self._garbled(found) if isinstance(found, Garbled) else self._handle(found)
                if self._is_over():
                    return
        except ProtocolError as error:
            self._write(Command.GENERIC_NACK, 0, error.status)
            yield self._over(error.reason)

    def tick(self, now: float) -> Iterator[Event]:
        """What the time brings: answers that did not come, a peer that fell silent."""
        if self.phase is Phase.OVER:
            return
        late = [sequence for sequence, until in self._submitted.items() if until <= now]
        for sequence in late:
            del self._submitted[sequence]
            yield Unclear(sequence, "timed out")
        if self._asked is None:
            if self.phase is Phase.BOUND and now >= self._heard_at + self._terms.quiet:
                self._ask(Command.ENQUIRE_LINK, now, {})
        elif now >= self._asked[2]:
            yield from self._unanswered(*self._asked)

    def next_tick(self) -> float | None:
        """When `tick` should be called; None: not before something else happened."""
        moments = [self._asked[2]] if self._asked else []
        if self._submitted:
            moments.append(next(iter(self._submitted.values())))
        if self.phase is Phase.BOUND and self._asked is None:
            moments.append(self._heard_at + self._terms.quiet)
        return None if self.phase is Phase.OVER else min(moments, default=None)

    def _unanswered(self, command: Command, _sequence: int, until: float) -> Iterator[Event]:
        """A peer that says other things instead of an enquire_link_resp is there all the same."""
        self._asked = None
        if command is not Command.ENQUIRE_LINK or self._heard_at <= until - self._terms.answer:
            yield self._over(f"no answer to {command.name.lower()}")

    def _is_over(self) -> bool:
        return self.phase is Phase.OVER

    def _handle(self, pdu: Pdu) -> Iterator[Event]:
        answers = pdu.command is Command.SUBMIT_SM_RESP or pdu.command is Command.GENERIC_NACK
        if answers and self._submitted.pop(pdu.sequence, None) is not None:
            yield Answered(pdu.sequence, _status(pdu), pdu.octets("message_id"))
        elif pdu.command & RESPONSE:
            yield from self._answer(pdu)
        else:
            yield from self._request(pdu)

    def _answer(self, pdu: Pdu) -> Iterator[Event]:
        """To what we asked ourselves."""
        if self._asked is None or pdu.sequence != self._asked[1]:
            yield Stray("an answer to nothing")
            return
        asked = self._asked[0]
        if pdu.command is not Command.GENERIC_NACK and pdu.command != asked | RESPONSE:
            yield Stray("an answer of another kind")
            return
        self._asked = None
        if asked is Command.UNBIND:
            yield self._over("unbound")
        elif asked is Command.BIND_TRANSCEIVER:
            yield from self._bound(pdu)

    def _bound(self, pdu: Pdu) -> Iterator[Event]:
        if _status(pdu) == Esme.ROK:
            self.phase = Phase.BOUND
            yield Bound()
        else:
            yield self._over("bind refused", pdu.status)

    def _request(self, pdu: Pdu) -> Iterator[Event]:
        match pdu.command:
            case Command.ENQUIRE_LINK:
                self._write(Command.ENQUIRE_LINK_RESP, pdu.sequence)
            case Command.UNBIND:
                self._write(Command.UNBIND_RESP, pdu.sequence)
                yield self._over("unbound by the peer")
            case Command.DELIVER_SM | Command.DATA_SM if self.phase is Phase.BINDING:
                self.acknowledge(pdu, Esme.RINVBNDSTS)
            case Command.DELIVER_SM | Command.DATA_SM:
                yield Came(pdu)
            case Command.ALERT_NOTIFICATION:
                yield Stray("alert_notification")  # it has no answer (§4.12)
            case _:
                self._write(Command.GENERIC_NACK, pdu.sequence, Esme.RINVCMDID)
                yield Stray("a request that is not for us")

    def _garbled(self, found: Garbled) -> Iterator[Event]:
        """Answer it as what it claims to be; an unreadable answer leaves its question open."""
        if found.command_id & RESPONSE:
            if self._submitted.pop(found.sequence, None) is not None:
                yield Unclear(found.sequence, f"unreadable answer: {found.reason}")
            else:
                yield Stray(found.reason)
            return
        answers = {int(command): answer for command, answer in ACKNOWLEDGED.items()}
        self._write(answers.get(found.command_id, Command.GENERIC_NACK), found.sequence, found.status)
        yield Stray(found.reason)

    def _ask(self, command: Command, now: float, fields: Mapping[str, int | bytes]) -> None:
        sequence = self._next()
        self._out.append(encode(Pdu(command, sequence, 0, fields)))
        self._asked = (command, sequence, now + self._terms.answer)

    def _write(self, command: Command, sequence: int, status: int = Esme.ROK) -> None:
        self._out.append(encode(Pdu(command, sequence, status)))

    def _over(self, reason: str, status: int = 0) -> Ended:
        self.phase = Phase.OVER
        return Ended(reason, status)

    def _next(self) -> int:
        """1 to 0x7FFFFFFF and around (§3.2), never one that still waits for its answer."""
        while True:
            self._sequence = self._sequence % LARGEST_SEQUENCE + 1
            if self._sequence not in self._submitted:
                return self._sequence


def _status(pdu: Pdu) -> int:
    """A generic_nack is a refusal, even one that names no error."""
    if pdu.command is Command.GENERIC_NACK and pdu.status == Esme.ROK:
        return Esme.RUNKNOWNERR
    return pdu.status
