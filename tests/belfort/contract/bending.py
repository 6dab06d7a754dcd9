"""A proxy before a service that breaks one rule of the contract at a time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, web
from multidict import CIMultiDict
from yarl import URL

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server", "host"}


@dataclass(frozen=True)
class Passing:
    """A call on its way in, or an answer on its way out."""

    method: str
    url: str
    headers: CIMultiDict[str]
    body: bytes
    status: int = 0

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def saying(self, value: Any) -> Passing:
        return replace(self, body=json.dumps(value).encode())

    def without(self, *names: str) -> Passing:
        kept = CIMultiDict((name, value) for name, value in self.headers.items() if name not in names)
        return replace(self, headers=kept)

    def having(self, **headers: str) -> Passing:
        mine = self.without(*headers).headers
        mine.update({name.replace("_", "-"): value for name, value in headers.items()})
        return replace(self, headers=mine)


Forward = Callable[[Passing], Awaitable[Passing]]
Bend = Callable[[Passing, Forward], Awaitable[Passing]]


@dataclass
class Proxy:
    """Forwards everything; what `bend` does to it is what is wrong with the service behind."""

    behind: str
    bend: Bend | None = None
    url: str = ""
    memory: dict[Any, Any] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        headers = CIMultiDict((n, v) for n, v in request.headers.items() if n.lower() not in HOP)
        call = Passing(request.method, request.raw_path, headers, await request.read())
        answer = await (self.bend(call, self.forward) if self.bend else self.forward(call))
        kept = [(n, v) for n, v in answer.headers.items() if n.lower() not in HOP]
        return web.Response(status=answer.status, body=answer.body, headers=CIMultiDict(kept))

    async def forward(self, call: Passing) -> Passing:
        url = URL(self.behind + call.url, encoded=True)
        async with self._session.request(
            call.method, url, headers=call.headers, data=BytesIO(call.body) if call.body else None,
            allow_redirects=False, skip_auto_headers=("Content-Type",),
        ) as answer:  # fmt: skip
            return Passing(
                call.method, call.url, CIMultiDict(answer.headers), await answer.read(), answer.status
            )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Proxy]:
        application = web.Application(client_max_size=4 * 1024 * 1024)
        application.router.add_route("*", "/{tail:.*}", self.handle)
        runner = web.AppRunner(application, auto_decompress=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with ClientSession(auto_decompress=False) as self._session:
                yield self
        finally:
            await runner.cleanup()
