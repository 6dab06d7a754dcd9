"""A mail relay for tests: aiosmtpd on loopback, which takes everything unless told otherwise."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CUT, HANG = "cut", "hang"
"""What a stage can do beside answering."""


@dataclass
class PostOffice:
    """`on` says what the next messages get at a stage; letters that were answered 250 stand in `taken`."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """Every Message-ID whose data arrived, also of mails that got no 250."""
    connections: int = 0
    open: set[Any] = field(default_factory=set)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    logins: list[tuple[bytes, bytes, bool]] = field(default_factory=list)

    def on(self, stage: str, *answers: str) -> None:
        self.answers[stage] += answers

    def mail(self, place: int = -1) -> EmailMessage:
        content = self.taken[place].original_content
        assert content is not None
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    async def _next(self, stage: str, server: SMTP, otherwise: str) -> str:
        answer = self.answers[stage].pop(0) if self.answers[stage] else otherwise
        if answer == CUT:
            server.transport.abort()  # type: ignore[union-attr]
        if answer in (CUT, HANG):
            await asyncio.get_running_loop().create_future()
        return answer

    # Called by aiosmtpd.

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*answers[:-1], "250-DSN", answers[-1]]

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from, envelope.mail_options = address, options
        return await self._next("MAIL", server, "250 Ok")

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._next("RCPT", server, "250 Ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options += options
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert envelope.original_content is not None
        self.seen.append(str(message_from_bytes(envelope.original_content)["Message-ID"]))
        answer = await self._next("DATA", server, "250 Taken")
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=data.password == b"right", handled=False)


class _Counter(SMTP):
    """aiosmtpd's server, which takes what a relay with DSN takes (RFC 3461), and is counted."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        office: PostOffice = self.event_handler
        office.connections += self._original_transport is None
        office.open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open.discard(self.transport)
        super().connection_lost(error)

    def _getparams(self, params: Any) -> Any:
        return super()._getparams([each for each in params if each.partition("=")[0].upper() not in _DSN])


_DSN = ("RET", "ENVID", "NOTIFY")


@asynccontextmanager
async def open_post_office(
    *, tls: ssl.SSLContext | None = None, auth: bool = False, port: int = 0, **options: Any
) -> AsyncIterator[PostOffice]:
    office, loop = PostOffice(), asyncio.get_running_loop()

    def serve() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # AUTH without TLS is what some tests are about
            return _Counter(
                office,
                hostname="relay.test",
                loop=loop,
                tls_context=tls,
                auth_required=auth,
                auth_require_tls=tls is not None,
                authenticator=office.authenticate if auth else None,
                **options,
            )

    server = await loop.create_server(serve, "127.0.0.1", port)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        for transport in list(office.open):
            transport.abort()
