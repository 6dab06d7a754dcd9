"""For whoever runs the simulator: is it alive, is it ready, what does it measure, what is at this address.

The console will take the place of the landing page; the routes it names stay.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from aiohttp import web

from simulator.meters import EXPOSITION, Meters
from simulator.servers.control.desk import answer, product_version

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
}
ABOUT = {
    "/control/v1/openapi.json": "this API, described in OpenAPI 3.1",
    "/control/v1/clock": "the world's time",
    "/control/v1/numbers": "numbers that do things",
    "/control/v1/messages": "what was sent",
    "/control/v1/journal": "all that happened",
    "/control/v1/events": "all that happens, as it happens",
    "/control/v1/faults": "what may go wrong, and what does",
    "/control/v1/population": "who lives here",
    "/health/ready": "whether every door is open",
    "/metrics": "figures for Prometheus",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Belfort: the simulator</title></head>
<body><h1>Belfort: the simulator</h1>
<p>A Belgian SMS gateway and the people behind it, version {version}.
The gateway listens at <code>{gateway}</code>.</p>
<ul>
{links}
</ul></body></html>
"""


class Ops:
    """The routes outside the API."""

    def __init__(
        self, meters: Meters, troubles: Callable[[], Sequence[str]], gateway: Callable[[], str]
    ) -> None:
        """`troubles` says why the simulator is not ready; `gateway` is the SMS door's address."""
        self._meters, self._troubles, self._gateway = meters, troubles, gateway

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.landing),
            web.get("/health/live", self.live),
            web.get("/health/ready", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def live(self, request: web.Request) -> web.Response:
        return answer({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        troubles = list(self._troubles())
        if troubles:
            return answer({"status": "not ready", "because": troubles}, status=503)
        return answer({"status": "ready"})

    async def metrics(self, request: web.Request) -> web.Response:
        return web.Response(body=self._meters.text(), headers={"Content-Type": EXPOSITION})

    async def landing(self, request: web.Request) -> web.Response:
        links = "\n".join(f'<li><a href="{path}">{path}</a> {about}</li>' for path, about in ABOUT.items())
        page = PAGE.format(version=product_version(), gateway=html.escape(self._gateway()), links=links)
        return web.Response(text=page, content_type="text/html")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Say on every answer that a browser must not guess, embed or send anywhere else."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
