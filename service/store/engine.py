"""One writing connection whose commits are shared, and some for reading.

`write` queues a unit of work; the writer's thread runs every unit that is waiting inside one transaction,
commits once with an fsync, and only then tells the callers. A unit is a plain function of the transaction: it
either happens whole or not at all, whatever its neighbours do, and may run more than once until it does.
`read` gives a unit one consistent snapshot, in another thread.

Errors: `StoreUnavailable` when the database is full, failing, locked or away (survey-api "Errors", 503): then
nothing of the unit happened. Whatever a unit raises itself goes to its own caller.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from service.store import presence
from service.store.database import BROKEN, Connection, Database, Row, StoreUnavailable
from service.store.jobs import Job, Prepare, Then, resolve, tell
from service.store.sqlite import Sqlite
from service.store.tx import Tx
from service.store.writer import Tally, Writer

__all__ = ["Row", "Store", "StoreUnavailable", "Tx"]

T = TypeVar("T")

MOST_POSTED = 16
"""So many posted units wait for no more of them."""


class Store:
    """The database. Make it with `Store.open`, end it with `close`."""

    def __init__(self, database: Database, readers: int) -> None:
        self._database = database
        self._writer = Writer(database)
        self._closing = False
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
        self._reading = threading.local()
        self._read_connections: list[Connection] = []
        self._posted: list[Job] = []
        self.worker = 0
        """The number of this process among those that work on the database."""

    @classmethod
    async def open(cls, where: Database | Path | str, *, readers: int = 2) -> Store:
        """Open a database, or the SQLite database in a file; make it when there is none.

        Errors: StoreUnavailable (no room, no permission, not a database, another version's)."""
        store = cls(Sqlite(Path(where)) if isinstance(where, Path | str) else where, readers)
        database = store._database
        await asyncio.to_thread(database.prepare)
        store._writer.start()
        return store

    async def write(self, unit: Callable[[Tx], T], *, erasing: bool = False, holding: bool = False) -> T:
        """Run `unit` and return once it is durable. `erasing`: it frees room, so it may use up the
        ballast. `holding`: it changes requests that other processes may want to change, too. A unit that has
        `together` is done with all others of that kind that are waiting."""
        result: T = await self._queued(unit, erasing=erasing, holding=holding)
        return result

    def post(self, unit: Callable[[Tx], Any], then: Then, prepare: Prepare | None = None) -> None:
        """As `write`, for a caller that does not wait: `then` is told, and before it `prepare` (`jobs`). What
        is posted while the event loop finds ever more to do is queued together: the writer then has the
        interpreter to itself."""
        loop = asyncio.get_running_loop()
        if not self._posted:
            loop.call_soon(self._queue_posted, loop, 0)
        self._posted.append(_job(unit, loop, then, prepare=prepare))

    async def read(self, unit: Callable[[Tx], T]) -> T:
        """Run `unit` on one snapshot that holds everything committed so far."""
        if self._closing:
            raise StoreUnavailable("the store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)

    async def probe(self) -> None:
        """Write one row, to learn whether writing works. Errors: StoreUnavailable."""
        await self.write(lambda tx: tx.run("heartbeat"))

    async def truncate_log(self) -> bool:
        """Empty the write-ahead log, where erased data may still stand; False when a reader is in the way."""
        emptied: bool = await self._queued(self._database.truncate_log, erasing=True, alone=True)
        return emptied

    async def integrity(self) -> list[str]:
        """What the engine finds wrong with its files; empty when all is well."""
        return await self.read(lambda tx: self._database.integrity(tx._connection))

    def log_bytes(self) -> int:
        """The size of the write-ahead log, for the meters."""
        return self._database.log_bytes()

    def alive_since(self, wall: float) -> int:
        """Since when a process must have been seen to count as alive, by this machine's time in
        milliseconds. Where one process has the database to itself no other does."""
        return int(wall * 1000) - presence.DEAD_AFTER_MS if self.shared else presence.ETERNITY

    @property
    def shared(self) -> bool:
        """Whether other processes may write at the same time."""
        return self._database.shared

    def waiting(self) -> int:
        """How many units wait for the writer, for the meters."""
        return self._writer.waiting()

    @property
    def tally(self) -> Tally:
        """What the writer has done so far."""
        return self._writer.tally

    @property
    def available(self) -> bool:
        """Whether the last attempt to write succeeded."""
        return self._writer.available

    async def close(self) -> None:
        """Finish every unit that is queued, then close. Closing twice is closing once."""
        self._closing = True
        self._writer.stop()
        await asyncio.to_thread(self._wait_for_threads)

    async def _queued(
        self, unit: Callable[[Any], Any], *, erasing: bool, alone: bool = False, holding: bool = False
    ) -> Any:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        then = partial(resolve, done)
        self._writer.put([_job(unit, loop, then, erasing=erasing, alone=alone, holding=holding)])
        return await done

    def _queue_posted(self, loop: asyncio.AbstractEventLoop, before: int) -> None:
        """Queue what was posted, unless the loop has brought more since there were `before`."""
        if before < len(self._posted) < MOST_POSTED:
            loop.call_soon(self._queue_posted, loop, len(self._posted))
            return
        jobs, self._posted = self._posted, []
        try:
            self._writer.put(jobs)
        except StoreUnavailable as error:
            for job in jobs:
                job.error = error
            tell(jobs)

    def _wait_for_threads(self) -> None:
        self._readers.shutdown(wait=True)
        for opened in self._read_connections:
            opened.close()
        # The writer closes last: whoever closes last empties the write-ahead log.
        self._writer.join()

    # What follows runs in the readers' threads.

    def _read(self, unit: Callable[[Tx], T]) -> T:
        """Once more on a fresh connection where the old one has broken since it was used last."""
        fresh = getattr(self._reading, "connection", None) is None
        try:
            return self._read_once(unit)
        except self._database.errors as error:
            if fresh or self._database.trouble(error) not in BROKEN:
                raise self._database.translated(error) from error
        try:
            return self._read_once(unit)
        except self._database.errors as error:
            raise self._database.translated(error) from error

    def _read_once(self, unit: Callable[[Tx], T]) -> T:
        opened = self._reading_connection()
        try:
            self._database.begin_reading(opened)
            try:
                return unit(Tx(opened, self._database.queries))
            finally:
                self._database.end_reading(opened)
        except self._database.errors as error:
            if self._database.trouble(error) in BROKEN:
                self._drop_reading(opened)
            raise

    def _reading_connection(self) -> Connection:
        opened: Connection | None = getattr(self._reading, "connection", None)
        if opened is None:
            opened = self._reading.connection = self._database.for_reading()
            self._read_connections.append(opened)
        return opened

    def _drop_reading(self, opened: Connection) -> None:
        self._reading.connection = None
        self._read_connections.remove(opened)
        with suppress(*self._database.errors):
            opened.close()


def _job(
    unit: Callable[[Any], Any],
    loop: asyncio.AbstractEventLoop,
    then: Then,
    *,
    erasing: bool = False,
    alone: bool = False,
    holding: bool = False,
    prepare: Prepare | None = None,
) -> Job:
    together, weight = getattr(unit, "together", None), getattr(unit, "weight", 1)
    return Job(unit, loop, then, erasing, alone, together, weight, holding, prepare)
