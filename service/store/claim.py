"""One process to a database file.

SQLite before 3.51.3 can corrupt a write-ahead log that two connections write and checkpoint
(sqlite.org/wal.html, the WAL-reset bug), and two services on one file would void each other's leases. So
whoever opens the file holds a lock beside it; the system lets go of it when the process ends, however it
ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.store.database import StoreUnavailable


@contextmanager
def claimed(database: Path) -> Iterator[None]:
    """Hold `database` for the length of a block. Errors: StoreUnavailable when another process holds it."""
    try:
        held = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"cannot write beside it ({error.strerror})") from error
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreUnavailable("another process uses this database") from None
        yield
    finally:
        os.close(held)
