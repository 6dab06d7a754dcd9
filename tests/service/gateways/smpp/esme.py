"""What tests of the SMPP gateway share: an inbox that can fail, a gateway at work, something to submit."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

from service.clock import Dice
from service.domain.request import (
    Channel,
    MtMessage,
    Reply,
)
from service.gateways.sms_smpp import Centre, SmsSmpp
from service.store.engine import StoreUnavailable
from service.wire.smpp_session import Credentials
from tests.service.gateways.centre import DELIVER, RESP
from tests.service.rig import NOON, until

PERSON = "+32470000000"
RX_T_APPN, SYSERR, MSGQFUL, THROTTLED, INVDSTADR = 0x64, 0x08, 0x14, 0x58, 0x0B


class Inbox:
    """Takes everything, or fails, or waits."""

    def __init__(self):
        self.reports, self.replies, self.batches = [], [], []
        self.parts, self.given_up = {}, []
        self.down = False
        self.open = asyncio.Event()
        self.open.set()

    async def take_report(self, report):
        await self._pass()
        self.reports.append(report)

    async def take_all(self, came):
        self.batches.append(len(came))
        before = list(self.reports), list(self.replies)
        try:
            for each in came:
                await (self.take_reply if isinstance(each, Reply) else self.take_report)(each)
        except ZeroDivisionError:
            self.reports, self.replies = before
            raise

    async def take_reply(self, reply):
        await self._pass()
        if reply.text == "break":
            raise ZeroDivisionError
        self.replies.append(reply)

    async def take_part(self, part):
        await self._pass()
        parts = self.parts.setdefault(part.message, {})
        parts[part.number] = part.octets
        return len(parts) == part.total and await self._take_whole(part)

    async def give_up(self, part):
        await self._pass()
        self.given_up.append(part)
        if part.message in self.parts:
            await self._take_whole(part)

    async def _take_whole(self, part):
        octets = b"".join(piece for _, piece in sorted(self.parts.pop(part.message).items()))
        self.replies.append(part.reply(octets))
        return True

    async def _pass(self):
        await self.open.wait()
        if self.down:
            raise StoreUnavailable("the disk is full")


def gateway_of(rig, port: int, **change) -> SmsSmpp:
    settings = Centre(
        host="127.0.0.1", port=port, credentials=Credentials(b"belfort", b"hush"), source="8937", deadline=5.0
    )
    return SmsSmpp(replace(settings, **change), rig.clock, Dice(3), rig.meters, rig.log)


@asynccontextmanager
async def running(gateway, inbox):
    work = asyncio.create_task(gateway.run(inbox))
    try:
        yield gateway
    finally:
        work.cancel()
        await asyncio.wait((work,))
        await gateway.close()


def question(rig, text: str = "Een vraag?", destination: str = PERSON) -> MtMessage:
    return MtMessage(rig.dice.request_ids([NOON])[0], Channel.SMS, destination, text, "nl")


async def deliver(centre, body: bytes, command: int = DELIVER) -> int:
    """What our side answers."""
    await until(lambda: centre.sessions)
    seen = await centre.sessions[0].ask(command, body)
    assert seen.command == command | RESP
    return seen.status
