"""A caller of people for tests: the Twilio SDK in front of a simulator, and a server that gives documents.

The server's TwiML is made by the SDK, and every request that comes to it is put to the SDK's validator.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

from simulator.journal import Kind, Match
from tests.simulator.servers.worlds import World, open_world

QUESTION = "Van nul tot tien, hoe waarschijnlijk is het dat u ons aanbeveelt?"
SCORES = {str(score) for score in range(11)}
Page = Callable[[Mapping[str, str]], Any]


@dataclass
class Asked:
    """One request to the caller's server."""

    path: str
    told: dict[str, str]
    valid: bool
    headers: Mapping[str, str] = field(repr=False)


class Studio:
    """What a test sees."""

    def __init__(self, world: World, server: web.TCPSite, url: str) -> None:
        self.world, self.url = world, url
        self.asked: list[Asked] = []
        self.pages: dict[str, Page] = {}
        settings = world.simulator.settings
        self.client = Client(settings.voice_account_sid, settings.voice_auth_token)
        self.client.api.base_url = world.simulator.voice_url
        self._validator = RequestValidator(settings.voice_auth_token)
        self.question_text, self.timeout, self.finish, self.digits, self.chances = QUESTION, 5, "#", 2, 2

    # The caller's side

    async def call(self, to: str, path: str = "/voice?reference=r1", **more: Any) -> Any:
        """Make a call by the SDK."""
        given = {"to": to, "from_": "+3228889999"} | more
        if "twiml" not in given:
            given.setdefault("url", self.url + path)
        return await self.sdk(self.client.calls.create, **given)

    async def sdk(self, method: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """The SDK blocks, so it gets a thread."""
        return await asyncio.to_thread(method, *given, **named)

    @property
    def api(self) -> str:
        """The address of the account."""
        return f"{self.world.simulator.voice_url}/2010-04-01/Accounts/{self.client.username}"

    @property
    def authorization(self) -> dict[str, str]:
        """Headers for those who do without the SDK."""
        pair = f"{self.client.username}:{self.client.password}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    async def survey(self, to: str, **more: Any) -> Any:
        """Ask somebody, with every call-back."""
        return await self.call(
            to,
            status_callback=f"{self.url}/status",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            **more,
        )

    async def pass_(self, seconds: float) -> None:
        await self.world.simulator.clock.advance(by=seconds)

    # The caller's server

    async def answer(self, request: web.Request) -> web.StreamResponse:
        told = {name: str(value) for name, value in (await request.post()).items()}
        query = dict(request.query)
        url = f"{self.url}{request.rel_url}"
        valid = self._validator.validate(url, told, request.headers.get("X-Twilio-Signature", ""))
        self.asked.append(Asked(request.path, query | told, valid, dict(request.headers)))
        page = self.pages.get(request.path) or {"/voice": self._voice, "/keys": self._keys}.get(request.path)
        if page is None:
            return web.Response(status=204)
        made = page(query | told)
        if asyncio.iscoroutine(made):
            made = await made
        if isinstance(made, web.StreamResponse):
            return made
        return web.Response(text=str(made), content_type="text/xml")

    def _voice(self, told: Mapping[str, str]) -> VoiceResponse:
        return self.question(1)

    def question(self, chance: int) -> VoiceResponse:
        response = VoiceResponse()
        gather = Gather(
            num_digits=self.digits,
            timeout=self.timeout,
            finish_on_key=self.finish,
            action=f"/keys?chance={chance}",
        )
        gather.say(self.question_text, language="nl-BE")
        response.append(gather)
        response.say("Tot ziens.", language="nl-BE")
        return response

    def _keys(self, told: Mapping[str, str]) -> VoiceResponse:
        chance = int(told.get("chance", "1"))
        if told.get("Digits") not in SCORES and chance < self.chances:
            return self.question(chance + 1)
        response = VoiceResponse()
        response.say("Dank u wel.", language="nl-BE")
        response.hangup()
        return response

    # What came of it

    def heard(self) -> list[str]:
        """The keys that the caller's server was given."""
        return [each.told["Digits"] for each in self.asked if each.path == "/keys"]

    def statuses(self) -> list[str]:
        return [each.told["CallStatus"] for each in self.asked if each.path == "/status"]

    def entries(self, *kinds: Kind, **facts: Any) -> list[Any]:
        match = Match(frozenset(kinds), facts=facts)
        return list(self.world.simulator.journal.read(match=match, limit=100_000).entries)

    async def until(self, kind: Kind, **conditions: Any) -> Any:
        """Wait, on this machine's clock, until an entry is there."""
        named = {name: conditions.pop(name) for name in ("address", "message") if name in conditions}
        match = Match(frozenset({kind}), facts=conditions, **named)
        waited = await self.world.simulator.journal.wait(match, within=30, wall=True)
        assert waited.met, waited.near
        return waited.entries[0]

    async def ended(self, sid: str) -> Any:
        """The last status of a call."""
        message = sid.removeprefix("CA").lstrip("0")
        for status in ("completed", "busy", "no-answer", "failed", "canceled"):
            found = self.entries(Kind.CALL_STATUS, status=status)
            if any(each.message == message for each in found):
                return next(each for each in found if each.message == message)
        line = self.world.simulator.voice.exchange.line(sid)
        assert line is not None
        match = Match(frozenset({Kind.REPORT_DUE}), message=message)
        waited = await self.world.simulator.journal.wait(match, within=30, wall=True)
        assert waited.met, waited.near
        return await self.ended(sid)

    async def truth(self) -> dict[str, Any]:
        """The one person's truth."""
        told = await self.world.post("/truth", {"channel": "VOICE", "evidence": True})
        [person] = told["people"]
        return {"state": person["state"], **person["counted"], "wrote": person["wrote"], **told["report"]}


@asynccontextmanager
async def open_studio(**settings: Any) -> AsyncIterator[Studio]:
    """A simulator, frozen unless told otherwise, and a caller's server on a free port."""
    async with open_world(**settings) as world:
        studios: list[Studio] = []

        async def answer(request: web.Request) -> web.StreamResponse:
            return await studios[0].answer(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # open by now
        studios.append(Studio(world, site, f"http://127.0.0.1:{port}"))
        try:
            yield studios[0]
        finally:
            await runner.cleanup()
