"""A connection to PostgreSQL that saves ways to the server and back.

What nobody waits for yet travels with the next statement that somebody does wait for, or with the COMMIT
(pipeline mode, libpq chapter 34.5): all in one piece, each statement planned once. The server works it off in
order; where one fails nothing behind it happens, and whoever asked next is told.
"""

from __future__ import annotations

import itertools
import select
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psycopg
from psycopg import abc
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult

from service.store.statement import numbered, written

COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"
NUMBER = "SELECT pg_current_xact_id()::text AS number"
"""It tells afterwards what became of a transaction whose COMMIT went unanswered."""

PATIENCE_SECONDS = 60.0
"""A server that has said nothing for this long while it was waited for is given up."""

Row = dict[str, Any]
_NOTHING: Mapping[str, object] = {}


class Gone(psycopg.OperationalError):
    """The server left before it had answered anything in this transaction: nothing of it has happened."""


class Result:
    """Of a statement that was executed."""

    __slots__ = ("_found", "_load")

    def __init__(self, found: PGresult, load: abc.Transformer) -> None:
        self._found, self._load = found, load

    @property
    def rowcount(self) -> int:
        """How many rows it gave or changed."""
        return self._found.command_tuples or 0

    @property
    def word(self) -> bytes:
        """What the server says it has done, a command's name first."""
        return self._found.command_status or b""

    def fetchall(self) -> list[Row]:
        """Every row, by column."""
        found = self._found
        names = [(found.fname(place) or b"").decode() for place in range(found.nfields)]
        self._load.set_pgresult(found)
        return self._load.load_rows(0, found.ntuples, lambda values: dict(zip(names, values, strict=True)))


class _Call:
    """A statement on its way: sent as soon as somebody waits."""

    __slots__ = ("result", "statement", "values")

    def __init__(self, statement: str, parameters: Mapping[str, object]) -> None:
        self.statement = numbered(statement)
        self.values = written(self.statement.names, parameters)
        self.result: PGresult | None = None

    def take(self, result: PGresult) -> None:
        """It was executed."""
        self.result = result


class Session:
    """An open connection, in autocommit, with what was not sent yet."""

    def __init__(self, opened: psycopg.Connection[Row], life: object = None) -> None:
        """`life`: what the server's is known by, from one crash to the next."""
        self.life = life
        self._connection, self._wire = opened, opened.pgconn
        self._load = Transformer(opened)
        self._poll = select.poll()
        self._poll.register(self._wire.socket)
        self._unsent: list[_Call] = []
        self._awaited: list[Callable[[PGresult], object]] = []
        """Who takes the answers that are to come, in order."""
        self._names: dict[bytes, bytes] = {}
        """Of statements that the server has planned."""
        self._numbers = itertools.count()
        self._numbered: _Call | None = None
        self._begun = False
        self._wire.enter_pipeline_mode()

    def usable(self) -> bool:
        """Whether the server is there, as far as is known here."""
        return self._wire.status == ConnStatus.OK

    def begin(self, how: str = "BEGIN") -> None:
        """Begin a transaction, with the first statement that somebody waits for."""
        self._numbered, self._begun = None, False
        self._unsent = [_Call(how, _NOTHING)]

    def begin_numbered(self) -> None:
        """The same for one that will be committed."""
        self.begin()
        self._numbered = _Call(NUMBER, _NOTHING)
        self._unsent.append(self._numbered)

    @property
    def number(self) -> str:
        """Of the transaction in progress; asked for where it is not known yet."""
        if self._numbered is None:
            raise LookupError("no transaction with a number was begun")
        return str(self._answer(self._numbered).fetchall()[0]["number"])

    def commit(self) -> None:
        """Make durable what was done since `begin`. Errors: psycopg.Error, also where an earlier mistake that
        nobody minded has made the server undo it, which it does without an error."""
        if self.execute(COMMIT).word != COMMIT.encode():
            raise psycopg.errors.InFailedSqlTransaction("the transaction was undone for an earlier mistake")

    def send(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute once for each row, before anything that is executed later."""
        self._unsent += [_Call(statement, row) for row in rows]

    def ask(self, statement: str, parameters: Mapping[str, object]) -> Callable[[], list[Row]]:
        """Execute, after what was not sent yet. Who wants the rows calls for them, and waits then."""
        call = _Call(statement, parameters)
        self._unsent.append(call)
        return lambda: self._answer(call).fetchall()

    def execute(self, statement: str, parameters: Mapping[str, object] = _NOTHING) -> Result:
        """Execute, after what was not sent yet, and wait."""
        if statement == ROLLBACK:  # what was not sent need not be undone
            self._unsent.clear()
        call = _Call(statement, parameters)
        self._unsent.append(call)
        return self._answer(call)

    def leave(self) -> None:
        """Undo whatever was begun; nobody waits for that."""
        self._unsent.clear()
        if self._begun:
            self.send(ROLLBACK, [_NOTHING])
            self._hand_over()
            self._begun = False

    def close(self) -> None:
        """Whatever was not committed did not happen."""
        self._connection.close()

    def _answer(self, call: _Call) -> Result:
        if call.result is None:
            self._exchange()
        if call.result is None:
            raise psycopg.OperationalError("the statement was given up")
        return Result(call.result, self._load)

    def _exchange(self) -> None:
        """One way to the server and back. Errors: psycopg.Error, of the first statement that has one."""
        begun = self._begun
        try:
            self._hand_over()
            failed = self._receive()
        except psycopg.Error as error:
            self.close()  # answers may be under way that nobody would know from those to come
            if begun:
                raise
            raise Gone(str(error)) from error
        if failed is not None:
            raise failed

    def _hand_over(self) -> None:
        """Everything that was not sent, in one piece."""
        calls, self._unsent = self._unsent, []
        fresh: dict[bytes, bytes] = {}
        for call in calls:
            text = call.statement.text
            name = self._names.get(text) or fresh.get(text)
            if name is None:
                name = fresh[text] = self._prepare(text)
            values, formats = call.values
            self._wire.send_query_prepared(name, values, formats, Format.BINARY)
            self._awaited.append(call.take)
        self._wire.pipeline_sync()
        self._awaited.append(_synchronised)
        self._begun = True
        while self._wire.flush():
            if self._ready(select.POLLIN | select.POLLOUT) & select.POLLIN:
                self._wire.consume_input()

    def _prepare(self, text: bytes) -> bytes:
        name = b"belfort_%d" % next(self._numbers)
        self._wire.send_prepare(name, text)
        self._awaited.append(lambda _: self._names.update({text: name}))
        return name

    def _receive(self) -> psycopg.Error | None:
        """Every answer that is to come; the error of the first statement that has one."""
        awaited, self._awaited = self._awaited, []
        failed: psycopg.Error | None = None
        for take in awaited:
            result = self._next_result()
            if result is None:
                raise psycopg.OperationalError("the server went away")
            if result.status == ExecStatus.FATAL_ERROR:
                failed = failed or error_from_result(result)
            elif result.status != ExecStatus.PIPELINE_ABORTED:
                take(result)
            if take is not _synchronised:
                self._next_result()  # the end of that statement's
        return failed

    def _next_result(self) -> PGresult | None:
        while self._wire.is_busy():
            self._ready(select.POLLIN)
            self._wire.consume_input()
        return self._wire.get_result()

    def _ready(self, events: int) -> int:
        """For which of these events the socket is ready; waits for one. Errors: psycopg.OperationalError."""
        self._poll.modify(self._wire.socket, events)
        ready = self._poll.poll(PATIENCE_SECONDS * 1000)
        if not ready:
            raise psycopg.OperationalError("the server does not answer")
        return sum(event for _, event in ready)


def _synchronised(result: PGresult) -> None:
    """The server has worked off all that was handed over together."""
