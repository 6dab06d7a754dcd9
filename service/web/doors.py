"""The listening socket and its connections: deadlines, a bound on their number, and an orderly end.

The HTTP server underneath waits as long as its keep-alive time for the rest of a half-sent head, and for ever
for the rest of a body; here each must be complete within a deadline, however slowly its bytes drip.
"""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress
from typing import Any

from aiohttp import StreamReader, web

from service.logs import Log, place
from service.meters import Meters
from service.web.problems import Fault, Kind, Problem, broken

KEEP_ALIVE_SECONDS = 75.0
LINGER_SECONDS = 2.0
"""How long the rest of a refused body is read and dropped: the caller is to see the answer and no reset."""
BODY_GRACE_SECONDS = 1.0
MOST_CONNECTIONS = 10_000
SPARE_FILES = 64
"""Of the files this process may open, those kept for the database and for calls to the gateway."""
GRACE_SECONDS = 0.3
"""At the end, how long idle connections may still deliver a call that was on its way; it is answered."""


def most_connections() -> int:
    """As many connections as the open-files limit leaves room for, within reason."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_CONNECTIONS + SPARE_FILES if soft == resource.RLIM_INFINITY else soft
    return max(16, min(MOST_CONNECTIONS, files - SPARE_FILES))


class Doors:
    """The open socket. `open` once, `close` once."""

    def __init__(
        self, *, head_deadline: float, body_deadline: float, most: int, log: Log, meters: Meters
    ) -> None:
        self.head_deadline = head_deadline
        self.body_deadline = body_deadline
        self.log = log
        self.meters = meters
        self.closing = False
        self._most = most
        self._connections: set[Connection] = set()
        self._empty = asyncio.Event()
        self._listener: asyncio.Server | None = None

    async def open(self, server: web.Server, host: str, port: int, *, shared: bool = False) -> int:
        """Listen for `server`; returns the port. `shared`: other processes of the service may listen there
        as well, and the system hands each connection to one of them. Errors: OSError when the address cannot
        be had."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: self._connection(server),
            host,
            port,
            backlog=1024,
            start_serving=True,
            reuse_port=shared or None,
        )
        return int(self._listener.sockets[0].getsockname()[1])

    async def close(self, within: float) -> None:
        """Take no more connections, answer every call that was begun, then let go of the rest."""
        self.closing = True
        if self._listener is not None:
            self._listener.close()
        if not self._connections:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self._empty.wait()
        for connection in list(self._connections):
            connection.close_if_idle()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._empty.wait()

    def admit(self, connection: Connection) -> bool:
        """Whether there is room for one more."""
        if len(self._connections) >= self._most:
            self.meters.cut_connections.labels("too many").inc()
            return False
        self._connections.add(connection)
        self._empty.clear()
        self.meters.connections.set(len(self._connections))
        return True

    def forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self.meters.connections.set(len(self._connections))
        if not self._connections:
            self._empty.set()

    def _connection(self, server: web.Server) -> Connection:
        return Connection(
            self,
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
            access_log=None,
        )


class Connection(web.RequestHandler):
    """One connection of a caller, with a deadline for each head and each body."""

    __slots__ = ("_alarm", "_body_alarm", "_doors", "_silent")

    def __init__(self, doors: Doors, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doors = doors
        self._silent = True
        self._alarm: asyncio.TimerHandle | None = None
        self._body_alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._doors.admit(self):
            self._watch()
        else:
            self.force_close()

    def data_received(self, data: bytes) -> None:
        self._silent = False
        super().data_received(data)
        if self._awaits_head():
            self._watch()
        elif self._alarm is not None:
            self._unwatch()
        if self._messages and not self._messages[-1][1].is_eof():
            self._watch_body(self._messages[-1][1])

    def connection_lost(self, error: BaseException | None) -> None:
        self._unwatch()
        if self._body_alarm is not None:
            self._body_alarm.cancel()
        self._doors.forget(self)
        super().connection_lost(error)

    def close_if_idle(self) -> None:
        """Let go of the connection unless a call is under way on it, or on its way in."""
        if self._awaits_head() and (self._silent or self._alarm is None):
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What never came as far as the routes: not HTTP, or a mistake of ours."""
        if status == 400:
            detail = "The call does not keep to HTTP/1.1 (RFC 9112)."
            return Problem(Kind.INVALID_INPUT, detail, [Fault(detail, pointer="")], closing=True).answer()
        self._doors.log.error("crashed", part="door", **(place(exc) if exc else {}))
        self._doors.meters.crashes.labels("door").inc()
        return broken().answer()

    def log_exception(self, *args: Any, **kwargs: Any) -> None:
        error = kwargs.get("exc_info")
        self._doors.log.warning("connection_failed", **(place(error) if error else {}))

    def _awaits_head(self) -> bool:
        """Nothing is being answered and no whole head has come in."""
        return self._waiter is not None and not self._waiter.done() and not self._messages

    def _watch(self) -> None:
        if self._alarm is None:
            self._alarm = self._loop.call_later(self._doors.head_deadline, self._cut)

    def _unwatch(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _watch_body(self, body: StreamReader) -> None:
        """Only the latest body of a connection can be unfinished."""
        if self._body_alarm is not None:
            self._body_alarm.cancel()
        # A little later than `read_body`, which still can say what is wrong.
        deadline = self._doors.body_deadline + BODY_GRACE_SECONDS
        self._body_alarm = self._loop.call_later(deadline, self._cut_body, body)

    def _cut_body(self, body: StreamReader) -> None:
        self._body_alarm = None
        if not body.is_eof():
            self._doors.meters.cut_connections.labels("half-sent body").inc()
            self.force_close()

    def _cut(self) -> None:
        self._alarm = None
        if self._awaits_head():
            self._doors.meters.cut_connections.labels("half-sent head").inc()
            self.force_close()
