"""`numbers`: the numbers that do things, from the one table, and what stands behind any address."""

from __future__ import annotations

from aiohttp import web

from simulator.people import mailboxes, numbers
from simulator.people.inhabitants import doers
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.control.people import described
from simulator.world import Channel


class NumbersDesk:
    """The route `numbers`: the table, and one of each number as somebody to send to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/numbers", self.show, allow_head=False)]

    async def show(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        lane = form.having("lane", forms.whole(0, 99), 1)
        channel = form.optional("channel", forms.one_of(Channel))
        form.done()
        by_mail = channel is Channel.EMAIL
        return answer(
            {
                "grammar": mailboxes.GRAMMAR if by_mail else "+32 450 FF PP LL: family, parameter, lane",
                "numbers": mailboxes.as_json() if by_mail else numbers.as_json(),
                "people": [
                    described(self._desk.world, address, named=False) for address in doers(channel, lane)
                ],
            }
        )
