"""A message centre that speaks raw SMPP 3.4: its bytes are made here by hand, with nothing of the service."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import struct
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

NACK, SUBMIT, DELIVER, UNBIND, BIND, ENQUIRE, DATA = 0x80000000, 4, 5, 6, 9, 0x15, 0x103
RESP = 0x80000000


def pdu(command: int, sequence: int, status: int = 0, body: bytes = b"") -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def message(
    *,
    source: bytes = b"32470000000",
    to: bytes = b"8937",
    text: bytes = b"9",
    esm: int = 0,
    coding: int = 0,
    tlvs: bytes = b"",
    ton: int = 1,
) -> bytes:
    """The body of a deliver_sm."""
    head = b"\0" + bytes([ton, 1]) + source + b"\0" + b"\3\0" + to + b"\0"
    return head + bytes([esm, 0, 0, 0, 0, 0, 0, coding, 0, len(text)]) + text + tlvs


def receipt(
    message_id: bytes, stat: bytes = b"DELIVRD", *, tlvs: bytes = b"", source: bytes = b"32470000000"
):
    """The body of a delivery receipt in the form of Appendix B."""
    text = b"id:%b sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:%b err:000 text:Hoe"
    return message(source=source, text=text % (message_id, stat), esm=4, tlvs=tlvs)


@dataclass
class Seen:
    """A PDU that came, with a submit_sm's fields."""

    command: int
    status: int
    sequence: int
    body: bytes
    raw: bytes

    def fields(self) -> dict[str, Any]:
        """Of a submit_sm, read by hand."""
        found: dict[str, Any] = {}
        at = 0

        def text(name: str) -> None:
            nonlocal at
            end = self.body.index(0, at)
            found[name], at = self.body[at:end], end + 1

        def byte(name: str) -> None:
            nonlocal at
            found[name], at = self.body[at], at + 1

        for step, name in (
            (text, "service_type"), (byte, "ston"), (byte, "snpi"), (text, "source"), (byte, "dton"),
            (byte, "dnpi"), (text, "to"), (byte, "esm"), (byte, "pid"), (byte, "priority"),
            (text, "schedule"), (text, "validity"), (byte, "registered"), (byte, "replace"),
            (byte, "coding"), (byte, "default"),
        ):  # fmt: skip
            step(name)
        size = self.body[at]
        found["text"], at = self.body[at + 1 : at + 1 + size], at + 1 + size
        found["tlvs"] = {}
        while at < len(self.body):
            tag, length = struct.unpack_from(">HH", self.body, at)
            found["tlvs"][tag] = self.body[at + 4 : at + 4 + length]
            at += 4 + length
        return found


Behaviour = Callable[["Session", Seen], Coroutine[Any, Any, None]]


class Session:
    """One connection of an ESME."""

    def __init__(self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.centre, self.reader, self.writer = centre, reader, writer
        self.sequence = itertools.count(1)
        self.answers: dict[int, asyncio.Future[Seen]] = {}
        self.bound = False
        self.closed = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    def answer(self, seen: Seen, status: int = 0, body: bytes = b"") -> None:
        self.write(pdu(seen.command | RESP, seen.sequence, status, body))

    async def ask(self, command: int, body: bytes = b"") -> Seen:
        """Send a request and wait for its answer."""
        sequence = next(self.sequence)
        self.answers[sequence] = asyncio.get_running_loop().create_future()
        self.write(pdu(command, sequence, 0, body))
        return await asyncio.wait_for(self.answers[sequence], 15)

    def cut(self) -> None:
        self.writer.transport.abort()

    async def live(self) -> None:
        try:
            while True:
                head = await self.reader.readexactly(16)
                length, command, status, sequence = struct.unpack(">IIII", head)
                body = await self.reader.readexactly(length - 16)
                await self._handle(Seen(command, status, sequence, body, head + body))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self.closed.set()
            if self in self.centre.sessions:
                self.centre.sessions.remove(self)
            self.writer.close()

    async def _handle(self, seen: Seen) -> None:
        self.centre.seen.append(seen)
        if seen.command & RESP:
            waiting = self.answers.pop(seen.sequence, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(seen)
            return
        script = self.centre.scripts.get(seen.command)
        if script:
            await script.popleft()(self, seen)
        else:
            await self.centre.usual[seen.command](self, seen)


async def bind(session: Session, seen: Seen) -> None:
    session.answer(seen, 0, b"centre\0")
    session.bound = True
    session.centre.sessions.append(session)


async def take(session: Session, seen: Seen) -> None:
    """Take a message under the next id; the same one for the same reference."""
    centre = session.centre
    reference = seen.fields()["tlvs"].get(0x1501, b"") + seen.fields()["text"][:6]
    if reference not in centre.taken:
        centre.taken[reference] = centre.new_id()
    session.answer(seen, 0, centre.taken[reference] + b"\0")


async def unbind(session: Session, seen: Seen) -> None:
    session.answer(seen)


def answers(status: int, body: bytes = b"") -> Behaviour:
    async def behave(session: Session, seen: Seen) -> None:
        session.answer(seen, status, body)

    return behave


def says(data: Callable[[Seen], bytes]) -> Behaviour:
    """Write these bytes instead."""

    async def behave(session: Session, seen: Seen) -> None:
        session.write(data(seen))

    return behave


async def silence(session: Session, seen: Seen) -> None:
    pass


async def cut(session: Session, seen: Seen) -> None:
    session.cut()


async def take_and_cut(session: Session, seen: Seen) -> None:
    """Take it, and break before the answer is out."""
    session.write = lambda data: None  # type: ignore[method-assign]
    await take(session, seen)
    session.cut()


@dataclass
class Centre:
    """Takes every message, unless `scripts` says otherwise for the next PDUs of a kind."""

    scripts: dict[int, deque[Behaviour]] = field(default_factory=dict)
    usual: dict[int, Behaviour] = field(
        default_factory=lambda: {BIND: bind, SUBMIT: take, UNBIND: unbind, ENQUIRE: answers(0)}
    )
    sessions: list[Session] = field(default_factory=list)
    """Those that are bound."""
    every: list[Session] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    taken: dict[bytes, bytes] = field(default_factory=dict)
    ids: Callable[[int], bytes] = lambda number: b"%d" % number
    count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    port: int = 0

    def new_id(self) -> bytes:
        return self.ids(next(self.count))

    def on(self, command: int, *behaviours: Behaviour) -> None:
        self.scripts.setdefault(command, deque()).extend(behaviours)

    def of(self, command: int) -> list[Seen]:
        return [seen for seen in self.seen if seen.command == command]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        self.every.append(session)
        await session.live()


@asynccontextmanager
async def open_centre(tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator[Centre]:
    centre = Centre()
    server = await asyncio.start_server(centre._connected, "127.0.0.1", port, ssl=tls)
    centre.port = server.sockets[0].getsockname()[1]
    try:
        yield centre
    finally:
        server.close()
        for session in centre.every:
            session.cut()
        async with asyncio.timeout(10):
            for session in centre.every:
                await session.closed.wait()
