"""The gateway of channel EMAIL: questions go out as mail over a relay (gateway page "e-mail").

Its parts: `mail_relay` hands over, `mail_meaning` says what the relay's words mean to a request, and what
comes back comes in at `mail_door`. Every failure of the relay or the network becomes an outcome: a mail whose
data was sent and not answered was perhaps taken, and its repeat carries the same Message-ID.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from aiohttp import web

from service.clock import Clock
from service.domain.request import Channel, MtMessage, Outcome, Refused
from service.gateways.mail_relay import Letter, Peer, Relay
from service.interfaces import Inbox
from service.store.tokens import Tokens
from service.wire.mail_question import Box, Sender, question

__all__ = ["Mail", "Peer"]

_ADDRESS = re.compile(r"[!-~]{1,64}@[!-~]{1,253}")
"""What may reach a client at all: no control character, no blank. The grammar is `domain.destination`'s."""


class Mail:
    """Make it with a `Peer` and a `Sender`; `close` it when nothing uses it any more."""

    channel = Channel.EMAIL

    def __init__(self, peer: Peer, sender: Sender, tokens: Tokens, clock: Clock) -> None:
        self._sender, self._tokens, self._clock = sender, tokens, clock
        self._relay = Relay(peer)

    async def submit(self, message: MtMessage) -> Outcome:
        """Hand one question over, within the peer's deadline. Never raises for what the relay or the network
        does."""
        with self._clock.at_work():
            if not _ADDRESS.fullmatch(message.destination):
                return Refused("not an address")
            return await self._relay.hand_over(self._letter(message))

    async def run(self, _inbox: Inbox) -> None:
        """Nothing must be fetched: what comes back comes to the door."""
        await asyncio.get_running_loop().create_future()

    def routes(self, _inbox: Inbox) -> list[web.RouteDef]:
        """Nothing is called back over HTTP."""
        return []

    async def close(self) -> None:
        """Close the connections to the relay."""
        await self._relay.close()

    def _letter(self, message: MtMessage) -> Letter:
        token = self._tokens.of(Channel.EMAIL, message.request)
        content = question(
            self._sender,
            request=message.request,
            token=token,
            to=message.destination,
            text=message.text,
            language=message.language,
            at=datetime.fromtimestamp(self._clock.now() // 1000, UTC),
        )
        sender = self._sender.box(Box.BOUNCE, token)
        return Letter(str(message.request), sender, message.destination, content)
