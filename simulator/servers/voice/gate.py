"""What every call at the voice door goes through: its account, its form within limits, faults, and errors in
the words of its dialect.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Trouble
from simulator.journal import Journal, Kind
from simulator.servers import mischief
from simulator.servers.voice.documents import DOOR
from simulator.servers.voice.options import Options
from simulator.wire import calls_shape as shape
from simulator.wire.calls_dialect import (
    BAD_VALUE,
    INTERNAL,
    NO_METHOD,
    NOT_FOUND,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    Dialect,
    Refused,
    not_found,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CODES: Mapping[int, int] = {
    401: UNAUTHORIZED,
    404: NOT_FOUND,
    405: NO_METHOD,
    429: TOO_MANY,
    500: INTERNAL,
    503: UNAVAILABLE,
}
BODY_SECONDS = 30.0
MOST_FIELDS = 200


class Gate:
    """Stands before every handler of one dialect."""

    def __init__(self, dialect: Dialect, *, options: Options, journal: Journal, faults: FaultDesk) -> None:
        self.dialect = dialect
        self._options, self._journal, self._faults = options, journal, faults

    def middleware(self) -> Any:
        """The gate as an aiohttp middleware."""

        @web.middleware
        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                response = await handler(request)
            except Refused as refused:
                response = self._decline(request, refused)
            except web.HTTPException as error:
                response = self._decline(request, _from_http(error, request))
            if request.method != "GET" or response.status >= 400:
                path = request.path[:200]
                self._journal.record(
                    Kind.DOOR_CALL, door=DOOR, method=request.method, path=path, status=response.status
                )
            return response

        return answered

    def _decline(self, request: web.Request, refused: Refused) -> web.Response:
        if refused.status == 400:
            what = f"{refused.code}: {refused.message}"[:300]
            self._journal.record(
                Kind.INPUT_MALFORMED, door=DOOR, method=request.method, path=request.path[:200], what=what
            )
        headers = {}
        if refused.retry_after is not None:
            headers["Retry-After"] = str(max(1, -(-round(refused.retry_after * 1000) // 1000)))
        if refused.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        if self.dialect.plain_errors:
            return web.Response(text=refused.message, status=refused.status, headers=headers)
        response = self.show(request, shape.error(refused), "RestException", refused.status, headers)
        if refused.status in (408, 413):
            response.force_close()  # the rest of the body is still to come
        return response

    def show(
        self,
        request: web.Request,
        members: Mapping[str, object],
        name: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        """An answer in the form that the dialect gives at that path."""
        if self.dialect.xml and not request.path.endswith(".json"):
            body, kind = shape.as_xml(members, name), "application/xml"
        else:
            body, kind = shape.as_json(members), "application/json"
        return web.Response(body=body, status=status, content_type=kind, charset="utf-8", headers=headers)

    def account(self, request: web.Request) -> str:
        """The account that calls and that the path names; Refused unless its token is given."""
        name, token = _basic(request.headers.get("Authorization", ""))
        known = self._options.accounts.get(name)
        fits = known is not None and hmac.compare_digest(known.encode(), token.encode())
        if not fits or request.match_info["account"] != name:
            raise Refused(401, UNAUTHORIZED, "Authenticate")
        return name

    async def form(self, request: web.Request) -> Mapping[str, Sequence[str]]:
        """The fields of the body; Refused when it is no form, too large or too slow."""
        if request.content_type not in ("application/x-www-form-urlencoded", "application/octet-stream"):
            raise Refused(415, BAD_VALUE, "send the parameters as application/x-www-form-urlencoded")
        if (request.content_length or 0) > self._options.body_bytes:
            raise Refused(413, BAD_VALUE, f"a body has at most {self._options.body_bytes} bytes")
        body = await self._body(request)
        try:
            return parse_qs(
                body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8"
            )
        except ValueError:
            raise Refused(
                400, BAD_VALUE, f"the body is no form in UTF-8 of at most {MOST_FIELDS} fields"
            ) from None

    async def _body(self, request: web.Request) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.content.iter_chunked(16_384):
                    body += chunk
                    if len(body) > self._options.body_bytes:
                        raise Refused(413, BAD_VALUE, f"a body has at most {self._options.body_bytes} bytes")
        except TimeoutError:
            raise Refused(408, BAD_VALUE, "the body took too long") from None
        except (aiohttp.ClientError, HttpProcessingError, ConnectionError):
            raise Refused(400, BAD_VALUE, "the body broke off") from None
        return bytes(body)

    async def meet(self, request: web.Request, stage: str, *, account: str, address: str | None) -> Trouble:
        """Go through the faults of a stage; Refused when one answers with an error."""
        if not self._faults:
            return CALM
        trouble = self._faults.meet(f"{DOOR}.{stage}", address=address, account=account)
        await mischief.before(request, trouble, request.content_length or 0)
        error = trouble.error
        if error is not None:
            code = error.code or CODES.get(error.status, error.status)
            raise Refused(error.status, code, "a fault is switched on", error.retry_after)
        return trouble

    async def finish(self, request: web.Request, trouble: Trouble, response: web.Response) -> web.Response:
        """The answer, or what a fault makes of it."""
        if trouble.ending is not None:
            await mischief.end(request, trouble.ending, response, trouble)
        return response


def _basic(header: str) -> tuple[str, str]:
    """Name and password of HTTP Basic (RFC 7617); empty when there are none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def _from_http(error: web.HTTPException, request: web.Request) -> Refused:
    if error.status == 404:
        return not_found(request.path)
    if isinstance(error, web.HTTPMethodNotAllowed):
        return Refused(405, NO_METHOD, "Method not allowed")
    return Refused(error.status, CODES.get(error.status, BAD_VALUE), error.reason)
