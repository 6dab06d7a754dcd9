"""Plays out on an HTTP connection what a fault says (`faults.trouble`): waits, cuts, silence, garbage, half
answers.
"""

from __future__ import annotations

import hashlib
import struct
from socket import SO_LINGER, SOL_SOCKET
from socket import socket as Socket

from aiohttp import web

from simulator.faults.trouble import Ending, Trouble
from simulator.servers.push import nap

SILENCE = 120.0
"""Seconds after which a connection that gets no answer is closed."""
NO_LINGERING = struct.pack("ii", 1, 0)
LOOK = 0.5  # seconds between two looks whether a peer without an answer is still there


async def before(request: web.Request, trouble: Trouble, size: int) -> None:
    """Everything that happens before a call of `size` bytes is understood."""
    seconds = trouble.delay
    if trouble.read_rate:
        seconds += min(size / trouble.read_rate, trouble.read_cap)
    if not seconds:
        return
    transport = request.transport
    if trouble.read_rate and transport is not None:
        transport.pause_reading()
    await nap(seconds)
    if trouble.read_rate and transport is not None and not transport.is_closing():
        transport.resume_reading()


async def end(request: web.Request, ending: Ending, answer: web.Response, trouble: Trouble) -> web.Response:
    """End the connection in that way; what is returned finds it closed."""
    if ending is Ending.SILENT:
        await stay_silent(request, trouble.silence)
    elif ending is Ending.TRUNCATED:
        _write_half(request, answer)
    elif ending is Ending.GARBAGE:
        _write(request, hashlib.shake_128(request.path.encode()).digest(trouble.garbage))
    else:
        cut(request)
    return answer


def cut(request: web.Request) -> None:
    """Reset the connection: the peer learns that it broke, not that it ended (RFC 9293 §3.5.2)."""
    if request.transport is not None:
        socket: Socket = request.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, NO_LINGERING)
        request.transport.abort()


async def stay_silent(request: web.Request, seconds: float = SILENCE) -> None:
    """Give no answer until the peer has gone or the time is over; then cut."""
    while seconds > 0 and request.transport is not None and not request.transport.is_closing():
        await nap(min(seconds, LOOK))
        seconds -= LOOK
    cut(request)


def _write_half(request: web.Request, answer: web.Response) -> None:
    body = answer.body if isinstance(answer.body, bytes) else b""
    head = f"HTTP/1.1 {answer.status} {answer.reason}\r\nContent-Length: {len(body)}\r\n\r\n"
    _write(request, head.encode() + body[: len(body) // 2])


def _write(request: web.Request, data: bytes) -> None:
    if request.transport is not None:
        request.transport.write(data)
        request.transport.close()
