"""A peer of the SMTP door that says exactly what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.journal import Kind
from tests.simulator.servers.mail.post_office import NINE, PATIENCE, PostOffice, mail


class Talk:
    """A peer that says exactly what it is told to say."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, octets: str | bytes) -> None:
        self.writer.write(octets.encode() if isinstance(octets, str) else octets)
        await self.writer.drain()

    async def hear(self) -> str:
        """One answer, its last line; empty when the connection is over."""
        async with asyncio.timeout(PATIENCE):
            while (line := (await self.reader.readline()).decode()) and line[3:4] == "-":
                pass
        return line.strip()

    async def ask(self, line: str) -> str:
        await self.say(f"{line}\r\n")
        return await self.hear()

    async def begins(self, *recipients: str) -> None:
        """Up to the data."""
        assert (await self.ask("EHLO acme.example")).startswith("250")
        assert (await self.ask("MAIL FROM:<b@acme.example>")).startswith("250")
        for to in recipients or (NINE,):
            assert (await self.ask(f"RCPT TO:<{to}>")).startswith("250")
        assert (await self.ask("DATA")).startswith("354")


@asynccontextmanager
async def talk(office: PostOffice) -> AsyncIterator[Talk]:
    reader, writer = await asyncio.open_connection("127.0.0.1", office.door.port)
    peer = Talk(reader, writer)
    assert (await peer.hear()).startswith("220 mx.belfort.test")
    try:
        yield peer
    finally:
        writer.close()


async def still_serves(office: PostOffice) -> None:
    """Another client hands a mail in, and its person answers."""
    before = len(office.entries(Kind.MT_SUBMITTED))
    await office.send(NINE, mail("another"))
    assert len(office.entries(Kind.MT_SUBMITTED)) == before + 1
