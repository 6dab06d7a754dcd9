"""Our side of the connections to one mail relay: kept open, one message at a time on each.

A message gets a connection that is idle, or a new one. What a relay that closes an idle connection does to
the next message is no outcome: nothing of it had been sent, so it goes over a new one at once.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPResponseException

from service.domain.request import Outcome, Submitted
from service.gateways import mail_meaning
from service.gateways.mail_meaning import Stage

MOST_MESSAGES = 200
"""Over one connection; many relays set such a limit and close in the middle of a conversation."""
GOODBYE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Where the relay is and how we know each other. `us`: our name in EHLO; times in seconds.

    `tls`: for STARTTLS, None to speak in clear. `username`: empty for no AUTH."""

    host: str
    port: int
    us: str
    tls: ssl.SSLContext | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    deadline: float = 30.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in its envelope. `reference` is what the relay may tell back in a report (RFC 3461 §4.4)."""

    reference: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class _Line:
    """One connection, and what it has carried."""

    def __init__(self, peer: Peer) -> None:
        self.client = aiosmtplib.SMTP(
            hostname=peer.host,
            port=peer.port,
            local_hostname=peer.us,
            username=peer.username or None,
            password=peer.password or None,
            start_tls=peer.tls is not None,
            tls_context=peer.tls,
            timeout=peer.deadline,
        )
        self.carried = 0
        self.stage = Stage.CONNECT

    async def carry(self, letter: Letter) -> None:
        """Errors: those of aiosmtplib; `stage` says how far it came."""
        if not self.client.is_connected:
            await self.client.connect()
        if self.client.is_ehlo_or_helo_needed:
            await self.client.ehlo()
        self.stage = Stage.MAIL
        told = self.client.supports_extension("dsn")
        size = [f"SIZE={len(letter.content)}"] if self.client.supports_extension("size") else []
        about = ["RET=HDRS", f"ENVID={letter.reference}"] if told else []
        await self.client.mail(letter.sender, options=[*size, *about])
        self.stage = Stage.RCPT
        await self.client.rcpt(letter.recipient, options=["NOTIFY=FAILURE,DELAY"] if told else [])
        self.stage = Stage.DATA
        await self.client.data(letter.content)
        self.carried += 1


class Relay:
    """Hands mails over. `close` it when nothing uses it any more."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._idle: list[_Line] = []

    async def hand_over(self, letter: Letter) -> Outcome:
        """What the relay says of one mail, within the deadline. Never raises for what the relay or the
        network does."""
        until = asyncio.get_running_loop().time() + self._peer.deadline
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected:
                outcome = await self._over(line, letter, until)
                if outcome is not None:
                    return outcome
        outcome = await self._over(_Line(self._peer), letter, until)
        return mail_meaning.lost(Stage.CONNECT, "cut off") if outcome is None else outcome

    async def close(self) -> None:
        """Say goodbye on what is idle."""
        idle, self._idle = self._idle, []
        for line in idle:
            with suppress(SMTPException, OSError, TimeoutError):
                await line.client.quit(timeout=GOODBYE_SECONDS)
            line.client.close()

    async def _over(self, line: _Line, letter: Letter, until: float) -> Outcome | None:
        """The outcome over one connection; None when a kept one had been closed before anything was said."""
        line.stage, kept = Stage.CONNECT, line.carried > 0
        outcome: Outcome = Submitted(letter.reference)
        fit = False
        try:
            async with asyncio.timeout_at(until):
                await line.carry(letter)
            fit = True
        except SMTPResponseException as error:
            if kept and line.stage is Stage.MAIL and error.code == mail_meaning.CLOSING:
                return None
            outcome = mail_meaning.refusal(line.stage, error.code, error.message)
            fit = line.stage is not Stage.CONNECT and error.code != mail_meaning.CLOSING
            fit = fit and await self._reset(line, until)
        except TimeoutError:  # aiosmtplib's is one too
            outcome = mail_meaning.lost(line.stage, "timed out")
        except (SMTPException, OSError, ValueError) as error:
            if kept and line.stage is Stage.MAIL:
                return None
            outcome = mail_meaning.lost(line.stage, type(error).__name__)
        finally:
            self._put_back(line, fit=fit)
        return outcome

    async def _reset(self, line: _Line, until: float) -> bool:
        """Forget the refused mail, so that the connection is fit for the next one; whether it is."""
        try:
            async with asyncio.timeout_at(until):
                await line.client.rset()
        except (SMTPException, OSError, TimeoutError):
            return False
        return True

    def _put_back(self, line: _Line, *, fit: bool) -> None:
        if fit and line.carried < MOST_MESSAGES:
            self._idle.append(line)
        else:
            line.client.close()
