"""SQLite: how it is opened, and which of its errors are the disk's and not ours.

Write-ahead log with `synchronous=FULL` (an answered commit survives a power cut), `secure_delete` (deleted
rows are overwritten), temporary tables in memory (no personal data in stray files). Only the writer's
connection ever checkpoints.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from service.store import sql
from service.store.ballast import Ballast
from service.store.database import Connection, Contested, StoreUnavailable, Trouble, Writing

BUSY_MS = 2_000
SHORTLY_MS = 50
"""A checkpoint must not hold up the writer behind a long report: it is tried again later."""
CHECKPOINT_PAGES = 4_096
MAX_LOG_BYTES = 64 * 1024 * 1024

ENVIRONMENT = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not read or write",
    sqlite3.SQLITE_BUSY: "the database is locked by another process",
    sqlite3.SQLITE_LOCKED: "the database is locked",
    sqlite3.SQLITE_READONLY: "the database may not be written",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_PERM: "the database file may not be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_NOMEM: "memory ran out",
    sqlite3.SQLITE_PROTOCOL: "the database's locks do not work",
}
TROUBLES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
}
"""Every other error of the environment spoils the connection (a failed fsync above all)."""
PRAGMAS = (
    f"busy_timeout={BUSY_MS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    f"journal_size_limit={MAX_LOG_BYTES}",
)


class _Near(sqlite3.Connection):
    """Nothing travels, so nothing is kept back."""

    def ask(self, statement: str, parameters: Mapping[str, object]) -> Callable[[], list[sqlite3.Row]]:
        """See `database.Connection`."""
        rows = self.execute(statement, parameters).fetchall()
        return lambda: rows

    def send(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """See `database.Writing`."""
        self.executemany(statement, rows)


class Sqlite:
    """A database in a file. One process may hold it (`claim`)."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error, Contested)
    shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.queries: Mapping[str, str] = sql.queries()
        self.reserve = Ballast(path)

    def prepare(self) -> None:
        """Make the tables if the file is new, bring older ones up to date. Errors: StoreUnavailable."""
        try:
            opened = self._for_writing()
            try:
                opened.execute("BEGIN IMMEDIATE")
                _make_or_migrate(opened, self.path.name)
                opened.execute("COMMIT")
            finally:
                opened.close()
        except sqlite3.Error as error:
            raise self.translated(error) from error

    def for_writing(self) -> Writing:
        """The one connection that writes and checkpoints."""
        return cast(Writing, self._for_writing())

    def _for_writing(self) -> sqlite3.Connection:
        opened = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=_Near,
        )
        try:
            for pragma in PRAGMAS:
                opened.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            opened.close()
            raise
        opened.row_factory = sqlite3.Row
        return opened

    def for_reading(self) -> Connection:
        """A connection that cannot write, nor checkpoint when it closes."""
        opened = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=_Near,
        )
        opened.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        opened.execute("PRAGMA temp_store=MEMORY")
        opened.execute("PRAGMA cache_size=-32768")
        opened.row_factory = sqlite3.Row
        return cast(Connection, opened)

    def usable(self, opened: Connection) -> bool:
        """A file does not go away."""
        return True

    def begin(self, opened: Connection) -> None:
        """At once as the writer, so that nobody comes in between."""
        opened.execute("BEGIN IMMEDIATE")

    def begin_reading(self, opened: Connection) -> None:
        """The snapshot is taken by the first statement."""
        opened.execute("BEGIN")

    def end_reading(self, opened: Connection) -> None:
        """Let go of the snapshot."""
        opened.execute("ROLLBACK")

    def commit(self, opened: Connection, last: Callable[[], object]) -> None:
        """To the log, with an fsync."""
        last()
        opened.execute("COMMIT")

    def trouble(self, error: BaseException) -> Trouble:
        """By SQLite's primary result code."""
        if isinstance(error, Contested):
            return Trouble.CONTESTED
        code = _code(error)
        return TROUBLES.get(code, Trouble.FAILING) if code in ENVIRONMENT else Trouble.MISTAKE

    def translated(self, error: Exception) -> Exception:
        """See `Database.translated`."""
        reason = ENVIRONMENT.get(_code(error))
        return error if reason is None else StoreUnavailable(reason)

    def log_bytes(self) -> int:
        """The size of the write-ahead log, where erased data may still stand."""
        try:
            return self.path.with_name(self.path.name + "-wal").stat().st_size
        except OSError:
            return 0

    def truncate_log(self, opened: Connection) -> bool:
        """Move what the log holds into the file, and empty it."""
        opened.execute(f"PRAGMA busy_timeout={SHORTLY_MS}")
        try:
            ((busy, *_),) = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return bool(busy == 0)
        finally:
            opened.execute(f"PRAGMA busy_timeout={BUSY_MS}")

    def integrity(self, opened: Connection) -> list[str]:
        """One line for each fault."""
        rows = opened.execute("PRAGMA integrity_check").fetchall()
        return [found for (found,) in rows if found != "ok"]


def _code(error: BaseException) -> int:
    """SQLite's primary result code, 0 for what is no error of SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _make_or_migrate(opened: sqlite3.Connection, name: str) -> None:
    if not opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        _run(opened, sql.schema())
        return
    try:
        (found,) = opened.execute("SELECT version FROM schema_version").fetchone()
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"{name} is some other program's database") from error
    for migration in sql.migrations(found, name):
        _run(opened, migration)


def _run(opened: sqlite3.Connection, script: str) -> None:
    for statement in _statements(script):
        opened.execute(statement)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
