"""→ CLOSED. What time ends (survey-api "From a request to a response", "Personal data").

A worker that sleeps until the next response window or validity ends, rounded up to a minute so that a
campaign's windows end in few sweeps; windows themselves are exact, because replies are held against
`closes_at`. A sweep closes requests, removes deleted surveys, destroys data keys that no destination needs,
drops what has expired, and empties the write-ahead log, where erased rows could still be read.
"""

from __future__ import annotations

from service.clock import Bell, Clock, Moment
from service.logs import Log
from service.meters import Meters
from service.store import closing
from service.store.closing import Swept
from service.store.engine import Store, StoreUnavailable
from service.store.vault import Vault

SLICE = 1_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
PAUSE_MS = 1_000
"""Until the next try when the store cannot be written, or a long report stands in the log's way."""


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
            self._vault.forget()  # keys may have been destroyed all the same
            return Moment(self._clock.now() + PAUSE_MS)

    async def sweep(self, now: Moment) -> Moment | None:
        """End everything that is over at `now`; when to sweep again, or None for not before something new
        happens.

        Errors: StoreUnavailable; what was done until then stays done."""
        swept = await self._slice(now)
        while swept.more:
            swept = await self._slice(now)
        if self._erased:
            self._erased = not await self._store.truncate_log()
        return _next_sweep(swept, now, emptied=not self._erased)

    async def _slice(self, now: Moment) -> Swept:
        wall = self._clock.wall()
        swept = await self._store.write(
            lambda tx: closing.sweep(tx, now, wall, SLICE), erasing=True, holding=True
        )
        self._erased |= swept.erased
        if swept.keys_destroyed:
            self._vault.forget()
        for state, many in swept.ended.items():
            self._meters.closed.labels(state.name).inc(many)
        if swept.ended:
            self._log.info("closed", **{state.name.lower(): many for state, many in swept.ended.items()})
        return swept


def _next_sweep(swept: Swept, now: Moment, *, emptied: bool) -> Moment | None:
    moments = []
    if swept.next_closing is not None:
        moments.append(_rounded_up(max(swept.next_closing, now + 1), MINUTE_MS))
    if swept.keys_left:
        # The last destination under a key goes with a hand-over, which is no ending: look again on the hour.
        moments.append(_rounded_up(now + 1, HOUR_MS))
    if not emptied:
        moments.append(now + PAUSE_MS)
    return Moment(min(moments)) if moments else None


def _rounded_up(moment: int, step: int) -> int:
    return -(-moment // step) * step
