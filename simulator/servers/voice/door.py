"""The voice door: two dialects of REST in front of one exchange. The gateway's listener carries its paths."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from aiohttp import web

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal
from simulator.servers.mischief import SILENCE
from simulator.servers.voice.exchange import Exchange
from simulator.servers.voice.fetch import Addresses, Asker
from simulator.servers.voice.gate import Gate
from simulator.servers.voice.options import Options
from simulator.servers.voice.rest import Rest
from simulator.wire.calls_dialect import DIALECTS, Dialect


class VoiceDoor:
    """`closed` are the ports of this machine that no call may ask."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        options: Options,
        closed: Callable[[], Collection[int]] = tuple,
        silence: float = SILENCE,
    ) -> None:
        self._asker = Asker(Addresses(options.origins, closed), options.answer_seconds)
        self.exchange = Exchange(
            carrier, clock=clock, journal=journal, faults=faults, asker=self._asker, options=options
        )

        def app_of(dialect: Dialect) -> web.Application:
            gate = Gate(dialect, options=options, journal=journal, faults=faults)
            app = web.Application(middlewares=[gate.middleware()])
            app.add_routes(Rest(gate, self.exchange, self._asker.addresses, silence).routes())
            return app

        self.apps: Mapping[str, web.Application] = {each.base: app_of(each) for each in DIALECTS.values()}
        """By the path they hang under."""

    @property
    def waiting(self) -> int:
        """Calls under way, and what their peers have yet to take."""
        return self.exchange.waiting

    async def close(self) -> None:
        """Stop every call where it stands."""
        await self.exchange.close()
        await self._asker.close()
