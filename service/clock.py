"""The only door to time and chance.

A `Clock` and a `Dice` are handed to whatever needs them. `Clock.now` is the world's time: windows,
intervals, back-off.
`Clock.wall` is this machine's: bearer tokens, rate limits of calls and signatures, which concern real
connections. When service and simulator run in one process they share one clock, and `at_work` keeps it from
jumping ahead.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NewType, Protocol
from uuid import UUID

Moment = NewType("Moment", int)
"""Milliseconds since 1970-01-01T00:00Z."""


class Clock(Protocol):
    """Time as the service knows it."""

    def now(self) -> Moment:
        """The world's time, cut off to whole milliseconds."""

    def wall(self) -> float:
        """This machine's time in seconds since the epoch."""

    async def sleep_until(self, moment: Moment) -> None:
        """Return once `now()` has reached `moment`; at once if it has already."""

    def at_work(self) -> AbstractContextManager[None]:
        """While held, work is under way and a clock in mode `auto` must not jump."""


_NOTHING_HELD = nullcontext()


class RealClock:
    """Time as this machine keeps it."""

    def now(self) -> Moment:
        return Moment(time.time_ns() // 1_000_000)

    def wall(self) -> float:
        return time.time()

    async def sleep_until(self, moment: Moment) -> None:
        while (left := moment - self.now()) > 0:  # noqa: ASYNC110  # a timer may fire a little early
            await asyncio.sleep(left / 1000)

    def at_work(self) -> AbstractContextManager[None]:
        return _NOTHING_HELD


class Bell:
    """Wakes one worker. From the ring until the worker waits again the clock counts as held,
    so that an `auto` clock cannot jump between the ring and the work it announces."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()
        self._hold: AbstractContextManager[None] | None = None

    def ring(self) -> None:
        """There is work. Ringing twice is ringing once."""
        if self._hold is None:
            self._hold = self._clock.at_work()
            self._hold.__enter__()
        self._rung.set()

    async def wait(self, until: Moment | None) -> None:
        """Sleep until somebody rings or `until` comes (None: only a ring wakes); then the worker is at
        work.
        """
        if not self._rung.is_set():
            self._release()
            await self._first_of_ring_and(until)
        self._rung.clear()
        self._take()

    async def _first_of_ring_and(self, until: Moment | None) -> None:
        async with asyncio.TaskGroup() as waiting:
            ring = waiting.create_task(self._rung.wait())
            if until is None:
                return
            alarm = waiting.create_task(self._clock.sleep_until(until))
            await asyncio.wait((ring, alarm), return_when=asyncio.FIRST_COMPLETED)
            self._take()
            ring.cancel()
            alarm.cancel()

    def _take(self) -> None:
        if self._hold is None:
            self._hold = self._clock.at_work()
            self._hold.__enter__()

    def _release(self) -> None:
        if self._hold is not None:
            hold, self._hold = self._hold, None
            hold.__exit__(None, None, None)

    @contextmanager
    def worker(self) -> Iterator[Bell]:
        """The worker's whole life: it starts at work, and whatever is held is let go when it ends."""
        self._take()
        try:
            yield self
        finally:
            self._release()


class Dice:
    """Chance. Seeded for tests; secrets always come from the operating system."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def fraction(self) -> float:
        """A number from 0 up to but not including 1, for jitter."""
        return self._random.random()

    def secret(self, size: int = 32) -> bytes:
        """`size` unguessable bytes."""
        return secrets.token_bytes(size)

    def secrets(self, many: int, size: int) -> list[bytes]:
        """`many` times `size` unguessable bytes: the operating system is asked once."""
        drawn = secrets.token_bytes(many * size)
        return [drawn[at : at + size] for at in range(0, many * size, size)]

    def request_ids(self, moments: Sequence[Moment]) -> list[UUID]:
        """UUIDs of version 7 (RFC 9562 §5.7): ordered by time, so that index pages fill in order."""
        return [
            UUID(int=self._head(now) << 64 | 0b10 << 62 | int.from_bytes(tail) >> 2)
            for now, tail in zip(moments, self.secrets(len(moments), 8), strict=True)
        ]

    def _head(self, now: Moment) -> int:
        return (now & (1 << 48) - 1) << 16 | 0x7 << 12 | self._random.getrandbits(12)
