"""Connections over raw sockets, where every byte is the test's own."""

from __future__ import annotations

import asyncio
from typing import Self

from service.app import Service
from tests.service.web.caller import Caller


class Wire:
    """One raw connection."""

    def __init__(self, service: Service) -> None:
        self.host, _, port = service.url.removeprefix("http://").partition(":")
        self.port = int(port)

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer: status, headers, body."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            body = await self.reader.readexactly(int(headers.get("Content-Length", 0)))
        return int(head[0].split()[1]), headers, body

    async def end(self, within: float = 5) -> bytes:
        """Whatever else comes until the service closes the connection."""
        async with asyncio.timeout(within):
            return await self.reader.read()


def head(caller: Caller, survey: int, *lines: str) -> bytes:
    start = f"POST /survey/1.0.0/surveys/{survey}/send HTTP/1.1"
    shared = ("Host: x", f"Authorization: Bearer {caller.token}", "Content-Type: application/json")
    return "\r\n".join((start, *shared, *lines, "", "")).encode()
