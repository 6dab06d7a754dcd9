"""What tests of the verbs and gateways stand on: a real store and a clock moved by hand.

Nothing here imitates a part of the service: the store is SQLite in a file, or PostgreSQL.
"""

from __future__ import annotations

import asyncio
import heapq
import io
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
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
from service.store.acceptance import Facts, NewRequest
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
        ids, asked = self.dice.request_ids([now] * len(destinations)), survey.questions[0]

        def accept(tx: Tx) -> None:
            day, ends = day_of(now), Moment(now + validity)
            prints = [self.vault.fingerprint(one) for one in destinations]
            interval = 24 * HOUR
            acceptance.claim(tx, {(account, one): Moment(now + interval) for one in prints}, interval)
            rows = [
                NewRequest(
                    id=made,
                    account=account,
                    facts=Facts(survey.id, asked.id, asked.language, channel.value, 0),
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
