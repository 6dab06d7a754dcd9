"""A gateway for tests: the real door on a free port, the real carrier and town behind it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from simulator.carrier import Carrier
from simulator.clock import Clock, Mode, Streams
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind, Match
from simulator.logs import open_log
from simulator.people.population import PROFILES
from simulator.people.town import Town
from simulator.servers.listener import Limits
from simulator.servers.sms_http import USUAL_LIMITS, Options, SmsDoor
from simulator.truth import Ledger
from simulator.world import Moment

START = Moment(1_800_000_000_000)
CLIENT, SECRET = "acme", "not-a-real-secret"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Gateway:
    clock: Clock
    journal: Journal
    faults: FaultDesk
    carrier: Carrier
    truth: Ledger
    door: SmsDoor
    log: io.StringIO

    @property
    def token(self) -> str:
        return self.door.access.permanent_token(CLIENT)

    @property
    def port(self) -> int:
        return int(self.door.url.rpartition(":")[2])

    async def raw(self, request: bytes, *, wait: float = 10) -> bytes:
        """Send these bytes, end the sending side, and return all that comes back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            async with asyncio.timeout(wait):
                return await reader.read()
        finally:
            await closed(writer)

    async def ask(self, request: str, body: str | bytes = b"", **values: str) -> Answer:
        """Send a request written as a client writes it; `Connection: close` and a length are added."""
        data = body.encode() if isinstance(body, str) else body
        head = request.strip().format(token=self.token, port=self.port, **values).replace("\n", "\r\n")
        if data and "content-length" not in head.lower() and "chunked" not in head.lower():
            head += f"\r\nContent-Length: {len(data)}"
        answer = await self.raw(f"{head}\r\nConnection: close\r\n\r\n".encode() + data)
        return parsed(answer)

    async def send(self, to: str, text: str = "0-10?", **members: object) -> Answer:
        body = json.dumps({"message": text, "destinations": [to], **members})
        return await self.ask(SEND, body)

    async def get(self, path: str) -> Answer:
        return await self.ask(f"GET {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {self.token}")

    def entries(self, *kinds: Kind) -> list[Entry]:
        return list(self.journal.read(match=Match(frozenset(kinds)), limit=100_000).entries)

    def malformed(self) -> list[str]:
        return [str(entry.facts["what"]) for entry in self.entries(Kind.INPUT_MALFORMED)]

    async def until(self, *kinds: Kind, count: int = 1, **facts: Any) -> list[Entry]:
        """Wait, on this machine's clock, until so many entries are there."""
        match = Match(frozenset(kinds), facts=facts)
        waited = await self.journal.wait(match, count, within=10, wall=True)
        assert waited.met, waited.near
        return list(waited.entries)


SEND = """
POST /sms/1.0.0/sms/outboundmessages?forceCharacterLimit=false HTTP/1.1
Host: api.enco.io
Authorization: Bearer {token}
Content-Type: application/json
Accept: application/json
"""


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close and wait for it, however the peer ended."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def parsed(answer: bytes) -> Answer:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split()[1]), headers, body)


@asynccontextmanager
async def opened(
    *,
    mode: Mode = Mode.FROZEN,
    seed: int = 1,
    limits: Limits = USUAL_LIMITS,
    wall: Callable[[], float] | None = None,
    **options: Any,
) -> AsyncIterator[Gateway]:
    clock = Clock(mode, start=START)
    if wall is not None:
        clock.wall = wall  # type: ignore[method-assign]
    journal = Journal(clock)
    streams = Streams(seed)
    faults = FaultDesk(clock, streams, journal)
    carrier = Carrier(clock, Town(streams, PROFILES["everyday"]), journal, faults)
    truth = Ledger()
    journal.listen(truth)
    log = io.StringIO()
    chosen = Options(clients={CLIENT: SECRET, "other": "another-secret"}, **options)
    door = SmsDoor(
        carrier,
        clock=clock,
        journal=journal,
        faults=faults,
        log=open_log("debug", log),
        options=chosen,
        limits=limits,
    )
    await door.open("127.0.0.1", 0)
    try:
        yield Gateway(clock, journal, faults, carrier, truth, door, log)
    finally:
        await door.close()
        clock.close()
    assert "crash" not in log.getvalue(), log.getvalue()
