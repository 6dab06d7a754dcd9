"""Pushes reports and replies to a peer's call-back address: signed, tried again until taken, on the world's
clock.

While a post is ready or under way the clock is held, so that `auto` does not jump past it. A peer that does
not listen pauses the whole queue, and one post in a while finds out whether it is back: nothing spins. A peer
that says no to one post has that post again later. After `GIVE_UP` a post is lost, and the journal says so.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from simulator.clock import Clock, Handle
from simulator.config import is_loopback
from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Ending, Trouble
from simulator.wire import webhook

GIVE_UP_SECONDS = 24 * 3_600.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0
PATIENCE_SECONDS = 30.0  # of this machine, for an answer
MOST_WAITING = 1_000_000
"""Posts that may wait; more are lost at once, and the journal says so."""
ANSWER_BYTES = 65_536  # of an answer that are read, so that its connection can be kept


@dataclass(slots=True)
class Post:
    """Something on its way to a peer, and whom to tell how it went."""

    identity: str
    body: bytes = field(repr=False)
    account: str
    address: str
    handed: Callable[[], None]
    failed: Callable[[str], None]
    lost: Callable[[str], None]
    since: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """Where to push, and the key that signs (`wire.webhook.key`)."""

    url: str
    key: bytes = field(repr=False)


def origin_of(url: str) -> str | None:
    """`https://host:port` of an address as it is written; None unless it is http without a user name."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}" + (f":{port}" if port else "")


def permitted(url: str, origins: Collection[str] = ()) -> bool:
    """Whether the simulator may call `url`: this machine, and `origins` (`https://host:port`) besides."""
    origin = origin_of(url)
    return origin is not None and (origin in origins or is_loopback(urlsplit(url).hostname or ""))


class Pusher:
    """The queue to one peer. Give it posts; close it when done."""

    def __init__(self, target: Target, *, clock: Clock, faults: FaultDesk, window: int = 16) -> None:
        self._target, self._clock, self._faults, self._window = target, clock, faults, window
        self._ready: deque[Post] = deque()
        self._later: dict[int, tuple[Handle, Post]] = {}
        self._serial = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._failures = 0
        """Consecutive posts that found nobody; while there are any, one post at a time asks again."""
        self._pause: Handle | None = None
        self._hold: AbstractContextManager[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def waiting(self) -> int:
        """Posts that the peer has yet to take."""
        return len(self._ready) + len(self._later) + len(self._under_way)

    def put(self, post: Post) -> None:
        """Push it as soon as there is room."""
        if self.waiting >= MOST_WAITING:
            post.lost("too many wait")
            return
        post.since = self._clock.now()
        self._ready.append(post)
        self._go_on()

    def clear(self) -> None:
        """Forget everything that waits; what is under way ends by itself."""
        self._ready.clear()
        for handle, _ in self._later.values():
            handle.cancel()
        self._later.clear()
        if self._pause is not None:
            self._pause.cancel()
        self._pause, self._failures = None, 0
        self._keep_hold()

    async def close(self) -> None:
        """Stop: what is under way is cut off, what waits is dropped."""
        self.clear()
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()
        self._keep_hold()
        if self._session is not None:
            await self._session.close()

    def _go_on(self) -> None:
        """Start as many posts as there is room for."""
        room = 1 if self._failures else self._window
        while self._ready and self._pause is None and len(self._under_way) < room:
            post = self._ready.popleft()
            if self._is_over(post):
                continue
            task = asyncio.get_running_loop().create_task(self._try(post))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        self._keep_hold()

    def _is_over(self, post: Post) -> bool:
        over = post.tries > 0 or self._failures > 0
        over = over and self._clock.now() >= post.since + GIVE_UP_SECONDS * 1000
        if over:
            post.lost(f"not taken within {GIVE_UP_SECONDS / 3600:g} hours")
        return over

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._go_on()

    def _keep_hold(self) -> None:
        """The clock is held exactly while something is under way or could be."""
        busy = bool(self._under_way) or (bool(self._ready) and self._pause is None)
        if busy and self._hold is None:
            self._hold = self._clock.at_work()
            self._hold.__enter__()
        elif not busy and self._hold is not None:
            hold, self._hold = self._hold, None
            hold.__exit__(None, None, None)

    async def _try(self, post: Post) -> None:
        post.tries += 1
        trouble = (
            self._faults.meet("sms.push", address=post.address, account=post.account)
            if self._faults
            else CALM
        )
        try:
            status, wait = await self._deliver(post, trouble)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            post.failed(_why(error))
            self._rest(post)
            return
        self._failures = 0
        if 200 <= status < 300:
            post.handed()
        else:
            post.failed(f"answered {status}")
            self._again(post, wait)

    async def _deliver(self, post: Post, trouble: Trouble) -> tuple[int, float]:
        """The status the peer answered with, and the seconds it wants to be left alone."""
        if trouble.delay:
            await nap(trouble.delay)
        if trouble.error is not None:
            return trouble.error.status, trouble.error.retry_after
        if trouble.ending is Ending.CUT_BEFORE:
            raise ConnectionResetError("cut by a fault")
        headers = webhook.signed(self._target.key, post.identity, self._clock.wall(), post.body)
        headers["Content-Type"] = "application/json"
        async with self._open_session().post(
            self._target.url, data=post.body, headers=headers, allow_redirects=False
        ) as response:
            await response.content.read(ANSWER_BYTES)
        if trouble.ending is not None:
            raise ConnectionResetError("the answer was lost by a fault")
        return response.status, _retry_after(response.headers.get("Retry-After"))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._window, keepalive_timeout=15.0),
                timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS),
                headers={"User-Agent": "belfort-gateway"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session

    def _again(self, post: Post, wait: float) -> None:
        """Have this post again after a while."""
        self._serial += 1
        serial = self._serial

        def back() -> None:
            self._ready.append(self._later.pop(serial)[1])
            self._go_on()

        seconds = max(_backoff(post.tries), min(wait, LONGEST_WAIT))
        handle = self._clock.call_later(seconds, back)
        self._later[serial] = handle, post

    def _rest(self, post: Post) -> None:
        """Nobody is there: leave the peer alone for a while, then ask with the oldest post."""
        self._ready.appendleft(post)
        if self._pause is None:
            self._failures += 1
            self._pause = self._clock.call_later(_backoff(self._failures), self._ask_again)

    def _ask_again(self) -> None:
        self._pause = None
        self._go_on()


def _backoff(tries: int) -> float:
    return min(FIRST_WAIT * 2.0 ** min(tries - 1, 30), LONGEST_WAIT)


def _retry_after(text: str | None) -> float:
    """Seconds; dates and nonsense count as nothing."""
    return float(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 10 else 0.0


def _why(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__


async def nap(seconds: float) -> None:
    """Wait on this machine's clock, for what concerns connections and not the world."""
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()
    timer = loop.call_later(seconds, lambda: None if woken.done() else woken.set_result(None))
    try:
        await woken
    finally:
        timer.cancel()
