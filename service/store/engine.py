"""One writing connection whose commits are shared, and some for reading.

`write` queues a unit of work; the writer's thread runs every unit that is waiting inside one transaction (a
savepoint each), commits once with an fsync, and only then tells the callers. A unit is a plain function of
the connection: it either happens whole or not at all, whatever its neighbours do. `read` gives a unit one
consistent snapshot, in another thread.

Errors: `StoreUnavailable` when the disk is full, failing or locked (survey-api "Errors", 503): then nothing
of the unit happened. Whatever a unit raises itself goes to its own caller. After a failed fsync the
connection is closed and opened again before anything more is accepted, because a later fsync may say yes to
lost data.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from service.store import connection
from service.store.ballast import Ballast
from service.store.connection import StoreUnavailable
from service.store.sql import queries

__all__ = ["Row", "Store", "StoreUnavailable", "Tx"]

T = TypeVar("T")
Row = sqlite3.Row
MAX_WAITING = 20_000
MAX_GROUP_SECONDS = 0.05
"""A group takes units for this long at most, so that a storm of large batches does not hold back the first
answers."""


class Tx:
    """A transaction in progress. Statements are called by name (`queries/*.sql`), parameters by keyword."""

    __slots__ = ("_connection", "_queries")

    def __init__(self, opened: sqlite3.Connection) -> None:
        self._connection = opened
        self._queries = queries()

    def all(self, query: str, /, **params: object) -> list[Row]:
        """Every row."""
        return self._connection.execute(self._queries[query], params).fetchall()

    def one(self, query: str, /, **params: object) -> Row | None:
        """The first row, or None. Also for statements with RETURNING, which must give one row at most."""
        return next(iter(self.all(query, **params)), None)

    def sole(self, query: str, /, **params: object) -> Row:
        """The one row of a statement that always gives one (an aggregate, an INSERT with RETURNING)."""
        (row,) = self.all(query, **params)
        return row

    def run(self, query: str, /, **params: object) -> int:
        """Execute, and say how many rows changed."""
        return self._connection.execute(self._queries[query], params).rowcount

    def many(self, query: str, rows: Iterable[Mapping[str, object]], /) -> int:
        """Execute once for each row, and say how many rows changed."""
        return self._connection.executemany(self._queries[query], rows).rowcount


@dataclass(slots=True, eq=False)
class _Job:
    """A unit on its way: queued, run, and after the commit handed back."""

    unit: Callable[[Tx], Any]
    done: asyncio.Future[Any]
    erasing: bool
    alone: bool
    result: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class Tally:
    """What the writer has done so far. It writes here alone; anybody may read."""

    commits: int = 0
    units: int = 0
    """Units committed, several to a commit."""
    failures: int = 0
    """Groups that the disk refused."""
    commit_seconds: float = 0.0
    """Time spent in COMMIT, fsync included."""


class Store:
    """The database. Make it with `Store.open`, end it with `close`."""

    def __init__(self, path: Path, readers: int) -> None:
        self.tally = Tally()
        self._path = path
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._writer = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._connection: sqlite3.Connection | None = None
        self._ballast = Ballast(path)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
        self._reading = threading.local()
        self._read_connections: list[sqlite3.Connection] = []
        self.available = True
        """Whether the last attempt to write succeeded."""

    @classmethod
    async def open(cls, path: Path | str, *, readers: int = 2) -> Store:
        """Open the database in file `path`; make it when there is none.

        Errors: StoreUnavailable (no room, no permission, not a database, another version's)."""
        store = cls(Path(path), readers)
        await asyncio.to_thread(connection.prepare, store._path)
        store._ballast.hold()
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
        return len(self._waiting)

    async def close(self) -> None:
        """Finish every unit that is queued, then close. Closing twice is closing once."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        await asyncio.to_thread(self._wait_for_threads)

    async def _queued(self, unit: Callable[[Tx], Any], *, erasing: bool, alone: bool = False) -> Any:
        job = _Job(unit, asyncio.get_running_loop().create_future(), erasing, alone)
        with self._changed:
            if self._closing:
                raise StoreUnavailable("the store is closed")
            if len(self._waiting) >= MAX_WAITING:
                raise StoreUnavailable("too many units are waiting for the disk")
            self._waiting.append(job)
            self._changed.notify()
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

    # What follows runs in the writer's thread.

    def _work(self) -> None:
        while (first := self._next()) is not None:
            jobs = [first]
            (self._perform_alone if first.alone else self._perform_together)(jobs)
            _hand_back(jobs)
        self._drop_connection()

    def _next(self) -> _Job | None:
        """Wait for a job; None when the store closes and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            return self._waiting.popleft() if self._waiting else None

    def _companion(self, until: float) -> _Job | None:
        """Another job for the group under way, if one is waiting and there is time."""
        if not self._waiting or self._waiting[0].alone or time.monotonic() >= until:
            return None
        return self._waiting.popleft()

    def _perform_together(self, jobs: list[_Job]) -> None:
        """Run the first job and those waiting behind it as one transaction; adds the others to `jobs`."""
        until = time.monotonic() + MAX_GROUP_SECONDS
        error = self._transaction(self._joined_by(jobs, until))
        if error is None:
            return
        for job in jobs:
            job.error = error
        erasing = [job for job in jobs if job.erasing]
        full = connection.code(error.__cause__ or error) == sqlite3.SQLITE_FULL
        if erasing and full and self._ballast.give_up():
            self._erase(erasing)

    def _joined_by(self, jobs: list[_Job], until: float) -> Iterable[_Job]:
        yield jobs[0]
        while (job := self._companion(until)) is not None:
            jobs.append(job)
            yield job

    def _erase(self, jobs: list[_Job]) -> None:
        """On a full disk: what frees room is tried again in the room that the ballast took."""
        for job in jobs:
            job.error = None
        error = self._transaction(jobs)
        for job in jobs:
            job.error = error or job.error

    def _perform_alone(self, jobs: list[_Job]) -> None:
        """Run one job outside any transaction."""
        try:
            jobs[0].result = jobs[0].unit(Tx(self._writing_connection()))
        except sqlite3.Error as error:
            jobs[0].error = self._noted(error)

    def _transaction(self, jobs: Iterable[_Job]) -> Exception | None:
        """Run and commit; the error when the whole group failed, which is never a job's own."""
        units = 0
        try:
            opened = self._writing_connection()
            opened.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._run(opened, job)
                units += 1
            begun = time.perf_counter()
            opened.execute("COMMIT")
        except sqlite3.Error as error:
            self.tally.failures += 1
            return self._noted(error)
        self.tally.commits += 1
        self.tally.units += units
        self.tally.commit_seconds += time.perf_counter() - begun
        self.available = self._ballast.held
        return None

    def _run(self, opened: sqlite3.Connection, job: _Job) -> None:
        if not (job.erasing or self._ballast.hold()):
            job.error = StoreUnavailable("the disk is full")
            return
        opened.execute("SAVEPOINT unit")
        try:
            job.result = job.unit(Tx(opened))
        except Exception as error:  # whatever a unit raises belongs to its caller, not to this thread
            if connection.code(error) in connection.ENVIRONMENT:
                raise
            opened.execute("ROLLBACK TO unit")
            job.error = error
        opened.execute("RELEASE unit")

    def _noted(self, error: sqlite3.Error) -> Exception:
        """Bring the connection back to a known state after `error`."""
        self.available = False
        if connection.spoils(error):
            self._drop_connection()
        elif self._connection is not None and self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        translated = connection.translated(error)
        translated.__cause__ = None if translated is error else error
        return translated

    def _writing_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connection.for_writing(self._path)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            opened, self._connection = self._connection, None
            with suppress(sqlite3.Error):
                opened.close()


def _truncate_log(tx: Tx) -> bool:
    tx.run("wait_shortly")
    try:
        row = tx.one("truncate_log")
        return row is not None and row[0] == 0
    finally:
        tx.run("wait_normally")


def _hand_back(jobs: list[_Job]) -> None:
    """Tell the callers, waking each event loop once. A loop that has ended meanwhile needs no answer."""
    loops = {job.done.get_loop() for job in jobs}
    for loop in loops:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, [job for job in jobs if job.done.get_loop() is loop])


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done.done():
            continue
        if job.error is None:
            job.done.set_result(job.result)
        else:
            job.done.set_exception(job.error)
