"""Where the telephone exchange asks what to say, brings the keys that were pressed, and tells how a call
ended.

The address of a call-back carries the request's token, so that what comes belongs to that request and to no
other; the signature over address and form is checked before anything happens. Keys are durable before the
person hears that they were taken; everything may come twice or in any order, and counts once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from service.clock import Clock
from service.domain.answer import read_keys
from service.domain.courtesy import courtesy
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, RequestId
from service.gateways.http_peer import read_body
from service.interfaces import Inbox
from service.logs import Log
from service.meters import Meters
from service.store import responses
from service.store.engine import Store, StoreUnavailable
from service.store.responses import Asked
from service.store.tokens import Tokens
from service.wire import call_documents, calls
from service.wire.call_documents import Phrase
from service.wire.call_signature import HEADER, holds
from service.wire.calls import AnsweredBy, Told
from service.wire.json_members import ProtocolError

PATH = "/gateways/voice/{token}"
LARGEST_CALL_BACK = 64 * 1024

TITLES = {
    400: "Malformed call-back",
    403: "Call-back not signed",
    404: "No such call",
    413: "Call-back too large",
    503: "Try again",
}


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a call is led. `key_wait`: seconds for each key; `second_chances`: how often a person whose keys
    are no score is asked again in the same call."""

    key_wait: int = 5
    second_chances: int = 1


@dataclass(frozen=True, slots=True)
class _Heard:
    """A call-back that is proven to be one."""

    told: Told
    request: RequestId
    token: str
    attempt: int


class _Refused(Exception):
    """The call-back is turned away. `reason` is one of a closed set, fit for a metric."""

    def __init__(self, status: int, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.reason, self.detail = status, reason, detail


Answering = Callable[[Inbox, _Heard], Awaitable[web.Response]]


def address(token: str, part: str, request: RequestId) -> str:
    """Where the exchange finds `part` of a request's call, from our base address on. `reference` is for
    whoever reads its logs: the token alone decides."""
    return f"{PATH.format(token=token)}/{part}?{urlencode({'reference': str(request)})}"


class CallBacks:
    """The routes of the call-backs, and what is done with them."""

    def __init__(
        self,
        conduct: Conduct,
        store: Store,
        clock: Clock,
        meters: Meters,
        log: Log,
        *,
        tokens: Tokens,
        here: Callable[[], str],
        secret: str | None,
        became: Callable[[Told], Awaitable[Delivery]],
    ) -> None:
        """`secret`: what call-backs are signed with; None where they are not, and the token must do."""
        self._conduct, self._store, self._clock = conduct, store, clock
        self._meters, self._log = meters, log
        self._tokens, self._here, self._secret = tokens, here, secret
        self._became = became

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """For the service's application."""
        return [
            self._route("question", inbox, self._question),
            self._route("keys/{attempt:[1-9]}", inbox, self._keys),
            self._route("status", inbox, self._status),
        ]

    def _route(self, part: str, inbox: Inbox, answering: Answering) -> web.RouteDef:
        async def take(call: web.Request) -> web.Response:
            try:
                return await answering(inbox, await self._heard(call))
            except _Refused as refused:
                return self._turn_away(refused)
            except StoreUnavailable:
                return self._turn_away(_Refused(503, "unavailable", "the store cannot be written now"))

        return web.post(f"{PATH}/{part}", take)

    async def _heard(self, call: web.Request) -> _Heard:
        """Errors: _Refused, for what is too large, makes no sense, is not signed, or is about nothing."""
        try:
            told = calls.read_told(await read_body(call.content, LARGEST_CALL_BACK))
        except ValueError:
            raise _Refused(413, "too_large", f"a call-back has at most {LARGEST_CALL_BACK} bytes") from None
        except ProtocolError as error:
            raise _Refused(400, "malformed", str(error)) from None
        url, signed = self._here() + call.raw_path, call.headers.get(HEADER, "")
        if self._secret is not None and not holds(signed, self._secret, url, told.parameters):
            raise _Refused(403, "wrong", "the call-back's signature does not hold")
        token = call.match_info["token"]
        request = self._tokens.request(Channel.VOICE, token)
        if request is None:
            raise _Refused(404, "unknown", "no request is called like this")
        return _Heard(told, request, token, int(call.match_info.get("attempt", "0")))

    async def _question(self, inbox: Inbox, heard: _Heard) -> web.Response:
        """Somebody or something picked up. A machine is not asked: it is no person, whatever it says."""
        if heard.told.answered_by is AnsweredBy.MACHINE:
            await inbox.take_report(_report(heard, Delivery.UNDELIVERED))
            return _document(call_documents.ending())
        asked = await self._asked(heard)
        if asked is None or not asked.open:
            return _document(call_documents.ending())
        return self._ask(heard, asked, [Phrase(asked.text, asked.language)])

    async def _keys(self, inbox: Inbox, heard: _Heard) -> web.Response:
        """Keys were pressed. They count before the person hears of it."""
        asked = await self._asked(heard)
        reading = read_keys(heard.told.digits)
        if asked is None or reading is None:
            return _document(call_documents.ending())
        reply_id = f"{heard.told.sid} {heard.attempt}"
        await inbox.take_reply(
            Reply(reply_id, Channel.VOICE, "", heard.told.digits, request=heard.request, keyed=True)
        )
        words = courtesy(asked.language)
        if reading.score is None and asked.open and heard.attempt <= self._conduct.second_chances:
            again = Phrase(words.again, words.language)
            return self._ask(heard, asked, [again, Phrase(asked.text, asked.language)])
        return _document(call_documents.ending(Phrase(words.thanks, words.language)))

    async def _status(self, inbox: Inbox, heard: _Heard) -> web.Response:
        became = await self._became(heard.told)
        if became is not Delivery.UNDERWAY:
            await inbox.take_report(_report(heard, became))
        return web.Response(status=204)

    def _ask(self, heard: _Heard, asked: Asked, phrases: list[Phrase]) -> web.Response:
        action = self._here() + address(heard.token, f"keys/{heard.attempt + 1}", heard.request)
        return _document(call_documents.asking(phrases, action=action, wait=self._conduct.key_wait))

    async def _asked(self, heard: _Heard) -> Asked | None:
        now = self._clock.now()
        return await self._store.read(lambda tx: responses.asked(tx, heard.request, now))

    def _turn_away(self, refused: _Refused) -> web.Response:
        """RFC 9457. The detail tells the kind of the fault, and nothing of what came."""
        self._meters.call_backs_refused.labels(refused.reason).inc()
        self._log.warning("call_back_refused", status=refused.status, reason=refused.reason)
        problem = {
            "type": "about:blank",
            "title": TITLES[refused.status],
            "status": refused.status,
            "detail": refused.detail,
        }
        return web.json_response(problem, status=refused.status, content_type="application/problem+json")


def _report(heard: _Heard, delivery: Delivery) -> DeliveryReport:
    return DeliveryReport(Channel.VOICE, delivery, request=heard.request, gateway_id=heard.told.sid)


def _document(content: bytes) -> web.Response:
    return web.Response(body=content, content_type=call_documents.TYPE, charset="utf-8")
