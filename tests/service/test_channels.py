"""Several channels at once: each message to its own gateway, one at a time or all together."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from service.channels import Channels, Line
from service.domain.request import Channel, State, Submitted
from service.submit import Limits, Submit
from service.workers import Workers
from tests.service.rig import open_rig, until


class Post:
    """A gateway that takes everything once it is open."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.taken, self.open, self.closed = channel, [], asyncio.Event(), False
        self.reached = asyncio.Event()

    async def submit(self, message):
        self.reached.set()
        await self.open.wait()
        self.taken.append(message.request)
        return Submitted(f"{self.channel.value}-{len(self.taken)}")

    async def run(self, _inbox):
        await asyncio.get_running_loop().create_future()

    def routes(self, _inbox):
        return [web.get(f"/gateways/{self.channel.value}", self.submit)]

    async def close(self):
        self.closed = True


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def working(rig, *gateways):
    lines = [
        Line(
            gateway,
            Submit(
                gateway, rig.store, rig.vault, rig.clock, rig.dice, rig.meters, rig.log, Limits(),
                on_window=lambda _end: None,
            ),
        )
        for gateway in gateways
    ]  # fmt: skip
    channels = Channels(lines, rig.store, rig.clock, rig.meters)
    workers = Workers(asyncio.Event(), rig.log, rig.meters)
    workers.begin(channels.workers(), channels.fetches(None))
    try:
        yield channels
    finally:
        for gateway in gateways:
            gateway.open.set()
        await workers.finish()
        await channels.close()
        assert all(gateway.closed for gateway in gateways)


async def test_each_message_goes_to_the_gateway_of_its_channel(rig):
    sms, voice = Post(Channel.SMS), Post(Channel.VOICE)
    async with working(rig, sms, voice) as channels:
        sms.open.set()
        voice.open.set()
        written = await rig.queue("+32470000001")
        spoken = await rig.queue("+32470000002", channel=Channel.VOICE)
        channels.ring({Channel.SMS, Channel.VOICE})
        await until(lambda: sms.taken and voice.taken)
    assert (sms.taken, voice.taken) == ([written], [spoken])
    assert rig.facts(spoken)[0] is State.SUBMITTED


async def test_idle_means_that_no_channel_has_anything_to_do(rig):
    sms, voice = Post(Channel.SMS), Post(Channel.VOICE)
    async with working(rig, sms, voice) as channels:
        await rig.clock.settled()
        assert await channels.idle()
        await rig.queue(channel=Channel.VOICE)
        assert not await channels.idle(), "it is due"
        channels.ring({Channel.VOICE})
        await voice.reached.wait()
        assert not await channels.idle(), "it is being handed over"
        voice.open.set()
        await until(lambda: rig.row("SELECT due_at FROM envelope")[0] is None)
        await rig.clock.settled()
        assert await channels.idle()


async def test_a_channel_that_stands_still_holds_up_no_other(rig):
    sms, voice = Post(Channel.SMS), Post(Channel.VOICE)
    async with working(rig, sms, voice) as channels:
        sms.open.set()
        await rig.queue("+32470000002", channel=Channel.VOICE)
        await rig.queue("+32470000001")
        channels.ring({Channel.SMS, Channel.VOICE})
        await until(lambda: sms.taken)
        await channels.measure()
        queued = {
            channel.value: rig.meters.registry.get_sample_value(
                "survey_requests_queued", {"channel": channel.value}
            )
            for channel in channels.configured
        }
        assert queued["VOICE"] == 1
        assert voice.taken == []


async def test_every_gateway_has_its_routes(rig):
    async with working(rig, Post(Channel.SMS), Post(Channel.EMAIL)) as channels:
        assert [route.path for route in channels.routes(None)] == ["/gateways/SMS", "/gateways/EMAIL"]
        assert channels.configured == {Channel.SMS, Channel.EMAIL}
