"""A message centre for tests: the real door on a free port, the real carrier and town behind it, and an ESME
that says exactly what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.carrier import Carrier, Limits
from simulator.clock import Clock, Mode, Streams
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind, Match
from simulator.people.population import PROFILES
from simulator.people.town import Town
from simulator.servers.smpp.door import SmppDoor
from simulator.servers.smpp.options import Bounds, Options
from simulator.truth import Ledger
from simulator.wire.smpp.codec import Decoder, encode
from simulator.wire.smpp.layout import LAYOUTS
from simulator.wire.smpp.pdu import ANSWERS, Command, Garbled, Pdu, Tlv, answer
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.timers import Timers
from simulator.world import Moment

START = Moment(1_800_000_000_000)
ACCOUNTS = {"acme": "secret08", "other": "another"}
NINE = "32450000901"
PATIENCE = 30.0


class Gone(Exception):
    """The message centre has closed the connection."""


@dataclass
class Esme:
    """A peer. Answers nothing by itself."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    came: list[Pdu] = field(default_factory=list)
    decoder: Decoder = field(default_factory=Decoder)
    sequence: int = 0

    async def raw(self, octets: str | bytes) -> None:
        self.writer.write(bytes.fromhex(octets) if isinstance(octets, str) else octets)
        await self.writer.drain()

    async def say(self, command: Command, *tlvs: Tlv, **fields: Any) -> int:
        self.sequence += 1
        given = {each.name: fields.pop(each.name, each.default) for each in LAYOUTS[command]}
        assert not fields, fields
        await self.raw(encode(Pdu(command, 0, self.sequence, given, tlvs)))
        return self.sequence

    async def hear(self) -> Pdu:
        """The next PDU, whatever it is."""
        while not self.came:
            async with asyncio.timeout(PATIENCE):
                data = await self.reader.read(65_536)
            if not data:
                raise Gone
            for each in self.decoder.feed(data):
                assert not isinstance(each, Garbled), each
                self.came.append(each)
        return self.came.pop(0)

    async def ask(self, command: Command, *tlvs: Tlv, **fields: Any) -> Pdu:
        """Say it and return its answer; other PDUs stay to be heard."""
        sequence = await self.say(command, *tlvs, **fields)
        aside: list[Pdu] = []
        while True:
            pdu = await self.hear()
            if pdu.sequence == sequence and pdu.command in (ANSWERS[command], Command.GENERIC_NACK):
                self.came = aside + self.came
                return pdu
            aside.append(pdu)

    async def bind(
        self, command: Command = Command.BIND_TRANSCEIVER, name: str = "acme", version: int = 0x34
    ) -> Pdu:
        return await self.ask(
            command,
            system_id=name.encode(),
            password=ACCOUNTS.get(name, "wrong").encode(),
            interface_version=version,
        )

    async def submit(self, to: str = NINE, text: bytes = b"0-10?", *tlvs: Tlv, **fields: Any) -> Pdu:
        return await self.ask(Command.SUBMIT_SM, *tlvs, **message(to, text, **fields))

    async def accepted(self, to: str = NINE, text: bytes = b"0-10?", *tlvs: Tlv, **fields: Any) -> str:
        """Submit, and return the id."""
        told = await self.submit(to, text, *tlvs, **fields)
        assert told.status == 0, Status(told.status)
        return told.fields["message_id"].decode()

    async def answer(self, pdu: Pdu, status: int = 0) -> None:
        fields = {"message_id": b""} if not status else {}
        await self.raw(encode(answer(pdu, status, **fields)))

    async def answer_link(self, pdu: Pdu) -> None:
        """Answer an enquire_link or unbind."""
        await self.raw(encode(answer(pdu)))

    async def delivered(self) -> Pdu:
        """The next deliver_sm, acknowledged."""
        pdu = await self.hear()
        assert pdu.command is Command.DELIVER_SM, pdu
        await self.answer(pdu)
        return pdu

    async def ended(self) -> bool:
        """Whether the other side closes."""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while await self.reader.read(65_536):
                    pass
        return True

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


def message(to: str, text: bytes, **fields: Any) -> dict[str, Any]:
    return {
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": to.encode(),
        "source_addr": b"8937",
        "registered_delivery": 1,
        "short_message": text,
    } | fields


@dataclass
class Centre:
    clock: Clock
    journal: Journal
    faults: FaultDesk
    carrier: Carrier
    truth: Ledger
    door: SmppDoor
    esmes: list[Esme] = field(default_factory=list)

    async def connect(self) -> Esme:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.door.port)
        self.esmes.append(Esme(reader, writer))
        return self.esmes[-1]

    async def bound(self, command: Command = Command.BIND_TRANSCEIVER, name: str = "acme") -> Esme:
        esme = await self.connect()
        told = await esme.bind(command, name)
        assert told.status == 0, Status(told.status)
        return esme

    def entries(self, *kinds: Kind) -> list[Entry]:
        return list(self.journal.read(match=Match(frozenset(kinds)), limit=100_000).entries)

    def malformed(self) -> list[str]:
        return [str(entry.facts["what"]) for entry in self.entries(Kind.INPUT_MALFORMED)]

    async def until(self, *kinds: Kind, count: int = 1, **facts: Any) -> list[Entry]:
        match = Match(frozenset(kinds), facts=facts)
        waited = await self.journal.wait(match, count, within=PATIENCE, wall=True)
        assert waited.met, waited.near
        return list(waited.entries)

    @asynccontextmanager
    async def passing(self, seconds: float) -> AsyncIterator[None]:
        """Let so many seconds of the world pass. That takes until what goes out is acknowledged, so do it
        meanwhile."""
        passing = asyncio.create_task(self.clock.advance(by=seconds))
        try:
            yield
            async with asyncio.timeout(PATIENCE):
                await passing
        finally:
            passing.cancel()

    async def wait(self, fact: Any) -> None:
        """Until `fact()` holds."""
        async with asyncio.timeout(PATIENCE):
            while not fact():  # noqa: ASYNC110  # sockets ring no bell
                await asyncio.sleep(0.005)


QUICK = Timers(init=0.4, enquire=0.4, inactivity=0.0, response=0.4, linger=0.3)


@asynccontextmanager
async def opened(
    *,
    mode: Mode = Mode.FROZEN,
    profile: str = "everyday",
    limits: Limits | None = None,
    timers: Timers | None = None,
    bounds: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Centre]:
    clock = Clock(mode, start=START)
    journal = Journal(clock)
    streams = Streams(1)
    faults = FaultDesk(clock, streams, journal)
    carrier = Carrier(clock, Town(streams, PROFILES[profile]), journal, faults, limits or Limits())
    truth = Ledger()
    journal.listen(truth, truth.kinds, take=truth.take)
    chosen = Options(
        accounts=ACCOUNTS, timers=timers or Timers(), bounds=replace(Bounds(), **bounds or {}), **options
    )
    door = SmppDoor(carrier, clock=clock, journal=journal, faults=faults, options=chosen)
    await door.open("127.0.0.1", 0)
    centre = Centre(clock, journal, faults, carrier, truth, door)
    try:
        yield centre
    finally:
        for esme in centre.esmes:
            await esme.close()
        await door.close()
        clock.close()


def texts(pdus: Sequence[Pdu]) -> list[bytes]:
    return [pdu.fields["short_message"] for pdu in pdus]
