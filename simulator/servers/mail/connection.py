"""One peer's SMTP connection: aiosmtpd's, with strict addresses, limits on octets, and every no written down.

aiosmtpd 1.4.6 gathers a line that never ends in memory; here the octets between two mails are counted, and a
peer that goes far beyond its limit is cut off.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

from simulator.servers.mail.mischief import Ended
from simulator.servers.mail.options import HOST, UNNAMED
from simulator.wire.mail.path import read_path

if TYPE_CHECKING:
    from simulator.servers.mail.door import MailDoor

COMMANDS = {"AUTH": 10, "HELP": 50, "VRFY": 50, "*": 100_000}
"""How often a command may come on one connection."""
LINE = 1_001
"""Octets of a line of data (RFC 5321 §4.5.3.1.6)."""
FULL = b"421 4.3.2 too many connections; come back later\r\n"
CLOSING = b"421 4.3.2 the server closes\r\n"


class Connection(SMTP):
    """From the accept to the close. The door owns it."""

    def __init__(self, door: MailDoor, number: int) -> None:
        options = door.options
        super().__init__(
            door.intake,
            data_size_limit=options.bounds.mail_octets,
            enable_SMTPUTF8=True,
            hostname=HOST,
            ident="Belfort ESMTP",
            tls_context=options.tls,
            require_starttls=options.tls_required,
            timeout=options.bounds.idle,
            auth_require_tls=options.tls is not None,
            authenticator=door.intake.authenticate,
            command_call_limit=COMMANDS,
            loop=asyncio.get_running_loop(),
        )
        self.command_size_limits = defaultdict(lambda: SMTP.command_size_limit)  # theirs is everybody's
        self.door, self.number = door, number
        self._taken = 0
        self._most = 2 * options.bounds.mail_octets + options.bounds.commands_octets
        self._turned_away = self._over = False

    @property
    def account(self) -> str:
        """Who hands mail in, as the journal calls them."""
        login = getattr(getattr(self.session, "auth_data", None), "login", None)
        return login.decode("utf-8", "replace") if isinstance(login, bytes) else UNNAMED

    # Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        upgraded = self._original_transport is not None
        if not upgraded and not self.door.opened(self):
            self._turned_away = True
            peer: asyncio.Transport = transport  # type: ignore[assignment]  # TCP is one
            peer.write(FULL)
            peer.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._turned_away or self._over:
            return
        self._over = True
        self.door.lost(self)
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return False if self._turned_away else super().eof_received()

    def data_received(self, data: bytes) -> None:
        self._taken += len(data)
        if self._turned_away or self._over:
            return
        if self._taken > self._most:
            self.say_and_close(b"552 5.3.4 far more than may come at a time\r\n")
            return
        super().data_received(data)

    def say_and_close(self, line: bytes) -> None:
        """A last answer, whatever is under way."""
        transport: asyncio.Transport | None = self.transport  # type: ignore[assignment]  # as above
        if transport is not None and not transport.is_closing():
            self.door.said_no(self, line.decode().strip())
            transport.write(line)
            transport.close()

    def _timeout_cb(self) -> None:
        self.say_and_close(b"421 4.4.2 nothing came for too long\r\n")

    @property
    def task(self) -> asyncio.Task[None] | None:
        return self._handler_coroutine

    # The dialogue

    async def _handle_client(self) -> None:
        try:
            if await self.door.intake.greets(self):
                await super()._handle_client()
        except (Ended, ConnectionError):
            return  # the peer, or a fault, has ended it

    async def push(self, status: Any) -> None:
        """Answer; a no goes into the journal."""
        if isinstance(status, str) and status[:1] in ("4", "5"):
            self.door.said_no(self, status)
        await super().push(status)
        if isinstance(status, str) and status.startswith("421") and self.transport is not None:
            self.transport.close()

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self._taken = 0

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """aiosmtpd's own reader takes almost anything for an address, and fails on some of it."""
        path = read_path(arg)
        return (path.address, path.rest) if path else (None, None)

    async def smtp_DATA(self, arg: str) -> None:
        refused = await self.door.intake.before_data(self)
        if refused is not None:
            await self.push(refused)
            return
        await super().smtp_DATA(arg)
