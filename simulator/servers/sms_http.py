"""The SMS door over HTTP: the EnCo SMS API as its real clients use it (gateway.md, "Doors").

The parts are in `sms`. The path of a submission is kept short: one middleware, no models, JSON read and
written by hand. What comes back from people is pushed (`push`) to peers that have a call-back address, and
kept to be fetched (`sms.fetch`) for the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind
from simulator.logs import Log
from simulator.servers.listener import Limits, Listener
from simulator.servers.push import Post, Pusher, Target, permitted
from simulator.servers.sms.access import Access
from simulator.servers.sms.fetch import Fetching, shown
from simulator.servers.sms.gate import DOOR, Gate
from simulator.servers.sms.keywords import Keywords
from simulator.servers.sms.options import Options
from simulator.servers.sms.resources import Resources
from simulator.servers.sms.submit import Submitting
from simulator.servers.sms.tokens import Tokens
from simulator.wire import enco
from simulator.world import Channel, ReplyOut, ReportOut

__all__ = ["Options", "SmsDoor"]

USUAL_LIMITS = Limits()
NOTHING: Mapping[str, web.Application] = {}


class SmsDoor:
    """Open it, and it takes submissions to the carrier and brings back what is due (as its `Outlet`)."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        log: Log,
        options: Options,
        limits: Limits = USUAL_LIMITS,
        beside: Mapping[str, web.Application] = NOTHING,
    ) -> None:
        """`beside` are applications of other protocols, by the path under which they share the listener."""
        self._carrier, self._clock, self._faults, self._options = carrier, clock, faults, options
        self.access = Access(options.clients, wall=clock.wall, lifetime=options.token_lifetime)
        self._resources = Resources()
        gate = Gate(self.access, journal=journal, faults=faults, options=options, limits=limits)
        self._fetching = Fetching(gate, carrier, self._resources, options, clock)
        app = web.Application(client_max_size=limits.body_bytes, middlewares=[gate.middleware()])
        app.router.add_routes(self._routes(gate))
        for path, other in beside.items():
            app.add_subapp(path, other)
        self._listener = Listener(app, door=DOOR, limits=limits, journal=journal, log=log, spell=gate.spell)
        self._pushers: dict[str | None, Pusher] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._pushed = 0
        self._leave = [
            carrier.attach(Channel.SMS, self),
            journal.listen(self._hear, frozenset({Kind.WORLD_RESET})),
        ]

    def _routes(self, gate: Gate) -> list[web.RouteDef]:
        tokens = Tokens(gate, self.access, self._resources, self._options, self._clock)
        submitting = Submitting(gate, self._carrier, self._resources, self._options)
        keywords = Keywords(gate, self._carrier)
        fetching, sms, messages = self._fetching, enco.SMS, f"{enco.SMS}/outboundmessages"
        return [
            web.post(messages, submitting.submit),
            web.post(f"{messages}/length", submitting.length),
            web.post(f"{messages}/{{address}}", submitting.submit),
            web.post(enco.SAP, submitting.submit),
            web.get(f"{messages}/deliveryinfos/{{id}}", fetching.status, allow_head=False),
            web.get(f"{sms}/inboundmessages/{{address}}", fetching.poll, allow_head=False),
            web.get(f"{sms}/dedicatedaddresses", fetching.dedicated, allow_head=False),
            web.get(f"{sms}/logs", fetching.logs, allow_head=False),
            web.put(f"{sms}/keywords/{{keyword}}", keywords.reserve),
            web.delete(f"{sms}/keywords/{{keyword}}", keywords.release),
            web.get("/sms/1.0.0/logs", fetching.logs, allow_head=False),
            web.post("/token", tokens.token),
            web.post("/oauth2/token", tokens.token),
            web.get("/userinfo", tokens.user_info, allow_head=False),
        ]

    async def open(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one. OSError when the address cannot be had."""
        await self._listener.open(host, port)
        self._resources.base = self._listener.url

    async def close(self) -> None:
        """Take no more calls, push no more."""
        for leave in self._leave:
            leave()
        await self._listener.close()
        for pusher in self._pushers.values():
            await pusher.close()
        await asyncio.gather(*self._ending)

    @property
    def url(self) -> str:
        """The base address, once open."""
        return self._listener.url

    @property
    def connections(self) -> int:
        return self._listener.connections

    @property
    def waiting(self) -> int:
        """Reports and replies that are being pushed or wait to be."""
        return sum(pusher.waiting for pusher in self._pushers.values())

    def call_back(self, target: Target | None, account: str | None = None) -> None:
        """Push what comes back for `account` (None: everybody without an address of their own) to `target`.

        None as target: it waits to be fetched from now on. What is on its way to a former address is dropped.
        ValueError when the simulator may not call that address.
        """
        if target is not None and not permitted(target.url, self._options.callback_origins):
            raise ValueError("only this machine and origins that were configured may be called back")
        former = self._pushers.pop(account, None)
        if former is not None:
            ending = asyncio.get_running_loop().create_task(former.close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
        if target is not None:
            self._pushers[account] = Pusher(
                target, clock=self._clock, faults=self._faults, window=self._options.callback_window
            )

    def _hear(self, entry: Entry) -> None:
        """A new world begins: what waited belongs to the old one."""
        if entry.kind is Kind.WORLD_RESET:
            for pusher in self._pushers.values():
                pusher.clear()
            self._fetching.clear()
            self._resources.clear()

    def _pusher(self, account: str) -> Pusher | None:
        return self._pushers.get(account) or self._pushers.get(None)

    def report(self, report: ReportOut) -> None:
        """Push a report; a peer without a call-back address asks for the status instead."""
        pusher = self._pusher(report.account)
        if pusher is None:
            return
        callback_data, identity = self._resources.said(report.message, report.reference)
        info = enco.Info(report.to, report.status.value)
        self._pushed += 1
        pusher.put(
            Post(
                identity=f"report-{report.message}-{self._pushed:x}",
                body=enco.report_notice(callback_data, self._resources.url(identity), info),
                account=report.account,
                address=report.to,
                handed=lambda: self._carrier.handed_report(report),
                failed=lambda why: self._carrier.failed_report(report, why),
                lost=lambda why: self._carrier.lost_report(report, why),
            )
        )

    def reply(self, reply: ReplyOut) -> None:
        """Push a reply, or keep it until it is fetched."""
        pusher = self._pusher(reply.account)
        if pusher is None:
            self._fetching.keep(reply)
            return
        self._pushed += 1
        pusher.put(
            Post(
                identity=f"reply-{reply.id}-{self._pushed:x}",
                body=enco.reply_notice(shown(reply), f"{self.url}{enco.SMS}/inboundmessages/shared"),
                account=reply.account,
                address=reply.sender,
                handed=lambda: self._carrier.handed_reply(reply),
                failed=lambda why: self._carrier.failed_reply(reply, why),
                lost=lambda why: self._carrier.lost_reply(reply, why),
            )
        )
