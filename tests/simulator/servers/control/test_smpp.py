"""Outbind by the control API (SMPP 3.4 §2.2.1): the message centre calls, the ESME binds."""

from __future__ import annotations

import asyncio

import pytest

from simulator.journal import Kind
from simulator.wire.smpp.pdu import Command
from tests.simulator.servers.smpp.centre import Esme
from tests.simulator.servers.worlds import open_world


async def called(world, **more):
    """What the control API answers, and the ESME that was called."""
    arrived = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda *pair: arrived.set_result(Esme(*pair)), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        status, told = await world.ask("POST", "/smpp/outbind", {"port": port, **more})
        assert status == 202, told
        return told, await arrived


@pytest.mark.parametrize("command", [Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER])
async def test_an_esme_that_is_called_binds(command):
    async with open_world() as world:
        settings = world.simulator.settings
        told, esme = await called(world)
        asked = await esme.hear()
        assert asked.command is Command.OUTBIND
        assert asked.fields["system_id"].decode() == settings.smpp_system_id == told["system_id"]
        assert asked.fields["password"].decode() == settings.smpp_password
        assert (await esme.ask(command, **asked.fields)).status == 0
        (entry,) = (await world.get("/journal", kind=Kind.DOOR_BOUND.value))["entries"]
        assert entry["facts"]["session"] == told["session"]
        await esme.close()


async def test_who_is_called_may_not_bind_as_a_transmitter():
    async with open_world() as world:
        _, esme = await called(world)
        asked = await esme.hear()
        assert (await esme.ask(Command.BIND_TRANSMITTER, **asked.fields)).status == 0x04
        await esme.close()


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({}, 400, "/port"),
        ({"port": 0}, 400, "/port"),
        ({"port": 9, "host": "192.0.2.1"}, 400, "/host"),
        ({"port": 9, "system_id": "belfort-smp"}, 400, "/system_id"),
        ({"port": 9, "password": "x"}, 400, "/password"),
        ({"port": 1}, 502, None),
    ],
)
async def test_a_call_that_cannot_be_made_says_why(body, status, where):
    async with open_world() as world:
        told_status, told = await world.ask("POST", "/smpp/outbind", body)
        assert told_status == status
        assert [each["pointer"] for each in told.get("errors", [])] == ([where] if where else [])
