"""The mail door: one socket, every connection and mailbox, and the way out for what is written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Message
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind
from simulator.logs import Log, crash
from simulator.servers.mail.connection import CLOSING, Connection
from simulator.servers.mail.course import MailCourse
from simulator.servers.mail.intake import Intake
from simulator.servers.mail.kept import KeptMails
from simulator.servers.mail.options import DOOR, Options
from simulator.servers.mail.outgoing import Outgoing, Parcel, Unaddressed
from simulator.servers.mail.postman import Postman
from simulator.servers.mail.slip import Slip
from simulator.world import Channel, ReplyOut, ReportOut

BACKLOG = 1_024
AGAIN = 2.0
"""Seconds between two deliveries of the same mail."""


class MailDoor:
    """Open it, and mail can be handed in."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        log: Log,
        options: Options,
    ) -> None:
        self._carrier, self._journal, self._log, self.options = carrier, journal, log, options
        bounds = options.bounds
        self.kept = KeptMails(bounds.kept_octets)
        self.intake = Intake(self, carrier, clock, journal, faults, options)
        self._outgoing = Outgoing(carrier, clock, journal, options.domains)
        self._postman = Postman(
            clock, faults, window=bounds.window, most=bounds.waiting, give_up=options.give_up
        )
        self._postman.deliver_to(options.replies)
        self._connections: set[Connection] = set()
        self._numbers = 0
        self._server: asyncio.Server | None = None
        self._closing = False
        carrier.entrust(Channel.EMAIL, MailCourse(carrier, clock, journal, faults, self.automatic))
        self._leave = [
            carrier.attach(Channel.EMAIL, self),
            journal.listen(self._hear, frozenset({Kind.WORLD_RESET})),
        ]
        self.host, self.port = "", 0
        logging.getLogger("mail.log").disabled = True  # aiosmtpd's own lines name people and their mail

    # The socket

    async def open(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one. OSError when the address cannot be had."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, host, port, backlog=BACKLOG)
        self.host, self.port = host, self._server.sockets[0].getsockname()[1]

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def close(self) -> None:
        """Take no more connections, say goodbye to those there are, and stop writing."""
        self._closing = True
        if self._server is not None:
            self._server.close()
        tasks = [each.task for each in self._connections if each.task is not None]
        for connection in list(self._connections):
            connection.say_and_close(CLOSING)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for leave in self._leave:
            leave()
        await self._postman.close()
        if self._server is not None:
            await self._server.wait_closed()

    def _connect(self) -> Connection:
        self._numbers += 1
        return Connection(self, self._numbers)

    @property
    def connections(self) -> int:
        return len(self._connections)

    @property
    def waiting(self) -> int:
        """Mails that the peer has yet to take."""
        return self._postman.waiting

    def deliver_to(self, host: str, port: int) -> None:
        """Where replies, bounces and automatic mail go from now on."""
        self._postman.deliver_to((host, port))

    # What connections tell

    def opened(self, connection: Connection) -> bool:
        """A peer has come; whether there is room for it."""
        if self._closing or len(self._connections) >= self.options.bounds.connections:
            return False
        self._connections.add(connection)
        return True

    def lost(self, connection: Connection) -> None:
        self._connections.discard(connection)

    def said_no(self, connection: Connection, answer: str) -> None:
        """Name in the journal what was not taken."""
        self._journal.record(
            Kind.MAIL_REFUSED,
            account=connection.account,
            door=DOOR,
            session=connection.number,
            what=answer[:200],
        )

    def crashed(self, error: Exception) -> None:
        self._log.error("crash", door=DOOR, **crash(error))

    # What comes back

    def report(self, report: ReportOut) -> None:
        """A bounce or a notice of delay is due."""
        self._post(lambda: self._outgoing.report(report), lambda why: self._carrier.lost_report(report, why))

    def reply(self, reply: ReplyOut) -> None:
        """Somebody answers."""
        by_hand = reply.id.rpartition("-")[2].startswith("h")
        try:
            parcel, copies = self._outgoing.reply(reply, by_hand)
        except Unaddressed as why:
            self._carrier.lost_reply(reply, str(why))
            return
        self._put(parcel)
        for place in range(1, copies):
            again = Parcel(
                parcel.identity, parcel.account, parcel.sender, parcel.to, parcel.mail,
                parcel.handed, parcel.failed, parcel.lost, parcel.about,
            )  # fmt: skip
            self._postman.put_later(again, place * AGAIN)

    def automatic(self, message: Message, kind: str) -> None:
        """An out-of-office reply or a complaint is due."""

        def lost(why: str) -> None:
            self._journal.record(
                Kind.MAIL_LOST, message=message.id, address=message.submission.to, what=kind, why=why
            )

        self._post(lambda: self._outgoing.automatic(message, kind), lost)

    def bounce(self, slip: Slip, said: str) -> None:
        """One of several recipients was refused, and the others have the mail."""
        self._post(
            lambda: self._outgoing.bounce(slip, said),
            lambda why: self._journal.record(Kind.MAIL_LOST, address=slip.to, what="bounce", why=why),
        )

    def _post(self, write: Callable[[], Parcel], lost: Callable[[str], object]) -> None:
        try:
            parcel = write()
        except Unaddressed as why:
            lost(str(why))
        else:
            self._put(parcel)

    def _put(self, parcel: Parcel) -> None:
        self.kept.put(parcel.identity, parcel.mail)
        self._postman.put(parcel)

    def _hear(self, entry: Entry) -> None:
        """A world that begins anew has no mail from the one before."""
        if entry.kind is Kind.WORLD_RESET:
            self.intake.begin()
            self.kept.clear()
            self._postman.clear()
