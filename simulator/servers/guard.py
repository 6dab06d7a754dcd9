"""Who may call the control API: this machine's own programs and pages, and nobody behind their back.

A page of a stranger, open in a browser on this machine, can send requests to loopback. What it cannot do is
choose `Host` (DNS rebinding shows the stranger's name), hide `Origin`, or send JSON without asking first; so
these three are checked on every call, and no CORS header is ever given. For 421 see RFC 9110 §15.5.20.
"""

from __future__ import annotations

import hmac
import re

from aiohttp import web
from aiohttp.typedefs import Middleware

from simulator.config import is_loopback
from simulator.journal import Journal, Kind
from simulator.servers.problems import Handler, Problem

_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?", re.ASCII)
JSON_TYPES = frozenset({"application/json"})
YAML_TYPES = frozenset({"application/yaml", "application/x-yaml", "text/yaml"})
OPEN_TO_ALL = frozenset({"/health/live", "/health/ready"})
NAMED = frozenset({400, 403, 413, 415, 421})
"""Refusals that the journal names as malformed input."""


class Guard:
    """Checks the head of every call before a handler sees it.

    `names` are further host names: with a port for that port, without one for the listener's own.
    """

    def __init__(self, *, host: str, names: tuple[str, ...], token: str | None, journal: Journal) -> None:
        self._names = frozenset({host.lower(), *names})
        self._token = token
        self._journal = journal

    def middleware(self) -> Middleware:
        """The guard as an aiohttp middleware."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self.check(request)
                return await handler(request)
            except Problem as problem:
                if problem.status in NAMED:
                    self._name(request, problem)
                raise

        return guarded

    def check(self, request: web.Request) -> None:
        """Raise the Problem of a call that must not pass."""
        host = self._check_host(request)
        _check_origin(request, host)
        _check_body(request)
        if self._token is not None and request.path not in OPEN_TO_ALL:
            self._check_token(request)

    def _check_host(self, request: web.Request) -> str:
        given = request.headers.getall("Host", [])
        match = _HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
        if match is None or not self._is_ours(request, match[1], match[2]):
            raise Problem(
                421, "the Host header does not name this simulator; call it by the address it printed"
            )
        return given[0].lower()

    def _is_ours(self, request: web.Request, name: str, port: str | None) -> bool:
        socket = request.transport.get_extra_info("sockname") if request.transport else None
        if socket is None:
            return False
        if f"{name}:{port or 80}" in self._names:
            return True
        bare = name.strip("[]")
        return int(port or 80) == socket[1] and (
            is_loopback(bare) or bare in self._names or bare == str(socket[0])
        )

    def _check_token(self, request: web.Request) -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        expected = (self._token or "").encode()
        if kind.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected):
            raise Problem(
                401,
                "this simulator asks for its control token: Authorization: Bearer <BELFORT_CONTROL_TOKEN>",
                headers={"WWW-Authenticate": 'Bearer realm="belfort control"'},
            )

    def _name(self, request: web.Request, problem: Problem) -> None:
        self._journal.record(
            Kind.INPUT_MALFORMED,
            door="control",
            method=request.method,
            path=request.path[:200],
            status=problem.status,
            what="; ".join([problem.detail, *(f"{fault.where}: {fault.detail}" for fault in problem.faults)])[
                :1_000
            ],
        )


def _check_origin(request: web.Request, host: str) -> None:
    origins = request.headers.getall("Origin", [])
    ours = (f"http://{host}", f"https://{host}")
    if any(origin.lower() not in ours for origin in origins):
        raise Problem(403, "calls from pages of another origin are not taken")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Problem(403, "calls from pages of another site are not taken")


def _check_body(request: web.Request) -> None:
    if not request.body_exists:
        return
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "send the body as it is, without Content-Encoding")
    taken = JSON_TYPES | YAML_TYPES if request.path.endswith("/population") else JSON_TYPES
    if request.content_type not in taken or "Content-Type" not in request.headers:
        raise Problem(415, f"send the body as {' or '.join(sorted(taken))} and say so in Content-Type")
