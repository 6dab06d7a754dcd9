"""The writer's thread: it alone writes, and many units share one commit.

Every unit that is waiting runs inside one transaction; then one commit, one fsync; then the callers are told.
A unit that raises takes nothing of its neighbours along: what was done so far is rolled back, and each runs
again in a transaction of its own. So does each when another process got in the way of the group twice. When
the disk fails the whole group fails, and nothing of it has happened; the connection is opened again before
anything more is accepted, because a later fsync may say yes to lost data.

Where processes share a database, units that hold requests come first in a group, and are of one kind. Each
kind takes its requests in their order, but one kind after another does not: two processes would wait for each
other in a circle, and with them everybody until the server notices (`deadlock_timeout`, a second).

A unit may therefore run more than once, and must do nothing but what its transaction can undo.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from service.store import rollups
from service.store.changes import Changes
from service.store.database import BROKEN, Database, StoreUnavailable, Trouble, Writing
from service.store.jobs import Job, alike, by_kind, foretell, hand_back, results
from service.store.tx import Tx

MAX_WAITING = 20_000
MAX_GROUP_SECONDS = 0.05
"""A group takes units for this long at most, so that a storm of large batches does not hold back the first
answers."""
MAX_TOGETHER = 1_000
"""So many requests, or other units, join a group at once."""
MAX_TRIES = 10
"""How often a unit runs that others keep getting in the way of."""


@dataclass(slots=True)
class Tally:
    """What the writer has done so far. It writes here alone; anybody may read."""

    commits: int = 0
    units: int = 0
    """Units committed, several to a commit."""
    failures: int = 0
    """Groups that the disk refused."""
    repeats: int = 0
    """How often a group ran again or was taken apart, because of a unit of its own or of another process."""
    commit_seconds: float = 0.0
    """Time spent in COMMIT, fsync included."""


class _Undone(Exception):
    """A unit spoilt the transaction for its neighbours; `__cause__` is what it raised."""


class Writer:
    """Queue and thread. `start` it once; `stop` finishes what is queued."""

    def __init__(self, database: Database) -> None:
        self.tally = Tally()
        self.available = True
        """Whether the last attempt to write succeeded."""
        self._database = database
        self._reserve = database.reserve
        self._connection: Writing | None = None
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)

    def start(self) -> None:
        """Take up the reserve and begin. The database must have been prepared."""
        self._reserve.hold()
        self._thread.start()

    def put(self, jobs: Sequence[Job]) -> None:
        """Queue jobs. Errors: StoreUnavailable when closing, or when too many wait; then none is queued."""
        with self._changed:
            if self._closing:
                raise StoreUnavailable("the store is closed")
            if len(self._waiting) >= MAX_WAITING:
                raise StoreUnavailable("too many units are waiting for the disk")
            self._waiting.extend(jobs)
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
            hand_back(jobs)
        self._drop_connection()

    def _next(self) -> Job | None:
        """Wait for a job; None when the store closes and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._closing)
            return self._waiting.popleft() if self._waiting else None

    def _companions(self, room: int, first: Job | None = None) -> Iterator[Job]:
        """The jobs that are waiting to join the group under way, as long as there are any, and room. `first`:
        that of a group which has not begun."""
        while room > 0 and self._waiting and self._may_join(self._waiting[0], first):
            job = self._waiting.popleft()
            room -= job.weight
            yield job

    def _may_join(self, job: Job, first: Job | None) -> bool:
        if job.holding and self._database.shared:
            return first is not None and alike(first, job)
        return not job.alone

    def _joined_by(self, jobs: list[Job]) -> Iterator[list[Job]]:
        """The first job and those waiting behind it, which are added to `jobs`; those of a kind together."""
        until = time.monotonic() + MAX_GROUP_SECONDS
        come = [jobs[0], *self._companions(MAX_TOGETHER - jobs[0].weight, jobs[0])]
        jobs.extend(come[1:])
        while come:
            yield from by_kind(come)
            come = list(self._companions(MAX_TOGETHER)) if time.monotonic() < until else []
            jobs.extend(come)

    def _perform_together(self, jobs: list[Job]) -> None:
        """Run the first job and those waiting behind it as one transaction; adds the others to `jobs`."""
        trouble = self._transaction(self._joined_by(jobs), jobs)
        if trouble in (Trouble.GONE, Trouble.CONTESTED):
            self.tally.repeats += trouble is Trouble.CONTESTED
            for job in jobs:
                job.error = None
            trouble = self._transaction(by_kind(jobs), jobs)
            self.tally.failures += trouble is Trouble.GONE
        if trouble is Trouble.CONTESTED or (trouble is Trouble.MISTAKE and len(jobs) > 1):
            self.tally.repeats += 1
            self._perform_each(jobs)
        elif trouble is Trouble.BUSY:
            # They have waited behind this one; each waiting out the lock again would take them for ever.
            late = list(self._companions(MAX_WAITING))
            for job in late:
                job.error = jobs[0].error
            jobs.extend(late)
        elif trouble is Trouble.FULL:
            self._erase([job for job in jobs if job.erasing])

    def _perform_each(self, jobs: Sequence[Job]) -> None:
        """Each in a transaction of its own. What one has waited for in vain the others do not wait for."""
        for place, job in enumerate(jobs):
            if self._perform_singly(job) in (Trouble.FAILING, Trouble.BUSY):
                for late in jobs[place + 1 :]:
                    late.error = StoreUnavailable("the database was away before its turn came")
                return

    def _perform_singly(self, job: Job) -> Trouble | None:
        """One job, again while others get in its way."""
        for _ in range(MAX_TRIES):
            job.error = None
            trouble = self._transaction([[job]], [job])
            if trouble is not Trouble.CONTESTED:
                self.tally.failures += trouble is Trouble.GONE
                return trouble
        job.error = StoreUnavailable("others hold what is to be written")
        return Trouble.CONTESTED

    def _erase(self, jobs: Sequence[Job]) -> None:
        """On a full disk: what frees room is tried again in the room that the reserve took."""
        if jobs and self._reserve.give_up():
            for job in jobs:
                job.error = None
            self._transaction([[job] for job in jobs], jobs)

    def _perform_alone(self, jobs: list[Job]) -> None:
        """Run one job outside any transaction."""
        try:
            jobs[0].result = jobs[0].unit(self._writing_connection())
        except self._database.errors as error:
            jobs[0].error = self._noted(error)

    def _transaction(self, jobs: Iterable[list[Job]], concerned: Sequence[Job]) -> Trouble | None:
        """Run and commit. None, or why nothing happened; then those `concerned` carry the error."""
        units, changes = 0, Changes()
        try:
            opened = self._begun()
            for alike in jobs:
                self._run(opened, alike, changes)
                units += len(alike)
            last = Tx(opened, self._database.queries, changes)
            begun = time.perf_counter()
            self._database.commit(opened, partial(_end, last, concerned))
        except _Undone as undone:
            return self._undo(undone, concerned)
        except self._database.errors as error:
            return self._fail(error, concerned)
        self._committed(units, time.perf_counter() - begun)
        return None

    def _run(self, opened: Writing, jobs: list[Job], changes: Changes) -> None:
        """One job, or several of a kind."""
        if not (jobs[0].erasing or self._reserve.hold()):
            for job in jobs:
                job.error = StoreUnavailable("the disk is full")
            return
        tx = Tx(opened, self._database.queries)
        try:
            for job, result in zip(jobs, results(tx, jobs), strict=True):
                job.result = result
        except Exception as error:  # whatever a unit raises belongs to its caller, not to this thread
            if self._database.trouble(error) is not Trouble.MISTAKE:
                raise
            raise _Undone from error
        changes.join(tx.changes)

    def _undo(self, undone: _Undone, concerned: Sequence[Job]) -> Trouble:
        """A unit's own error: nothing of the transaction stays."""
        if self._connection is not None:
            with suppress(*self._database.errors):
                self._connection.execute("ROLLBACK")
        for job in concerned:
            job.error = undone.__cause__
        return Trouble.MISTAKE

    def _fail(self, error: Exception, concerned: Sequence[Job]) -> Trouble:
        trouble = self._database.trouble(error)
        translated = self._noted(error)
        if trouble not in (Trouble.CONTESTED, Trouble.GONE):  # those run again
            self.tally.failures += 1
        for job in concerned:
            job.error = translated
        return trouble

    def _committed(self, units: int, seconds: float) -> None:
        self.tally.commits += 1
        self.tally.units += units
        self.tally.commit_seconds += seconds
        self.available = self._reserve.held

    def _noted(self, error: Exception) -> Exception:
        """Bring the connection back to a known state after `error`."""
        trouble = self._database.trouble(error)
        if trouble in BROKEN:
            self._drop_connection()
        elif self._connection is not None:
            with suppress(*self._database.errors):
                self._connection.execute("ROLLBACK")
        self.available = self.available and trouble in (Trouble.MISTAKE, Trouble.CONTESTED)
        translated = self._database.translated(error)
        translated.__cause__ = None if translated is error else error
        return translated

    def _begun(self) -> Writing:
        """A connection with a transaction begun; a fresh one where the old one has broken meanwhile."""
        known = self._connection
        opened = self._writing_connection()
        try:
            self._database.begin(opened)
        except self._database.errors as error:
            if opened is not known or self._database.trouble(error) is not Trouble.FAILING:
                raise
            self._drop_connection()
            opened = self._writing_connection()
            self._database.begin(opened)
        return opened

    def _writing_connection(self) -> Writing:
        if self._connection is not None and not self._database.usable(self._connection):
            self._drop_connection()
        if self._connection is None:
            self._connection = self._database.for_writing()
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            opened, self._connection = self._connection, None
            with suppress(*self._database.errors):
                opened.close()


def _end(tx: Tx, jobs: Sequence[Job]) -> None:
    """What comes last in a transaction."""
    rollups.flush(tx)
    foretell(jobs)
