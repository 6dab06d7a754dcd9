"""The only door to time and chance: the world's clock, its agenda, and the named streams (spec/gateway.md).

Theory of operation. `now` is a straight line over the machine's monotonic clock, so it never goes back; a
mode is the slope of that line, and a jump lifts it. Callbacks stand in one heap, ordered by moment and then
by the order in which they were scheduled; one timer of the event loop is armed for the earliest. Work that
takes real time (a delivery under way, a commit) is *held*: `auto` jumps, and `advance` takes its next step,
only after nothing has been held and nothing has run for several turns of the loop, so that tasks just woken
have come to their next wait.

The same object is the bundled service's clock when both run in one process.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import AbstractContextManager
from enum import Enum
from types import TracebackType

from simulator.agenda import Agenda, Callback
from simulator.agenda import Handle as Handle
from simulator.agenda import Moment as Moment
from simulator.chance import Cast as Cast
from simulator.chance import Chance as Chance
from simulator.chance import Draws as Draws
from simulator.chance import Streams as Streams
from simulator.chance import number_in as number_in
from simulator.chance import numbers_in as numbers_in

QUIET_TURNS = 16
"""Turns of the loop without work before the world counts as at rest: a woken task takes one or two to act."""
BATCH = 256
"""Callbacks run in one turn of the loop; then sockets get theirs."""
SHORTEST_SECONDS = 0.0005
"""Timers are not armed finer than this: `now` is cut off to milliseconds, so an early timer would spin."""


class Mode(Enum):
    """How the world's time goes by."""

    REAL = "real"
    SCALED = "scaled"
    FROZEN = "frozen"
    AUTO = "auto"


class _Hold:
    """Counts who is at work. Without state of its own, so that one object serves every `with`."""

    __slots__ = ("_clock",)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __enter__(self) -> None:
        self._clock._take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock._release()


class Clock:
    """The world's time and agenda. Belongs to one event loop; what is scheduled before it runs waits for
    it."""

    def __init__(
        self, mode: Mode = Mode.REAL, *, rate: float | None = None, start: Moment | None = None
    ) -> None:
        self._base: float = time.time_ns() // 1_000_000 if start is None else start
        self._anchor = time.monotonic()
        self._agenda = Agenda()
        self._ran = 0
        self._holding = 0
        self._hold = _Hold(self)
        self._free = asyncio.Event()
        self._free.set()
        self._stirs = 0  # grows with everything that happens; equal readings mean that nothing did
        self._timer: asyncio.Handle | None = None
        self._timer_for: float = math.inf
        self._watch: asyncio.Handle | None = None
        self._quiet = 0
        self._seen = 0
        self._driving = asyncio.Lock()
        self._driven = 0
        self._failure: BaseException | None = None
        self._mode, self._rate = mode, _slope(mode, rate)

    # Time

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def rate(self) -> float:
        """World seconds that pass in a second of this machine; 0 when frozen."""
        return self._rate

    def now(self) -> Moment:
        """The world's time, cut off to whole milliseconds."""
        return Moment(int(self._exact()))

    def wall(self) -> float:
        """This machine's time in seconds since the epoch."""
        return time.time()

    def _exact(self) -> float:
        if self._rate == 0:
            return self._base
        return self._base + (time.monotonic() - self._anchor) * 1000 * self._rate

    def set_mode(self, mode: Mode, rate: float | None = None) -> None:
        """Go on from the present moment in another way. ValueError unless a `rate` above 0 goes with
        `scaled`."""
        slope = _slope(mode, rate)
        self._lift(self._exact())
        if slope == 0:
            self._base = int(self._base)
        self._mode, self._rate = mode, slope
        self._arm()

    def _lift(self, moment: float) -> None:
        self._base, self._anchor = moment, time.monotonic()
        self._stirs += 1

    # The agenda

    def call_at(self, moment: Moment, callback: Callback, owner: object = None) -> Handle:
        """Run `callback` once `now()` has reached `moment`; a past moment means at the next turn of the loop.
        `owner` is whoever may `call_off` all that is its own.

        Callbacks of one moment run in the order they were scheduled. An error in one is given to the loop's
        exception handler and raised to whoever waits in `advance`, `drain` or `settled`; the others still
        run.
        """
        handle = self._agenda.put(moment, callback, owner)
        if moment < self._timer_for:
            self._arm()
        elif self._watch is None:
            self._look_for_rest()
        return handle

    def call_later(self, seconds: float, callback: Callback) -> Handle:
        """`call_at`, so many world seconds from now."""
        return self.call_at(Moment(self.now() + round(seconds * 1000)), callback)

    def call_off(self, owner: object) -> int:
        """Cancel everything that belongs to `owner`; returns how much that was."""
        handles = self._agenda.of(owner)
        for handle in handles:
            handle.cancel()
        return len(handles)

    def due_of(self, owner: object) -> int:
        """How many callbacks on the agenda belong to `owner`. Looks through all of it."""
        return len(self._agenda.of(owner))

    async def sleep_until(self, moment: Moment) -> None:
        """Return once `now()` has reached `moment`; at once if it has already."""
        if moment <= self.now():
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        handle = self.call_at(moment, lambda: None if woken.done() else woken.set_result(None))
        try:
            await woken
        finally:
            handle.cancel()

    async def sleep(self, seconds: float) -> None:
        """Sleep so many world seconds."""
        await self.sleep_until(Moment(self.now() + round(seconds * 1000)))

    def next_due(self) -> Moment | None:
        """When the earliest callback is due; None when nothing is."""
        return self._agenda.next_due()

    @property
    def due(self) -> int:
        """How many callbacks stand on the agenda."""
        return self._agenda.live

    def _is_due(self) -> bool:
        due = self.next_due()
        return due is not None and due <= self.now()

    # Work under way

    def at_work(self) -> AbstractContextManager[None]:
        """While held, `auto` does not jump and `advance` waits, so do not await `advance` inside."""
        return self._hold

    @property
    def holding(self) -> int:
        """How many are at work."""
        return self._holding

    def _take(self) -> None:
        self._holding += 1
        self._stirs += 1
        self._free.clear()

    def _release(self) -> None:
        self._holding -= 1
        self._stirs += 1
        if self._holding == 0:
            self._free.set()
            self._look_for_rest()

    # Running what is due

    def _arm(self) -> None:
        """Keep exactly one timer, for the earliest callback."""
        loop = asyncio._get_running_loop()
        if loop is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_for = None, math.inf
        due = self.next_due()
        if due is None:
            return
        left = due - self._exact()
        if left <= 0 or due <= self.now():
            self._timer, self._timer_for = loop.call_soon(self._run_due), due
        elif self._rate:
            seconds = max(left / 1000 / self._rate, SHORTEST_SECONDS)
            self._timer, self._timer_for = loop.call_later(seconds, self._run_due), due
        self._look_for_rest()

    def _run_due(self) -> None:
        """Run what is due, a batch at most; then arm for what is next."""
        self._timer, self._timer_for = None, -math.inf  # nothing scheduled meanwhile need arm: we do, below
        now, left = self.now(), BATCH
        try:
            while left and (callback := self._agenda.take(now)) is not None:
                self._ran += 1
                self._stirs += 1
                left -= 1
                callback()
        except BaseException as error:
            self._failure = self._failure or error
            raise
        finally:
            self._arm()

    # The mode `auto`

    def _look_for_rest(self) -> None:
        """Start to count quiet turns, unless somebody counts already or somebody else drives."""
        if self._mode is not Mode.AUTO or self._watch is not None or self._holding or self._driven:
            return
        loop = asyncio._get_running_loop()
        if loop is not None and self._agenda.live:
            self._quiet, self._seen = 0, self._stirs
            self._watch = loop.call_soon(self._count_turn)

    def _count_turn(self) -> None:
        self._watch = None
        due = self.next_due()
        if self._mode is not Mode.AUTO or self._holding or self._driven or due is None:
            return  # a release, a new callback, a change of mode or the end of the drive starts anew
        self._quiet = self._quiet + 1 if self._stirs == self._seen else 0
        self._seen = self._stirs
        if self._quiet >= QUIET_TURNS:
            self._quiet = 0
            self._jump(due)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_soon(self._count_turn)

    def _jump(self, moment: Moment) -> None:
        if moment > self.now():
            self._lift(moment)
        self._arm()

    # Driving by hand

    async def settled(self) -> None:
        """Return when nobody is at work and nothing is due now. Raises what a callback raised meanwhile."""
        self._arm()
        quiet, seen = 0, self._stirs
        while quiet < QUIET_TURNS:
            if self._holding:
                await self._free.wait()
                quiet = 0
            else:
                await asyncio.sleep(0)
                quiet = quiet + 1 if self._stirs == seen and not self._is_due() else 0
            seen = self._stirs
        self._raise_failure()

    async def advance(self, *, by: float | None = None, to: Moment | None = None) -> None:
        """Move on by seconds or to a moment: all that is due runs in order, and work settles between
        instants.

        Works in every mode; `auto` does not jump meanwhile. ValueError unless exactly one is given, and
        ahead; while the clock runs, a moment that has just gone by is where it is already.
        """
        if (by is None) == (to is None):
            raise ValueError("advance either by a duration or to a moment")
        if (by or 0) < 0 or (to is not None and self._rate == 0 and to < self.now()):
            raise ValueError("time only moves forward: the moment to advance to is past")
        async with self._driving:
            target = Moment(self.now() + round((by or 0) * 1000) if to is None else max(to, self.now()))
            await self._drive(target, limit=None)
            self._jump(target)
            await self.settled()

    async def drain(self, *, until: Moment | None = None, limit: int | None = None) -> int:
        """Run until nothing is left on the agenda, or nothing before `until`, or about `limit` callbacks ran.

        Returns how many ran. What schedules itself for ever never drains: give one of the bounds.
        """
        async with self._driving:
            return await self._drive(until, limit=limit)

    async def _drive(self, target: Moment | None, *, limit: int | None) -> int:
        self._driven += 1
        start = self._ran
        try:
            while limit is None or self._ran - start < limit:
                await self.settled()
                due = self.next_due()
                if due is None or (target is not None and due > target):
                    break
                self._jump(due)
        finally:
            self._driven -= 1
            self._arm()
        return self._ran - start

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Drop the agenda and the timer; what sleeps is left to be cancelled by its owner."""
        for timer in (self._timer, self._watch):
            if timer is not None:
                timer.cancel()
        self._timer, self._timer_for, self._watch = None, math.inf, None
        self._agenda.clear()


def _slope(mode: Mode, rate: float | None) -> float:
    if mode is Mode.SCALED:
        if rate is None or not (0 < rate < math.inf):
            raise ValueError("mode scaled needs a rate above 0, for example 60: a minute in a second")
        return float(rate)
    if rate is not None and rate != 1:
        raise ValueError(f"a rate goes with mode scaled only, not with {mode.value}")
    return 0.0 if mode is Mode.FROZEN else 1.0
