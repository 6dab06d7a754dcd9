"""`truth`: the report that a perfect service would give on a selection, and the people behind each figure."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from simulator.evidence import VALIDITY_MS, WINDOW_MS
from simulator.journal import iso
from simulator.reckoning import BRUSSELS
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.events import turn
from simulator.servers.problems import Problem
from simulator.truth import Forgotten, Selection
from simulator.world import Channel

MOST = 1_000_000
TO_MS = 1000


class TruthDesk:
    """The route `truth`, by body for large selections and by query for small ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/truth", self.of_body), web.get("/truth", self.of_query, allow_head=False)]

    async def of_body(self, request: web.Request) -> web.Response:
        return await self._tell(await self._desk.form(request))

    async def of_query(self, request: web.Request) -> web.Response:
        return await self._tell(forms.Form.of_query(request))

    async def _tell(self, form: forms.Form) -> web.Response:
        evidence = form.having("evidence", forms.truth_value, False)
        selection = read_selection(form)
        form.done()
        world = self._desk.world
        until = world.journal.last
        while not world.truth.catch_up(until):
            await turn()
        truth = world.truth.tell(selection, world.clock.now())
        if isinstance(truth, Forgotten):
            raise Problem(409, truth.detail, before=iso(truth.before))
        return answer(truth.as_json(evidence=evidence))


def read_selection(form: forms.Form) -> Selection:
    """What a truth is asked about. `question` is the exact text; a period counts from the hand-over."""
    return Selection(
        addresses=_several(form, "destinations", forms.address),
        references=_several(form, "references", forms.text(1_000, 1)),
        messages=_several(form, "messages", forms.text(200, 1)),
        account=form.optional("account", forms.text(200, 1)),
        channel=_channel(form),
        question=form.optional("question", forms.text()),
        since=form.optional("from", forms.moment),
        until=form.optional("to", forms.moment),
        window_ms=round(form.having("window", forms.seconds, WINDOW_MS / TO_MS) * TO_MS),
        validity_ms=round(form.having("validity", forms.seconds, VALIDITY_MS / TO_MS) * TO_MS),
        zone=form.having("zone", _zone, BRUSSELS),
    )


def _several(form: forms.Form, name: str, read: forms.Reader[str]) -> frozenset[str] | None:
    found = form.optional(name, forms.list_of(read, MOST))
    return None if found is None else frozenset(found)


def _channel(form: forms.Form) -> str | None:
    channel = form.optional("channel", forms.one_of(Channel))
    return None if channel is None else channel.value


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(forms.text(100, 1)(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Brussels") from None
