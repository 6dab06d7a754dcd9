"""A connection to PostgreSQL that writes, and saves ways to the server and back.

What nobody waits for travels with the next statement that somebody does, or with the COMMIT (pipeline mode,
libpq chapter 34.5). The server works it off in order; where one fails nothing behind it happens, and whoever
asked next is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

BEGIN = b"BEGIN; SELECT pg_current_xact_id()::text AS number"
"""The number tells afterwards what became of a transaction whose COMMIT went unanswered."""
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"

Rows = list[Mapping[str, object]]


class Session:
    """An open connection, in autocommit, with what was not sent yet."""

    def __init__(self, opened: psycopg.Connection[dict[str, Any]]) -> None:
        self.connection = opened
        """The driver's own."""
        self._unsent: list[tuple[bytes, Rows]] = []
        self.number = ""
        """Of the transaction in progress."""

    @property
    def closed(self) -> bool:
        """Whether it is of no use any more, as far as is known here."""
        return self.connection.closed

    def begin(self) -> None:
        """Begin a transaction."""
        begun = self.connection.execute(BEGIN, prepare=False)  # the server prepares no two statements at once
        begun.nextset()
        self.number = begun.fetchall()[0]["number"]

    def send(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute once for each row, before anything that is executed later."""
        if rows := list(rows):
            self._unsent.append((statement.encode(), rows))

    def execute(self, statement: str, parameters: Any = None) -> psycopg.Cursor[dict[str, Any]]:
        """Execute, after what was not sent yet."""
        if statement == ROLLBACK:  # what was not sent need not be undone
            self._unsent.clear()
        if not self._unsent:
            return self.connection.execute(statement.encode(), parameters)
        unsent, self._unsent = self._unsent, []
        with self.connection.pipeline():
            for before, rows in unsent:
                self.connection.cursor().executemany(before, rows)
            return self.connection.execute(statement.encode(), parameters)

    def close(self) -> None:
        """Whatever was not committed did not happen."""
        self.connection.close()
