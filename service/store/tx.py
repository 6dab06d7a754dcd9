"""A transaction in progress, as units of work see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, cast

from service.store.changes import Changes
from service.store.database import Connection, Row, Writing

__all__ = ["Row", "Tx"]


class Tx:
    """A transaction in progress. Statements are called by name (`queries/*.sql`), parameters by keyword."""

    __slots__ = ("_connection", "_queries", "changes")

    def __init__(
        self, opened: Connection, queries: Mapping[str, str], changes: Changes | None = None
    ) -> None:
        self._connection = opened
        self._queries = queries
        self.changes = changes if changes is not None else Changes()
        """What this unit changes in the roll-ups; written before the commit."""

    def take_changes(self) -> Changes:
        """What was gathered so far, to be written now."""
        taken, self.changes = self.changes, Changes()
        return taken

    def all(self, query: str, /, **params: object) -> list[Any]:
        """Every row (`Row`)."""
        return self._connection.execute(self._queries[query], params).fetchall()

    def one(self, query: str, /, **params: object) -> Row | None:
        """The first row, or None. Also for statements with RETURNING, which must give one row at most."""
        rows: list[Row] = self._connection.execute(self._queries[query], params).fetchall()
        return rows[0] if rows else None

    def sole(self, query: str, /, **params: object) -> Row:
        """The one row of a statement that always gives one (an aggregate, an INSERT with RETURNING)."""
        (row,) = self.all(query, **params)
        found: Row = row
        return found

    def ask(self, query: str, /, **params: object) -> Callable[[], list[Any]]:
        """As `all`, for who can wait for the rows: what is asked until somebody calls for any travels
        together."""
        return self._connection.ask(self._queries[query], params)

    def run(self, query: str, /, **params: object) -> int:
        """Execute, and say how many rows changed."""
        return self._connection.execute(self._queries[query], params).rowcount

    def send(self, query: str, /, **params: object) -> None:
        """Execute before anything that comes later; nobody waits for how it went. A mistake in it shows
        later, at the latest at the commit."""
        self.many(query, [params])

    def many(self, query: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """As `send`, once for each row."""
        cast(Writing, self._connection).send(self._queries[query], rows)


def listed(keys: Collection[bytes]) -> dict[str, Any]:
    """Requests, by their ids of 16 bytes, as a statement about many takes them."""
    return {"ids": b"".join(keys), "places": json.dumps(list(range(len(keys))))}
