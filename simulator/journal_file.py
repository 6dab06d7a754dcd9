"""The journal on disk: every entry, in one SQLite table, written in batches by a thread of its own.

The loop only appends to a list. With a write-ahead log and `synchronous=NORMAL` the file is whole whoever is
killed; a killed simulator loses at most its last batch (`PAUSE`), a clean stop nothing.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from simulator.journal import ANYTHING, Batch, Entry, Kind, Match, Page
from simulator.world import Moment

PAUSE = 0.05  # seconds a batch gathers
BACKLOG = 500_000  # entries that wait for a slow disk; more are dropped, and counted
ITEMS = 1_000  # single entries, or batches, written in one transaction
ATTEMPTS = 100  # how often a batch is tried while the disk says no, a second apart

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, wall REAL NOT NULL, kind TEXT NOT NULL,
    message TEXT, address TEXT, account TEXT, facts TEXT NOT NULL
) STRICT;
"""

READ = """
SELECT * FROM entry
WHERE seq > ?1 AND (?2 IS NULL OR address = ?2)
  AND (?3 IS NULL OR message = ?3) AND (?4 IS NULL OR account = ?4)
ORDER BY seq
"""


class JournalFile:
    """A listener for `Journal.listen` that keeps everything in the file at `path`. Open it before use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[Entry | Batch] = []
        self._backlog = 0
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self.dropped = 0
        self.trouble: str | None = None
        """Why the last batch could not be written; None while all is well."""

    def open(self) -> int:
        """Make or continue the file and start the thread; returns the number of its newest entry (0: none).

        Raises sqlite3.Error when the path cannot be a journal.
        """
        database = self._connect()
        try:
            database.executescript(SCHEMA)
            newest: int = database.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0]
        finally:
            database.close()
        self._thread.start()
        return newest

    def __call__(self, entry: Entry) -> None:
        self._put(entry, 1)

    def take(self, batch: Batch) -> None:
        """Keep many at once; they become rows in the thread."""
        self._put(batch, len(batch))

    def _put(self, item: Entry | Batch, size: int) -> None:
        if self._backlog + size > BACKLOG:
            self.dropped += size
            return
        with self._guard:
            self._waiting.append(item)
            self._backlog += size
        if not self._wake.is_set():
            self._wake.set()

    def waiting(self) -> int:
        """Entries that have yet to reach the file."""
        return self._backlog

    async def close(self) -> None:
        """Write what is left and end the thread. Afterwards the file is whole and has no log beside it."""
        self._ended.set()
        self._wake.set()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    async def read(self, after: int = 0, match: Match = ANYTHING, limit: int = 1_000) -> Page:
        """As `Journal.read`, from the file and what has yet to reach it. The loop does not wait."""
        with self._guard:
            waiting = tuple(self._waiting)
        return await asyncio.to_thread(self._read, waiting, after, match, limit)

    def _read(self, waiting: Iterable[Entry | Batch], after: int, match: Match, limit: int) -> Page:
        page = self._read_file(after, match, limit)
        if len(page.entries) >= limit:
            return page
        late = [entry for entry in _entries_of(waiting) if entry.seq > page.after]
        entries = [*page.entries, *(entry for entry in late if match.fits(entry))][:limit]
        cut = len(entries) == limit
        return Page(entries, entries[-1].seq if cut else late[-1].seq if late else page.after)

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=5.0, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        return database

    def _work(self) -> None:
        database = self._connect()
        try:
            while not self._ended.is_set():
                self._wake.wait()
                self._ended.wait(PAUSE)
                self._wake.clear()
                self._drain(database)
            self._drain(database)
        finally:
            database.close()

    def _drain(self, database: sqlite3.Connection) -> None:
        """Write everything that waits; entries leave the list only once they are in the file."""
        waiting = self._waiting[:]
        for start in range(0, len(waiting), ITEMS):
            items = waiting[start : start + ITEMS]
            entries = list(_entries_of(items))
            if not self._try(database, entries):
                self.dropped += len(entries)
            with self._guard:
                del self._waiting[: len(items)]
                self._backlog -= len(entries)

    def _try(self, database: sqlite3.Connection, entries: Sequence[Entry]) -> bool:
        for _ in range(ATTEMPTS):
            if self._write(database, entries):
                return True
            self._ended.wait(PAUSE * 20)
        return False

    def _write(self, database: sqlite3.Connection, batch: Sequence[Entry]) -> bool:
        try:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR REPLACE INTO entry VALUES (?,?,?,?,?,?,?,?)", map(_row, batch))
            database.execute("COMMIT")
        except sqlite3.Error as error:
            self.trouble = f"the journal cannot be written: {error}"
            if database.in_transaction:
                database.execute("ROLLBACK")
            return False
        self.trouble = None
        return True

    def _read_file(self, after: int, match: Match, limit: int) -> Page:
        database = self._connect()
        try:
            rows = map(_entry, database.execute(READ, (after, match.address, match.message, match.account)))
            entries = list(islice(filter(match.fits, rows), limit))
            newest: int = database.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0]
        finally:
            database.close()
        cut = len(entries) == limit
        return Page(entries, entries[-1].seq if cut else max(after, newest))


def _entries_of(items: Iterable[Entry | Batch]) -> Iterator[Entry]:
    for item in items:
        if isinstance(item, Batch):
            yield from item.entries()
        else:
            yield item


def _row(entry: Entry) -> tuple[object, ...]:
    names = map(_storable, (entry.message, entry.address, entry.account))
    facts = json.dumps(dict(entry.facts), ensure_ascii=True, separators=(",", ":"))
    return (entry.seq, entry.at, entry.wall, entry.kind.value, *names, facts)


def _storable(text: str | None) -> str | None:
    """A stranger's lone surrogate has no UTF-8: shown as an escape rather than ending the thread."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _entry(row: tuple[int, int, float, str, str | None, str | None, str | None, str]) -> Entry:
    seq, at, wall, kind, message, address, account, facts = row
    return Entry(seq, Moment(at), wall, Kind(kind), message, address, account, json.loads(facts))


def batches(path: Path, size: int = 1_000) -> Iterator[Sequence[Entry]]:
    """Every entry of a journal that is no longer being written, oldest first."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT * FROM entry ORDER BY seq")
        while batch := rows.fetchmany(size):
            yield [_entry(row) for row in batch]
    finally:
        database.close()
