"""Where mail comes back: an SMTP door that takes only what belongs to a request.

A recipient is known by the token in its address; every other is refused at RCPT, before any data. 250 is said
only when what came is durable, so a peer that hears nothing sends it again, and a second copy changes
nothing. One mail at a time is taken apart, in a thread, so that the loop never waits for a hostile one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiosmtpd.smtp import Envelope, Session

from service.clock import Clock
from service.domain import destination
from service.domain.destination import Destination
from service.domain.pacing import Pace
from service.domain.request import Channel, Delivery, DeliveryReport, OptOut, Reply, RequestId
from service.gateways.mail_session import Conversation
from service.interfaces import Inbox
from service.logs import Log, place
from service.meters import Meters
from service.store.engine import StoreUnavailable
from service.store.tokens import Tokens
from service.wire import mail_reply
from service.wire.mail_message import MailError
from service.wire.mail_question import Box, Sender
from service.wire.mail_reply import Automatic, Reported, Written
from service.wire.mail_reports import Report

NULL_SENDERS = frozenset({"", "<>"})
MOST_REFUSALS = 10
"""Of recipients in one connection; then it is cut off, for who guesses tokens needs many."""
CLOSE_SECONDS = 5.0

DELIVERIES = {Report.FAILED: Delivery.UNDELIVERED, Report.DELIVERED: Delivery.DELIVERED}
"""Every other report changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Where to listen, and what peers may ask for. `shared`: other processes of the service listen there too.
    `rate`: mails a second, 0 for no limit; `idle` in seconds."""

    host: str = "127.0.0.1"
    port: int = 0
    shared: bool = False
    size: int = 1_048_576
    connections: int = 100
    rate: float = 0.0
    idle: float = 60.0


class Door:
    """`open` it once with the inbox; `close` it before what stands behind the inbox is closed."""

    def __init__(
        self,
        sender: Sender,
        terms: Terms,
        tokens: Tokens,
        clock: Clock,
        meters: Meters,
        log: Log,
    ) -> None:
        self._sender, self._terms, self._tokens = sender, terms, tokens
        self._clock, self._meters, self._log = clock, meters, log.bind(part="mail_door")
        self._pace = Pace.of(terms.rate, self._wall_ms())
        self._talking: set[Conversation] = set()
        self._reading = asyncio.Semaphore(1)
        self._server: asyncio.Server | None = None
        self._inbox: Inbox
        self.address = ""

    async def open(self, inbox: Inbox) -> None:
        """Listen; `address` says where. Errors: OSError."""
        self._inbox, host = inbox, self._terms.host
        self._server = await asyncio.get_running_loop().create_server(
            self._conversation, host, self._terms.port, reuse_port=self._terms.shared or None
        )
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def close(self) -> None:
        """Take no more mail; what is being taken is finished or, after a while, left to its sender."""
        if self._server is None:
            return
        self._server.close()
        for each in list(self._talking):
            each.leave()
        ending = [each.ended for each in self._talking]
        if ending:
            await asyncio.wait(ending, timeout=CLOSE_SECONDS)
        for each in list(self._talking):
            each.cut()

    def _conversation(self) -> Conversation:
        terms = self._terms
        return Conversation(
            self,
            self._talking,
            hostname=self._sender.domain,
            size=terms.size,
            connections=terms.connections,
            idle=terms.idle,
        )

    # aiosmtpd calls these by their names.

    async def handle_MAIL(
        self, _server: Conversation, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Anybody may write, also nobody: whose mail it is decides the recipient."""
        envelope.mail_from = address or "<>"
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: Conversation, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """550 unless the address carries a token of ours; one recipient for each mail."""
        if envelope.rcpt_tos:
            return self._refused(server, "many_recipients", "452 4.5.3 One recipient for each mail")
        if self._belongs(address) is None:
            return self._refused(server, "unknown_recipient", "550 5.1.1 No such address here")
        if not self._pace.available(self._wall_ms(), 1):
            self._count("too_fast")
            return "451 4.7.1 Too fast, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Conversation, _session: Session, envelope: Envelope) -> str:
        """250 once what came is durable."""
        found = self._belongs(envelope.rcpt_tos[0])
        content = envelope.original_content
        if found is None or content is None:
            return "554 5.5.1 No valid recipient"
        self._pace = self._pace.took(self._wall_ms(), 1)
        with self._clock.at_work(), server.busy():
            try:
                kind = await self._take(*found, content, from_nobody=envelope.mail_from in NULL_SENDERS)
            except MailError as error:
                self._count("malformed")
                return f"554 5.6.0 {error}"
            except StoreUnavailable:
                self._count("unavailable")
                return "451 4.3.0 Cannot be kept now, try again"
        self._meters.mails.labels(kind).inc()
        return "250 2.0.0 Taken"

    async def handle_exception(self, error: Exception) -> str:
        """A mistake of ours: the peer may try again, and nobody learns more."""
        self._log.error("crashed", **place(error))
        self._meters.crashes.labels("mail_door").inc()
        return "451 4.3.0 Local error"

    async def _take(self, box: Box, request: RequestId, content: bytes, *, from_nobody: bool) -> str:
        """Pass on what the mail is, by the address it came to. The kind, for the meters."""
        async with self._reading:
            read = await asyncio.to_thread(mail_reply.read, content, from_nobody=from_nobody)
        match read:
            case Reported(Report.COMPLAINT, who):
                await self._inbox.take_opt_out(OptOut(Channel.EMAIL, request, _identity(who)))
                return "complaint"
            case Reported(report):
                delivery = DELIVERIES.get(report, Delivery.UNDERWAY)
                await self._inbox.take_report(DeliveryReport(Channel.EMAIL, delivery, request=request))
                return report.value
            case Automatic():
                return "automatic"
            case Written():
                return await self._take_written(box, request, read)

    async def _take_written(self, box: Box, request: RequestId, written: Written) -> str:
        match box:
            case Box.REPLY:
                await self._inbox.take_reply(
                    Reply(
                        message_id=f"{request} {written.message_id}",
                        channel=Channel.EMAIL,
                        sender=_identity(written.sender),
                        text=written.text,
                        request=request,
                    )
                )
                return "reply"
            case Box.UNSUBSCRIBE:
                await self._inbox.take_opt_out(OptOut(Channel.EMAIL, request, _identity(written.sender)))
                return "unsubscription"
            case Box.BOUNCE:
                # Responders that follow RFC 3834 §4 write to the envelope's sender; people never do.
                return "automatic"

    def _belongs(self, address: str) -> tuple[Box, RequestId] | None:
        found = self._sender.read_box(address)
        request = None if found is None else self._tokens.request(Channel.EMAIL, found[1])
        return None if found is None or request is None else (found[0], request)

    def _refused(self, server: Conversation, reason: str, answer: str) -> str:
        self._count(reason)
        server.refusals += 1
        return answer if server.refusals < MOST_REFUSALS else "421 4.7.0 Too many refused recipients"

    def _count(self, reason: str) -> None:
        self._meters.mails_refused.labels(reason).inc()

    def _wall_ms(self) -> int:
        return round(self._clock.wall() * 1000)


def _identity(sender: str) -> str:
    """As a destination is known again; empty for what is none."""
    read = destination.read(Channel.EMAIL, sender)
    return read.identity if isinstance(read, Destination) else ""
