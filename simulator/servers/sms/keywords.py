"""Keywords on the shared short number: a text that begins with one goes to whoever reserved it.

The platform lets clients reserve and release keywords by its API; where is not published. Here it is
`PUT` and `DELETE /sms/1.0.0/sms/keywords/{keyword}`.
"""

from __future__ import annotations

import re

from aiohttp import web

from simulator.carrier import Carrier
from simulator.servers.sms.gate import JSON, Declined, Gate
from simulator.wire import enco, wso2

TAKEN_ALREADY = wso2.Fault(409, 409, "Conflict")
MOST = 1_000
"""Keywords one door reserves."""

_KEYWORD = re.compile(r"[^\W_]{1,20}")


class Keywords:
    """The handlers that reserve and release."""

    def __init__(self, gate: Gate, carrier: Carrier) -> None:
        self._gate, self._carrier = gate, carrier
        self._reserved: set[str] = set()

    async def reserve(self, request: web.Request) -> web.Response:
        """201, again for a keyword that the client has; 409 for somebody else's."""
        account = self._gate.client(request)
        keyword = request.match_info["keyword"]
        if _KEYWORD.fullmatch(keyword) is None:
            raise enco.Malformed("keyword", "must be one word of 1 to 20 letters and digits")
        if len(self._reserved | {keyword.casefold()}) > MOST:
            raise Declined(TAKEN_ALREADY, f"{MOST} keywords are reserved already; release some first")
        if not self._carrier.keywords.reserve(keyword, account):
            raise Declined(TAKEN_ALREADY, "another client has this keyword")
        self._reserved.add(keyword.casefold())
        return web.Response(body=enco.dump({"keyword": keyword.casefold()}), status=201, headers=JSON)

    async def release(self, request: web.Request) -> web.Response:
        """204, or 404 for a keyword that the client does not have."""
        keyword = request.match_info["keyword"]
        if not self._carrier.keywords.release(keyword, self._gate.client(request)):
            raise Declined(wso2.NOT_FOUND, "you have not reserved this keyword")
        self._reserved.discard(keyword.casefold())
        return web.Response(status=204)
