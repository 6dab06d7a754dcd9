"""`smpp`: what only the message centre can begin. An outbind asks an ESME that listens to bind (SMPP 3.4
§2.2.1, §4.1.7)."""

from __future__ import annotations

from aiohttp import web

from simulator.servers import forms, problems
from simulator.servers.control.desk import Desk, answer
from simulator.servers.problems import Problem

THIS_MACHINE = "127.0.0.1"


class SmppDesk:
    """The routes under `smpp`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/smpp/outbind", self.outbind)]

    async def outbind(self, request: web.Request) -> web.Response:
        world = self._desk.world
        form = await self._desk.form(request)
        host = form.having("host", forms.text(255, 1), THIS_MACHINE)
        port = form.required("port", forms.whole(1, 65_535))
        account = form.having("system_id", forms.text(15, 1), world.settings.smpp_system_id)
        form.done()
        try:
            session = await world.smpp.outbind(host, port, account)
        except ValueError as elsewhere:
            raise Problem(400, str(elsewhere), faults=[problems.Fault("/host", str(elsewhere))]) from None
        except KeyError:
            told = f"is no account; {problems.did_you_mean(account, world.smpp.options.accounts)}"
            raise Problem(400, "nobody to ask for", faults=[problems.Fault("/system_id", told)]) from None
        except OSError as error:  # TimeoutError is one
            raise Problem(502, f"no ESME listens at {host}:{port}: {type(error).__name__}") from None
        return answer({"session": session, "system_id": account}, status=202)
