"""Around every call, whatever it asks for: it is at work, counted and logged, and every failure is a problem.

The log has the route, never the address as it was written: a query may hold a secret, a path anything.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar

from aiohttp import web

from service.clock import Clock
from service.logs import Log, place
from service.meters import Meters
from service.store.database import OutcomeUnknown
from service.store.engine import StoreUnavailable
from service.web.addresses import BASE, EVERYTHING
from service.web.problems import Kind, Problem, broken, not_found, outcome_unknown, unavailable

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STRAIGHT = f"{BASE}/surveys"
"""What comes here by far the most, and needs no router."""
SERVER = "belfort"
"""The library would say which version it is."""
ROUTE = web.RequestKey("route", str)
ACCOUNT = web.RequestKey("account", int)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"))


class Edge:
    """The one middleware. What is for the surveys it hands on by itself (`before`)."""

    def __init__(self, clock: Clock, log: Log, meters: Meters, *, closing: Callable[[], bool]) -> None:
        self._clock, self._log, self._meters, self.closing = clock, log, meters, closing
        # Looking a meter up by its labels costs more than counting.
        self._counter = lru_cache(maxsize=512)(meters.calls.labels)
        self._timer = lru_cache(maxsize=64)(meters.call_seconds.labels)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware, for the application."""
        began = time.perf_counter()
        with self._clock.at_work():
            answer = await self._answered(request, handler)
        if self.closing():
            answer.force_close()
        answer.headers["Server"] = SERVER
        self._note(request, answer.status, time.perf_counter() - began)
        return answer

    def before(self, router: Handler, api: Handler) -> Handler:
        """Calls about surveys go straight to `api`, all others to `router`, which ends at `api` as well."""

        async def handed_on(call: web.Request) -> web.StreamResponse:
            if not call.raw_path.startswith(STRAIGHT):
                return await router(call)
            call[ROUTE] = EVERYTHING
            return await self.middleware(call, api)

        return handed_on

    async def _answered(self, call: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(call)
        except web.HTTPException as refusal:
            return _as_problem(refusal).answer()
        except Exception as error:
            return self.problem(error).answer()

    def guarded(self, made: Callable[..., T], *given: Any) -> T | Problem:
        """What `made` gives, or what the call is answered that it breaks."""
        try:
            return made(*given)
        except Exception as error:
            return self.problem(error)

    def problem(self, error: BaseException) -> Problem:
        """What a call that ended in `error` is answered; what is not the caller's doing is noted."""
        if isinstance(error, Problem):
            return error
        if isinstance(error, StoreUnavailable):
            self._log.error("store_unavailable", part="web", reason=str(error))
            self._meters.store_refusals.inc()
            return outcome_unknown() if isinstance(error, OutcomeUnknown) else unavailable()
        # The last resort: a mistake of ours costs this call and no other.
        self._log.error("crashed", part="web", **place(error))
        self._meters.crashes.labels("web").inc()
        return broken()

    def _note(self, call: web.Request, status: int, seconds: float) -> None:
        method = call.method if call.method in METHODS else "other"
        self.note(call.get(ROUTE) or _route(call), method, status, call.get(ACCOUNT), seconds)

    def note(self, route: str, method: str, status: int, account: int | None, seconds: float) -> None:
        """Count a call that was answered, and log it."""
        self._counter(route, method, str(status)).inc()
        self._timer(route).observe(seconds)
        ms = round(seconds * 1000, 1)
        self._log.info("call", method=method, route=route, status=status, ms=ms, account=account)


def _route(call: web.Request) -> str:
    resource = call.match_info.route.resource
    return resource.canonical if resource is not None else "none"


def _as_problem(refusal: web.HTTPException) -> Problem:
    """What the router refuses by itself, outside the API's base path."""
    if isinstance(refusal, web.HTTPMethodNotAllowed):
        return method_not_allowed(refusal.allowed_methods)
    if refusal.status == Kind.NOT_FOUND.status:
        return not_found()
    kind = next((kind for kind in Kind if kind.status == refusal.status), Kind.INVALID_INPUT)
    return Problem(kind, "The call cannot be answered as it is.", closing=True)


def method_not_allowed(methods: set[str] | frozenset[str]) -> Problem:
    """405 with what is allowed."""
    allowed = ", ".join(sorted(methods))
    return Problem(Kind.METHOD_NOT_ALLOWED, f"Allowed here: {allowed}.", headers={"Allow": allowed})


def only(*methods: str) -> Handler:
    """Refuses whatever comes: for the methods that an address does not have."""

    async def refuse(_call: web.Request) -> web.StreamResponse:
        raise method_not_allowed(frozenset(methods))

    return refuse


async def no_hurry(_call: web.Request) -> None:
    """`Expect: 100-continue` is answered when the body is about to be read, not before."""
