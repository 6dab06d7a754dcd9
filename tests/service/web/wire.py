"""Connections over raw sockets, where every byte is the test's own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from service.app import Service
from service.store.engine import Tx
from tests.service.rig import until
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


@asynccontextmanager
async def at_the_door(
    open_service: Callable[..., Any], **settings: Any
) -> AsyncIterator[tuple[Service, Caller, Wire]]:
    """A service with these settings, a client of it, and a connection to it."""
    async with (
        open_service(**settings) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
        Wire(service) as wire,
    ):
        yield service, caller, wire


def body(*requests: Any) -> bytes:
    return json.dumps({"requests": list(requests)}).encode()


def call(caller: Caller, survey: int, sent: bytes, *lines: str) -> bytes:
    return head(caller, survey, *lines, f"Content-Length: {len(sent)}") + sent


async def meet(wire: Wire, caller: Caller, survey: int, sent: bytes) -> None:
    """The head of calls with a body of that length, read by the library once."""
    await wire.say(call(caller, survey, b" " * (len(sent) - 2) + b"[]"))
    assert (await wire.answer())[0] == 400


@asynccontextmanager
async def writer_at_rest(service: Service) -> AsyncIterator[None]:
    """Nothing is written, and so no call answered that writes, until the end of the block."""
    held, go = threading.Event(), threading.Event()

    def hold_up(_: Tx) -> None:
        held.set()
        go.wait(5)

    blocked = asyncio.create_task(service.store.write(hold_up))
    await until(held.is_set)
    try:
        yield
    finally:
        go.set()
        await blocked


async def total(caller: Caller) -> int:
    return int((await caller.get("/report")).json["responseStatistics"]["totalRequests"])
