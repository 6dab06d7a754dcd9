"""The composition root: builds every object of the service, opens its door, and puts all away in order.

What is built from what is read here from top to bottom; nothing else in the service makes its own
collaborators. The parts that decide (the reader, the verbs' classes) can be exchanged by whoever
starts it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from aiohttp import web

from service.accept import Accept, Accepted, Decision
from service.attend import Attend
from service.channels import Channels, Line
from service.clock import Clock, Dice, Moment, RealClock
from service.close import Close
from service.config import Settings
from service.domain import answer
from service.domain.request import Channel
from service.gateways.choice import Means, chosen
from service.interfaces import KeyReader, Reader
from service.logs import Log, open_log
from service.meters import Meters
from service.report import Report
from service.settle import Settle
from service.store import presence
from service.store.accounts import Accounts, Client
from service.store.choice import database_at
from service.store.claim import claimed
from service.store.engine import Store
from service.store.tokens import Tokens
from service.store.vault import Vault
from service.submit import Submit
from service.web.access import Access
from service.web.addresses import BASE
from service.web.api import Api
from service.web.body import MOST_BYTES
from service.web.doors import Doors, most_connections
from service.web.edge import Edge, no_hurry, only
from service.web.express import Express
from service.web.idempotency import Keys
from service.web.known import KnownSurveys
from service.web.limits import Limit
from service.web.ops import Ops
from service.web.sending import Sends
from service.workers import Workers

STOP_SECONDS = 8.0
"""How long calls that were begun may take to be answered once the service is told to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the service is built with where somebody may want another."""

    reader: Reader = answer.read
    key_reader: KeyReader = answer.read_keys
    accept: type[Accept] = Accept
    submit: type[Submit] = Submit
    settle: type[Settle] = Settle
    close: type[Close] = Close
    report: type[Report] = Report
    keys: type[Keys] = Keys


class Service:
    """A running survey service. Make it with `start`, end it with `stop`."""

    def __init__(self, settings: Settings, clock: Clock, dice: Dice, log: Log) -> None:
        self.settings, self.clock, self.dice, self.log = settings, clock, dice, log
        self.meters = Meters()
        self._validity_ms = round(settings.validity * 1000)
        # Looking a meter up by its labels costs more than counting.
        self._accepted = lru_cache(maxsize=8)(self.meters.accepted.labels)
        self.url = ""
        self.mail_in = ""
        self.application: web.Application
        self.store: Store
        self.accounts: Accounts
        self._access: Access
        self._limits: tuple[Limit, Limit]
        self._channels: Channels
        self._close: Close
        self._doors: Doors
        self._stopping = asyncio.Event()
        self._ending = AsyncExitStack()

    @classmethod
    async def start(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        dice: Dice | None = None,
        log_to: BinaryIO | None = None,
        **parts: Any,
    ) -> Self:
        """Build, open, and return once calls are taken. `parts`: those of `Parts` that are to be others.

        Errors: StoreUnavailable and WrongMasterKey (the database), OSError (the address); then nothing is
        left running."""
        clock = clock or RealClock()
        service = cls(settings, clock, dice or Dice(), open_log(settings.log_level, clock.wall, log_to))
        try:
            await service._open(Parts(**parts))
        except BaseException:
            await service._ending.aclose()
            raise
        return service

    async def stop(self) -> None:
        """Take no more calls, answer those begun, finish what is being handed over, close the store."""
        if self._stopping.is_set():
            return
        self.log.info("stopping")
        self._stopping.set()
        await self._doors.close(STOP_SECONDS)
        await self._ending.aclose()
        self.log.info("stopped")

    async def open_account(self, client_id: str, client_secret: str) -> str:
        """The account of this client, made if there is none; a fresh token for it. Errors: ClientTaken."""
        known = await self.accounts.create(client_id, client_id=client_id, client_secret=client_secret)
        token = await self.accounts.issue(Client(known.client_id, known.account))
        if token is None:
            raise ValueError(f"client {client_id} was revoked")
        return token.value

    async def revoke(self, client_id: str) -> bool:
        """End a client and its tokens, at once; False when there was none."""
        ended = await self.accounts.revoke(client_id)
        self._access.forget()
        return ended

    async def idle(self) -> bool:
        """Whether nothing is being handed over or is due to be, and no write waits."""
        return not self.store.waiting() and await self._channels.idle()

    async def _open(self, parts: Parts) -> None:
        settings, clock, dice, log = self.settings, self.clock, self.dice, self.log
        vault = await self._open_store()
        store = self.store
        self.accounts = Accounts(store, clock, dice, token_lifetime=settings.token_lifetime)
        self._close = parts.close(store, vault, clock, self.meters, log)
        self._channels = channels = self._connected(parts, vault)
        self._ending.push_async_callback(channels.close)
        inbox = parts.settle(
            store,
            vault,
            clock,
            self.meters,
            reader=parts.reader,
            key_reader=parts.key_reader,
            response_window=settings.response_window,
        )
        accept = parts.accept(
            vault,
            dice,
            channels=channels.configured,
            contact_interval_ms=round(settings.contact_interval * 1000),
            validity_ms=self._validity_ms,
        )
        report = parts.report(store)
        known, sends = KnownSurveys(store, clock), self._sends(accept)
        api = self._api(known, sends, report, parts.keys(store, vault))
        edge = Edge(clock, log, self.meters, closing=self._stopping.is_set)
        self.application = self._application(edge, api, channels.routes(inbox))
        express = Express(access=self._access, known=known, sends=sends, store=store, clock=clock, edge=edge)
        await self._open_door(edge, api, express)
        self._ending.push_async_callback(channels.shut)
        await channels.open(inbox)
        self.mail_in = channels.address(Channel.EMAIL)
        workers = Workers(self._stopping, log, self.meters)
        self._ending.push_async_callback(workers.finish)
        attending = {"attend": self._attendance()} if store.shared else {}
        workers.begin({**channels.workers(), "close": self._close, **attending}, channels.fetches(inbox))
        log.info("started", url=self.url, sqlite=sqlite3.sqlite_version)

    async def _open_store(self) -> Vault:
        """The database by the settings, and the keys that belong to it."""
        settings, file = self.settings, Path(self.settings.database)
        if not settings.database_url:
            self._ending.enter_context(claimed(file))
        self.store = store = await Store.open(database_at(settings.database_url) or file)
        self._ending.push_async_callback(store.close)
        vault = Vault.open(None if settings.database_url else file, settings.master_key, self.dice)
        await store.write(vault.recognise)
        wall = int(self.clock.wall() * 1000)
        store.worker = await store.write(lambda tx: presence.enrol(tx, wall))
        return vault

    def _attendance(self) -> Attend:
        """Where other processes work on the same database."""

        def share(processes: int) -> None:
            for each in (self._channels, *self._limits):
                each.share(processes)
            self._close.bell.ring()

        return Attend(
            self.store,
            self.clock,
            self.log,
            self._channels.configured,
            on_beat=self._channels.look,
            on_company=share,
        )

    def _connected(self, parts: Parts, vault: Vault) -> Channels:
        """A gateway and its worker for each channel that is configured."""
        store, clock, dice, meters, log = self.store, self.clock, self.dice, self.meters, self.log
        means = Means(store, clock, dice, meters, log, Tokens(vault), self._here)
        submit = partial(parts.submit, on_window=self._close.expect)
        lines = [
            Line(
                one.gateway, submit(one.gateway, store, vault, clock, dice, meters, log, one.limits), one.door
            )
            for one in chosen(self.settings, means)
        ]
        return Channels(lines, store, clock, meters)

    def _here(self) -> str:
        """Where gateways reach us."""
        return self.settings.public_url or self.url

    def _sends(self, accept: Accept) -> Sends:
        settings, wall = self.settings, self.clock.wall
        self._limits = (
            Limit("send", rate=settings.send_rate, burst=settings.send_burst, wall=wall),
            Limit("calls", rate=settings.call_rate, burst=settings.call_burst, wall=wall),
        )
        return Sends(accept, self._limits[0], self._decided)

    def _api(self, known: KnownSurveys, sends: Sends, report: Report, keys: Keys) -> Api:
        settings, clock = self.settings, self.clock
        self._access = Access(self.accounts, clock, body_deadline=settings.body_deadline)
        return Api(
            access=self._access,
            known=known,
            sends=sends,
            report=report,
            store=self.store,
            keys=keys,
            clock=clock,
            calls=self._limits[1],
            on_delete=self._close.bell.ring,
            body_deadline=settings.body_deadline,
        )

    def _application(self, edge: Edge, api: Api, gateway_routes: Sequence[web.RouteDef]) -> web.Application:
        application = web.Application(middlewares=[edge.middleware], client_max_size=MOST_BYTES)
        ops = Ops(self.store, self.meters, self.clock, self.dice, refresh=self._channels.measure)
        application.add_routes(gateway_routes)
        calm: dict[str, Any] = {"expect_handler": no_hurry}
        application.add_routes([web.get(path, handler, **calm) for path, handler in ops.routes()])
        token = self._access.token
        application.add_routes([web.post(path, token, **calm) for path in ("/token", f"{BASE}/token")])
        # Under the base path everything needs a token, but not these, whatever the method.
        application.router.add_route("*", f"{BASE}/token", only("POST"))
        application.router.add_route("*", f"{BASE}/openapi.json", only("GET", "HEAD"))
        application.router.add_route("*", BASE + "/{tail:.*}", api.handle, **calm)
        return application

    async def _open_door(self, edge: Edge, api: Api, express: Express) -> None:
        settings = self.settings
        self._doors = Doors(
            head_deadline=settings.head_deadline,
            body_deadline=settings.body_deadline,
            most=most_connections(),
            log=self.log,
            meters=self.meters,
            express=express,
        )
        runner = web.AppRunner(self.application)
        self._ending.push_async_callback(runner.cleanup)
        await runner.setup()
        server = cast(Any, runner.server)
        server.request_handler = edge.before(server.request_handler, api.handle)
        port = await self._doors.open(server, settings.host, settings.port, shared=self.store.shared)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.url = f"http://{host}:{port}"

    def _decided(self, asked: Sequence[Channel], decisions: Sequence[Decision], now: Moment) -> None:
        accepted: dict[Channel, int] = {}
        for channel, decision in zip(asked, decisions, strict=True):
            if isinstance(decision, Accepted):
                accepted[channel] = accepted.get(channel, 0) + 1
            else:
                self.meters.rejected.labels(channel.value, decision.reason.value).inc()
        for channel, many in accepted.items():
            self._accepted(channel.value).inc(many)
        if accepted:
            self._channels.ring(accepted)
            self._close.expect(Moment(now + self._validity_ms))
