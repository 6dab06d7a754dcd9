"""An SMS gateway that speaks the wire: a real HTTP server that takes everything, or misbehaves as told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.service.rig import DEADLINE, serving

Behaviour = Callable[["Stub", web.Request, dict[str, Any]], Any]


@dataclass
class Stub:
    """An SMS gateway that takes every message unless told otherwise, for one destination, try by try."""

    tries: list[dict[str, Any]] = field(default_factory=list)
    """Every body that arrived, in order."""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Reference → message: what was really sent."""
    behaviours: dict[str, list[Behaviour]] = field(default_factory=lambda: defaultdict(list))
    valid: set[str] = field(default_factory=lambda: {"token-1"})
    tokens: list[str] = field(default_factory=lambda: ["token-1"])
    lifetime: float = 3600
    token_calls: list[tuple[str, bytes]] = field(default_factory=list)
    inbound: list[dict[str, Any]] = field(default_factory=list)
    polls: list[str] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    before: Behaviour | None = None
    """Comes before everything else, for every submission."""
    url: str = ""

    def references(self) -> list[str]:
        return [body["clientCorrelator"] for body in self.tries]

    def on(self, destination: str, *behaviours: Behaviour) -> None:
        self.behaviours[destination] += behaviours

    def accept(self, body: dict[str, Any]) -> web.Response:
        reference = body["clientCorrelator"]
        self.taken.setdefault(reference, body)
        info = {"address": body["destinations"][0], "deliveryStatus": "DeliveredToNetwork"}
        where = f"{self.url}/sms/1.0.0/sms/outboundmessages/deliveryinfos/gw-{reference}"
        return web.json_response({"resourceURL": where, "deliveryInfo": [info]}, status=201)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
            return fault(401, 900901)
        body = await request.json()
        self.tries.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.before is not None:
                await self.before(self, request, body)
            waiting = self.behaviours[body["destinations"][0]]
            answer = await waiting.pop(0)(self, request, body) if waiting else self.accept(body)
        finally:
            self.at_once -= 1
        return answer

    async def token(self, request: web.Request) -> web.Response:
        self.token_calls.append((request.headers.get("Authorization", ""), await request.read()))
        if not self.tokens:
            return web.json_response({"error": "invalid_client"}, status=401)
        value = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        return web.json_response({"access_token": value, "token_type": "Bearer", "expires_in": self.lifetime})

    async def replies(self, request: web.Request) -> web.Response:
        after = request.query["after"]
        self.polls.append(after)
        ids = [message["messageId"] for message in self.inbound]
        if after in ids:
            del self.inbound[: ids.index(after) + 1]
        batch = self.inbound[: int(request.query["limit"])]
        return web.json_response({"inboundSMSMessageList": {"inboundSMSMessage": batch}})

    async def status(self, request: web.Request) -> web.Response:
        gateway_id = request.match_info["id"]
        self.asked.append(gateway_id)
        word = self.statuses.get(gateway_id, "DeliveredToNetwork")
        return web.json_response({"resourceURL": "x", "deliveryInfo": [{"deliveryStatus": word}]})

    def person_writes(self, message_id: str, sender: str, text: str) -> None:
        self.inbound.append({"messageId": message_id, "senderAddress": sender, "message": text})


def fault(status: int, code: int, **headers: str) -> web.Response:
    body = {"fault": {"code": code, "message": "m", "description": "+32470000000"}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=named)


def answers(status: int, code: int = 0, **headers: str) -> Behaviour:
    """Answer with a fault, without sending anything."""

    async def behave(_stub: Stub, _request: web.Request, _body: dict[str, Any]) -> web.Response:
        return fault(status, code, **headers)

    return behave


def says(status: str) -> Behaviour:
    """201 with another status word."""

    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        told = json.loads(stub.accept(body).body)  # type: ignore[arg-type]
        told["deliveryInfo"][0]["deliveryStatus"] = status
        return web.json_response(told, status=201)

    return behave


def garbage(content: bytes, *, status: int = 201, taking: bool = True) -> Behaviour:
    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        return web.Response(body=content, status=status)

    return behave


def cut(*, taking: bool) -> Behaviour:
    """Break the connection without an answer, before or after the message was taken."""

    async def behave(stub: Stub, request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        assert request.transport is not None
        request.transport.abort()
        await asyncio.sleep(DEADLINE)  # cancelled with the connection
        raise AssertionError

    return behave


def hang(*, taking: bool) -> Behaviour:
    """Never answer."""

    async def behave(stub: Stub, _request: web.Request, body: dict[str, Any]) -> web.Response:
        if taking:
            stub.accept(body)
        await asyncio.sleep(DEADLINE)
        raise AssertionError

    return behave


@asynccontextmanager
async def open_stub(stub: Stub | None = None) -> AsyncIterator[Stub]:
    stub = stub or Stub()
    async with serving(
        [
            web.post("/token", stub.token),
            web.post("/sms/1.0.0/sms/outboundmessages", stub.submit),
            web.get("/sms/1.0.0/sms/inboundmessages/shared", stub.replies),
            web.get("/sms/1.0.0/sms/outboundmessages/deliveryinfos/{id}", stub.status),
        ]
    ) as stub.url:
        yield stub
