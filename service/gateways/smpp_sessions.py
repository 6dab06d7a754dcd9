"""Keeping sessions with a message centre up, and sharing them out.

A session that broke comes back by itself: at first at once and while the world's clock is held, so that a
world that jumps does not jump over a short break; then at growing intervals of this machine's time, without
holding anything.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from service.clock import Clock, Dice
from service.domain.pacing import backoff
from service.gateways.smpp_link import Link
from service.logs import Log
from service.wire.smpp_pdu import Pdu
from service.wire.smpp_session import Credentials, Terms

HOPEFUL_TRIES = 4
"""Tries to connect during which messages and the world's clock wait for the session."""
FIRST_PAUSE = 0.05
BACKOFF_PART = 0.25
"""Sessions come back sooner than messages are tried again: after a quarter of that time."""
GOODBYE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Where the message centre is and how we know each other. Times in seconds.

    `window`: submissions without an answer, for each session. `tls`: None for none."""

    host: str
    port: int
    credentials: Credentials
    source: str
    """The short number that messages come from."""
    sessions: int = 1
    window: int = 32
    deadline: float = 8.0
    quiet: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Sessions:
    """Run `run`; ask `with_room` for a session that takes a message."""

    def __init__(
        self,
        centre: Centre,
        clock: Clock,
        dice: Dice,
        log: Log,
        *,
        came: Callable[[Link, list[Pdu]], None],
        stray: Callable[[str], None],
    ) -> None:
        self._centre, self._clock, self._dice, self._log = centre, clock, dice, log
        self._came, self._stray = came, stray
        self._terms = Terms(answer=centre.deadline, quiet=centre.quiet, window=centre.window)
        self._links: list[Link] = []
        self._hopes: set[Hope] = set()
        self._run_before = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def with_room(self, messages: int) -> Link | None:
        """A session that takes so many now, that with most room first; waits for one as long as there is
        hope. None: there is none.
        """
        while True:
            best = max(self._links, key=_room, default=None)
            if best is not None and best.room >= messages:
                return best
            if best is None and self._hopeless:
                return None
            await self._turn()

    def at_once(self) -> Link | None:
        """The session with most room now; None where there is none, or others wait for it."""
        if self._waiting:
            return None
        best = max(self._links, key=_room, default=None)
        return best if best is not None and best.room else None

    async def room_on(self, link: Link, messages: int) -> bool:
        """Wait until this very session takes so many; False when it is over."""
        while not link.ended.done():
            if link.room >= messages:
                return True
            await self._turn()
        return False

    async def run(self) -> None:
        """Keep them up; returns only when cancelled, and leaves them open: see `leave`."""
        numbers = range(self._centre.sessions)
        hopes = [Hope(self._clock, self._hopes, self._wake_all) for _ in numbers]
        self._run_before = True
        try:
            async with asyncio.TaskGroup() as slots:
                for number, hope in zip(numbers, hopes, strict=True):
                    slots.create_task(self._keep_up(number, hope))
        finally:
            for hope in hopes:
                hope.drop()

    async def leave(self) -> None:
        """Unbind every session."""
        links, self._links = self._links, []
        self._wake()
        await asyncio.gather(*(link.leave(GOODBYE_SECONDS) for link in links))

    def drop(self) -> None:
        """Close every connection without more ado."""
        for link in self._links:
            link.drop()

    @property
    def _hopeless(self) -> bool:
        return self._run_before and not self._hopes

    async def _turn(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _wake(self) -> None:
        """As many try again as there is room for; all of them when a session is gone."""
        room = sum(link.room for link in self._links)
        wanted = room if self._links or not self._hopeless else len(self._waiting)
        while self._waiting and wanted > 0:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                wanted -= 1

    def _wake_all(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)

    async def _keep_up(self, number: int, hope: Hope) -> None:
        """One session after another, in one place."""
        log, tries = self._log.bind(session=number), 0
        while True:
            link = await self._open(log)
            if link is not None:
                hope.drop()
                tries = 0
                await self._follow(link, hope, log)
            tries += 1
            if tries > HOPEFUL_TRIES:
                hope.drop()
            await self._pause(tries)

    async def _pause(self, tries: int) -> None:
        """Most breaks are over at once."""
        seconds = FIRST_PAUSE if tries == 1 else BACKOFF_PART * backoff(tries - 2, self._dice.fraction())
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        alarm = loop.call_later(seconds, over.set_result, None)
        try:
            await over
        finally:
            alarm.cancel()

    async def _open(self, log: Log) -> Link | None:
        """A bound session; None when there is none to be had now."""
        centre, loop = self._centre, asyncio.get_running_loop()
        link = Link(centre.credentials, self._terms, came=self._came, roomy=self._wake, stray=self._stray)
        try:
            # Twice: to connect, and for the bind, which the session itself gives up after the deadline.
            async with asyncio.timeout(2 * centre.deadline):
                await loop.create_connection(lambda: link, centre.host, centre.port, ssl=centre.tls)
                await asyncio.wait((link.bound, link.ended), return_when=asyncio.FIRST_COMPLETED)
        except (OSError, TimeoutError) as error:
            link.drop()
            log.warning("no_session", reason=type(error).__name__)
            return None
        except asyncio.CancelledError:
            link.drop()
            raise
        if link.ended.done():
            ended = link.ended.result()
            log.warning("no_session", reason=ended.reason, status=f"{ended.status:#x}")
            return None
        self._links.append(link)
        log.info("session_bound")
        self._wake()
        return link

    async def _follow(self, link: Link, hope: Hope, log: Log) -> None:
        """Until the session ends. When this is cancelled the session stays, for `leave`."""
        ended = await asyncio.shield(link.ended)
        hope.take()
        self._links.remove(link)
        self._wake_all()
        log.warning("session_ended", reason=ended.reason)


def _room(link: Link) -> int:
    return link.room


class Hope:
    """That a session which is not there soon will be. While there is any, messages and the world's clock
    wait."""

    def __init__(self, clock: Clock, hopes: set[Hope], dropped: Callable[[], None]) -> None:
        self._clock, self._hopes, self._dropped = clock, hopes, dropped
        self._hold: AbstractContextManager[None] | None = None
        self.take()

    def take(self) -> None:
        """From now on."""
        if self._hold is None:
            self._hopes.add(self)
            self._hold = self._clock.at_work()
            self._hold.__enter__()

    def drop(self) -> None:
        """No longer: it is there, or will not be soon."""
        if self._hold is not None:
            hold, self._hold = self._hold, None
            self._hopes.discard(self)
            hold.__exit__(None, None, None)
            self._dropped()
