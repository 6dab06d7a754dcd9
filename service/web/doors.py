"""The listening socket: a bound on the number of its connections, and an orderly end."""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress

from aiohttp import web

from service.logs import Log
from service.meters import Meters
from service.web.connection import KEEP_ALIVE_SECONDS, Connection
from service.web.express import Express

LINGER_SECONDS = 2.0
"""How long the rest of a refused body is read and dropped: the caller is to see the answer and no reset."""
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
        self,
        *,
        head_deadline: float,
        body_deadline: float,
        most: int,
        log: Log,
        meters: Meters,
        express: Express,
    ) -> None:
        self.head_deadline = head_deadline
        self.body_deadline = body_deadline
        self.log = log
        self.meters = meters
        self.express = express
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
