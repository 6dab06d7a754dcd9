"""A service that gives a token and then answers everything with the same nonsense, over a bare socket: half
of it is no HTTP that a web framework would send.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": ""}
MISFITS: dict[str, Any] = {
    "nothing": None,
    "true": True,
    "a text": "banana",
    "a number": -1e308,
    "an empty list": [],
    "a list of nulls": [None, None],
    "a list of lists": [[], [[]]],
    "an empty object": {},
    "members of wrong types": {
        "id": [1], "name": {}, "interactionType": 7, "questions": [None, 5, "x", {"id": None}],
        "requests": [None, "ACCEPTED", 3, {"status": {}}], "accepted": "1", "rejected": [],
        "errors": ["x", None], "nps": [], "responseStatistics": "many", "fault": 5, "date": 12, "paths": [1],
    },
    "nulls inside": {
        "id": None, "questions": None, "requests": None, "errors": None, "nps": None, "date": None,
        "responseStatistics": {"totalRequests": None},
    },
}  # fmt: skip
"""JSON that no rule expects."""


def http(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    told = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*told, "Connection: close", "", ""]).encode() + body


JSON = "Content-Type: application/json"
NONSENSE = {
    **{
        f"{status}: {name}": http(status, json.dumps(value).encode(), JSON)
        for status in ("200 OK", "201 Created", "400 Bad Request")
        for name, value in MISFITS.items()
    },
    "202: accepted members of wrong types": http(
        "202 Accepted", json.dumps(MISFITS["members of wrong types"]).encode(), JSON
    ),
    "204": b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    "a page": http("200 OK", b"<!doctype html><p>Welcome to nginx", "Content-Type: text/html"),
    "half of a JSON text": http("200 OK", b'{"id": 1, "questions": [{"id"', JSON),
    "fewer bytes than announced": http("200 OK", b'{"id": 1}', JSON, length=900),
    "nested without end": http("200 OK", b"[" * 200_000, JSON),
    "no gzip": http("200 OK", b"not packed", JSON, "Content-Encoding: gzip"),
    "no such charset": http("200 OK", b"\xff\xfe{}", "Content-Type: application/json; charset=hex"),
    "a wild number": http("200 OK", b'{"id": ' + b"9" * 5000 + b"}", JSON),
    "wild headers": http(
        "202 Accepted", b"{}", "RateLimit: q", f"RateLimit-Policy: q={'9' * 5000}", "Allow:"
    ),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no answer at all": b"",
}
"""What is sent for each call, byte by byte."""


@asynccontextmanager
async def talking(nonsense: dict[str, bytes]) -> AsyncIterator[str]:
    """The address of a service that answers what stands in `nonsense` under "said"."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, _, rest = head.partition("\r\n")
        length = [
            line.partition(":")[2] for line in rest.splitlines() if line.lower().startswith("content-length")
        ]
        await reader.readexactly(int(length[0]) if length else 0)
        is_token = line.startswith("POST /token?") and "Basic" in rest
        writer.write(http("200 OK", json.dumps(TOKEN).encode(), JSON) if is_token else nonsense["said"])
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=1 << 22)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
