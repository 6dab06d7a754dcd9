"""The journal as it grows: server-sent events (WHATWG HTML §9.2), resumed with `Last-Event-ID`.

Every reader has a cursor into the journal and no queue of its own, so a slow one holds nobody up and costs no
memory. One that lags too far is dropped with a notice that says from where to resume; one that takes nothing
is cut. Entries are unnamed events with their number as id; notices are named `gap` and `dropped`.
"""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from simulator.journal import Batch, Entry, Journal, Match
from simulator.servers.problems import Problem

PAGE = 500
BEAT = ": still here\n\n"


class Events:
    """All readers of the stream."""

    def __init__(
        self,
        journal: Journal,
        *,
        backlog: int = 10_000,
        most: int = 1_000,
        beat_seconds: float = 15.0,
        stall_seconds: float = 10.0,
    ) -> None:
        """`backlog` entries a reader may lag, `most` readers, a sign of life every `beat_seconds`; who takes
        nothing for `stall_seconds` is cut."""
        self._journal = journal
        self._backlog, self._most = backlog, most
        self._beat, self._stall = beat_seconds, stall_seconds
        self._waiting: list[asyncio.Event] = []
        self._closing = False
        self.readers = 0
        self.dropped = 0
        self._stop_listening = journal.listen(self._wake, take=self._wake)

    def _wake(self, _: Entry | Batch | None = None) -> None:
        waiting, self._waiting = self._waiting, []
        for bell in waiting:
            bell.set()

    def close(self) -> None:
        """End every stream."""
        self._closing = True
        self._stop_listening()
        self._wake()

    async def stream(self, request: web.Request, after: int | None, match: Match) -> web.StreamResponse:
        """Entries that fit, from the one after number `after` (None: from now), until either side ends."""
        if self.readers >= self._most:
            raise Problem(
                503, f"{self._most} readers are the most; try again later", headers={"Retry-After": "5"}
            )
        after = self._start(after)
        response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        response.charset = "utf-8"
        response.force_close()
        self.readers += 1
        try:
            await response.prepare(request)
            await self._tell(response, after, match)
        except TimeoutError:
            self._cut(request)
        except ConnectionResetError:
            pass  # who has read enough hangs up: there is no other way to end a stream
        finally:
            self.readers -= 1
        return response

    def _start(self, after: int | None) -> int:
        """Where to begin; a number that was never given belongs to an earlier journal: from the beginning."""
        last = self._journal.last
        return last if after is None else after if after <= last else 0

    async def _tell(self, response: web.StreamResponse, after: int, match: Match) -> None:
        await self._write(response, "retry: 2000\n\n")
        allowance = self._backlog + self._journal.last - after
        while not self._closing:
            behind = self._journal.last - after
            if behind > allowance:
                await self._drop(response, after, behind)
                return
            allowance = min(allowance, self._backlog + max(0, behind))
            page = self._journal.read(after, match, PAGE)
            notice = _notice("gap", after, forgotten=page.forgotten) if page.forgotten else ""
            after = max(after, page.after)
            if notice or page.entries:
                await self._write(response, notice + "".join(map(_event, page.entries)))
                await turn()
            elif after >= self._journal.last:
                await self._rest(response)

    async def _rest(self, response: web.StreamResponse) -> None:
        """Wait until the journal grows; beat meanwhile, so that a dead peer is noticed."""
        bell = asyncio.Event()
        self._waiting.append(bell)
        try:
            async with asyncio.timeout(self._beat):
                await bell.wait()
        except TimeoutError:
            if bell in self._waiting:
                self._waiting.remove(bell)
            await self._write(response, BEAT)

    async def _drop(self, response: web.StreamResponse, after: int, behind: int) -> None:
        self.dropped += 1
        detail = "read faster, or ask for fewer kinds; reconnect with Last-Event-ID to go on from here"
        await self._write(response, _notice("dropped", after, behind=behind, detail=detail))

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        async with asyncio.timeout(self._stall):
            await response.write(text.encode())

    def _cut(self, request: web.Request) -> None:
        self.dropped += 1
        if request.transport is not None:
            request.transport.abort()


async def turn() -> None:
    """Let others have the loop: a long history is told, and read, in pages."""
    turned = asyncio.Event()
    asyncio.get_running_loop().call_soon(turned.set)
    await turned.wait()


def _event(entry: Entry) -> str:
    return f"id: {entry.seq}\ndata: {json.dumps(entry.as_json(), separators=(',', ':'))}\n\n"


def _notice(name: str, after: int, **facts: object) -> str:
    return f"id: {after}\nevent: {name}\ndata: {json.dumps({'after': after} | facts)}\n\n"
