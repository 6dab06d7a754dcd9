"""→ CLOSED. What time ends (survey-api "From a request to a response", "Personal data").

A worker that sleeps until the next response window or validity ends, rounded up to a minute so that a
campaign's windows end in few sweeps; windows themselves are exact, because replies are held against
`closes_at`. A sweep closes requests, removes deleted surveys, destroys data keys that no destination needs,
drops what has expired, and empties the write-ahead log, where erased rows could still be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from service.clock import Bell, Clock, Moment
from service.domain.request import State
from service.logs import Log
from service.meters import Meters
from service.store import closing
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.vault import Vault

SLICE = 1_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
PAUSE_MS = 1_000
"""Until the next try when the store cannot be written, or a long report stands in the log's way."""

T = TypeVar("T")


class Close:
    """The worker. Ring `bell` after deleting a survey; tell it with `expect` what will end."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, meters: Meters, log: Log) -> None:
        self._store, self._vault, self._clock = store, vault, clock
        self._meters, self._log = meters, log
        self.bell = Bell(clock)
        self._wake: Moment | None = None
        self._erased = True  # what a process before this one erased may still stand in its log
        self._stopping = False

    def expect(self, moment: Moment) -> None:
        """Something will end at `moment`: wake for it, unless the worker wakes early enough anyway."""
        if self._wake is None or moment < self._wake:
            self.bell.ring()

    def stop(self) -> None:
        """Finish the sweep under way and return from `run`."""
        self._stopping = True
        self.bell.ring()

    async def run(self) -> None:
        """Sweep, sleep until the next ending, and so on until stopped."""
        with self.bell.worker():
            while not self._stopping:
                self._wake = None
                wake = await self._swept()
                self._wake = wake
                await self.bell.wait(wake)

    async def _swept(self) -> Moment | None:
        try:
            return await self.sweep(self._clock.now())
        except StoreUnavailable as error:
            self._log.error("store_unavailable", part="close", reason=str(error))
            return Moment(self._clock.now() + PAUSE_MS)

    async def sweep(self, now: Moment) -> Moment | None:
        """End everything that is over at `now`; when to sweep again, or None for not before something new
        happens.

        Errors: StoreUnavailable; what was done until then stays done."""
        await self._remove_deleted()
        await self._close_expired(now)
        await self._forget(now)
        emptied = await self._empty_log()
        return await self._store.read(lambda tx: _next_sweep(tx, now, emptied=emptied))

    async def _remove_deleted(self) -> None:
        while await self._erase(lambda tx: closing.purge_deleted(tx, SLICE)):
            self._erased = True

    async def _close_expired(self, now: Moment) -> None:
        ended: Counter[State] = Counter()
        while (slice_ := await self._erase(lambda tx: closing.close_expired(tx, now, SLICE))).total():
            self._erased = True
            ended += slice_
            if slice_.total() < SLICE:
                break
        for state, many in ended.items():
            self._meters.closed.labels(state.name).inc(many)
        if ended:
            self._log.info("closed", **{state.name.lower(): many for state, many in ended.items()})

    async def _forget(self, now: Moment) -> None:
        if await self._erase(closing.destroy_keys):
            self._vault.forget()
            self._erased = True
        while await self._erase(lambda tx: closing.forget(tx, now, self._clock.wall(), SLICE)) >= SLICE:
            self._erased = True

    async def _empty_log(self) -> bool:
        """Whether nothing erased is left in the write-ahead log."""
        if self._erased:
            self._erased = not await self._store.truncate_log()
        return not self._erased

    async def _erase(self, unit: Callable[[Tx], T]) -> T:
        return await self._store.write(unit, erasing=True)


def _next_sweep(tx: Tx, now: Moment, *, emptied: bool) -> Moment | None:
    moments = []
    if (ends := closing.next_closing(tx)) is not None:
        moments.append(_rounded_up(max(ends, now + 1), MINUTE_MS))
    if closing.keys_left(tx):
        # The last destination under a key goes with a hand-over, which is no ending: look again on the hour.
        moments.append(_rounded_up(now + 1, HOUR_MS))
    if not emptied:
        moments.append(now + PAUSE_MS)
    return Moment(min(moments)) if moments else None


def _rounded_up(moment: int, step: int) -> int:
    return -(-moment // step) * step
