"""The writer's thread: it alone writes and checkpoints, and many units share one commit.

Every unit that is waiting runs inside one transaction, a savepoint each; then one commit, one fsync; then
the callers are told. When the disk fails the whole group fails, and nothing of it has happened. After a
failed fsync the connection is closed and opened again before anything more is accepted, because a later
fsync may say yes to lost data.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.store import connection, rollups
from service.store.ballast import Ballast
from service.store.changes import Changes
from service.store.connection import StoreUnavailable
from service.store.tx import Tx

MAX_WAITING = 20_000
MAX_GROUP_SECONDS = 0.05
"""A group takes units for this long at most, so that a storm of large batches does not hold back the first
answers."""


@dataclass(slots=True, eq=False)
class Job:
    """A unit on its way: queued, run, and after the commit handed back.

    `erasing`: it frees room, so it may use up the ballast. `alone`: it runs outside any transaction."""

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


class Writer:
    """Queue and thread. `start` it once; `stop` finishes what is queued."""

    def __init__(self, path: Path) -> None:
        self.tally = Tally()
        self.available = True
        """Whether the last attempt to write succeeded."""
        self._path = path
        self._ballast = Ballast(path)
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)

    def start(self) -> None:
        """Take up the reserve and begin. The database must have been prepared."""
        self._ballast.hold()
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job. Errors: StoreUnavailable when closing, or when too many wait."""
        with self._changed:
            if self._closing:
                raise StoreUnavailable("the store is closed")
            if len(self._waiting) >= MAX_WAITING:
                raise StoreUnavailable("too many units are waiting for the disk")
            self._waiting.append(job)
            self._changed.notify()

    def waiting(self) -> int:
        """How many jobs are queued."""
        return len(self._waiting)

    def stop(self) -> None:
        """Take no more jobs; the thread ends when the queue is empty."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def join(self) -> None:
        """Wait for the thread to end."""
        self._thread.join()

    def _work(self) -> None:
        while (first := self._next()) is not None:
            jobs = [first]
            (self._perform_alone if first.alone else self._perform_together)(jobs)
            _hand_back(jobs)
        self._drop_connection()

    def _next(self) -> Job | None:
        """Wait for a job; None when the store closes and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._closing)
            return self._waiting.popleft() if self._waiting else None

    def _companions(self) -> Iterator[Job]:
        """The jobs that are waiting to join the group under way, as long as there are any."""
        while self._waiting and not self._waiting[0].alone:
            yield self._waiting.popleft()

    def _perform_together(self, jobs: list[Job]) -> None:
        """Run the first job and those waiting behind it as one transaction; adds the others to `jobs`."""
        error = self._transaction(self._joined_by(jobs))
        if error is None:
            return
        if connection.code(error.__cause__ or error) == sqlite3.SQLITE_BUSY:
            # They have waited behind this one; each waiting out the lock again would take them for ever.
            jobs.extend(self._companions())
        for job in jobs:
            job.error = error
        erasing = [job for job in jobs if job.erasing]
        full = connection.code(error.__cause__ or error) == sqlite3.SQLITE_FULL
        if erasing and full and self._ballast.give_up():
            self._erase(erasing)

    def _joined_by(self, jobs: list[Job]) -> Iterator[Job]:
        until = time.monotonic() + MAX_GROUP_SECONDS
        yield jobs[0]
        companions = self._companions()
        while time.monotonic() < until and (job := next(companions, None)) is not None:
            jobs.append(job)
            yield job

    def _erase(self, jobs: list[Job]) -> None:
        """On a full disk: what frees room is tried again in the room that the ballast took."""
        for job in jobs:
            job.error = None
        error = self._transaction(jobs)
        for job in jobs:
            job.error = error or job.error

    def _perform_alone(self, jobs: list[Job]) -> None:
        """Run one job outside any transaction."""
        try:
            jobs[0].result = jobs[0].unit(Tx(self._writing_connection()))
        except sqlite3.Error as error:
            jobs[0].error = self._noted(error)

    def _transaction(self, jobs: Iterable[Job]) -> Exception | None:
        """Run and commit; the error when the whole group failed, which is never a job's own."""
        units = 0
        try:
            opened = self._writing_connection()
            opened.execute("BEGIN IMMEDIATE")
            changes = Changes()
            for job in jobs:
                self._run(opened, job, changes)
                units += 1
            rollups.flush(Tx(opened, changes))
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

    def _run(self, opened: sqlite3.Connection, job: Job, changes: Changes) -> None:
        if not (job.erasing or self._ballast.hold()):
            job.error = StoreUnavailable("the disk is full")
            return
        opened.execute("SAVEPOINT unit")
        tx = Tx(opened)
        try:
            job.result = job.unit(tx)
            changes.join(tx.changes)
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


def _hand_back(jobs: list[Job]) -> None:
    """Tell the callers, waking each event loop once. A loop that has ended meanwhile needs no answer."""
    loops = {job.done.get_loop() for job in jobs}
    for loop in loops:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, [job for job in jobs if job.done.get_loop() is loop])


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        if job.done.done():
            continue
        if job.error is None:
            job.done.set_result(job.result)
        else:
            job.done.set_exception(job.error)
