"""Where a scenario is played: the harness it talks to, its people, and the world's clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from belfort.client import Control, Json, SurveyApi
from belfort.scenario import when
from belfort.scenario.book import Book
from belfort.scenario.cast import Cast
from belfort.scenario.harness import Harness
from belfort.scenario.values import spoken

LOOKS = 200
"""At most so many stops of a clock that stands still, on its way to the end of a wait."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds of this machine between two looks while the world's clock runs by itself."""
MOMENT_SECONDS = 1.0
"""Of this machine."""
SOON_SECONDS = 3.0
"""Of the world's clock where it runs by itself: so long is waited for before it is moved."""
QUIET_SECONDS = 5.0
"""So long nothing may be due before a wait on a clock that jumps is given up."""
PAGE = 1_000


class Look(NamedTuple):
    """What was seen, and whether it is what was waited for."""

    met: bool
    seen: str


@dataclass(slots=True)
class Stage:
    """One scenario's view of one harness."""

    api: SurveyApi
    control: Control
    harness: Harness
    cast: Cast
    book: Book
    before: int = 0
    """Order of the last message that was there before the scenario began."""
    since: int = 0
    """Number of the last journal entry before it began."""
    alone: bool = False
    """Whether it has a world for itself that others use as well, and may move its clock."""
    notes: list[str] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        """Whether others use the same account: then segments carry the run's mark, and reports its tag."""
        return self.harness.borrowed

    def segment(self, tag: str) -> str:
        """A segment of the scenario as it is sent."""
        return f"{tag} {self.book.ledger.run}" if self.shared else tag

    # The world's clock

    async def now(self) -> datetime:
        return when.read((await self.control.clock())["now"])

    async def settle(self) -> None:
        """Let everything that is due now come to its end, where time stands still meanwhile."""
        if (await self.control.clock())["mode"] == "frozen":
            await self.control.advance("0s")

    async def let_pass(self, duration: float) -> None:
        """So many seconds of the world's clock, moved or waited for."""
        clock = await self.control.clock()
        if clock["mode"] == "frozen":
            await self.control.advance(spoken(duration))
            return
        after = when.read(clock["now"]) + timedelta(seconds=duration)
        while await self.now() < after:  # noqa: ASYNC110  # the clock is another process's
            await asyncio.sleep(FIRST_PAUSE)

    async def until(self, within: float | None, look: Callable[[], Awaitable[Look]]) -> Look:
        """Look until it is met, at most so many seconds of the world's clock; None looks now. A clock that
        runs by itself is moved on after a while by who is alone: nobody waits for hours.

        A service with a clock of its own is given a moment to do what it was just told.
        """
        await self.settle()
        seen = await look()
        if within is None and self.harness.own_clock:
            return await self._patiently(seen, look)
        if seen.met or within is None:
            return seen
        clock = await self.control.clock()
        now, mode = when.read(clock["now"]), clock["mode"]
        last, soon = now + timedelta(seconds=within), now + timedelta(seconds=SOON_SECONDS)
        steps = mode == "frozen" or (mode != "auto" and self.alone and last > soon)
        if mode != "frozen":
            seen = await self._watch(soon if steps else last, look)
        if steps and not seen.met:
            seen = await self._step(last, within / LOOKS, look)
        return seen

    async def _patiently(self, seen: Look, look: Callable[[], Awaitable[Look]]) -> Look:
        give_up = time.monotonic() + MOMENT_SECONDS
        while not seen.met and time.monotonic() < give_up:
            await asyncio.sleep(FIRST_PAUSE)
            seen = await look()
        return seen

    async def _step(self, last: datetime, least: float, look: Callable[[], Awaitable[Look]]) -> Look:
        """Move the clock from one due event to the next, and look at each stop."""
        while True:
            clock = await self.control.clock()
            now, due = when.read(clock["now"]), clock["nextDue"]
            stop = max(when.read(due), now + timedelta(seconds=least)) if due else last
            await self.control.ask("POST", "/clock/advance", {"to": _instant(min(stop, last))})
            seen = await look()
            if seen.met or stop >= last:
                return seen

    async def _watch(self, last: datetime, look: Callable[[], Awaitable[Look]]) -> Look:
        """Look again and again while the clock runs by itself."""
        pause, quiet = FIRST_PAUSE, 0.0
        while True:
            await asyncio.sleep(pause)
            clock = await self.control.clock()
            seen = await look()
            idle = clock["mode"] == "auto" and (
                clock["nextDue"] is None or when.read(clock["nextDue"]) > last
            )
            quiet = quiet + pause if idle else 0.0
            if seen.met or when.read(clock["now"]) >= last or quiet > QUIET_SECONDS:
                return seen
            pause = min(pause * 1.5, LONGEST_PAUSE)

    # What the gateway saw

    async def messages(self, people: Iterable[str] = (), **which: str) -> list[Json]:
        """The messages that match, to `people` or else to everybody of this scenario, oldest first."""
        mine = set(people) or self.book.people
        found: list[Json] = []
        after = self.before
        while True:
            query = {"after": str(after), "limit": str(PAGE), **which}
            page: Any = await self.control.ask("GET", "/messages", query=query)
            found += [message for message in page["messages"] if message["to"] in mine]
            if len(page["messages"]) < PAGE:
                return found
            after = page["after"]


def _instant(moment: datetime) -> str:
    return when.written(moment)
