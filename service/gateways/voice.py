"""The gateway of channel VOICE: calls by REST in the Twilio dialect (domain facts §3, gateway page "voice").

The question is the call: we order it, and the gateway asks us over HTTP what to say. Its parts, one for each
way things travel: `voice_call_backs` answers and is told, `voice_polls` asks what became of calls that we
were not told of, `voice_meaning` says what the dialect's words mean to a request. Every failure of the peer
or the network becomes an outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from service.clock import Clock
from service.domain.request import Channel, Deferred, Delivery, MtMessage, Outcome, Submitted
from service.gateways import voice_meaning
from service.gateways.http_peer import HttpPeer, NoAnswer
from service.gateways.voice_call_backs import CallBacks, Conduct, address
from service.gateways.voice_polls import LARGEST_ANSWER, Polls
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.store.engine import Store
from service.store.tokens import Tokens
from service.wire import calls
from service.wire.calls import Dialect, Order, Status, Told
from service.wire.json_members import ProtocolError

__all__ = ["Conduct", "Switchboard", "Voice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchboard:
    """Where the telephone exchange is and how we know each other. Times in seconds.

    `caller`: the number that those called see. `ask_after`: from the order of a call to the first question
    what became of it."""

    url: str
    dialect: Dialect
    account: str
    token: str = field(repr=False)
    caller: str
    ring_time: int = 25
    detect_machines: bool = True
    ask_after: float = 300.0
    window: int = 16
    deadline: float = 8.0


class Voice:
    """Make it with a `Switchboard`; mount `routes` and run `run` with the inbox; `close` it when nothing uses
    it any more.
    """

    channel = Channel.VOICE

    def __init__(
        self,
        switchboard: Switchboard,
        conduct: Conduct,
        store: Store,
        clock: Clock,
        meters: Meters,
        log: Log,
        *,
        tokens: Tokens,
        here: Callable[[], str],
    ) -> None:
        """`here`: our own base address as the exchange reaches it."""
        log = log.bind(part="voice")
        self._switchboard, self._clock, self._tokens, self._here = switchboard, clock, tokens, here
        self._http = HttpPeer(switchboard.url, deadline=switchboard.deadline, window=switchboard.window)
        self._polls = Polls(self._read, switchboard.ask_after, store, clock, log)
        self._call_backs = CallBacks(
            conduct,
            store,
            clock,
            meters,
            log,
            tokens=tokens,
            here=here,
            secret=switchboard.token if switchboard.dialect.signs else None,
            became=self._became,
        )

    async def submit(self, message: MtMessage) -> Outcome:
        """Order a call, within the peer's deadline. Never raises for what the peer or the network does."""
        with self._clock.at_work():
            headers = calls.authorisation(self._switchboard.account, self._switchboard.token)
            headers["Content-Type"] = calls.FORM
            try:
                answer = await self._http.call(
                    "POST",
                    calls.calls_path(self._switchboard.dialect, self._switchboard.account),
                    LARGEST_ANSWER,
                    headers,
                    calls.creation(self._order(message)),
                    self._until(),
                )
            except NoAnswer as error:
                return Deferred(error.reason, perhaps_taken=error.sent)
            outcome = voice_meaning.outcome(answer)
            if isinstance(outcome, Submitted):
                self._polls.expect()
            return outcome

    async def run(self, inbox: Inbox) -> None:
        """Ask about calls that we were not told of; returns only when cancelled."""
        await self._polls.run(inbox)

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """Where the exchange asks and tells."""
        return self._call_backs.routes(inbox)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def _order(self, message: MtMessage) -> Order:
        token = self._tokens.of(Channel.VOICE, message.request)
        return Order(
            to=message.destination,
            caller=self._switchboard.caller,
            question_url=self._here() + address(token, "question", message.request),
            status_url=self._here() + address(token, "status", message.request),
            ring_time=self._switchboard.ring_time,
            detect_machines=self._switchboard.detect_machines,
        )

    async def _became(self, told: Told) -> Delivery:
        """What a call-back says that became of its question."""
        if self._switchboard.dialect.tells:
            return voice_meaning.delivery(told.status, told.answered_by)
        if told.status is not Status.COMPLETED:
            return Delivery.UNDERWAY
        try:
            call = await self._read(told.sid)
        except (NoAnswer, ProtocolError):
            return Delivery.UNDERWAY  # it will be asked about later
        return voice_meaning.delivery(call.status, call.answered_by)

    async def _read(self, sid: str) -> calls.Call:
        """A call as the exchange knows it now. Errors: NoAnswer, ProtocolError."""
        account, token = self._switchboard.account, self._switchboard.token
        answer = await self._http.call(
            "GET",
            calls.call_path(self._switchboard.dialect, account, sid),
            LARGEST_ANSWER,
            calls.authorisation(account, token),
            None,
            self._until(),
        )
        if answer.status != 200:
            raise NoAnswer(f"HTTP {answer.status}", sent=True)
        return calls.read_call(answer.body)

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._switchboard.deadline
