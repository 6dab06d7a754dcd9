"""One connection of a caller: deadlines, the general way and the express way.

The HTTP server underneath waits as long as its keep-alive time for the rest of a half-sent head, and for ever
for the rest of a body; here each must be complete within a deadline, however slowly its bytes drip.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from aiohttp import StreamReader, web
from aiohttp.http_parser import RawRequestMessage

from service.logs import Log, place
from service.meters import Meters
from service.web.express import Express
from service.web.framing import Framing
from service.web.heads import END
from service.web.problems import Fault, Kind, Problem, broken

KEEP_ALIVE_SECONDS = 75.0
BODY_GRACE_SECONDS = 1.0
HELD_SECONDS = 0.1
"""How long a head that was met before waits for its body before the general way takes over: many clients send
the two one after the other."""


class House(Protocol):
    """Where a connection belongs. Deadlines in seconds."""

    head_deadline: float
    body_deadline: float
    log: Log
    meters: Meters
    express: Express

    def admit(self, connection: Connection) -> bool:
        """Whether there is room for one more."""

    def forget(self, connection: Connection) -> None:
        """It has ended."""


class Connection(web.RequestHandler):
    """One connection of a caller, with a deadline for each head and each body, and an express way."""

    __slots__ = (
        "_alarm",
        "_behind",
        "_body_alarm",
        "_framing",
        "_held",
        "_holding",
        "_house",
        "_hurrying",
        "_silent",
    )

    def __init__(self, house: House, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._house = house
        self._silent = True
        self._alarm: asyncio.TimerHandle | None = None
        self._body_alarm: asyncio.TimerHandle | None = None
        self._framing = Framing()
        self._held = b""
        self._holding: asyncio.TimerHandle | None = None
        self._hurrying = False
        self._behind = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._house.admit(self):
            self._watch()
        else:
            self.force_close()

    def data_received(self, data: bytes) -> None:
        self._silent = False
        if self._hurrying:
            self._wait_behind(data)
            return
        data = self._let_go() + data if self._held else data
        if not (self._framing.between_calls and self._awaits_head() and self._hurry(data)):
            self._go_the_general_way(data)

    def _hurry(self, data: bytes) -> bool:
        """Whether this goes the express way: one whole call, or for now a head alone."""
        end = data.find(END) + len(END)
        head = self._house.express.heads.find(data[:end])
        if head is None or self.writing_paused:
            return False
        if len(data) == end:
            self._hold(data)
        elif len(data) == end + head.length:
            self._hurrying = self._house.express.take(head, data[end:], self._answered)
        if self._hurrying or self._held:
            self._unwatch()
            return True
        return False

    def _hold(self, head: bytes) -> None:
        self._held = head
        self._holding = self._loop.call_later(HELD_SECONDS, self._no_body_yet)

    def _let_go(self) -> bytes:
        head, self._held = self._held, b""
        if self._holding is not None:
            self._holding.cancel()
        return head

    def _no_body_yet(self) -> None:
        self._go_the_general_way(self._let_go())

    def _answered(self, answer: bytes, last: bool) -> None:
        """A call came back from the express way."""
        self._hurrying = False
        if self.transport is None:
            return
        self.transport.write(answer)
        self._next_keepalive_close_time = self._loop.time() + KEEP_ALIVE_SECONDS
        if last:
            self.force_close()
        elif self._behind:
            behind, self._behind = self._behind, b""
            self.transport.resume_reading()
            self.data_received(behind)

    def _wait_behind(self, data: bytes) -> None:
        """Calls are answered in their order (RFC 9112 §9.3.2); what comes too early is read no further."""
        self._behind += data
        if self.transport is not None:
            self.transport.pause_reading()

    def _go_the_general_way(self, data: bytes) -> None:
        read = self._request_count
        super().data_received(data)
        self._follow(data, self._messages[-1][0] if self._request_count == read + 1 else None)
        if self._awaits_head():
            self._watch()
        elif self._alarm is not None:
            self._unwatch()
        if self._messages and not self._messages[-1][1].is_eof():
            self._watch_body(self._messages[-1][1])

    def _follow(self, data: bytes, message: object) -> None:
        known = message if isinstance(message, RawRequestMessage) else None
        raw = self._framing.passed(data, known)
        if raw is not None and known is not None:
            self._house.express.learn(raw, known)

    def _process_keepalive(self) -> None:
        if self._hurrying or self._held:
            self._next_keepalive_close_time = self._loop.time() + KEEP_ALIVE_SECONDS
        super()._process_keepalive()

    def connection_lost(self, error: BaseException | None) -> None:
        self._unwatch()
        self._let_go()
        if self._body_alarm is not None:
            self._body_alarm.cancel()
        self._house.forget(self)
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
        self._house.log.error("crashed", part="door", **(place(exc) if exc else {}))
        self._house.meters.crashes.labels("door").inc()
        return broken().answer()

    def log_exception(self, *args: Any, **kwargs: Any) -> None:
        error = kwargs.get("exc_info")
        self._house.log.warning("connection_failed", **(place(error) if error else {}))

    def _awaits_head(self) -> bool:
        """Nothing is being answered and no whole head has come in."""
        idle = self._waiter is not None and not self._waiter.done()
        return idle and not self._messages and not self._held and not self._hurrying

    def _watch(self) -> None:
        if self._alarm is None:
            self._alarm = self._loop.call_later(self._house.head_deadline, self._cut)

    def _unwatch(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _watch_body(self, body: StreamReader) -> None:
        """Only the latest body of a connection can be unfinished."""
        if self._body_alarm is not None:
            self._body_alarm.cancel()
        # A little later than `read_body`, which still can say what is wrong.
        deadline = self._house.body_deadline + BODY_GRACE_SECONDS
        self._body_alarm = self._loop.call_later(deadline, self._cut_body, body)

    def _cut_body(self, body: StreamReader) -> None:
        self._body_alarm = None
        if not body.is_eof():
            self._house.meters.cut_connections.labels("half-sent body").inc()
            self.force_close()

    def _cut(self) -> None:
        self._alarm = None
        if self._awaits_head():
            self._house.meters.cut_connections.labels("half-sent head").inc()
            self.force_close()
