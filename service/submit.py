"""The worker that hands messages to one gateway: lease what is due, keep to the pace, hand over, write down
what came of it.

One transaction a turn writes every outcome since the last turn and leases as many new messages as the window
and the pace allow, so that commits are shared however fast messages come and go. A message holds its place in
the window from its lease until its outcome is durable: a crash may repeat what is in the window, with the
same reference, and nothing else (survey-api "From a request to a response").
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from service.clock import Bell, Clock, Dice, Moment
from service.domain.pacing import Pace, retry_delay
from service.domain.request import Deferred, MtMessage, Outcome, Refused, RequestId, Submitted
from service.interfaces import Gateway, PromptGateway
from service.logs import Log
from service.meters import Meters
from service.store import outbox
from service.store.database import OutcomeUnknown
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.outbox import Leased, Taken
from service.store.vault import Opener, Vault, WrongMasterKey

LEASE_MS = 3_600_000
"""Beyond any hand-over. A process that died loses its leases when the next one starts, not by waiting for
their end.
"""
STORE_PAUSE_MS = 1_000
"""Between two attempts to write while the store cannot be written."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`window` messages in flight at most, `rate` a second (0: no limit), windows and intervals in seconds.

    `first_poll`: seconds from the hand-over to the first question what became of it; None for a gateway
    that tells.
    """

    window: int = 32
    rate: float = 0.0
    response_window: float = 259_200.0
    first_poll: float | None = None


class HandOver(NamedTuple):
    """One message that was handed over, or tried to be."""

    request: RequestId
    outcome: Outcome
    handed_at: Moment
    """Since when replies can belong to it: an earlier try may have reached the person."""
    began_at: Moment
    retry_at: Moment
    """For an outcome Deferred."""
    perhaps_taken: bool
    """This try or an earlier one may have reached the person, whatever the outcome says."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What one transaction of the worker gave: messages to hand over, when else to look, windows that
    began.
    """

    leased: list[tuple[Leased, str]]
    next_due: Moment | None
    window_ends: list[Moment]


class Submit:
    """Make one for each gateway, `await run()` it as a task, ring `bell` after accepting, `stop()` it in
    the end.
    """

    def __init__(
        self,
        gateway: Gateway,
        store: Store,
        vault: Vault,
        clock: Clock,
        dice: Dice,
        meters: Meters,
        log: Log,
        limits: Limits,
        *,
        on_window: Callable[[Moment], object],
    ) -> None:
        """`on_window` is told when a response window that has just begun will end."""
        self._gateway, self._store, self._vault = gateway, store, vault
        self._prompt = gateway if isinstance(gateway, PromptGateway) else None
        self._clock, self._dice, self._meters, self._limits = clock, dice, meters, limits
        self._log = log.bind(part="submit", channel=gateway.channel.value)
        self._on_window = on_window
        self._pace = Pace.of(limits.rate, clock.now())
        self._begun: set[RequestId] = set()
        self._done: list[HandOver] = []
        self._stopping = self._leasing = self._unsure = False
        self.bell = Bell(clock)

    @property
    def in_flight(self) -> int:
        """Messages whose hand-over has begun and is not yet written down."""
        return len(self._begun)

    def share(self, processes: int) -> None:
        """So many processes feed the gateway, this one included: each keeps to its part of the rate."""
        if self._limits.rate:
            self._pace = self._pace.shared(self._clock.now(), self._limits.rate / processes)

    @property
    def busy(self) -> bool:
        """Whether messages are being handed over, or leased at this moment."""
        return self._leasing or bool(self._begun)

    def stop(self) -> None:
        """Begin nothing more; `run` returns as soon as what has begun is finished and durable."""
        self._stopping = True
        self.bell.ring()

    async def run(self) -> None:
        """Work until stopped. What a process before us was handing over comes first, under the same
        references.
        """
        self._begun.clear()
        self._done.clear()
        with self.bell.worker():
            while not await self._void_leases():
                await self.bell.wait(Moment(self._clock.now() + STORE_PAUSE_MS))
            async with asyncio.TaskGroup() as hand_overs:
                while not self._stopping or self._begun:
                    await self._turn(hand_overs)

    async def _void_leases(self) -> bool:
        now, channel, worker = self._clock.now(), self._gateway.channel, self._store.worker
        alive = self._store.alive_since(self._clock.wall())
        try:
            again = await self._store.write(
                lambda tx: outbox.void_leases(tx, channel, now, worker=worker, alive=alive),
                holding=True,
            )
        except StoreUnavailable as error:
            self._log.error("store_unavailable", reason=str(error))
            return self._stopping
        if again:
            self._log.info("repeating_what_was_in_flight", messages=again)
        return True

    async def _turn(self, hand_overs: asyncio.TaskGroup) -> None:
        """Write what is finished, begin what may begin, and wait if there was neither."""
        now = self._clock.now()
        room = self._room(now)
        done, self._done = self._done, []
        if not done and not room:
            await self.bell.wait(self._wake_for_room(now))
            return
        self._leasing = True
        try:
            step = await self._store.write(lambda tx: self._step(tx, done, room, now), holding=True)
        except StoreUnavailable as error:
            self._log.error("store_unavailable", reason=str(error))
            self._unsure |= isinstance(error, OutcomeUnknown)
            await self._keep(done, now)
            return
        finally:
            self._leasing = False
        self._unsure = False
        self._close(done, step.window_ends)
        self._begin(step.leased, hand_overs, now)
        if room and not step.leased and not self._done:
            await self.bell.wait(step.next_due)

    async def _keep(self, done: list[HandOver], now: Moment) -> None:
        """Outcomes that could not be written: once more in a while."""
        if self._stopping:
            # No while is left. Whoever starts next finds the leases and repeats these.
            self._begun.difference_update(hand_over.request for hand_over in done)
            return
        self._done = done + self._done
        await self.bell.wait(Moment(now + STORE_PAUSE_MS))

    def _room(self, now: Moment) -> int:
        if self._stopping:
            return 0
        return self._pace.available(now, self._limits.window - len(self._begun))

    def _wake_for_room(self, now: Moment) -> Moment | None:
        """An outcome rings; only an exhausted pace must be slept out."""
        if self._stopping or len(self._begun) >= self._limits.window:
            return None
        return Moment(max(self._pace.ready_at(now), now + 1))

    def _step(self, tx: Tx, done: Sequence[HandOver], room: int, now: Moment) -> _Step:
        """Within a transaction: outcomes are written, new messages leased and opened."""
        ends = self.record(tx, done)
        channel, worker = self._gateway.channel, self._store.worker
        if self._unsure:
            outbox.return_leases(tx, channel, now, worker=worker, but=self._begun)
        if not room:
            return _Step([], None, ends)
        leased = outbox.lease_due(tx, channel, now, Moment(now + LEASE_MS), room, worker=worker)
        opener = self._vault.opener(tx)
        opened = [(one, self._opened(tx, opener, one)) for one in leased]
        ready = [(one, destination) for one, destination in opened if destination is not None]
        return _Step(ready, outbox.next_due(tx, channel, now), ends)

    def _opened(self, tx: Tx, opener: Opener, leased: Leased) -> str | None:
        try:
            return opener.unseal(leased.day, leased.request, leased.sealed)
        except WrongMasterKey as error:
            # It can never be sent, and must not hold up the rest.
            self._log.error("destination_unreadable", request=leased.request, reason=str(error))
            outbox.refuse(tx, leased.request)
            return None

    def record(self, tx: Tx, done: Sequence[HandOver]) -> list[Moment]:
        """Write down what came of hand-overs; when the response windows that began will end.

        What came back meanwhile, or a deletion, has precedence."""
        window = round(self._limits.response_window * 1000)
        taken = []
        if not all(isinstance(one.outcome, Submitted) for one in done):  # what is alike has one order anyway
            outbox.hold(tx, [one.request for one in done])
        for one in done:
            match one.outcome:
                case Submitted(gateway_id):
                    poll_at = self._first_poll(one.began_at)
                    taken.append(Taken(one.request, gateway_id, one.handed_at, poll_at))
                case Refused():
                    outbox.refuse(tx, one.request)
                case Deferred():
                    outbox.defer(
                        tx,
                        one.request,
                        due_at=one.retry_at,
                        taken=one.perhaps_taken,
                        worker=self._store.worker,
                    )
        if taken:
            outbox.mark_taken(tx, taken, window)
        return [Moment(one.handed_at + window) for one in taken]

    def _first_poll(self, began_at: Moment) -> Moment | None:
        if self._limits.first_poll is None:
            return None
        return Moment(began_at + round(self._limits.first_poll * 1000))

    def _close(self, done: Sequence[HandOver], window_ends: Sequence[Moment]) -> None:
        if window_ends:
            self._on_window(min(window_ends))
        for hand_over in done:
            self._begun.discard(hand_over.request)
        for kind, many in Counter(type(hand_over.outcome).__name__.lower() for hand_over in done).items():
            self._meters.handovers.labels(self._gateway.channel.value, kind).inc(many)
        self._meters.in_flight.labels(self._gateway.channel.value).set(len(self._begun))

    def _begin(
        self, leased: Sequence[tuple[Leased, str]], hand_overs: asyncio.TaskGroup, now: Moment
    ) -> None:
        # A lease that ended while its message is still under way is only prolonged.
        fresh = [(one, destination) for one, destination in leased if one.request not in self._begun]
        self._pace = self._pace.took(now, len(fresh))
        for one, destination in fresh:
            self._begun.add(one.request)
            self._hand_over(one, destination, hand_overs)
        self._meters.in_flight.labels(self._gateway.channel.value).set(len(self._begun))

    def _hand_over(self, leased: Leased, destination: str, hand_overs: asyncio.TaskGroup) -> None:
        """Begin one; its outcome rings."""
        channel = self._gateway.channel
        message = MtMessage(leased.request, channel, destination, leased.text, leased.language)
        began_at, hold = self._clock.now(), self._clock.at_work()
        hold.__enter__()
        done = partial(self._note, leased, began_at, hold)
        if self._prompt is None or not self._prompt.submit_now(message, done):
            hand_overs.create_task(self._wait_for(message, leased, began_at, hold))

    async def _wait_for(
        self, message: MtMessage, leased: Leased, began_at: Moment, hold: AbstractContextManager[None]
    ) -> None:
        outcome = None
        try:
            outcome = await self._gateway.submit(message)
        finally:
            if outcome is None:
                hold.__exit__(None, None, None)
        self._note(leased, began_at, hold, outcome)

    def _note(
        self, leased: Leased, began_at: Moment, hold: AbstractContextManager[None], outcome: Outcome
    ) -> None:
        self._done.append(self._finished(leased, outcome, began_at))
        self.bell.ring()
        hold.__exit__(None, None, None)

    def _finished(self, leased: Leased, outcome: Outcome, began_at: Moment) -> HandOver:
        now, retry_at, perhaps_taken = self._clock.now(), began_at, leased.perhaps_taken
        if isinstance(outcome, Deferred):
            delay = retry_delay(leased.tries - 1, self._dice.fraction(), outcome.retry_after)
            retry_at = Moment(min(now + round(delay * 1000), leased.closes_at))
            perhaps_taken = perhaps_taken or outcome.perhaps_taken
            if outcome.throttled:
                self._slow_down(now, outcome)
        return HandOver(leased.request, outcome, leased.handed_at, began_at, retry_at, perhaps_taken)

    def _slow_down(self, now: Moment, refused: Deferred) -> None:
        before, self._pace = self._pace, self._pace.throttled(now, refused.retry_after)
        if self._pace.base != before.base:  # of many that were refused together only the first changes it
            self._log.info("slowed_down", rate=round(self._pace.base, 1), reason=refused.reason)
