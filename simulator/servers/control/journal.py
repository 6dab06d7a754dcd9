"""`journal` and `events`: what happened, page by page, as a file, and as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from simulator.journal import Kind, Match, Page
from simulator.journal_export import FORMATS
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.problems import did_you_mean

PAGE = 1_000
MOST = 10_000
STALL = 10.0
"""Seconds of this machine after which a peer that takes nothing is cut."""
ANY_NUMBER = forms.whole(0, 2**53)


class JournalDesk:
    """The routes `journal` and `events`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/journal", self.show, allow_head=False),
            web.get("/events", self.follow, allow_head=False),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        form = forms.Form.of_query(request)
        after = form.having("after", ANY_NUMBER, 0)
        limit = form.optional("limit", forms.whole(1, MOST))
        shape = form.having("format", forms.word_of(("json", *FORMATS)), "json")
        match = read_match(form)
        form.done()
        if shape != "json":
            return await self._export(request, shape, after, limit, match)
        page = await self._page(after, match, limit or PAGE)
        return answer(
            {
                "entries": [entry.as_json() for entry in page.entries],
                "after": page.after,
                "last": self._desk.world.journal.last,
                "forgotten": page.forgotten,
            }
        )

    async def follow(self, request: web.Request) -> web.StreamResponse:
        form = forms.Form.of_query(request)
        after = form.optional("after", ANY_NUMBER)
        match = read_match(form)
        resumed = request.headers.get("Last-Event-ID", "").strip()
        if resumed:
            header = forms.Form({"Last-Event-ID": forms.Written(resumed)}, prefix="")
            after = header.optional("Last-Event-ID", ANY_NUMBER)
            header.done()
        form.done()
        return await self._desk.events.stream(request, after, match)

    async def _page(self, after: int, match: Match, limit: int) -> Page:
        """From memory where it reaches back far enough, otherwise from the file when there is one."""
        journal, file = self._desk.world.journal, self._desk.world.journal_file
        if file is not None and after + 1 < journal.oldest:
            return await file.read(after, match, limit)
        return journal.read(after, match, limit)

    async def _export(
        self, request: web.Request, shape: str, after: int, limit: int | None, match: Match
    ) -> web.StreamResponse:
        """Everything up to now, a page at a time, so that a million entries need no million in memory."""
        kind, write = FORMATS[shape]
        response = web.StreamResponse(
            headers={
                "Content-Type": kind,
                "Content-Disposition": f'attachment; filename="journal.{shape}"',
                "Cache-Control": "no-store",
            }
        )
        await response.prepare(request)
        last, left, heading = self._desk.world.journal.last, limit or 2**53, True
        while left > 0 and (heading or after < last):
            page = await self._page(after, match, min(PAGE, left))
            entries = [entry for entry in page.entries if entry.seq <= last]
            lines = list(write(entries))
            text = "".join(lines if heading else _without_heading(shape, lines))
            if not await _written(request, response, text.encode("utf-8", "backslashreplace")):
                break
            left -= len(entries)
            after, heading = page.after, False
        return response


def read_match(form: forms.Form) -> Match:
    """The filters that journal and events share."""
    return Match(
        kinds=frozenset().union(*form.optional("kind", forms.list_of(_kinds, 50)) or ()),
        message=form.optional("message", forms.text(100, 1)),
        address=form.optional("address", forms.address),
        account=form.optional("account", forms.text(200, 1)),
    )


def _kinds(value: object) -> frozenset[Kind]:
    """A kind by name, or a family of them by the part before the dot."""
    word = forms.text(80, 1)(value)
    found = frozenset(kind for kind in Kind if word in (kind.value, kind.value.partition(".")[0]))
    if not found:
        raise ValueError(f"is not known; {did_you_mean(word, (kind.value for kind in Kind))}")
    return found


async def _written(request: web.Request, response: web.StreamResponse, data: bytes) -> bool:
    """Send a part; False when the peer has gone, or takes nothing any more and is cut."""
    try:
        async with asyncio.timeout(STALL):
            await response.write(data)
    except ConnectionResetError:
        return False
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
        return False
    return True


def _without_heading(shape: str, lines: Sequence[str]) -> Sequence[str]:
    return lines[1:] if shape == "csv" else lines
