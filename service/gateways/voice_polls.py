"""Asking what became of calls that we were not told of: a status call-back is sent once, and whoever was away
misses it.

A call is first asked about when it should long have ended, and again after half as long as it has been out;
a call-back that comes ends that. Nothing out, no timer, so that a world's clock that jumps can run dry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from operator import attrgetter

from service.clock import Bell, Clock, Moment
from service.domain.request import Channel, Delivery, DeliveryReport
from service.gateways import voice_meaning
from service.gateways.http_peer import NoAnswer
from service.interfaces import Inbox
from service.logs import Log
from service.store import outbox
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.outbox import Poll
from service.wire.calls import Call
from service.wire.json_members import ProtocolError

LARGEST_ANSWER = 64 * 1024
CALLS_A_TURN = 100
CALLS_AT_ONCE = 8
PAUSE_MS = 5_000
"""Between two looks while the store cannot be read."""


class Polls:
    """Polling of calls, which `read` reads by their id. `expect` when a call was ordered.

    `after`: seconds from the order of a call to the first question what became of it."""

    def __init__(
        self, read: Callable[[str], Awaitable[Call]], after: float, store: Store, clock: Clock, log: Log
    ) -> None:
        self._read, self._store, self._clock, self._log = read, store, clock, log
        self._after_ms = round(after * 1000)
        self._bell = Bell(clock)
        self._ordered_at: Moment | None = None
        self._wakes_at: Moment | None = None
        self._running = False

    def expect(self) -> None:
        """A call was ordered, and will be written down in a moment."""
        self._ordered_at = self._clock.now()
        if self._running and self._wakes_at is None:
            self._bell.ring()

    async def run(self, inbox: Inbox) -> None:
        """Ask until cancelled."""
        with self._bell.worker(), self._while_running():
            while True:
                self._wakes_at = await self._next_turn()
                await self._bell.wait(self._wakes_at)
                if self._wakes_at is not None and self._clock.now() >= self._wakes_at:
                    await self._ask(inbox)

    @contextmanager
    def _while_running(self) -> Iterator[None]:
        """A bell that nobody waits for would hold the clock for ever."""
        self._running = True
        try:
            yield
        finally:
            self._running = False

    async def _next_turn(self) -> Moment | None:
        """When to ask next; None while there is nothing to ask about."""
        moments, now = [], self._clock.now()
        try:
            due = await self._store.read(lambda tx: outbox.next_poll(tx, Channel.VOICE))
            moments += [] if due is None else [due]
        except StoreUnavailable:
            self._log.warning("store_unavailable")
            moments.append(Moment(now + PAUSE_MS))
        if self._ordered_at is not None:
            # What was ordered last may not be written down yet; then it is no later than this.
            moments.append(self._first_poll(self._ordered_at))
        return Moment(max(min(moments), now + 1)) if moments else None

    async def _ask(self, inbox: Inbox) -> None:
        now = self._clock.now()
        if self._ordered_at is not None and now >= self._first_poll(self._ordered_at):
            self._ordered_at = None
        try:
            due = await self._store.write(lambda tx: self._due(tx, now), holding=True)
        except StoreUnavailable as error:
            self._log.warning("calls_not_read", reason=str(error))
            return
        for start in range(0, len(due), CALLS_AT_ONCE):
            await asyncio.gather(
                *(self._ask_about(inbox, poll) for poll in due[start : start + CALLS_AT_ONCE])
            )

    async def _ask_about(self, inbox: Inbox, poll: Poll) -> None:
        try:
            call = await self._read(poll.gateway_id)
            became = voice_meaning.delivery(call.status, call.answered_by)
            if became is not Delivery.UNDERWAY:
                await inbox.take_report(
                    DeliveryReport(Channel.VOICE, became, request=poll.request, gateway_id=poll.gateway_id)
                )
        except (NoAnswer, ProtocolError, StoreUnavailable) as error:
            self._log.warning("call_not_read", request=poll.request, reason=str(error))

    def _due(self, tx: Tx, now: Moment) -> list[Poll]:
        """Each is asked about again after half as long as it has been out."""
        due = outbox.polls_due(tx, Channel.VOICE, now, CALLS_A_TURN)
        for poll in sorted(due, key=attrgetter("request")):  # as everybody takes them
            out = max(now - poll.handed_at, self._after_ms) / 2
            outbox.poll_again(tx, [poll.request], Moment(now + round(out)))
        return due

    def _first_poll(self, ordered_at: Moment) -> Moment:
        return Moment(ordered_at + self._after_ms)
