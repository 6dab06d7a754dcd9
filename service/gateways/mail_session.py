"""One SMTP conversation at our receiving door: aiosmtpd's, held to bounds of its own.

What aiosmtpd leaves open is closed here: a line or a message without an end is cut off when it passes the
limit, not read to its end; a line feed or carriage return that stands alone ends the conversation, since
servers that disagree about it can be made to see two mails in one (RFC 5321 §2.3.8); and there are only so
many conversations at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, AnyStr, cast

from aiosmtpd.smtp import SMTP

COMMANDS_MOST = 64 * 1024
"""Bytes of commands between two mails."""
ENVELOPE_SPARE = 4 * 1024
"""Beyond the size of a mail: dots that were doubled and the end."""


class Conversation(SMTP):
    """Made by a `Door` for each connection. `ended` is done when the connection is gone."""

    __ident__ = "Belfort"

    def __init__(
        self,
        handler: Any,
        talking: set[Conversation],
        *,
        hostname: str,
        size: int,
        connections: int,
        idle: float,
    ) -> None:
        super().__init__(
            handler,
            data_size_limit=size,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident="Belfort",
            timeout=idle,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        self._talking, self._most, self._size = talking, connections, size
        self._room = COMMANDS_MOST
        self._last = b""
        self._busy = self._leaving = self._turned_away = False
        self.refusals = 0
        self.ended: asyncio.Future[None] = self.loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None and len(self._talking) >= self._most:
            self._turned_away = True
            _say_last(transport, b"421 4.3.2 Too many connections")
            return
        self._talking.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._talking.discard(self)
        if not self.ended.done():
            self.ended.set_result(None)
        if not self._turned_away:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return None if self._turned_away else super().eof_received()

    def data_received(self, data: bytes) -> None:
        if self._turned_away or self.transport is None or self.transport.is_closing():
            return
        self._room -= len(data)
        if self._room < 0:
            self._end(b"552 5.3.4 Too much data")
        elif self._has_bare(data):
            self._end(b"550 5.5.2 A line feed or carriage return stands alone")
        else:
            super().data_received(data)

    async def smtp_DATA(self, arg: str) -> None:
        self._room = self._size + self._size // 64 + ENVELOPE_SPARE
        await super().smtp_DATA(arg)
        self._room = COMMANDS_MOST

    async def smtp_VRFY(self, _arg: str) -> None:
        await self.push("252 2.5.0 Send some mail, and see")

    async def smtp_HELP(self, _arg: str) -> None:
        await self.push("214 2.0.0 This door takes answers to surveys")

    async def push(self, status: AnyStr) -> None:
        await super().push(status)
        if status[:3] in ("421", b"421") and self.transport is not None:
            self.transport.close()
        elif self._leaving and not self._busy:
            self.leave()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a mail is being taken the conversation is not ended, unless by force."""
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def leave(self) -> None:
        """End as soon as no mail is being taken."""
        self._leaving = True
        if not self._busy and self.transport is not None and not self.transport.is_closing():
            self._end(b"421 4.3.2 Closing")

    def cut(self) -> None:
        """End now."""
        if self.transport is not None:
            cast(asyncio.WriteTransport, self.transport).abort()

    def _end(self, words: bytes) -> None:
        if self.transport is not None:
            _say_last(self.transport, words)

    def _has_bare(self, data: bytes) -> bool:
        """Whether a CR or LF stands alone in what has come so far. A CR at the end waits for what follows."""
        seen = self._last + data
        self._last = b"\r" if seen.endswith(b"\r") else b""
        whole = seen[:-1] if self._last else seen
        pairs = whole.count(b"\r\n")
        return whole.count(b"\n") != pairs or whole.count(b"\r") != pairs


def _say_last(transport: asyncio.BaseTransport, words: bytes) -> None:
    writing = cast(asyncio.WriteTransport, transport)  # a TCP connection's always can
    writing.write(words + b"\r\n")
    writing.close()
