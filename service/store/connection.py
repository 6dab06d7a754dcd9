"""How SQLite is opened, and which of its errors are the disk's and not ours.

Write-ahead log with `synchronous=FULL` (an answered commit survives a power cut), `secure_delete` (deleted
rows are overwritten), temporary tables in memory (no personal data in stray files). Only the writer's
connection ever checkpoints.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from service.store.sql import schema

VERSION = 3
BUSY_MS = 2_000
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
_HARMLESS = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class StoreUnavailable(Exception):
    """The database cannot be read or written now. Nothing of the unit has happened."""


def code(error: BaseException) -> int:
    """SQLite's primary result code, 0 for what is no error of SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def translated(error: Exception) -> Exception:
    """StoreUnavailable when the world is at fault, else the error itself: a mistake of ours."""
    reason = ENVIRONMENT.get(code(error))
    return error if reason is None else StoreUnavailable(reason)


def spoils(error: BaseException) -> bool:
    """Whether a connection that met this error must not be trusted any further (a failed fsync above all)."""
    return code(error) in ENVIRONMENT and code(error) not in _HARMLESS


def prepare(path: Path) -> None:
    """Make the tables if the file is new. Errors: StoreUnavailable."""
    try:
        opened = for_writing(path)
        try:
            _create_if_new(opened)
            _check_version(opened, path)
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise translated(error) from error


def for_writing(path: Path) -> sqlite3.Connection:
    """The one connection that writes and checkpoints."""
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"journal_size_limit={MAX_LOG_BYTES}",
        ):
            opened.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        opened.close()
        raise
    opened.row_factory = sqlite3.Row
    return opened


def for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, nor checkpoint when it closes."""
    opened = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    opened.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    opened.execute("PRAGMA temp_store=MEMORY")
    opened.execute("PRAGMA cache_size=-32768")
    opened.row_factory = sqlite3.Row
    return opened


def _create_if_new(opened: sqlite3.Connection) -> None:
    opened.execute("BEGIN IMMEDIATE")
    if not opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        for statement in _statements(schema()):
            opened.execute(statement)
    opened.execute("COMMIT")


def _check_version(opened: sqlite3.Connection, path: Path) -> None:
    try:
        (found,) = opened.execute("SELECT version FROM schema_version").fetchone()
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"{path.name} is some other program's database") from error
    if found != VERSION:
        raise StoreUnavailable(
            f"{path.name} has schema version {found}; this program knows version {VERSION}"
        )


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
