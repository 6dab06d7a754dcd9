"""What every call at the SMS door goes through: its token, its body within limits, faults, errors in the
platform's words. Malformed input is named in the journal; a call is journalled unless the carrier does it or
it asked in vain.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Trouble
from simulator.journal import Journal, Kind
from simulator.servers import mischief
from simulator.servers.listener import Limits
from simulator.servers.sms.access import Access
from simulator.servers.sms.options import Options
from simulator.wire import enco, wso2

DOOR = "sms"
JSON = {"Content-Type": "application/json"}
TAKEN = 201
"""A submission that was taken; the carrier has journalled it."""

NOTHING_NEW = web.RequestKey("nothing_new", bool)
"""Set on a request that asked in vain: such calls come by the million and would crowd out what happened."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Declined(Exception):
    """A call is answered with an error of the platform."""

    def __init__(self, fault: wso2.Fault, description: str, **headers: str) -> None:
        super().__init__(description)
        self.fault, self.description = fault, description
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Gate:
    """Stands before every handler."""

    def __init__(
        self, access: Access, *, journal: Journal, faults: FaultDesk, options: Options, limits: Limits
    ) -> None:
        self._access, self._journal, self._faults = access, journal, faults
        self._options, self._limits = options, limits

    def middleware(self) -> Any:
        """The gate as an aiohttp middleware."""

        @web.middleware
        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            if len(request.match_info.apps) > 1:  # another protocol's paths, which answer for themselves
                return await handler(request)
            try:
                response = await handler(request)
            except Declined as declined:
                response = self.decline(declined)
            except enco.Malformed as malformed:
                response = self._name(request, malformed)
            except web.HTTPException as error:
                response = self.decline(_from_http(error, request))
            if response.status != TAKEN and not request.get(NOTHING_NEW, False):
                path = request.path[:200]
                self._journal.record(
                    Kind.DOOR_CALL, door=DOOR, method=request.method, path=path, status=response.status
                )
            return response

        return answered

    def decline(self, declined: Declined) -> web.Response:
        """The error as a response."""
        body = wso2.fault(declined.fault, declined.description, bare=self._options.bare_faults)
        headers = {**JSON, **declined.headers}
        response = web.Response(body=body, status=declined.fault.status, headers=headers)
        if declined.fault in (wso2.TOO_SLOW, wso2.TOO_LARGE):
            response.force_close()  # the rest of the body is still to come
        return response

    def spell(self, status: int, detail: str) -> web.Response:
        """An error that no handler answered: a head that is not HTTP, or a mistake of ours."""
        other = wso2.UNCLASSIFIED if status >= 500 else wso2.BAD_REQUEST
        return self.decline(Declined(wso2.OF_STATUS.get(status, other), detail))

    def _name(self, request: web.Request, malformed: enco.Malformed) -> web.Response:
        """What was wrong goes into the journal, and into the answer."""
        detail = f"{malformed.where}: {malformed}"
        self._journal.record(
            Kind.INPUT_MALFORMED, door=DOOR, method=request.method, path=request.path[:200], what=detail
        )
        return self.decline(Declined(wso2.BAD_REQUEST, detail))

    def client(self, request: web.Request) -> str:
        """The client that calls; Declined without a valid token, or key on SAP's path."""
        if request.path == enco.SAP:
            client = self._access.api_key(request.headers.get("APIKey"))
        else:
            client = self._access.bearer(request.headers.get("Authorization"))
        if isinstance(client, wso2.Fault):
            raise Declined(
                client,
                "Access failure: send the token of POST /token as Authorization: Bearer",
                WWW_Authenticate='Bearer realm="WSO2 API Manager"',
            )
        return client

    async def body(self, request: web.Request) -> bytes:
        """The whole body; Declined when it is too large or too slow, Malformed when it breaks off."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Declined(wso2.NO_CODING, "send the body as it is, without Content-Encoding")
        if (request.content_length or 0) > self._limits.body_bytes:
            raise Declined(wso2.TOO_LARGE, f"a body has at most {self._limits.body_bytes} bytes")
        if request.content.is_eof():
            return (
                await request.read()
            )  # it came with the head, as nearly every body does: no need of a timer
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await request.read()
        except TimeoutError:
            raise Declined(wso2.TOO_SLOW, "the body took too long") from None
        except (aiohttp.ClientError, HttpProcessingError, ConnectionError) as error:
            raise enco.Malformed("body", f"broke off: {type(error).__name__}") from None

    async def meet(
        self,
        request: web.Request,
        stage: str,
        *,
        account: str | None,
        address: str | None = None,
        size: int = 0,
    ) -> Trouble:
        """Go through the faults of a stage; Declined when one answers with an error."""
        if not self._faults:
            return CALM
        trouble = self._faults.meet(f"{DOOR}.{stage}", address=address, account=account)
        await mischief.before(request, trouble, size)
        if trouble.error is not None:
            error = trouble.error
            usual = wso2.OF_STATUS.get(error.status, wso2.Fault(error.status, error.status, "Error"))
            fault = wso2.Fault(error.status, error.code or usual.code, usual.message)
            raise Declined(fault, "a fault is switched on", Retry_After=whole_seconds(error.retry_after))
        return trouble

    async def finish(
        self, request: web.Request, trouble: Trouble, body: bytes, status: int = 200
    ) -> web.Response:
        """The answer, or what a fault makes of it."""
        response = web.Response(body=body, status=status, headers=JSON)
        if trouble.ending is not None:
            await mischief.end(request, trouble.ending, response, trouble)
        return response


def whole_seconds(wait: float) -> str:
    """Retry-After in whole seconds (RFC 9110 §10.2.3), never too early."""
    return str(max(0, math.ceil(wait)))


def _from_http(error: web.HTTPException, request: web.Request) -> Declined:
    """aiohttp's own refusals in the platform's words."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return Declined(wso2.NO_METHOD, f"this resource takes {allowed}", Allow=allowed)
    if error.status == 404 and request.path.startswith(("/sms/1.0.0/", "/proximusenco/")):
        return Declined(wso2.NO_RESOURCE, "no such resource in this API")
    if error.status == 404:
        return Declined(wso2.NOT_FOUND, "no API has this context; the SMS API's is /sms/1.0.0")
    return Declined(wso2.OF_STATUS.get(error.status, wso2.BAD_REQUEST), error.reason)
