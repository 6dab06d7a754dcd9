"""One connection to a message centre: the session's bytes, its timers, and whoever waits for its answers.

Everything that is submitted or acknowledged in one turn of the loop leaves in one write. Timers run on this
machine's time, since they concern a real connection. A peer that sends faster than we can keep, or does not
read what we answer, is not read from any more until that is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import cast

from service.wire.smpp_pdu import Esme, Form, Pdu
from service.wire.smpp_session import (
    Answered,
    Bound,
    Came,
    Credentials,
    Ended,
    Event,
    Phase,
    Session,
    Stray,
    Terms,
    Unclear,
)

MOST_IN_HAND = 500
"""Messages from the peer that are being kept at a time."""

Answer = Answered | Unclear


class Link(asyncio.Protocol):
    """Made by the loop's `create_connection`; await `bound`, then `submit`; `ended` tells why it is over."""

    def __init__(
        self,
        credentials: Credentials,
        terms: Terms,
        *,
        came: Callable[[Link, list[Pdu]], None],
        roomy: Callable[[], None],
        stray: Callable[[str], None],
    ) -> None:
        """`came` is told of the messages of one read, `roomy` when there may be room in the window,
        `stray` of the kind of what nobody waited for."""
        self._loop = asyncio.get_running_loop()
        self._session = Session(credentials, terms)
        self._came, self._roomy, self._stray = came, roomy, stray
        self._transport: asyncio.Transport | None = None
        self._waiting: dict[int, Callable[[Answer], object]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._flushing = False
        self._in_hand = 0
        self._stuffed = False
        self.bound: asyncio.Future[None] = self._loop.create_future()
        self.ended: asyncio.Future[Ended] = self._loop.create_future()

    @property
    def room(self) -> int:
        """How many submissions may leave now."""
        return 0 if self.ended.done() else self._session.room

    def submit(self, fields: Mapping[str, int | bytes], tlvs: Mapping[int, bytes]) -> asyncio.Future[Answer]:
        """Submit one message where there is room; what comes of it. Never an exception of the network's."""
        sequence = self._session.submit(fields, tlvs, self._loop.time())
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting[sequence] = partial(_tell, answer)
        self._flush_soon()
        return answer

    def submit_form(
        self, form: Form, receiver: bytes, reference: bytes, heard: Callable[[Answer], object]
    ) -> None:
        """The same for a message of which all but these is written already; `heard` is told what comes of
        it, later."""
        self._waiting[self._session.submit_form(form, receiver, reference, self._loop.time())] = heard
        self._flush_soon()

    def acknowledge(self, pdus: Iterable[Pdu], status: int = Esme.ROK) -> None:
        """What came is kept (or, by its status, is not)."""
        for pdu in pdus:
            self._in_hand -= 1
            self._session.acknowledge(pdu, status)
        self._flush_soon()
        self._breathe()

    async def leave(self, patience: float) -> None:
        """Unbind and wait for the peer's goodbye, `patience` seconds at most."""
        self._session.leave(self._loop.time())
        self._flush_soon()
        await asyncio.wait((self.ended,), timeout=patience)
        self.drop()

    def drop(self) -> None:
        """Close without more ado."""
        if self._transport is not None:
            self._transport.abort()

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._session.begin(self._loop.time())
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._handle(self._session.receive(data, self._loop.time()))
        self._breathe()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(Ended(f"cut off: {type(exc).__name__}" if exc else "closed by the peer"))

    def pause_writing(self) -> None:
        self._stuffed = True
        self._breathe()

    def resume_writing(self) -> None:
        self._stuffed = False
        self._breathe()

    # What the session says

    def _handle(self, events: Iterable[Event]) -> None:
        roomy, came = False, []
        for event in events:
            match event:
                case Came():
                    came.append(event.pdu)
                case Answered() | Unclear():
                    roomy = True
                    self._settle(event)
                case Bound():
                    roomy = True
                    self.bound.set_result(None)
                case Stray(reason):
                    self._stray(reason)
                case Ended():
                    self._flush()
                    self._end(event)
        if came:
            self._in_hand += len(came)
            self._came(self, came)
        self._flush_soon()
        if roomy:
            self._roomy()

    def _settle(self, answer: Answer) -> None:
        heard = self._waiting.pop(answer.sequence, None)
        if heard is not None:
            heard(answer)

    def _end(self, event: Ended) -> None:
        if self.ended.done():
            return
        self._session.phase = Phase.OVER
        self.ended.set_result(event)
        self.bound.cancel()
        if self._timer is not None:
            self._timer.cancel()
        for sequence in list(self._waiting):
            self._settle(Unclear(sequence, event.reason))
        if self._transport is not None:
            self._transport.close()

    def _flush_soon(self) -> None:
        if not self._flushing and not self.ended.done():
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        out = self._session.take()
        if out and self._transport is not None:
            self._transport.write(out)
        self._arm()

    def _arm(self) -> None:
        """A timer that fires early costs little; deadlines only move outwards, so it is seldom set anew."""
        due = self._session.next_tick()
        if due is None or self.ended.done():
            return
        if self._timer is None or self._timer.when() > due:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._handle(self._session.tick(self._loop.time()))
        self._arm()

    def _breathe(self) -> None:
        """Read while what came finds room and our answers get out."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._in_hand >= MOST_IN_HAND or self._stuffed:
            transport.pause_reading()
        else:
            transport.resume_reading()


def _tell(waiting: asyncio.Future[Answer], answer: Answer) -> None:
    if not waiting.done():
        waiting.set_result(answer)
