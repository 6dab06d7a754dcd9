"""Fetching what came back from the SMS gateway, for as long as anything is out with people.

The interval is a quarter of the time since something last happened, between bounds; nothing out, no timer, so
that a world's clock that jumps can run dry. The cursor is not kept: what a crash leaves unconfirmed is
offered again, and a second copy of a reply changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter

from service.clock import Bell, Clock, Moment
from service.domain.request import Channel
from service.gateways import sms_meaning
from service.gateways.exchange import Exchange, Peer
from service.gateways.http_peer import NoAnswer
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.store import outbox
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.outbox import Poll
from service.wire import enco
from service.wire.json_members import ProtocolError

LARGEST_BATCH = 4 * 1024 * 1024
REPLIES_A_POLL = 100
STATUSES_A_TURN = 200
STATUSES_AT_ONCE = 8
QUIET_PART = 4
"""The interval is this part of the time since something last happened."""


class Polls:
    """Polling of replies and delivery reports. `expect` when a message has gone out."""

    def __init__(
        self, peer: Peer, exchange: Exchange, store: Store, clock: Clock, meters: Meters, log: Log
    ) -> None:
        self._peer, self._exchange, self._store = peer, exchange, store
        self._clock, self._meters, self._log = clock, meters, log
        self._bell = Bell(clock)
        self._active_at = clock.now()
        self._polled_at: Moment | None = None
        self._wakes_at: Moment | None = None
        self._running = False

    def expect(self) -> None:
        """A message went out: look out for what comes back, unless the next look is soon anyway."""
        self._active_at = self._clock.now()
        soon = self._active_at + round(self._peer.shortest_poll * 1000)
        if self._running and (self._wakes_at is None or self._wakes_at > soon):
            self._wakes_at = Moment(soon)
            self._bell.ring()

    async def run(self, inbox: Inbox) -> None:
        """Poll until cancelled."""
        after = ""
        with self._bell.worker(), self._while_running():
            while True:
                self._wakes_at = await self._next_turn()
                await self._bell.wait(self._wakes_at)
                if self._wakes_at is None or self._clock.now() < self._wakes_at:
                    continue  # rung: something went out, so the next turn may be sooner
                self._polled_at = self._clock.now()
                after = await self._fetch_replies(inbox, after)
                await self._fetch_deliveries(inbox)

    @contextmanager
    def _while_running(self) -> Iterator[None]:
        """A bell that nobody waits for would hold the clock for ever."""
        self._running = True
        try:
            yield
        finally:
            self._running = False

    async def _next_turn(self) -> Moment | None:
        """None while nothing is out with anybody."""
        now = self._clock.now()
        try:
            if not await self._store.read(lambda tx: outbox.anything_out(tx, Channel.SMS, now)):
                return None
        except StoreUnavailable:
            self._log.warning("store_unavailable")
        if self._polled_at is None:
            return now
        quiet = max(self._polled_at - self._active_at, 0) / 1000 / QUIET_PART
        wait = min(max(quiet, self._peer.shortest_poll), self._peer.longest_poll)
        return Moment(self._polled_at + max(round(wait * 1000), 1))

    async def _fetch_replies(self, inbox: Inbox, after: str) -> str:
        """Everything that waits, batch by batch; asking for the next confirms the last. Returns the
        cursor.
        """
        while True:
            try:
                body = await self._exchange.get(enco.inbound_path(after, REPLIES_A_POLL), LARGEST_BATCH)
                batch = enco.read_inbound_list(body)
                await self._take(inbox, batch)
            except (NoAnswer, ProtocolError, StoreUnavailable) as error:
                self._log.warning("replies_not_fetched", reason=str(error))
                return after
            if batch.last_id is None or batch.last_id == after:
                return after
            after, self._active_at = batch.last_id, self._clock.now()

    async def _take(self, inbox: Inbox, batch: enco.InboundBatch) -> None:
        """All at once, so that they share a commit; they are begun, and so queued, in their order."""
        if batch.unreadable:
            self._meters.strays.labels("unreadable").inc(batch.unreadable)
        await asyncio.gather(*(inbox.take_reply(sms_meaning.reply(one)) for one in batch.messages))

    async def _fetch_deliveries(self, inbox: Inbox) -> None:
        """Ask what became of the messages whose turn it is, the longest waiting first."""
        now = self._clock.now()
        try:
            due = await self._store.write(lambda tx: self._due(tx, now), holding=True)
        except StoreUnavailable as error:
            self._log.warning("deliveries_not_fetched", reason=str(error))
            return
        for start in range(0, len(due), STATUSES_AT_ONCE):
            await asyncio.gather(
                *(self._fetch_delivery(inbox, poll) for poll in due[start : start + STATUSES_AT_ONCE])
            )

    def _due(self, tx: Tx, now: Moment) -> list[Poll]:
        """Each is asked about again after half as long as it has been out; a final answer ends that."""
        due = outbox.polls_due(tx, Channel.SMS, now, STATUSES_A_TURN)
        for poll in sorted(due, key=attrgetter("request")):  # as everybody takes them
            out = max((now - poll.handed_at) / 2, self._peer.shortest_poll * 2000)
            outbox.poll_again(tx, [poll.request], Moment(now + round(out)))
        return due

    async def _fetch_delivery(self, inbox: Inbox, poll: Poll) -> None:
        try:
            status = enco.read_delivery(await self._exchange.get(enco.delivery_path(poll.gateway_id)))
            await inbox.take_report(sms_meaning.report(status, poll.request, poll.gateway_id))
        except (NoAnswer, ProtocolError, StoreUnavailable) as error:
            self._log.warning("delivery_not_fetched", request=poll.request, reason=str(error))
