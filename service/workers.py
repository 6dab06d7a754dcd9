"""The service's workers: started together, started again when one breaks, and ended in order.

Those that hand over or close finish what they have begun; only then are those cancelled that fetch, because
what is under way is answered over the connections that they hold open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

from service.logs import Log, place
from service.meters import Meters

RESTART_SECONDS = 1.0


class Worker(Protocol):
    """Works until it is told to stop, and then returns once nothing is half done."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


Fetch = Callable[[], Awaitable[None]]
"""Works until cancelled."""


class Workers:
    """`begin` them once; `finish` returns when all have ended."""

    def __init__(self, stopping: asyncio.Event, log: Log, meters: Meters) -> None:
        """`stopping` is set by whoever ends the service, at the latest by `finish`."""
        self._stopping, self._log, self._meters = stopping, log, meters
        self._working: asyncio.Task[None] | None = None

    def begin(self, workers: Mapping[str, Worker], fetches: Mapping[str, Fetch]) -> None:
        """Start each under its name, by which logs and meters know it."""
        self._working = asyncio.create_task(self._work(workers, fetches))

    async def finish(self) -> None:
        """Tell them to stop, and wait until they have."""
        self._stopping.set()
        if self._working is not None:
            await self._working

    async def _work(self, workers: Mapping[str, Worker], fetches: Mapping[str, Fetch]) -> None:
        async with asyncio.TaskGroup() as together:
            finishing = [
                together.create_task(self._supervised(name, each.run)) for name, each in workers.items()
            ]
            fetching = [together.create_task(self._supervised(name, each)) for name, each in fetches.items()]
            await self._stopping.wait()
            for each in workers.values():
                each.stop()
            await asyncio.wait(finishing)
            for task in fetching:
                task.cancel()

    async def _supervised(self, name: str, run: Fetch) -> None:
        """A worker that breaks is noted and starts again: its work stands in the store."""
        while not self._stopping.is_set():
            try:
                await run()
            except Exception as error:
                # The last resort: one step of one worker fails, the service goes on.
                self._log.error("crashed", part=name, **place(error))
                self._meters.crashes.labels(name).inc()
                await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(RESTART_SECONDS):
                await self._stopping.wait()
