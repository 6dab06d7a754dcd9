"""The control door as one application: the API, the operator's routes, and the guard before them."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from simulator.people.population import PROFILES
from simulator.servers.control.calls import CallsDesk
from simulator.servers.control.clock import ClockDesk
from simulator.servers.control.desk import PREFIX, Desk
from simulator.servers.control.faults import FaultsDesk
from simulator.servers.control.journal import JournalDesk
from simulator.servers.control.messages import MessagesDesk
from simulator.servers.control.numbers import NumbersDesk
from simulator.servers.control.people import PeopleDesk
from simulator.servers.control.population import PopulationDesk
from simulator.servers.control.smpp import SmppDesk
from simulator.servers.control.start import StartDesk
from simulator.servers.control.truth import TruthDesk
from simulator.servers.guard import Guard
from simulator.servers.openapi import Description
from simulator.servers.ops import Ops, add_headers
from simulator.servers.problems import answered

BODY_BYTES = 33_554_432
"""A truth may be asked about a million references."""


def control_app(desk: Desk, ops: Ops, guard: Guard) -> web.Application:
    """The application behind the control port."""
    app = web.Application(middlewares=[answered, guard.middleware()], client_max_size=BODY_BYTES)
    app.on_response_prepare.append(add_headers)
    app.add_routes(ops.routes())
    app.add_routes(under(PREFIX, api_routes(desk)))
    return app


def api_routes(desk: Desk) -> list[web.RouteDef]:
    """Every route of the API, without its prefix."""
    return [
        *Description().routes(),
        *StartDesk(desk, frozenset(PROFILES)).routes(),
        *ClockDesk(desk).routes(),
        *PeopleDesk(desk).routes(),
        *PopulationDesk(desk).routes(),
        *NumbersDesk(desk).routes(),
        *FaultsDesk(desk).routes(),
        *MessagesDesk(desk).routes(),
        *CallsDesk(desk).routes(),
        *SmppDesk(desk).routes(),
        *TruthDesk(desk).routes(),
        *JournalDesk(desk).routes(),
    ]


def under(prefix: str, routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """The routes with a prefix before their paths."""
    return [web.RouteDef(each.method, prefix + each.path, each.handler, each.kwargs) for each in routes]
