"""`clock`: how the world's time passes, moving it on by hand, and running until nothing is due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.clock import Mode
from simulator.journal import Kind, iso
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.problems import Problem
from simulator.world import Moment

LATEST = Moment(32_503_680_000_000)
"""The year 3000: beyond it dates stop being useful long before they stop being printable."""
PATIENCE = 60.0
STEP = 64
"""Callbacks run between two looks at what is left."""
QUIET_MS = 26 * 3_600_000


class ClockDesk:
    """The routes under `clock`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/clock", self.show, allow_head=False),
            web.put("/clock", self.set),
            web.post("/clock/advance", self.advance),
            web.post("/clock/drain", self.drain),
        ]

    async def show(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer(self._reading())

    async def set(self, request: web.Request) -> web.Response:
        form = await self._desk.form(request)
        mode = form.required("mode", forms.one_of(Mode))
        rate = form.optional("rate", forms.number(0.001, 1_000_000))
        if mode is Mode.SCALED and rate is None:
            rate = self._desk.world.settings.clock_rate
        elif mode is not Mode.SCALED and rate not in (None, 1):
            form.fault("rate", 'goes with mode "scaled" only')
        form.done()
        self._desk.world.clock.set_mode(mode, rate)
        self._desk.world.journal.record(Kind.CLOCK_SET, mode=mode.value, rate=self._desk.world.clock.rate)
        return answer(self._reading())

    async def advance(self, request: web.Request) -> web.Response:
        form = await self._desk.form(request)
        by = form.optional("by", forms.seconds)
        to = form.optional("to", forms.moment)
        within = form.having("within", forms.seconds, PATIENCE)
        clock = self._desk.world.clock
        target = to if to is not None else Moment(clock.now() + round((by or 0) * 1000))
        if (by is None) == (to is None):
            form.fault("by", 'say either by, such as "2h", or to, such as "2026-11-24T10:00:00Z"')
        elif target < clock.now():
            form.fault("to", f"is past: the world's time is {iso(clock.now())} and only moves forward")
        elif target > LATEST:
            form.fault("to" if by is None else "by", "leads beyond the year 3000")
        form.done()
        async with self._patience(within):
            await clock.advance(to=max(target, clock.now()))
        self._desk.world.journal.record(Kind.CLOCK_SET, mode=clock.mode.value, advanced=True)
        return answer(self._reading())

    async def drain(self, request: web.Request) -> web.Response:
        form = await self._desk.form(request)
        within = form.having("within", forms.seconds, PATIENCE)
        form.done()
        async with self._patience(within):
            ran = await self._run_dry()
        return answer({**self._reading(), "ran": ran})

    async def _run_dry(self) -> int:
        """Run until the agenda is empty, or only housekeeping is left that never ends: a poll, a sweep.

        Who shares the clock may still have something to hand in, so nothing must happen for longer than
        a message is valid before that is believed.
        """
        world, clock = self._desk.world, self._desk.world.clock
        ran, seen, since = 0, -1, clock.now()
        while True:
            ran += await clock.drain(until=LATEST, limit=STEP)
            due = clock.next_due()
            if due is None or due > LATEST:
                return ran
            if world.carrier.accepted != seen:
                seen, since = world.carrier.accepted, clock.now()
            elif clock.now() - since > QUIET_MS:
                if not world.pending:
                    return ran
                since = clock.now()

    @asynccontextmanager
    async def _patience(self, seconds: float) -> AsyncIterator[None]:
        """Give up after so many seconds of this machine's, and say what was still going on."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError:
            raise Problem(
                408,
                f"not settled within {seconds:g} s of this machine's time; say a longer `within`",
                clock=self._reading(),
            ) from None

    def _reading(self) -> dict[str, object]:
        clock = self._desk.world.clock
        due = clock.next_due()
        return {
            "mode": clock.mode.value,
            "rate": clock.rate,
            "now": iso(clock.now()),
            "nowMs": clock.now(),
            "nextDue": None if due is None else iso(due),
            "due": clock.due,
            "holding": clock.holding,
        }
