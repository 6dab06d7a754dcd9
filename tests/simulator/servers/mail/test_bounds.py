"""Peers that stay too long, come too often or say nothing: told so, cut off, and nobody else harmed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from simulator.journal import Kind
from simulator.servers.mail.options import Bounds, Options
from tests.simulator.servers.mail.post_office import post_office
from tests.simulator.servers.mail.talk import Talk, talk


async def test_one_connection_too_many_is_told_so():
    async with post_office(bounds=Bounds(connections=2)) as office, talk(office), talk(office) as second:
        reader, writer = await asyncio.open_connection("127.0.0.1", office.door.port)
        assert (await reader.readline()).startswith(b"421 4.3.2 too many connections")
        assert await reader.read() == b""
        writer.close()
        assert (await second.ask("NOOP")).startswith("250")


async def test_a_peer_that_says_nothing_is_told_and_cut_off():
    async with post_office(bounds=Bounds(idle=0.3)) as office, talk(office) as peer:
        assert (await peer.hear()).startswith("421 4.4.2 ")
        assert await peer.hear() == ""
        assert office.door.connections == 0


async def test_data_that_drips_is_cut_off_and_nothing_is_taken():
    async with post_office(bounds=Bounds(idle=0.5)) as office, talk(office) as peer:
        await peer.begins()
        dripping = asyncio.ensure_future(_drip(peer))
        assert (await peer.hear()).startswith("421 4.4.2 ")
        dripping.cancel()
        assert office.entries(Kind.MT_SUBMITTED) == []


async def _drip(peer: Talk) -> None:
    while True:
        await peer.say("x")
        await asyncio.sleep(0.05)  # a slow peer is what is tried here


async def test_who_leaves_in_the_middle_of_the_data_has_sent_nothing():
    async with post_office() as office:
        async with talk(office) as peer:
            await peer.begins()
            await peer.say("Subject: x\r\n\r\n9")
        await office.send()
        assert len(office.entries(Kind.MT_SUBMITTED)) == 1


async def test_passwords_cannot_be_tried_for_ever():
    def adjust(options: Options) -> Options:
        return replace(options, auth="offered")

    async with post_office(adjust=adjust) as office, talk(office) as peer:
        await peer.ask("EHLO acme.example")
        answers = [await peer.ask("AUTH PLAIN AGFjbWUAd3Jvbmc=") for _ in range(11)]
        assert [answer[:3] for answer in answers] == ["535"] * 10 + ["421"]
