"""The rows of accepted requests inserted by nothing but SQLite, into the service's own tables (indexes
included) under its own pragmas: what a service on SQLite can reach at most.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from service.store.sqlite import Sqlite

NOON = 1_700_046_000_000
DAY_MS = 86_400_000
SEALED_BYTES = 40
STATEMENTS = (
    "INSERT INTO contact (account, fingerprint, until) VALUES (1, :fingerprint, :closes_at)",
    """INSERT INTO request (id, survey, question, language, channel, segment_set, accepted_at, state)
    VALUES (:id, :survey, :question, :language, :channel, :segment_set, :now, 1)""",
    """INSERT INTO envelope (request, account, channel, fingerprint, sealed, day, due_at, closes_at)
    VALUES (:id, :account, :channel, :fingerprint, :sealed, :day, :now, :closes_at)""",
)


@contextmanager
def inserting() -> Iterator[Callable[[int, int], float]]:
    """A database that grows. What it gives inserts so many requests, so many to a commit (WAL,
    synchronous=FULL), and says how many a second.
    """
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.sqlite3"
        Sqlite(path).prepare()
        opened = Sqlite(path).for_writing()
        try:
            _survey(opened)
            yield partial(_rate, opened, chance)
        finally:
            opened.close()


def _rate(opened: sqlite3.Connection, chance: random.Random, count: int, commit: int) -> float:
    rows = list(_rows(chance, count))
    start = time.perf_counter()
    for first in range(0, count, commit):
        _insert(opened, rows[first : first + commit])
    return count / (time.perf_counter() - start)


def _survey(opened: sqlite3.Connection) -> None:
    opened.execute("INSERT INTO account VALUES (1, 'bench', 0)")
    opened.execute("INSERT INTO survey (id, account, name, interaction_type) VALUES (1, 1, 'bench', 'bench')")


def _insert(opened: sqlite3.Connection, rows: list[dict[str, object]]) -> None:
    opened.execute("BEGIN IMMEDIATE")
    for statement in STATEMENTS:
        opened.executemany(statement, rows)
    opened.execute("COMMIT")


def _rows(chance: random.Random, count: int) -> Iterator[dict[str, object]]:
    """Ids of one moment, later than the last ones, and fingerprints, both at random, as the service makes."""
    now = NOON + time.monotonic_ns() // 1_000_000
    for _ in range(count):
        yield {
            "id": now.to_bytes(6) + chance.randbytes(10),
            "survey": 1,
            "question": 1,
            "language": "nl-BE",
            "channel": "SMS",
            "segment_set": 1,
            "now": now,
            "account": 1,
            "fingerprint": chance.randbytes(32),
            "sealed": chance.randbytes(SEALED_BYTES),
            "day": NOON // DAY_MS,
            "closes_at": NOON + DAY_MS,
        }
