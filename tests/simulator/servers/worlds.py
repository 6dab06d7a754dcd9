"""A whole simulator for tests, with a client for each of its doors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from simulator.app import Simulator
from simulator.clock import Clock
from simulator.config import Settings

OUTBOUND = "/sms/1.0.0/sms/outboundmessages"
INBOUND = "/sms/1.0.0/sms/inboundmessages/shared"


class World:
    """A running simulator and connections to it."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator, self.session = simulator, session
        self._token: str | None = None

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> tuple[int, Any]:
        """A call of the control API: the status and the decoded answer."""
        url = self.simulator.control_url + "/control/v1" + path
        async with self.session.request(method, url, json=body, params=query, headers=headers) as answer:
            told = await (
                answer.json(content_type=None) if answer.content_type.endswith("json") else answer.text()
            )
            return answer.status, told

    async def get(self, path: str, **query: str) -> Any:
        status, told = await self.ask("GET", path, **query)
        assert status == 200, (status, told)
        return told

    async def post(self, path: str, body: Any = None) -> Any:
        status, told = await self.ask("POST", path, body)
        assert status in (200, 201, 202), (status, told)
        return told

    async def token(self) -> str:
        if self._token is None:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.simulator.settings.gateway_client_id,
                "client_secret": self.simulator.settings.gateway_client_secret,
            }
            async with self.session.post(self.simulator.gateway_url + "/token", data=form) as answer:
                self._token = (await answer.json())["access_token"]
        return self._token

    async def send(self, to: str, text: str = "Score?", reference: str | None = None) -> tuple[int, Any]:
        """Submit one message at the gateway."""
        body = {"message": text, "destinations": [to]} | (
            {"clientCorrelator": reference} if reference else {}
        )
        headers = {"Authorization": f"Bearer {await self.token()}"}
        url = self.simulator.gateway_url + OUTBOUND
        async with self.session.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def fetch(self) -> list[dict[str, Any]]:
        """Take the replies that wait at the gateway."""
        headers = {"Authorization": f"Bearer {await self.token()}"}
        async with self.session.get(self.simulator.gateway_url + INBOUND, headers=headers) as answer:
            return list((await answer.json())["inboundSMSMessageList"]["inboundSMSMessage"])


@asynccontextmanager
async def open_world(
    *, clock: Clock | None = None, clock_mode: str = "frozen", connections: int = 100, **settings: Any
) -> AsyncIterator[World]:
    """A simulator on free ports, frozen unless told otherwise."""
    given = {
        "control_port": 0,
        "gateway_port": 0,
        "smpp_port": 0,
        "clock": clock_mode,
        "log_level": "error",
    } | settings
    simulator = await Simulator.start(Settings(**given), clock=clock)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
            yield World(simulator, session)
    finally:
        await simulator.stop()
