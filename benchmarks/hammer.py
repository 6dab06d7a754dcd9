"""An HTTP/1.1 client that does nothing but send prepared calls over kept connections and read the answers'
lengths.

It costs a small part of what a full client costs, so that on two cores the server is what is measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import urlsplit

DEADLINE_SECONDS = 120


def prepared(method: str, url: str, body: bytes = b"", headers: Sequence[str] = ()) -> bytes:
    """A call as bytes."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Hammer(asyncio.Protocol):
    """One connection: the next call leaves when the answer to the last is complete."""

    def __init__(self, calls: Iterator[bytes], wanted: int, done: asyncio.Future[None]) -> None:
        self._calls, self._wanted, self.done = calls, wanted, done
        self._buffer = bytearray()
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def begin(self) -> None:
        """Send the first call."""
        self._next()

    def close(self) -> None:
        """Nothing more will be sent."""
        self._transport.close()

    def _next(self) -> None:
        call = next(self._calls, None)
        if call is None:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._transport.write(call)  # type: ignore[attr-defined]  # a TCP transport writes

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _content_length(self._buffer, head)
        if len(self._buffer) < head + 4 + length:
            return
        self.refused += int(self._buffer[9:12]) != self._wanted
        del self._buffer[: head + 4 + length]
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


def _content_length(buffer: bytearray, head: int) -> int:
    place = buffer.find(b"Content-Length: ", 0, head)
    return int(buffer[place + 16 : buffer.find(b"\r\n", place)]) if place >= 0 else 0


def _same(worker: Hammer) -> Hammer:
    return worker


async def hammer(url: str, calls: Sequence[bytes], *, connections: int, wanted: int) -> float:
    """Send all `calls` over `connections`; the rate a second. Errors: RuntimeError if an answer was not
    `wanted`, TimeoutError."""
    parts = urlsplit(url)
    loop, feed = asyncio.get_running_loop(), iter(calls)
    workers = [Hammer(feed, wanted, loop.create_future()) for _ in range(connections)]
    async with asyncio.timeout(DEADLINE_SECONDS):
        for worker in workers:
            await loop.create_connection(partial(_same, worker), parts.hostname or "", parts.port or 80)
        start = time.perf_counter()
        for worker in workers:
            worker.begin()
        await asyncio.gather(*(worker.done for worker in workers))
    elapsed = time.perf_counter() - start
    for worker in workers:
        worker.close()
    refused = sum(worker.refused for worker in workers)
    if refused:
        raise RuntimeError(f"{refused} calls were not answered {wanted}")
    return len(calls) / elapsed
