"""One peer's connection: octets in, PDUs to whoever serves them, octets out.

Every whole PDU of a read is handled before anything is written, and all that is to be written goes out in
one piece: that is worth a factor of four. Nothing is awaited, so a peer that is slow holds up nobody; what it
does not read is bounded by not reading from it, and by a deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from simulator.message import Message
from simulator.servers.smpp import binding, mischief
from simulator.servers.smpp.mailbox import Letter
from simulator.servers.smpp.pattern import Pattern
from simulator.servers.smpp.record import delivery
from simulator.wire.smpp.codec import Decoder, encode
from simulator.wire.smpp.pdu import Command, Garbled, Pdu, answer, nack
from simulator.wire.smpp.session import Do, Due, Expired, Matched, Session, Take, Wrong
from simulator.wire.smpp.states import BINDS, State
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER

if TYPE_CHECKING:
    from simulator.servers.smpp.door import SmppDoor

LOOK = 0.01
"""Seconds between two looks whether answers that are held may go out."""
RECEIVING = frozenset({State.BOUND_RX, State.BOUND_TRX})


READ_OCTETS = 32_768
"""The most that is read at a time: a flood of the smallest PDUs must not keep others waiting."""


class Connection(asyncio.BufferedProtocol):
    """From the accept to the close. The door owns it, and the buffer that all connections read into."""

    def __init__(self, door: SmppDoor, number: int) -> None:
        bounds = door.options.bounds
        self.door, self.number = door, number
        self._loop = asyncio.get_running_loop()
        self.session = Session(self._loop.time(), door.options.timers, bounds.window)
        self._decoder = Decoder(bounds.pdu_octets)
        self._out: list[bytes] = []
        self._reading = self._touched = self._over = self._closing = False
        self._stuck_since: float | None = None
        self._failed_binds = 0
        self.pattern: Pattern | None = None
        """That of the latest ordinary submit_sm."""
        self._held: list[Message] = []
        """Accepted, and yet to be answered."""
        self.pending = 0
        """Requests whose answer a fault has put off."""
        self.diverted: list[Pdu] | None = None
        """Answers that a fault has taken away."""
        self.account: str | None = None
        self.why = "the peer closed"
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)

    # Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=self.door.options.bounds.write_octets)
        self.door.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._over:
            return
        self._over = True
        left = self.session.close()
        self.door.lost(self, [sent.token for sent in left if isinstance(sent.token, Letter)])

    def pause_writing(self) -> None:
        """The peer does not read what it is sent: nothing more is read from it meanwhile."""
        self._stuck_since = self._loop.time()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self._stuck_since = None
        self.transport.resume_reading()
        self.door.room_for(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.door.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self.door.buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        whole = self._decoder.join(data)
        if whole is None:
            return
        self._reading = True
        now = self._loop.time()
        express, at, end = self.door.express, 0, len(whole)
        while at < end and not self._ended:
            if express.serves(self):
                served = express.read(self, whole, at)
                if served > at:  # whoever only asks whether the link is there is not active by that
                    self.session.heard(now)
                at, step = served, _first(whole, served, end)
            else:
                step = end
            if at < step:
                self._read(whole[at:step], now)
                at = step
        self._reading = False
        self.flush()
        self.door.room_for(self)

    def _read(self, data: bytes, now: float) -> None:
        """The general way."""
        for each in self._decoder.feed(data):
            if self._ended:
                return
            if isinstance(each, Garbled):
                self._refuse(each)
            else:
                self._hear(each, now)

    def flush(self) -> None:
        """Write what has gathered."""
        self._touched = False
        if self._out and not self._over:
            self.transport.write(b"".join(self._out))
        self._out.clear()

    def write(self, raw: bytes) -> None:
        """Write with the next flush, which comes by itself."""
        self._out.append(raw)
        if not self._reading and not self._touched:
            self._touched = True
            self._loop.call_soon(self.flush)

    def send(self, pdu: Pdu, message: str | None = None) -> None:
        """Write a PDU down and out, unless a fault wants it instead."""
        if self.diverted is not None:
            self.diverted.append(pdu)
            return
        raw = encode(pdu)
        self.write(raw)
        self.door.record.went(raw, self.number, self.account, message)

    def close(self, why: str) -> None:
        """Write what has gathered, and end. What the peer has said behind it is not heard any more: nobody
        could answer."""
        if not self._ended:
            self.why = why
            self.flush()
            self._closing = True
            self.transport.close()

    @property
    def _ended(self) -> bool:
        return self._over or self._closing

    def cut(self, why: str) -> None:
        """Reset the connection."""
        if not self._over:
            self.why = why
            self._out.clear()
            mischief.reset(self.transport)
            self.connection_lost(None)

    # What comes

    def _refuse(self, garbled: Garbled) -> None:
        self.door.record.came(garbled.raw, self.number, self.account)
        self.door.malformed(self, garbled.reason)
        told = nack(garbled)
        if told is not None:
            self.send(told)
        if garbled.fatal:
            self.close("the stream could not be read on")

    def _hear(self, pdu: Pdu, now: float) -> None:
        heard = self.session.hear(pdu, now)
        if heard is Take.REQUEST:
            self._take(pdu, now)
            return
        self.door.record.came(pdu.raw, self.number, self.account, _message_of(heard))
        if isinstance(heard, Matched):
            if isinstance(heard.sent.token, Letter):
                self.door.answered(self, heard.sent.token, heard.answer)
            elif heard.sent.command is Command.UNBIND:
                self.close("unbound")
        elif isinstance(heard, Wrong):
            self.door.malformed(self, heard.reason)
            self.send(heard.answer)

    def _take(self, pdu: Pdu, now: float) -> None:
        command = pdu.command
        if command is Command.ENQUIRE_LINK:
            self.door.record.came(pdu.raw, self.number, self.account)
            self.send(answer(pdu))
        elif command is Command.UNBIND:
            self._unbind(pdu, now)
        elif self.door.faults and mischief.meets(self, pdu):
            return
        else:
            self.serve(pdu)

    def serve(self, pdu: Pdu) -> None:
        """Do what a request asks, and answer."""
        if self._over or self.session.state is State.UNBOUND:
            return
        if pdu.command in BINDS:
            self._bind(pdu)
            return
        served = self.door.serving.serve(pdu, self.account or "")
        self.door.record.came(pdu.raw, self.number, self.account, served.message)
        if served.accident is not None:
            mischief.play_accident(self, served.accident)
        else:
            self.send(served.answer, served.message)

    def _bind(self, pdu: Pdu) -> None:
        if self.session.bound:  # a fault put another bind off
            self.send(answer(pdu, Status.RALYBND))
            return
        self.door.record.came(pdu.raw, self.number, None)
        status, account = self.door.judge(pdu)
        if status:
            self.send(answer(pdu, status))
            self._failed_binds += 1
            self.door.malformed(self, f"{pdu.command.name.lower()} refused: ESME_{status.name}")
            if self._failed_binds >= self.door.options.bounds.failed_binds:
                self.close("too many failed binds")
            return
        self.account = account
        self.session.bind(pdu.command, self._loop.time())
        self.send(answer(pdu, Status.ROK, *binding.tlvs(pdu), system_id=binding.NAME))
        self.door.bound(self, receives=self.session.state in RECEIVING)

    def _unbind(self, pdu: Pdu, now: float) -> None:
        self.door.record.came(pdu.raw, self.number, self.account)
        self._let_go()
        self.send(answer(pdu))
        self.session.unbind(now)
        self.why = "unbound"
        self.door.unbound(self)

    # What goes

    @property
    def reads(self) -> bool:
        """Whether what the peer sends may be read now."""
        return self._stuck_since is None

    @property
    def room(self) -> int:
        """How many letters it can take now."""
        if self._stuck_since is not None or self._ended:
            return 0
        return self.session.free

    def deliver(self, letters: Sequence[Letter]) -> None:
        """Send a deliver_sm for each; the answers go to the door."""
        sequences = self.session.claim_all(Command.DELIVER_SM, self._loop.time(), letters)
        self.write(b"".join(map(delivery, letters, sequences)))
        self.door.record.went_all(letters, sequences, self)

    def accepted(self, messages: Sequence[Message]) -> None:
        """Answer ordinary messages: at once, or once what waits for their account is not too much. A peer
        that hands in more than it takes back is slowed down so, by its own window."""
        if not self._held and not self.door.is_behind(self):
            self.write(self.door.record.answers(messages))
            self.door.record.served_all(messages, self)
            return
        self.door.record.came_all(messages, self)
        if not self._held:
            self._loop.call_later(LOOK, self._look, self._loop.time() + self.door.options.bounds.hold)
        self._held += messages

    def _look(self, until: float) -> None:
        """Answer what was held back, as soon as that may be, and no later than `until`."""
        if self._over:
            return
        if self._held and self.door.is_behind(self) and self._loop.time() < until:
            self._loop.call_later(LOOK, self._look, until)
            return
        self._let_go()

    def _let_go(self) -> None:
        """Answer whatever is held back."""
        held, self._held = self._held, []
        if held:
            self.write(self.door.record.answers(held))
            self.door.record.answered_all(held, self)

    def ask(self, command: Command) -> None:
        """Send a request without a letter: enquire_link or unbind."""
        sequence = self.session.claim(command, self._loop.time())
        self.send(Pdu(command, 0, sequence, {}))

    def outbind(self, account: str, password: str) -> None:
        """Ask the peer, which we have called, to bind as a receiver (§2.2.1)."""
        fields = {"system_id": account.encode(), "password": password.encode()}
        self.send(Pdu(Command.OUTBIND, 0, self.session.outbind(), fields))

    def leave(self) -> None:
        """Unbind from this side, where that is possible."""
        if self.session.may(Command.UNBIND) and self.session.free:
            self.ask(Command.UNBIND)
        else:
            self.close("the message centre closes")

    # Time

    def tick(self, now: float) -> None:
        """Do what the timers ask for."""
        stuck = self._stuck_since
        if stuck is not None and now >= stuck + self.door.options.bounds.write_deadline:
            self.cut("it reads nothing")
            return
        for each in self.session.tick(now):
            self._act(each)

    def _act(self, due: Due) -> None:
        if isinstance(due, Expired):
            if isinstance(due.sent.token, Letter):
                self.door.unanswered(self, due.sent.token)
        elif due is Do.ENQUIRE:
            self.ask(Command.ENQUIRE_LINK)
        elif due is Do.UNBIND:
            self.ask(Command.UNBIND)
        elif self.session.state in (State.OPEN, State.OUTBOUND):
            self.close("no bind in time")
        elif self.session.state is State.UNBOUND:
            self.close("unbound")
        else:
            self.cut("no answer to enquire_link or unbind")


def _first(data: bytes, at: int, end: int) -> int:
    """Where the PDU that begins at `at` ends; the end of the data when it is cut off, or none."""
    length = int.from_bytes(data[at : at + 4], "big")
    return at + length if length >= HEADER.size and at + length <= end else end


def _message_of(heard: object) -> str | None:
    """The message that an answer of the peer is about."""
    if isinstance(heard, Matched) and isinstance(heard.sent.token, Letter):
        return heard.sent.token.message
    return None
