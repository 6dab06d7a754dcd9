"""What tests of the verbs and gateways stand on: a real store, a clock moved by hand, and a gateway that
speaks the wire.

Nothing here imitates a part of the service: the store is SQLite in a file, the stub gateway a real HTTP
server.
"""

from __future__ import annotations

import asyncio
import heapq
import io
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from service.clock import Dice, Moment
from service.domain.request import AccountId, Channel, RequestId, State
from service.domain.survey import Survey
from service.gateways.choice import Means
from service.logs import Log, open_log
from service.meters import Meters
from service.store import acceptance, outbox, surveys
from service.store.acceptance import NewRequest
from service.store.database import Database
from service.store.engine import Store, Tx
from service.store.open_requests import OpenRequests
from service.store.sqlite import Sqlite
from service.store.surveys import Draft
from service.store.tokens import Tokens
from service.store.vault import NONCE_BYTES, Vault, day_of

NOON = Moment(1_795_435_200_000)
DEADLINE = 20.0
HOUR = 3_600_000
QUIET_TURNS = 30


async def until(fact: Callable[[], object]) -> None:
    """Return once `fact` is true; fail when it does not come true."""
    async with asyncio.timeout(DEADLINE):
        while not fact():  # noqa: ASYNC110 - facts of many kinds, also of other threads
            await asyncio.sleep(0.001)


class HandClock:
    """Stands still unless `jump`ed; counts who is at work."""

    def __init__(self, now: Moment = NOON) -> None:
        self.moment, self.wall_seconds, self.held = now, 1_795_435_200.0, 0
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> Moment:
        return self.moment

    def wall(self) -> float:
        return self.wall_seconds

    async def sleep_until(self, moment: Moment) -> None:
        if moment > self.moment:
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (moment, next(self._order), woken))
            await woken

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    def next_due(self) -> int | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def jump(self, to: int) -> None:
        self.moment = Moment(max(to, self.moment))
        while self._sleepers and self._sleepers[0][0] <= self.moment:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)

    async def settled(self) -> None:
        """Nobody has been at work for some turns of the loop."""
        quiet = 0
        async with asyncio.timeout(DEADLINE):
            while quiet < QUIET_TURNS:
                await asyncio.sleep(0.0005 if self.held else 0)
                quiet = 0 if self.held else quiet + 1

    async def run_until(self, fact: Callable[[], object], limit: int | None = None) -> None:
        """Jump from one timer to the next, as a clock in mode `auto` does, until `fact` is true or nothing
        is left.
        """
        while True:
            await self.settled()
            due = self.next_due()
            if fact() or due is None or (limit is not None and due > limit):
                return
            self.jump(due)


@dataclass
class Rig:
    """A store with one account and one survey; `queue` accepts a request in it."""

    path: Path
    clock: HandClock
    dice: Dice
    meters: Meters
    log: Log
    lines: io.BytesIO
    store: Store
    vault: Vault
    survey: Survey
    account: AccountId

    async def queue(self, destination: str = "+32470000000", **how: Any) -> RequestId:
        return (await self.queue_all([destination], **how))[0]

    async def queue_all(
        self,
        destinations: list[str],
        *,
        validity: int = 24 * HOUR,
        survey: Survey | None = None,
        channel: Channel = Channel.SMS,
    ) -> list[RequestId]:
        now, survey = self.clock.now(), survey or self.survey
        account = AccountId(self.row("SELECT account FROM survey WHERE id = ?", survey.id)[0])
        ids = self.dice.request_ids([now] * len(destinations))

        def accept(tx: Tx) -> None:
            day, ends = day_of(now), Moment(now + validity)
            prints = [self.vault.fingerprint(one) for one in destinations]
            interval = 24 * HOUR
            acceptance.claim(tx, {(account, one): Moment(now + interval) for one in prints}, interval)
            rows = [
                NewRequest(
                    id=made,
                    account=account,
                    survey=survey.id,
                    question=survey.questions[0],
                    channel=channel,
                    segment_set=0,
                    accepted_at=now,
                    closes_at=ends,
                    day=day,
                    fingerprint=fingerprint,
                    sealed=self.vault.sealer(tx, day).seal(made, destination, self.dice.secret(NONCE_BYTES)),
                )
                for made, destination, fingerprint in zip(ids, destinations, prints, strict=True)
            ]
            acceptance.write(tx, rows)

        await self.store.write(accept)
        return ids

    def means(self, here: Callable[[], str] = lambda: "") -> Means:
        """What gateways are made with."""
        return Means(self.store, self.clock, self.dice, self.meters, self.log, Tokens(self.vault), here)

    async def other_survey(self, name: str = "other") -> Survey:
        """A survey of another account."""
        return (await self.store.write(lambda tx: _survey(tx, name, self.clock.now())))[1]

    @property
    def url(self) -> str:
        """Where the database is, if not in a file."""
        return getattr(self.store._database, "url", "")

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What another process would see; `?` stands for a value."""
        database = self.store._database
        opened = database.for_reading()
        names = [f"value_{place}" for place in range(len(values))]
        mark = ":{}" if isinstance(database, Sqlite) else "%({})s"
        statement = query.replace("?", "{}").format(*map(mark.format, names))
        try:
            rows = opened.execute(statement, dict(zip(names, values, strict=True))).fetchall()
            return [dict(row) for row in rows]
        finally:
            opened.close()

    def row(self, query: str, *values: object) -> Any:
        """The values of the first row, or None."""
        return next((tuple(row.values()) for row in self.rows(query, *values)), None)

    def facts(self, request: RequestId) -> tuple[State, str | None, int | None]:
        state, verdict, score = self.row(
            "SELECT state, verdict, score FROM request WHERE id = ?", request.bytes
        )
        return State(state), verdict, score

    def envelope(self, request: RequestId) -> dict[str, Any] | None:
        return next(iter(self.rows("SELECT * FROM envelope WHERE request = ?", request.bytes)), None)

    def opted_out(self, destination: str) -> list[int]:
        query = "SELECT account FROM contact WHERE fingerprint = ? AND opted_out = 1 ORDER BY account"
        return [row["account"] for row in self.rows(query, self.vault.fingerprint(destination))]

    def count(self, name: str, **labels: str) -> float:
        return self.meters.registry.get_sample_value(f"survey_{name}_total", labels) or 0.0


@asynccontextmanager
async def open_rig(
    folder: Path, *, clock: HandClock | None = None, database: Database | None = None
) -> AsyncIterator[Rig]:
    """On SQLite in `folder` unless another database is given."""
    path = folder / "survey.sqlite3"
    clock, dice, lines = clock or HandClock(), Dice(7), io.BytesIO()
    store = await Store.open(database or path)
    vault = Vault.open(path, "", dice)
    try:
        account, survey = await store.write(lambda tx: _survey(tx, "ours", clock.now()))
        log = open_log("debug", clock.wall, lines)
        yield Rig(path, clock, dice, Meters(), log, lines, store, vault, survey, account)
    finally:
        await store.close()
    assert clock.held == 0, "somebody holds the clock for ever"


def _survey(tx: Tx, name: str, now: Moment) -> tuple[AccountId, Survey]:
    account = AccountId(tx.sole("create_account", name=name, now=now)["id"])
    drafts = [Draft("nl-BE", "Hoe waarschijnlijk is het dat u ons aanbeveelt?")]
    return account, surveys.create(tx, account, name, "shop", drafts)


def mark_submitted(
    tx: Tx,
    request: RequestId,
    *,
    gateway_id: str | None,
    now: Moment,
    window_ms: int,
    poll_at: Moment | None = None,
) -> None:
    """The gateway took it, or a report or reply proves that it did."""
    outbox.mark_taken(tx, [outbox.Taken(request, gateway_id, now, poll_at)], window_ms)


def count_bad(tx: Tx, request: RequestId, verdict: str) -> None:
    """A response without a score, by the functions that settling uses."""
    known = OpenRequests(tx, 0)
    found = known.of(request)
    assert found is not None
    known.count_bad(found, verdict)
    known.write()


def count_good(tx: Tx, request: RequestId, score: int) -> None:
    """A response with a score."""
    known = OpenRequests(tx, 0)
    found = known.of(request)
    assert found is not None
    known.count_good(found, score)
    known.write()


Behaviour = Callable[["Stub", web.Request, dict[str, Any]], Any]


@dataclass
class Stub:
    """An SMS gateway that takes every message unless told otherwise, for one destination, try by try."""

    tries: list[dict[str, Any]] = field(default_factory=list)
    """Every body that arrived, in order."""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Reference → message: what was really sent."""
    behaviours: dict[str, list[Behaviour]] = field(default_factory=lambda: defaultdict(list))
    valid: set[str] = field(default_factory=lambda: {"token-1"})
    tokens: list[str] = field(default_factory=lambda: ["token-1"])
    lifetime: float = 3600
    token_calls: list[tuple[str, bytes]] = field(default_factory=list)
    inbound: list[dict[str, Any]] = field(default_factory=list)
    polls: list[str] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    before: Behaviour | None = None
    """Comes before everything else, for every submission."""
    url: str = ""

    def references(self) -> list[str]:
        return [body["clientCorrelator"] for body in self.tries]

    def on(self, destination: str, *behaviours: Behaviour) -> None:
        self.behaviours[destination] += behaviours

    def accept(self, body: dict[str, Any]) -> web.Response:
        reference = body["clientCorrelator"]
        self.taken.setdefault(reference, body)
        info = {"address": body["destinations"][0], "deliveryStatus": "DeliveredToNetwork"}
        where = f"{self.url}/sms/1.0.0/sms/outboundmessages/deliveryinfos/gw-{reference}"
        return web.json_response({"resourceURL": where, "deliveryInfo": [info]}, status=201)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
            return fault(401, 900901)
        body = await request.json()
        self.tries.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.before is not None:
                await self.before(self, request, body)
            waiting = self.behaviours[body["destinations"][0]]
            answer = await waiting.pop(0)(self, request, body) if waiting else self.accept(body)
        finally:
            self.at_once -= 1
        return answer

    async def token(self, request: web.Request) -> web.Response:
        self.token_calls.append((request.headers.get("Authorization", ""), await request.read()))
        if not self.tokens:
            return web.json_response({"error": "invalid_client"}, status=401)
        value = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        return web.json_response({"access_token": value, "token_type": "Bearer", "expires_in": self.lifetime})

    async def replies(self, request: web.Request) -> web.Response:
        after = request.query["after"]
        self.polls.append(after)
        ids = [message["messageId"] for message in self.inbound]
        if after in ids:
            del self.inbound[: ids.index(after) + 1]
        batch = self.inbound[: int(request.query["limit"])]
        return web.json_response({"inboundSMSMessageList": {"inboundSMSMessage": batch}})

    async def status(self, request: web.Request) -> web.Response:
        gateway_id = request.match_info["id"]
        self.asked.append(gateway_id)
        word = self.statuses.get(gateway_id, "DeliveredToNetwork")
        return web.json_response({"resourceURL": "x", "deliveryInfo": [{"deliveryStatus": word}]})

    def person_writes(self, message_id: str, sender: str, text: str) -> None:
        self.inbound.append({"messageId": message_id, "senderAddress": sender, "message": text})


def fault(status: int, code: int, **headers: str) -> web.Response:
    body = {"fault": {"code": code, "message": "m", "description": "+32470000000"}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=named)


def answers(status: int, code: int = 0, **headers: str) -> Behaviour:
    """Answer with a fault, without sending anything."""

    async def behave(_stub: Stub, _request: web.Request, _body: dict[str, Any]) -> web.Response:
        return fault(status, code, **headers)

    return behave


def says(status: str) -> Behaviour:
    """201 with another status word."""

    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        told = json.loads(stub.accept(body).body)  # type: ignore[arg-type]
        told["deliveryInfo"][0]["deliveryStatus"] = status
        return web.json_response(told, status=201)

    return behave


def garbage(content: bytes, *, status: int = 201, taking: bool = True) -> Behaviour:
    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        return web.Response(body=content, status=status)

    return behave


def cut(*, taking: bool) -> Behaviour:
    """Break the connection without an answer, before or after the message was taken."""

    async def behave(stub: Stub, request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        assert request.transport is not None
        request.transport.abort()
        await asyncio.sleep(DEADLINE)  # cancelled with the connection
        raise AssertionError

    return behave


def hang(*, taking: bool) -> Behaviour:
    """Never answer."""

    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        await asyncio.sleep(DEADLINE)
        raise AssertionError

    return behave


@asynccontextmanager
async def open_stub(stub: Stub | None = None) -> AsyncIterator[Stub]:
    stub = stub or Stub()
    async with serving(
        [
            web.post("/token", stub.token),
            web.post("/sms/1.0.0/sms/outboundmessages", stub.submit),
            web.get("/sms/1.0.0/sms/inboundmessages/shared", stub.replies),
            web.get("/sms/1.0.0/sms/outboundmessages/deliveryinfos/{id}", stub.status),
        ]
    ) as stub.url:
        yield stub


@asynccontextmanager
async def serving(routes: list[web.RouteDef]) -> AsyncIterator[str]:
    """A real server on loopback; gives its base URL."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.01)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
