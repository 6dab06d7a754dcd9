"""A post office for tests: the real mail door on a free port, the real carrier and town behind it, and a peer
with a real SMTP door of its own that takes what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope

from simulator.carrier import Carrier, Limits
from simulator.clock import Clock, Mode, Streams
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind, Match
from simulator.logs import open_log
from simulator.people.mailboxes import mailbox
from simulator.people.population import PROFILES
from simulator.people.town import Town
from simulator.servers.mail.door import MailDoor
from simulator.servers.mail.options import Bounds, Options
from simulator.truth import Ledger
from simulator.world import Moment

START = Moment(1_800_000_000_000)
NINE = mailbox(0, 9, 1)
QUESTION = "Beste klant,\n\nHoe waarschijnlijk beveelt u ons aan, van 0 tot 10?\n\nGroeten,\nWafels"
PATIENCE = 10.0


@dataclass
class Taken:
    """A mail that came back, as it was on the wire."""

    sender: str
    to: str
    raw: bytes
    at: float

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain", "html"))
        assert part is not None
        return str(part.get_content())


@dataclass
class Peer:
    """Takes what comes back. `answers` are given first, one a mail; then 250."""

    clock: Clock
    answers: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        for to in envelope.rcpt_tos:
            seconds = (self.clock.now() - START) / 1000
            sender = "" if envelope.mail_from == "<>" else envelope.mail_from or ""
            self.taken.append(Taken(sender, to, envelope.original_content or b"", seconds))
        self.heard.set()
        return "250 ok"

    async def mails(self, count: int) -> list[Taken]:
        """Wait until so many have come."""
        async with asyncio.timeout(PATIENCE):
            while len(self.taken) < count:
                self.heard.clear()
                await self.heard.wait()
        return self.taken


@dataclass
class PostOffice:
    """Everything behind the mail door, and the peer before it."""

    clock: Clock
    carrier: Carrier
    journal: Journal
    faults: FaultDesk
    ledger: Ledger
    door: MailDoor
    peer: Peer

    async def send(self, to: str | list[str] = NINE, content: bytes | None = None, **more: str) -> str:
        """Hand a mail in as aiosmtplib does; the answer to its data."""
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.door.port, start_tls=False) as client:
            sender = more.pop("sender", "bounce+1@acme.example")
            recipients = [to] if isinstance(to, str) else to
            _, answer = await client.sendmail(sender, recipients, content or mail(**more))
        return answer

    def entries(self, *kinds: Kind, **conditions: str) -> list[Entry]:
        match = Match(kinds=frozenset(kinds), **conditions)
        return list(self.journal.read(match=match, limit=10**6).entries)

    async def passes(self) -> None:
        """Everything that is due has happened and has been taken."""
        await self.clock.drain()


def mail(
    reference: str = "0197-1",
    *,
    text: str = QUESTION,
    reply_to: str | None = "reply+token1@acme.example",
    subject: str = "Onze wafels",
    **headers: str,
) -> bytes:
    """A survey mail, as a service would write it."""
    message = EmailMessage()
    message["From"] = "Wafels <survey@acme.example>"
    if reply_to is not None:
        message["Reply-To"] = reply_to
    message["To"] = "somebody@belfort.test"
    message["Subject"] = subject
    message["Message-ID"] = f"<{reference}@acme.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message.as_bytes(policy=policy.SMTP)


@asynccontextmanager
async def post_office(
    *,
    profile: str = "instant",
    mode: Mode = Mode.FROZEN,
    rate: float | None = None,
    bounds: Bounds | None = None,
    limits: Limits | None = None,
    listens: bool = True,
    give_up: float = 5 * 86_400.0,
    adjust: Callable[[Options], Options] = lambda options: options,
) -> AsyncIterator[PostOffice]:
    """A running post office; `profile` names the population."""
    clock = Clock(mode, rate=rate, start=START)
    streams = Streams(1)
    journal = Journal(clock)
    ledger = Ledger()
    journal.listen(ledger)
    faults = FaultDesk(clock, streams, journal)
    town = Town(streams, PROFILES[profile])
    carrier = Carrier(clock, town, journal, faults, limits or Limits())
    peer = Peer(clock)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(peer, hostname="acme.example", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    peer.port = server.sockets[0].getsockname()[1]
    options = Options(
        domains=frozenset({"belfort.test", "klanten.example"}),
        accounts={"acme": "secret"},
        replies=("127.0.0.1", peer.port) if listens else None,
        give_up=give_up,
    )
    options = adjust(replace(options, bounds=bounds) if bounds else options)
    door = MailDoor(
        carrier, clock=clock, journal=journal, faults=faults, log=open_log("error"), options=options
    )
    await door.open("127.0.0.1", 0)
    try:
        yield PostOffice(clock, carrier, journal, faults, ledger, door, peer)
    finally:
        await door.close()
        server.close()
        await server.wait_closed()
        clock.close()
