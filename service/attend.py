"""The worker that shows others that this process is alive, and takes over from those that are not.

Only where several processes share a database. Every few seconds of this machine's time it is seen, counts who
else is, frees what the dead were handing over, and has the other workers look whether there is anything to do
that nobody told them of. Rates are shared out evenly among those alive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from service.clock import Clock
from service.domain.request import Channel
from service.logs import Log
from service.store import outbox, presence
from service.store.engine import Store, StoreUnavailable, Tx

ELSE = -1
"""No process has this number."""


class Attend:
    """`await run()` it as a task; `stop()` it in the end.

    `on_beat` looks for work; `on_company` hears how many are alive whenever that changes."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        log: Log,
        channels: Iterable[Channel],
        *,
        on_beat: Callable[[], object],
        on_company: Callable[[int], object],
    ) -> None:
        self._store, self._clock, self._log = store, clock, log.bind(part="attend")
        self._channels = tuple(channels)
        self._on_beat, self._on_company = on_beat, on_company
        self._alive = 1
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Be seen no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Until stopped; then this process strikes itself off, so that nobody waits for it."""
        while not self._stopping.is_set():
            await self._beat()
            with suppress(TimeoutError):
                async with asyncio.timeout(presence.BEAT_SECONDS):
                    await self._stopping.wait()
        with suppress(StoreUnavailable):
            await self._store.write(lambda tx: presence.leave(tx, self._store.worker, self._wall()))

    async def _beat(self) -> None:
        try:
            alive, freed = await self._store.write(self._seen, holding=True)
        except StoreUnavailable as error:
            self._log.error("store_unavailable", reason=str(error))
            return
        if alive != self._alive:
            self._log.info("company_changed", alive=alive)
            self._alive = alive
            self._on_company(alive)
        if freed:
            self._log.info("taking_over", messages=freed)
        self._on_beat()

    def _seen(self, tx: Tx) -> tuple[int, int]:
        """Within a transaction: how many are alive, and how many messages of the dead are due again."""
        wall, now = self._wall(), self._clock.now()
        alive = presence.beat(tx, self._store.worker, wall)
        if not alive:  # struck off while the database or this machine stood still
            self._store.worker = presence.enrol(tx, wall)
            alive = presence.beat(tx, self._store.worker, wall)
        since = self._store.alive_since(self._clock.wall())
        freed = sum(
            outbox.void_leases(tx, channel, now, worker=ELSE, alive=since) for channel in self._channels
        )
        return alive, freed

    def _wall(self) -> int:
        return int(self._clock.wall() * 1000)
