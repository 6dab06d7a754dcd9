"""Where the SMS gateway pushes replies and delivery reports (survey-api "Call-backs from a gateway are
signed").

The signature is checked over the body as it came, before anything of it is read. 2xx is answered only when
what came is durable; everything else makes the gateway try again, and a second copy changes nothing.
"""

from __future__ import annotations

from aiohttp import web

from service.clock import Clock
from service.gateways import sms_meaning
from service.gateways.exchange import Peer
from service.gateways.http_peer import read_body
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.store.engine import StoreUnavailable
from service.wire import enco
from service.wire.enco import DeliveryNotice, Inbound
from service.wire.json_members import ProtocolError
from service.wire.webhook import SignatureError, verify

PATH = "/gateways/sms/notifications"
LARGEST_CALL_BACK = 64 * 1024

TITLES = {
    400: "Malformed call-back",
    401: "Call-back not signed",
    413: "Call-back too large",
    503: "Try again",
}
HEADERS = {401: {"WWW-Authenticate": "Webhook-Signature"}, 503: {"Retry-After": "1"}}


class CallBacks:
    """The route of the call-backs, and what is done with them."""

    def __init__(self, peer: Peer, clock: Clock, meters: Meters, log: Log) -> None:
        self._secrets, self._clock, self._meters, self._log = peer.call_back_secrets, clock, meters, log

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """For the service's application."""

        async def take(request: web.Request) -> web.Response:
            with self._clock.at_work():
                return await self._take(inbox, request)

        return [web.post(PATH, take)]

    async def _take(self, inbox: Inbox, request: web.Request) -> web.Response:
        """401 unless signed, 400 when it makes no sense, 503 when it cannot be kept; 204 once it is
        durable.
        """
        try:
            body = await read_body(request.content, LARGEST_CALL_BACK)
        except ValueError:
            return self._turn_away(413, "too_large", f"a call-back has at most {LARGEST_CALL_BACK} bytes")
        try:
            verify(request.headers, body, self._secrets, self._clock.wall())
            await _pass_on(inbox, enco.read_notification(body))
        except SignatureError as error:
            return self._turn_away(401, error.reason, str(error))
        except ProtocolError as error:
            return self._turn_away(400, "malformed", str(error))
        except StoreUnavailable:
            return self._turn_away(503, "unavailable", "the store cannot be written now")
        return web.Response(status=204)

    def _turn_away(self, status: int, reason: str, detail: str) -> web.Response:
        """RFC 9457. The detail tells the kind of the fault, and nothing of what came."""
        self._meters.call_backs_refused.labels(reason).inc()
        self._log.warning("call_back_refused", status=status, reason=reason)
        problem = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
        return web.json_response(
            problem, status=status, content_type="application/problem+json", headers=HEADERS.get(status)
        )


async def _pass_on(inbox: Inbox, notification: enco.Notification) -> None:
    match notification:
        case Inbound():
            await inbox.take_reply(sms_meaning.reply(notification))
        case DeliveryNotice():
            await inbox.take_report(sms_meaning.notice(notification))
