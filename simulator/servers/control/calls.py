"""`calls`: the calls of this world, one in full, and pressing keys or hanging up in somebody's name."""

from __future__ import annotations

import re

from aiohttp import web

from simulator.calls.call import FINAL, Status
from simulator.journal import Match, iso
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.control.messages import seq_before
from simulator.servers.problems import Problem, not_found
from simulator.servers.voice.exchange import sid_of
from simulator.servers.voice.line import Line, NotNow
from simulator.world import Moment

PAGE, MOST = 100, 1_000
IN_FULL = 1_000
"""Journal entries shown with one call."""
MOST_KEYS = 32
GAP = 0.3
"""Seconds from one key to the next, unless told otherwise."""


class CallsDesk:
    """The routes under `calls`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/calls", self.show, allow_head=False),
            web.get("/calls/{id}", self.one, allow_head=False),
            web.post("/calls/{id}/keys", self.press),
            web.delete("/calls/{id}", self.hang_up),
        ]

    async def show(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        to = form.optional("to", forms.address)
        status = form.optional("status", forms.one_of(Status))
        under_way = form.optional("underway", forms.truth_value)
        limit = form.having("limit", forms.whole(1, MOST), PAGE)
        form.done()
        found: list[Line] = []
        for line in self._desk.world.voice.exchange.lines():
            if len(found) >= limit:
                break
            call = line.call
            if (
                (to is None or call.order.to == to)
                and (status is None or call.status is status)
                and (under_way is None or call.is_over is not under_way)
            ):
                found.append(line)
        return answer({"calls": [brief(line) for line in found]})

    async def one(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        line, journal = self._line(request), self._desk.world.journal
        since = seq_before(journal, line.call.created)
        entries = journal.read(since, Match(message=line.message.id), IN_FULL).entries
        return answer({**brief(line), "journal": [entry.as_json() for entry in entries]})

    async def press(self, request: web.Request) -> web.Response:
        line, form = self._line(request), await self._desk.form(request)
        keys = form.required("keys", _keys)
        gap = form.having("gap", forms.seconds, GAP)
        form.done()
        try:
            line.press(keys, gap)
        except NotNow as error:
            raise Problem(409, str(error)) from None
        return answer({**brief(line), "keys": keys}, status=202)

    async def hang_up(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        line = self._line(request)
        if line.call.status is not Status.IN_PROGRESS:
            raise Problem(409, f"the call is {line.call.status}; only one that is in-progress can be hung up")
        line.hang_up()
        return answer(brief(line))

    def _line(self, request: web.Request) -> Line:
        """The call of that sid, of that message, or the newest to that number."""
        given, exchange = request.match_info["id"], self._desk.world.voice.exchange
        line = exchange.line(given) or exchange.line(sid_of(given)) or self._latest_to(given)
        if line is None:
            raise not_found(f"there is no call {given[:80]!r}; GET /control/v1/calls lists them")
        return line

    def _latest_to(self, given: str) -> Line | None:
        """The newest call to a number."""
        try:
            to = forms.address(given)
        except ValueError:
            return None
        lines = self._desk.world.voice.exchange.lines()
        return next((line for line in lines if line.call.order.to == to), None)


def _keys(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[0-9*#]{1,32}", value, re.ASCII) is None:
        raise ValueError(f"must be 1 to {MOST_KEYS} of the keys 0-9, * and #")
    return value


def brief(line: Line) -> dict[str, object]:
    """A call as lists show it."""
    call = line.call
    return {
        "id": call.sid,
        "message": call.message,
        "to": call.order.to,
        "from": call.order.sender,
        "account": call.order.account,
        "reference": call.order.reference,
        "dialect": call.order.dialect.name,
        "status": call.status.value,
        "answeredBy": call.answered_by,
        "at": iso(call.created),
        "answered": _iso(call.answered),
        "ended": _iso(call.ended),
        "duration": call.duration,
        "over": call.status in FINAL,
        "told": line.handed,
    }


def _iso(moment: Moment | None) -> str | None:
    return None if moment is None else iso(moment)
