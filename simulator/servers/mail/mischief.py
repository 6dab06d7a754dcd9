"""Plays out on an SMTP connection what a fault says (`faults.trouble`): waits, cuts, silence, garbage."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from simulator.faults.trouble import Ending, Trouble
from simulator.servers.push import nap

if TYPE_CHECKING:
    from simulator.servers.mail.connection import Connection

CODES = frozenset({421, 450, 451, 452, 454, 455, 521, 530, 535, 541, 550, 551, 552, 553, 554, 555, 556})
"""Answers that say no by SMTP; a fault's HTTP status that is none of them becomes 451."""
WORDS = {4: "4.3.0 made to fail for now", 5: "5.3.0 made to fail for good"}
LOOK = 0.5


class Ended(ConnectionResetError):
    """The connection is over, on purpose. aiosmtpd takes it for a peer that has gone."""


async def before(connection: Connection, trouble: Trouble) -> str | None:
    """Wait, and read slowly; then the error to answer with, if there is one. Ended when it is cut."""
    if trouble.delay:
        await nap(trouble.delay)
    if trouble.read_rate:
        await _read_nothing(connection, trouble)
    if trouble.ending is Ending.CUT_BEFORE:
        cut(connection)
    if trouble.error is not None:
        code = trouble.error.status if trouble.error.status in CODES else 451
        return f"{code} {WORDS[code // 100]}"
    return None


async def end(connection: Connection, answer: str, trouble: Trouble) -> str:
    """The answer, unless the connection ends in another way: then Ended."""
    if trouble.ending is None:
        return answer
    if trouble.ending is Ending.SILENT:
        await stay_silent(connection, trouble.silence)
    elif trouble.ending is Ending.GARBAGE:
        _write(connection, hashlib.shake_128(answer.encode()).digest(trouble.garbage))
    elif trouble.ending is Ending.TRUNCATED:
        _write(connection, answer.encode()[: len(answer) // 2])
    else:
        cut(connection)
    raise Ended("ended by a fault")


def cut(connection: Connection) -> None:
    """Reset the connection."""
    if connection.transport is not None:
        transport: asyncio.Transport = connection.transport  # type: ignore[assignment]  # TCP is one
        transport.abort()
    raise Ended("cut")


async def stay_silent(connection: Connection, seconds: float) -> None:
    """Give no answer until the peer has gone or the time is over; then cut."""
    while seconds > 0 and connection.transport is not None:
        await nap(min(seconds, LOOK))
        seconds -= LOOK
    cut(connection)


async def _read_nothing(connection: Connection, trouble: Trouble) -> None:
    transport: asyncio.Transport = connection.transport  # type: ignore[assignment]  # as above
    transport.pause_reading()
    await nap(min(512 / (trouble.read_rate or 1), trouble.read_cap))
    if not transport.is_closing():
        transport.resume_reading()


def _write(connection: Connection, octets: bytes) -> None:
    if connection.transport is not None:
        transport: asyncio.Transport = connection.transport  # type: ignore[assignment]  # as above
        transport.write(octets)
        transport.close()
