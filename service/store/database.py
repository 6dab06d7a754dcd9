"""What the store asks of a database engine, and how engines say what went wrong.

`sqlite` and `postgres` are the two there are. Everything about one engine stands in its module: how it is
opened, its dialect, what its errors mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Protocol

Row = Mapping[str, Any]
"""A row of a result, by column."""


class StoreUnavailable(Exception):
    """The database cannot be read or written now. Nothing of the unit has happened."""


class OutcomeUnknown(StoreUnavailable):
    """The database went away and does not say whether it has committed: everything of the unit has happened,
    or nothing."""


class Contested(Exception):
    """A unit finds that another process was faster: it is to run again."""


class Trouble(Enum):
    """What an error means for the group of units it befell."""

    MISTAKE = "of the unit's own: its neighbours are not concerned"
    CONTESTED = "others got in the way: it is to run again"
    BUSY = "somebody else holds the database"
    FULL = "no room left"
    GONE = "the connection was of no use before anything was done: the group is to run again on another"
    FAILING = "the connection is not to be trusted any further"


BROKEN = (Trouble.GONE, Trouble.FAILING)
"""What another connection may be spared."""


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """An open connection on which transactions are begun and ended by statements."""

    def execute(self, statement: Any, parameters: Any = ..., /) -> Cursor: ...

    def ask(self, statement: Any, parameters: Any, /) -> Callable[[], list[Any]]:
        """Execute, after what came before. Who wants the rows calls for them: what is asked until then may
        travel together."""

    def close(self) -> None: ...


class Writing(Connection, Protocol):
    """One that also writes."""

    def send(self, statement: Any, rows: Iterable[Mapping[str, object]], /) -> None:
        """Execute once for each row, before what is executed later; nobody waits for how it went."""


class Reserve(Protocol):
    """Room that is held back so that erasing works on a full disk."""

    held: bool

    def hold(self) -> bool: ...

    def give_up(self) -> bool: ...


class Database(Protocol):
    """One database. Its methods are called from the store's threads, each connection from one thread."""

    queries: Mapping[str, str]
    """The named statements in the engine's dialect."""
    errors: tuple[type[Exception], ...]
    """What its driver raises."""
    shared: bool
    """Whether other processes may write at the same time."""

    @property
    def reserve(self) -> Reserve: ...

    def prepare(self) -> None:
        """Make the tables, or bring them up to date. Errors: StoreUnavailable."""

    def for_writing(self) -> Writing: ...

    def for_reading(self) -> Connection: ...

    def usable(self, opened: Connection) -> bool:
        """Whether the connection is whole, as far as its end here knows."""

    def begin(self, opened: Writing) -> None:
        """Begin a transaction that writes."""

    def begin_reading(self, opened: Connection) -> None:
        """Begin one that reads a single snapshot."""

    def end_reading(self, opened: Connection) -> None:
        """Let go of that snapshot."""

    def commit(self, opened: Writing, last: Callable[[], object]) -> None:
        """Write `last`, for whose rows other processes wait, and end the transaction for good: when this
        returns it is on disk; when it raises, nothing happened."""

    def trouble(self, error: BaseException) -> Trouble: ...

    def translated(self, error: Exception) -> Exception:
        """StoreUnavailable when the world is at fault, else the error itself: a mistake of ours."""

    def log_bytes(self) -> int:
        """How much of what was erased may still stand in a log; 0 where there is none."""

    def truncate_log(self, opened: Connection) -> bool:
        """Empty that log; False when a reader is in the way."""

    def integrity(self, opened: Connection) -> list[str]:
        """What the engine finds wrong with its files; empty when all is well."""
