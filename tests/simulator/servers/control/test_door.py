"""The control door as a whole: guarded, strict, and never ended by what it is sent."""

from __future__ import annotations

import asyncio

import pytest

from simulator.journal import Kind
from simulator.servers.openapi import document
from tests.simulator.servers.doors import parsed
from tests.simulator.servers.worlds import World, open_world

OPERATIONS = [
    (method.upper(), path.replace("{address}", "+32450000901").replace("{id}", "1"))
    for path, methods in document()["paths"].items()
    for method in methods
]


async def knock(world: World, raw: bytes) -> int:
    """Send bytes as they are to the control port; the status, 0 for none."""
    port = int(world.simulator.control_url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return parsed(head)[0]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_no_operation_is_done_for_a_stranger(method, path):
    async with open_world() as world:
        port = world.simulator.control_url.rsplit(":", 1)[1]
        line, end = f"{method} {path} HTTP/1.1\r\n", "Content-Length: 0\r\n\r\n"
        evil = f"{line}Host: evil.example:{port}\r\n{end}"
        page = f"{line}Host: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n{end}"
        before = world.simulator.journal.last
        assert await knock(world, evil.encode()) == 421
        assert await knock(world, page.encode()) == 403
        entries = world.simulator.journal.read(before).entries
        assert {entry.kind for entry in entries} == {Kind.INPUT_MALFORMED}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_every_operation_but_health_asks_for_the_token(method, path):
    async with (
        open_world(control_token="sesame") as world,
        world.session.request(method, world.simulator.control_url + path) as answer,
    ):
        assert answer.status == (200 if path.startswith("/health/") else 401)


async def test_with_the_token_all_is_open():
    async with open_world(control_token="sesame") as world:
        status, _ = await world.ask("GET", "/clock", headers={"Authorization": "Bearer sesame"})
        assert status == 200


async def test_other_machines_find_a_door_only_with_a_token():
    async with open_world(host="0.0.0.0", control_token="sesame") as world:  # noqa: S104  # refused without a token
        port = world.simulator.control_url.rsplit(":", 1)[1]
        head = f"GET /control/v1/clock HTTP/1.1\r\nHost: {{}}:{port}\r\nAuthorization: Bearer {{}}\r\n\r\n"
        assert await knock(world, head.format("127.0.0.1", "sesame").encode()) == 200
        assert await knock(world, head.format("127.0.0.1", "x").encode()) == 401
        assert await knock(world, head.format("belfort.test", "sesame").encode()) == 421


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/control/v1/..%2f..%2fetc%2fpasswd",
        "/control/v1/%252e%252e/x",
        "/control/v1/messages/..%2F..%2Fx",
        "/control/v1/messages/%00",
        "/control/v1/messages/%c0%ae%c0%ae",
        "/control/v1/..;/openapi.json",
        "/control/v1/\\..\\x",
        "/control/v1/faults/1%0d%0aX:y",
    ],
)
async def test_no_spelling_of_a_path_leads_elsewhere(path):
    async with open_world() as world:
        port = world.simulator.control_url.rsplit(":", 1)[1]
        raw = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        assert await knock(world, raw.encode()) in (400, 404)
        assert (await world.ask("GET", "/clock"))[0] == 200


async def test_what_was_wrong_stands_in_the_journal():
    async with open_world() as world:
        await world.ask("PUT", "/clock", {"mode": "fast"})
        [entry] = world.simulator.journal.tail(1)
        assert entry.kind is Kind.INPUT_MALFORMED
        assert (entry.facts["door"], entry.facts["status"], entry.facts["path"]) == (
            "control",
            400,
            "/control/v1/clock",
        )
        assert "/mode: is not known" in str(entry.facts["what"])
