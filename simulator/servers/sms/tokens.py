"""Tokens and the user behind them: `POST /token` in the three forms of real clients, `GET /userinfo`."""

from __future__ import annotations

from aiohttp import web

from simulator.clock import Clock
from simulator.servers.sms.access import Access
from simulator.servers.sms.gate import JSON, Gate
from simulator.servers.sms.options import Options
from simulator.servers.sms.resources import Resources
from simulator.wire import wso2

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Tokens:
    """The handlers that give tokens."""

    def __init__(
        self, gate: Gate, access: Access, resources: Resources, options: Options, clock: Clock
    ) -> None:
        self._gate, self._access, self._resources = gate, access, resources
        self._options, self._clock = options, clock

    async def token(self, request: web.Request) -> web.Response:
        """`POST /token`: RFC 6749 §4.4, with the errors of §5.2."""
        body = await self._gate.body(request)
        asked = wso2.read_token_request(request.headers.get("Authorization"), request.query, body)
        known = asked.client_id if asked.client_id in self._options.clients else None
        trouble = await self._gate.meet(request, "token", account=known, size=len(body))
        issued = self._access.issue(asked)
        if isinstance(issued, wso2.TokenError):
            return _refused(issued)
        value, lifetime = issued
        now = int(self._clock.wall())
        claims = {
            "iss": self._resources.base,
            "sub": asked.client_id,
            "aud": asked.client_id,
            "iat": now,
            "exp": now + lifetime,
        }
        answer = wso2.token(value, lifetime, asked.scope, wso2.unsigned_jwt(claims))
        response = await self._gate.finish(request, trouble, answer)
        response.headers.update(NO_STORE)
        return response

    async def user_info(self, request: web.Request) -> web.Response:
        """`GET /userinfo?schema=openid`."""
        return web.Response(body=wso2.user_info(self._gate.client(request)), headers=JSON)


def _refused(error: wso2.TokenError) -> web.Response:
    headers = JSON | NO_STORE
    if error is wso2.TokenError.INVALID_CLIENT:
        headers["WWW-Authenticate"] = 'Basic realm="WSO2 API Manager"'
    body = wso2.token_error(error, "check client_id, client_secret and grant_type=client_credentials")
    return web.Response(body=body, status=error.value[1], headers=headers)
