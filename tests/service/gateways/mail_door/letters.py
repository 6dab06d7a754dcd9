"""What tests of the mail door share: a door, a question that was mailed, mails, a conversation."""

from __future__ import annotations

import asyncio
import smtplib
from contextlib import asynccontextmanager
from email.message import EmailMessage

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel
from service.gateways.mail_door import Door, Terms
from service.settle import Settle
from service.store import outbox
from service.store.tokens import Tokens
from service.wire.mail_question import Box, Sender
from tests.service.rig import HOUR, mark_submitted

SENDER = Sender("Klantenpanel", "survey@survey.test", "survey.test")
PERSON = "jan@belfort.test"
WINDOW = 72 * HOUR


def settle_of(rig):
    return Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


@asynccontextmanager
async def open_door(rig, inbox=None, **terms):
    door = Door(SENDER, Terms(**terms), Tokens(rig.vault), rig.clock, rig.meters, rig.log)
    await door.open(inbox or settle_of(rig))
    try:
        yield door
    finally:
        await door.close()


async def mailed(rig, person=PERSON):
    """A request whose question was handed over."""
    request = await rig.queue(person, channel=Channel.EMAIL)
    now = rig.clock.now()
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.EMAIL, now, Moment(now + HOUR), 100))
    await rig.store.write(
        lambda tx: mark_submitted(tx, request, gateway_id=str(request), now=now, window_ms=WINDOW)
    )
    return request


def box(rig, request, kind=Box.REPLY):
    return SENDER.box(kind, Tokens(rig.vault).of(Channel.EMAIL, request))


def reply(text="9", subject="Re: vraag", sender=PERSON, message_id="<1@belfort.test>", **fields):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = sender, subject, message_id
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


async def deliver(door, to, mail, sender=PERSON):
    """By smtplib, as a mail program does; gives the refusals."""

    def send():
        host, _, port = door.address.partition(":")
        with smtplib.SMTP(host, int(port), timeout=10) as client:
            if isinstance(mail, bytes):
                return client.sendmail(sender, to, mail)
            return client.send_message(mail, sender, to)

    return await asyncio.to_thread(send)


class Talk:
    """A raw conversation."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, *lines, end=b"\r\n"):
        self.writer.write(b"".join(line.encode() + end for line in lines))
        return await self.hear()

    async def hear(self):
        """The next whole answer; empty when the door has closed."""
        lines = []
        async with asyncio.timeout(10):
            while line := (await self.reader.readline()).decode():
                lines.append(line)
                if line[3:4] == " ":
                    break
        return "".join(lines)


@asynccontextmanager
async def talking(door):
    host, _, port = door.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    talk = Talk(reader, writer)
    try:
        assert (await talk.hear()).startswith("220 survey.test")
        yield talk
    finally:
        writer.close()
