"""The gateway of channel SMS: the EnCo SMS API over HTTP (domain facts §1, gateway page "SMS, HTTP").

Its parts, one for each way things travel: `exchange` calls it, `sms_polls` fetches what came back,
`sms_call_backs` is told, `sms_meaning` says what its words mean to a request. Every failure of the peer or
the network becomes an outcome.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from service.clock import Clock
from service.domain.request import Channel, Deferred, MtMessage, Outcome, Submitted
from service.gateways import sms_meaning
from service.gateways.exchange import Exchange, Peer
from service.gateways.http_peer import NoAnswer
from service.gateways.sms_call_backs import CallBacks
from service.gateways.sms_polls import Polls
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.store.engine import Store
from service.wire import enco

__all__ = ["Peer", "SmsHttp"]


class SmsHttp:
    """Make it with a `Peer`; mount `routes` and run `run` with the inbox; `close` it when nothing uses it
    any more.
    """

    channel = Channel.SMS

    def __init__(self, peer: Peer, store: Store, clock: Clock, meters: Meters, log: Log) -> None:
        log = log.bind(part="sms_http")
        self._peer, self._clock = peer, clock
        self._exchange = Exchange(peer, clock, log)
        self._polls = Polls(peer, self._exchange, store, clock, meters, log)
        self._call_backs = CallBacks(peer, clock, meters, log)

    async def submit(self, message: MtMessage) -> Outcome:
        """Hand one message over, within the peer's deadline. Never raises for what the peer or the network
        does.
        """
        with self._clock.at_work():
            reference = str(message.request)
            body = enco.submission(reference=reference, destination=message.destination, text=message.text)
            try:
                answer = await self._exchange.post(enco.submission_path(), body)
            except NoAnswer as error:
                return Deferred(error.reason, perhaps_taken=error.sent)
            outcome = sms_meaning.outcome(answer)
            if self._peer.polls and isinstance(outcome, Submitted):
                self._polls.expect()
            return outcome

    async def run(self, inbox: Inbox) -> None:
        """Fetch what must be fetched; returns only when cancelled."""
        if self._peer.polls:
            await self._polls.run(inbox)
        else:
            await asyncio.get_running_loop().create_future()

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """Where the gateway pushes; none when it only is polled."""
        return self._call_backs.routes(inbox) if self._peer.pushes else []

    async def close(self) -> None:
        """Close the connections."""
        await self._exchange.close()
