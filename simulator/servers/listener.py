"""One door's socket: opens it, keeps its limits, names malformed heads in the journal, and closes it.

Limits (spec/gateway.md, "Bad input"): open connections, time to send a whole head or to stay idle, size of a
head (aiohttp's 8190 bytes a line and 128 lines). What cannot be read as HTTP is answered in
`Connection.handle_error`, which is also where a programming mistake ends: one 500, one line in the log, and
the door stays open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from aiohttp import web
from aiohttp.web_request import BaseRequest

from simulator.journal import Journal, Kind
from simulator.logs import Log, crash
from simulator.servers.problems import Problem

LINGER = 1.0
"""Seconds for which the rest of a refused body is read and dropped, so that its sender sees the refusal."""
FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one door bears."""

    connections: int = 4_096
    idle_seconds: float = 30.0
    body_bytes: int = 1_048_576
    body_seconds: float = 30.0


def as_problem(status: int, detail: str) -> web.Response:
    """How the control door spells an error that no handler answered."""
    return Problem(status, detail).answer()


class Listener:
    """A door on the network: one aiohttp application behind one socket."""

    def __init__(
        self,
        app: web.Application,
        *,
        door: str,
        limits: Limits,
        journal: Journal,
        log: Log,
        spell: Callable[[int, str], web.Response] = as_problem,
        patience: float = 5.0,
    ) -> None:
        """`spell` writes an error in the door's protocol; calls under way get `patience` seconds to end."""
        self.door, self.limits, self.journal, self.log, self.spell = door, limits, journal, log, spell
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=patience)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Transport] = set()
        self.host, self.port = "", 0

    async def open(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one. OSError when the address cannot be had."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._connect, host, port, backlog=1_024)
        except OSError:
            await self._runner.cleanup()
            raise
        self.host, self.port = host, self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """The base address, such as http://127.0.0.1:8033."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    async def close(self) -> None:
        """Take no more calls, let those under way finish within the patience, close every connection."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()
        for transport in list(self._open):  # its peer takes nothing, so it would never have been sent out
            transport.abort()
        if self._server is not None:
            await self._server.wait_closed()

    def opened(self, transport: asyncio.Transport) -> None:
        """Told by a connection that it is open."""
        self._open.add(transport)

    def lost(self, transport: asyncio.Transport) -> None:
        """Told by a connection that it is over."""
        self._open.discard(transport)

    def _connect(self) -> Connection:
        return Connection(self, cast(web.Server, self._runner.server))


class Connection(web.RequestHandler):
    """One peer's connection."""

    __slots__ = ("_first_head", "_listener", "_peer")

    def __init__(self, listener: Listener, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # None means: no line for each call
            keepalive_timeout=listener.limits.idle_seconds,
            auto_decompress=False,  # a compressed body is refused, so it cannot be a bomb
            lingering_time=LINGER,
        )
        self._listener = listener
        self._first_head: asyncio.TimerHandle | None = None
        self._peer: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        listener, peer = self._listener, cast(asyncio.Transport, transport)
        if listener.connections >= listener.limits.connections:
            peer.write(FULL)
            peer.close()
            return
        self._peer = peer
        listener.opened(peer)
        super().connection_made(transport)
        # aiohttp times every head but the first one of a connection
        loop = asyncio.get_running_loop()
        self._first_head = loop.call_later(listener.limits.idle_seconds, self._close_if_silent)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._peer is not None:
            self._listener.lost(self._peer)
        if self._first_head is not None:
            self._first_head.cancel()
        super().connection_lost(exc)

    def _close_if_silent(self) -> None:
        """Close when not one whole head has come: a served connection keeps alive, or has a request."""
        if self._current_request is None and not self._messages and not self._keepalive:
            self.force_close()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what no handler answered: a head that is not HTTP, or a mistake of ours."""
        listener = self._listener
        if status < 500:
            detail = " ".join(str(message).split())[:200]
            listener.journal.record(Kind.INPUT_MALFORMED, door=listener.door, what=detail)
        else:
            detail = "the simulator made a mistake; its log says where"
            listener.log.error("crash", door=listener.door, status=status, **(crash(exc) if exc else {}))
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer was sent already")
        response = listener.spell(status, detail)
        response.force_close()
        return response
