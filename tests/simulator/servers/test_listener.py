"""A door keeps its limits, survives any bytes, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.journal import Kind
from simulator.servers.forms import json_body
from simulator.servers.listener import Limits
from tests.simulator.servers.doors import open_door, problem, until


async def fine(request: web.Request) -> web.Response:
    return web.Response(text="fine")


async def read(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await json_body(request, 0.2))))


async def mistaken(request: web.Request) -> web.Response:
    raise KeyError("+32470000001 wrote a secret")


ROUTES = (web.get("/", fine), web.post("/", read), web.get("/mistake", mistaken))


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 32 + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(500)) + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n12345",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_not_http_gets_400_and_a_name_in_the_journal(raw):
    async with open_door(*ROUTES) as door:
        status, headers, body = await door.knock(raw)
        assert status == 400
        assert headers["content-type"].startswith("application/problem+json")
        assert problem(body)["status"] == 400
        entry = door.journal.tail(1)[0]
        assert (entry.kind, entry.facts["door"]) == (Kind.INPUT_MALFORMED, "control")
        assert (await door.ask("GET", "/"))[0] == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(min_size=1, max_size=300), head=st.sampled_from([b"", b"GET / HTTP/1.1\r\n", b"POST /"]))
def test_no_bytes_close_the_door(raw, head):
    async def knock() -> None:
        async with open_door(*ROUTES, limits=Limits(idle_seconds=0.05)) as door:
            await door.knock(head + raw + b"\r\n\r\n")
            assert (await door.ask("GET", "/"))[0] == 200
            assert "crash" not in door.log.getvalue()

    asyncio.run(knock())


async def test_a_mistake_of_ours_is_one_500_and_a_line_that_quotes_nothing():
    async with open_door(*ROUTES) as door:
        status, _, body = await door.ask("GET", "/mistake")
        assert status == 500
        assert b"32470000001" not in body
        line = json.loads(door.log.getvalue())
        assert (line["event"], line["error"]) == ("crash", "KeyError")
        assert "mistaken" in line["where"]
        assert "32470000001" not in door.log.getvalue()
        assert (await door.ask("GET", "/"))[0] == 200


async def test_who_does_not_finish_the_head_is_cut():
    async with open_door(*ROUTES, limits=Limits(idle_seconds=0.1)) as door:
        assert await door.knock(b"GET / HTTP/1.1\r\nHost: slow", patience=3.0) == (0, {}, b"")
        assert await door.knock(b"", patience=3.0) == (0, {}, b"")


async def test_who_does_not_finish_the_body_is_told():
    async with open_door(*ROUTES) as door:
        host = (
            f"Host: 127.0.0.1:{door.listener.port}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        )
        raw = f"POST / HTTP/1.1\r\n{host}Content-Length: 50\r\n\r\n{{".encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
        writer.write(raw)
        line = await asyncio.wait_for(reader.readline(), 3.0)
        assert line.startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_body_beyond_the_limit_is_not_taken():
    async with open_door(*ROUTES, limits=Limits(body_bytes=1_000)) as door:
        status, _, _ = await door.ask(
            "POST", "/", b'{"a":"' + b"a" * 2_000 + b'"}', Content_Type="application/json"
        )
        assert status == 413


async def test_connections_beyond_the_limit_are_turned_away_until_one_leaves():
    async with open_door(*ROUTES, limits=Limits(connections=2)) as door:
        held = [await asyncio.open_connection("127.0.0.1", door.listener.port) for _ in range(2)]
        await until(lambda: door.listener.connections == 2)
        assert (await door.ask("GET", "/"))[0] == 503
        for _, writer in held:
            writer.close()
        await until(lambda: door.listener.connections == 0)
        assert (await door.ask("GET", "/"))[0] == 200


async def test_a_peer_that_takes_nothing_does_not_keep_the_door_from_closing():
    async def flood(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 50_000_000)

    async with open_door(web.get("/", flood)) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port, limit=1_024)
        writer.write(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{door.listener.port}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.wait_for(door.listener.close(), 10.0)
        assert door.listener.connections == 0
        writer.close()


async def test_a_closed_door_can_be_opened_again_at_the_same_port():
    async with open_door(*ROUTES) as door:
        port = door.listener.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await reader.read() == b""
    writer.close()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)
