"""The gateway of channel SMS over SMPP 3.4: an ESME with one or several transceiver sessions (gateway page
"SMS, SMPP").

Its parts: `smpp_sessions` keeps the sessions up, each of them a `smpp_link`; `smpp_inbound` takes what comes
back; `smpp_meaning` says what the words mean to a request. Every failure of the peer or the network becomes
an outcome: a message that was written and not answered was perhaps taken, and its repeat carries the same
reference.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from aiohttp import web

from service.clock import Clock, Dice
from service.domain.request import Channel, Deferred, MtMessage, Outcome, Refused
from service.gateways import smpp_meaning
from service.gateways.smpp_inbound import Inbound
from service.gateways.smpp_link import Answer, Link
from service.gateways.smpp_sessions import Centre, Sessions
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.wire.smpp_session import Answered, Unclear

__all__ = ["Centre", "SmsSmpp"]


class SmsSmpp:
    """Make it with a `Centre`, run `run` with the inbox; `close` it when nothing uses it any more."""

    channel = Channel.SMS

    def __init__(self, centre: Centre, clock: Clock, dice: Dice, meters: Meters, log: Log) -> None:
        log = log.bind(part="sms_smpp")
        self._centre, self._clock = centre, clock
        self._inbound = Inbound(clock, meters, log)
        self._sessions = Sessions(
            centre, clock, dice, log, came=self._inbound.take, stray=self._inbound.stray
        )

    async def submit(self, message: MtMessage) -> Outcome:
        """Hand one message over, within twice the deadline: once for a session, once for its answer. Never
        raises for what the peer or the network does."""
        with self._clock.at_work():
            try:
                parts = smpp_meaning.submissions(message, self._centre.source)
            except ValueError as error:
                return Refused(str(error))
            try:
                async with asyncio.timeout(self._centre.deadline):
                    link = await self._sessions.with_room(min(len(parts), self._centre.window))
            except TimeoutError:
                link = None
            if link is None:
                return Deferred("no session")
            answers = await self._submit(link, parts)
            self._remember(message, answers)
            return smpp_meaning.outcome(message, answers)

    def submit_now(self, message: MtMessage, done: Callable[[Outcome], object]) -> bool:
        """Hand over at once what fits into one message, if a session has room; `done` hears what came of it,
        later. False: nothing has happened."""
        form = smpp_meaning.form(message.text, self._centre.source)
        link = self._sessions.at_once()
        if form is None or link is None:
            return False
        receiver, reference = smpp_meaning.receiver(message.destination), message.request.bytes
        link.submit_form(form, receiver, reference, partial(self._heard, message, done))
        return True

    def _heard(self, message: MtMessage, done: Callable[[Outcome], object], answer: Answer) -> None:
        self._remember(message, [answer])
        done(smpp_meaning.outcome(message, [answer]))

    async def run(self, inbox: Inbox) -> None:
        """Keep the sessions up and take what comes over them. Returns only when cancelled, after a
        goodbye.
        """
        self._inbound.serve(inbox)
        try:
            await self._sessions.run()
        finally:
            await self._inbound.finish()
            await self._sessions.leave()

    def routes(self, _inbox: Inbox) -> list[web.RouteDef]:
        """Nothing is called back over HTTP."""
        return []

    async def close(self) -> None:
        """Drop what connections there are."""
        self._sessions.drop()

    async def _submit(self, link: Link, parts: list[smpp_meaning.Submission]) -> list[Answer]:
        """The whole message over one session, as much at a time as its window holds."""
        answers: list[Answer] = []
        for start in range(0, len(parts), self._centre.window):
            batch = parts[start : start + self._centre.window]
            if not await self._sessions.room_on(link, len(batch)):
                return [*answers, Unclear(0, "cut off between its parts")]
            answers += await asyncio.gather(*[link.submit(*part) for part in batch])
        return answers

    def _remember(self, message: MtMessage, answers: list[Answer]) -> None:
        taken = (answer for answer in answers if isinstance(answer, Answered) and not answer.status)
        self._inbound.remember(map(smpp_meaning.gateway_id, taken), message)
