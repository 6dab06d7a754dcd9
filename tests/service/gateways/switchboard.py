"""A telephone exchange that takes every order of a call unless told otherwise, and calls back as the official
SDK signs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web
from defusedxml.ElementTree import fromstring
from twilio.request_validator import RequestValidator

from tests.service.rig import DEADLINE, serving

ACCOUNT, TOKEN, CALLER = "AC" + "0" * 32, "belfort-voice", "+3222222222"

Behaviour = Callable[["Exchange", web.Request, dict[str, str]], Awaitable[web.StreamResponse]]


@dataclass
class Exchange:
    """`orders`: every form that arrived; `records`: what is answered when a call is read."""

    orders: list[dict[str, str]] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    authorisations: list[str] = field(default_factory=list)
    url: str = ""

    async def create(self, request: web.Request) -> web.StreamResponse:
        self.authorisations.append(request.headers["Authorization"])
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.orders.append(form)
        if self.behaviours:
            return await self.behaviours.pop(0)(self, request, form)
        return self.take()

    def take(self) -> web.Response:
        sid = f"CA{len(self.records):032}"
        self.records[sid] = {"sid": sid, "status": "queued", "answered_by": None}
        return web.json_response(self.records[sid], status=201)

    async def fetch(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        self.read.append(sid)
        if sid not in self.records:
            return web.json_response({"code": 20404, "status": 404}, status=404)
        return web.json_response(self.records[sid])


def fails(status: int, code: int = 0, **headers: str) -> Behaviour:
    """An error of the dialect; nobody is called."""

    async def behave(_exchange: Exchange, _request: web.Request, _form: dict[str, str]) -> web.Response:
        body = {"code": code, "message": "+32470000000", "status": status}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body, status=status, headers=named)

    return behave


def answers(body: bytes, status: int = 201) -> Behaviour:
    async def behave(exchange: Exchange, _request: web.Request, _form: dict[str, str]) -> web.Response:
        exchange.take()
        return web.Response(body=body, status=status)

    return behave


async def cuts(exchange: Exchange, request: web.Request, _form: dict[str, str]) -> web.StreamResponse:
    """The call is made, and the connection is cut before the answer."""
    exchange.take()
    assert request.transport is not None
    request.transport.abort()
    await asyncio.sleep(DEADLINE)  # cancelled with the connection
    raise AssertionError


async def hangs(exchange: Exchange, _request: web.Request, _form: dict[str, str]) -> web.StreamResponse:
    """The call is made, and no answer comes."""
    exchange.take()
    await asyncio.sleep(DEADLINE)
    raise AssertionError


@asynccontextmanager
async def open_exchange() -> AsyncIterator[Exchange]:
    exchange = Exchange()
    place = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
    async with serving(
        [web.post(f"{place}.json", exchange.create), web.get(place + "/{sid}.json", exchange.fetch)]
    ) as exchange.url:
        yield exchange


@dataclass
class Line:
    """One call as the exchange leads it: it asks our service, at addresses that the service gave."""

    session: aiohttp.ClientSession
    order: dict[str, str]
    sid: str = "CA1"
    token: str = TOKEN

    async def tell(self, url: str, **parameters: str) -> tuple[int, str]:
        """The status and the body of the answer."""
        form = {"CallSid": self.sid, "To": "+32470000000", **parameters}
        signed = RequestValidator(self.token).compute_signature(url, form)
        headers = {
            "X-Twilio-Signature": signed,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        async with self.session.post(url, data=urlencode(form), headers=headers) as answer:
            return answer.status, await answer.text()

    async def pick_up(self, **parameters: str) -> Heard:
        """What is heard; without `AnsweredBy` nobody looked into who it is."""
        status, body = await self.tell(self.order["Url"], CallStatus="in-progress", **parameters)
        assert status == 200, body
        return Heard(body)

    async def press(self, heard: Heard, keys: str) -> Heard:
        assert heard.action is not None
        status, body = await self.tell(heard.action, CallStatus="in-progress", Digits=keys)
        assert status == 200, body
        return Heard(body)

    async def end(self, status: str, **parameters: str) -> int:
        told, _ = await self.tell(self.order["StatusCallback"], CallStatus=status, **parameters)
        return told


class Heard:
    """A document, as the person hears it."""

    def __init__(self, body: str) -> None:
        root = fromstring(body)
        gather = root.find("Gather")
        self.action = None if gather is None else gather.get("action")
        self.gather = {} if gather is None else dict(gather.attrib)
        self.said = [(each.get("language"), each.text) for each in root.iter("Say")]
        self.verbs = [each.tag for each in root]


def path_of(url: str) -> str:
    return urlsplit(url).path
