"""One writing connection whose commits are shared, and some for reading.

`write` queues a unit of work; the writer's thread runs every unit that is waiting inside one transaction (a
savepoint each), commits once with an fsync, and only then tells the callers. A unit is a plain function of
the connection: it either happens whole or not at all, whatever its neighbours do. `read` gives a unit one
consistent snapshot, in another thread.

Errors: `StoreUnavailable` when the disk is full, failing or locked (survey-api "Errors", 503): then nothing
of the unit happened. Whatever a unit raises itself goes to its own caller.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from service.store import connection
from service.store.connection import StoreUnavailable
from service.store.tx import Row, Tx
from service.store.writer import Job, Tally, Writer

__all__ = ["Row", "Store", "StoreUnavailable", "Tx"]

T = TypeVar("T")


class Store:
    """The database. Make it with `Store.open`, end it with `close`."""

    def __init__(self, path: Path, readers: int) -> None:
        self._path = path
        self._writer = Writer(path)
        self._closing = False
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
        self._reading = threading.local()
        self._read_connections: list[sqlite3.Connection] = []

    @classmethod
    async def open(cls, path: Path | str, *, readers: int = 2) -> Store:
        """Open the database in file `path`; make it when there is none.

        Errors: StoreUnavailable (no room, no permission, not a database, another version's)."""
        store = cls(Path(path), readers)
        await asyncio.to_thread(connection.prepare, store._path)
        store._writer.start()
        return store

    async def write(self, unit: Callable[[Tx], T], *, erasing: bool = False) -> T:
        """Run `unit` and return once it is durable. `erasing`: it frees room, so it may use up the
        ballast."""
        result: T = await self._queued(unit, erasing=erasing)
        return result

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
        emptied: bool = await self._queued(_truncate_log, erasing=True, alone=True)
        return emptied

    async def integrity(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when all is well."""
        return await self.read(lambda tx: [row[0] for row in tx.all("integrity") if row[0] != "ok"])

    def log_bytes(self) -> int:
        """The size of the write-ahead log, for the meters."""
        try:
            return self._path.with_name(self._path.name + "-wal").stat().st_size
        except OSError:
            return 0

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

    async def _queued(self, unit: Callable[[Tx], Any], *, erasing: bool, alone: bool = False) -> Any:
        job = Job(unit, asyncio.get_running_loop().create_future(), erasing, alone)
        self._writer.put(job)
        return await job.done

    def _wait_for_threads(self) -> None:
        self._readers.shutdown(wait=True)
        for opened in self._read_connections:
            opened.close()
        # The writer closes last: whoever closes last empties the write-ahead log.
        self._writer.join()

    # What follows runs in the readers' threads.

    def _read(self, unit: Callable[[Tx], T]) -> T:
        try:
            opened = self._reading_connection()
            opened.execute("BEGIN")
            try:
                return unit(Tx(opened))
            finally:
                opened.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise connection.translated(error) from error

    def _reading_connection(self) -> sqlite3.Connection:
        opened: sqlite3.Connection | None = getattr(self._reading, "connection", None)
        if opened is None:
            opened = self._reading.connection = connection.for_reading(self._path)
            self._read_connections.append(opened)
        return opened


def _truncate_log(tx: Tx) -> bool:
    tx.run("wait_shortly")
    try:
        row = tx.one("truncate_log")
        return row is not None and row[0] == 0
    finally:
        tx.run("wait_normally")
