"""`faults`: what may be made to go wrong, what is on, and how often it has hit (gateway.md, "Faults")."""

from __future__ import annotations

from aiohttp import web

from simulator.faults.catalogue import CATALOGUE, DOORS, Parameter
from simulator.faults.fault import Fault
from simulator.faults.order import BadOrder
from simulator.journal import iso
from simulator.servers import forms, problems
from simulator.servers.control.desk import Desk, answer
from simulator.servers.problems import Problem


class FaultsDesk:
    """The routes under `faults`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/faults", self.show, allow_head=False),
            web.post("/faults", self.add),
            web.delete("/faults", self.clear),
            web.get("/faults/{id}", self.one, allow_head=False),
            web.delete("/faults/{id}", self.remove),
        ]

    async def show(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        desk = self._desk.world.faults
        return answer(
            {
                "faults": [shown(fault) for fault in desk.faults()],
                "over": [shown(fault) for fault in desk.over()],
                "catalogue": catalogue(),
            }
        )

    async def add(self, request: web.Request) -> web.Response:
        order = await forms.json_body(request, self._desk.world.settings.body_deadline, needed=True)
        try:
            fault = self._desk.world.faults.add(order)
        except BadOrder as bad:
            errors = [problems.Fault(mistake.pointer, mistake.detail) for mistake in bad.mistakes]
            raise Problem(400, "this fault cannot be switched on", faults=errors) from None
        return answer(shown(fault), status=201)

    async def one(self, request: web.Request) -> web.Response:
        return answer(shown(self._found(request)))

    async def remove(self, request: web.Request) -> web.Response:
        fault = self._found(request)
        self._desk.world.faults.remove(fault.id)
        return answer(shown(fault))

    async def clear(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer({"cleared": self._desk.world.faults.clear()})

    def _found(self, request: web.Request) -> Fault:
        number = request.match_info["id"]
        readable = number.isascii() and number.isdecimal() and len(number) < 16
        fault = self._desk.world.faults.find(int(number)) if readable else None
        if fault is None:
            raise problems.not_found("no such fault is on; GET /control/v1/faults lists them")
        return fault


def shown(fault: Fault) -> dict[str, object]:
    """A fault as it was ordered, with its number and its hits."""
    when = fault.when
    return {
        "id": fault.id,
        "fault": fault.name,
        "where": fault.where,
        "match": {"numbers": list(fault.match.numbers), "accounts": list(fault.match.accounts)},
        "when": {
            "first": when.first,
            "every": when.every,
            "probability": when.probability,
            "counted": when.counted.value,
            "from": None if when.since is None else iso(when.since),
            "to": None if when.until is None else iso(when.until),
        },
        "limit": fault.limit,
        "ttl": fault.ttl,
        "expires": None if fault.expires is None else iso(fault.expires),
        "with": dict(fault.given),
        "hits": fault.hits,
    }


def catalogue() -> list[dict[str, object]]:
    """Every fault there is, from the one table that serves behaviour and documentation."""
    return [
        {
            "fault": name,
            "about": kind.about,
            "doors": list(kind.doors or DOORS),
            "stages": list(kind.stages),
            "with": {word: _parameter(parameter) for word, parameter in kind.parameters.items()},
        }
        for name, kind in CATALOGUE.items()
    ]


def _parameter(parameter: Parameter) -> dict[str, object]:
    bounds = (
        {"words": list(parameter.words)}
        if parameter.words
        else {"least": parameter.least, "most": parameter.most}
    )
    return {"about": parameter.about, "default": parameter.default, **bounds}
