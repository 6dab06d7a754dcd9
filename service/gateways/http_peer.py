"""Exchanges with a gateway over HTTP: kept connections, a limit of size and a deadline.

What can go wrong on the way is one error, `NoAnswer`, which says whether the gateway may have acted all the
same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

TIME_TO_CONNECT = 0.8
"""The part of a deadline after which an unfinished connection is given up: then surely nothing was sent."""
SPARE_CONNECTIONS = 8
"""Beside those of the window, for polling."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class NoAnswer(Exception):
    """No whole answer came. `sent`: the gateway may have acted all the same. `reason` tells nothing
    personal.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason, self.sent = reason, sent


class HttpPeer:
    """Our side of the connections to one gateway at base address `url`. `close` it in the end.

    `deadline` in seconds, of which a connection may take a part; `window` exchanges at a time."""

    def __init__(self, url: str, *, deadline: float, window: int) -> None:
        self._url, self._deadline, self._window = url, deadline, window
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: str,
        path: str,
        limit: int,
        headers: Mapping[str, str],
        body: bytes | None,
        until: float,
    ) -> Answer:
        """One exchange, over before the loop's time `until`. Errors: NoAnswer."""
        try:
            async with (
                asyncio.timeout_at(until),
                self._open_session().request(
                    method, self._url + path, headers=headers, data=body, allow_redirects=False
                ) as response,
            ):
                return Answer(response.status, response.headers, await read_body(response.content, limit))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NoAnswer("unreachable", sent=False) from None
        except TimeoutError:
            raise NoAnswer("timed out", sent=True) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # ValueError: our own limit of size, and what aiohttp makes of a head that is no HTTP.
            raise NoAnswer(f"cut off: {type(error).__name__}", sent=True) from None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connect = self._deadline * TIME_TO_CONNECT
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._window + SPARE_CONNECTIONS),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auto_decompress=False,
            )
        return self._session


async def read_body(stream: aiohttp.StreamReader, limit: int) -> bytes:
    """The whole body. Errors: ValueError when it is larger than `limit` bytes; the rest is not read."""
    parts: list[bytes] = []
    size = 0
    async for part in stream.iter_any():
        size += len(part)
        if size > limit:
            raise ValueError("too large")
        parts.append(part)
    return b"".join(parts)
