"""A small door for tests: a real listener with one application, and a raw socket to knock with."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.clock import Clock
from simulator.journal import Journal
from simulator.logs import open_log
from simulator.servers.guard import Guard
from simulator.servers.listener import Limits, Listener
from simulator.servers.problems import answered


class Door:
    """An open listener with its journal and log."""

    def __init__(self, listener: Listener, journal: Journal, log: io.StringIO) -> None:
        self.listener, self.journal, self.log = listener, journal, log

    async def knock(self, raw: bytes, patience: float = 5.0) -> tuple[int, dict[str, str], bytes]:
        """Send bytes as they are; the status, headers and rest of what comes back until the door closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.listener.port)
        try:
            writer.write(raw)
            async with asyncio.timeout(patience):
                answer = await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()
        return parsed(answer)

    async def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, `Host` as it should be unless given; header names with `_` for `-`."""
        given = {"Host": f"127.0.0.1:{self.listener.port}", "Connection": "close"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            given["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        return await self.knock(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)


async def until(fact: Callable[[], bool], patience: float = 5.0) -> None:
    """Return once `fact` holds; TimeoutError when it does not in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    for _ in iter(fact, True):
        if loop.time() > end:
            raise TimeoutError("it did not come about")
        await asyncio.sleep(0.001)


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in small letters) and body of a response; status 0 when nothing came."""
    if not answer:
        return 0, {}, b""
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    return int(line.split(" ")[1]), headers, body


def problem(body: bytes) -> dict[str, object]:
    """The members of a problem+json body."""
    return dict(json.loads(body))


@asynccontextmanager
async def open_door(
    *routes: web.RouteDef,
    token: str | None = None,
    names: tuple[str, ...] = (),
    limits: Limits | None = None,
    journal: Callable[[Clock], Journal] = Journal,
) -> AsyncIterator[Door]:
    """A listener on a free port with these routes behind the guard."""
    record, lines = journal(Clock()), io.StringIO()
    guard = Guard(host="127.0.0.1", names=names, token=token, journal=record)
    bounds = limits or Limits()
    app = web.Application(middlewares=[answered, guard.middleware()], client_max_size=bounds.body_bytes)
    app.add_routes(routes)
    listener = Listener(
        app, door="control", limits=bounds, journal=record, log=open_log("debug", lines), patience=1.0
    )
    await listener.open("127.0.0.1", 0)
    try:
        yield Door(listener, record, lines)
    finally:
        await listener.close()
