"""A client of the API for tests."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

BASE = "/survey/1.0.0"
QUESTION = {
    "body": "On a scale from 0-10 , how likely are you to recommend our waffles?",
    "language": "en-GB",
}
WAFFLES = {"name": "waffles", "interactionType": "general", "questions": [QUESTION]}


def to(number: int, **members: Any) -> dict[str, Any]:
    """A request by SMS to the mobile number +32 470 00 `number`."""
    return {"channel": "SMS", "destination": f"+3247{number:07}", **members}


@dataclass(frozen=True)
class Got:
    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def places(self) -> list[str]:
        """Where the faults are, in the order they are told."""
        return [fault.get("pointer", fault.get("parameter")) for fault in self.json["errors"]]


class Caller:
    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        self.session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self.session = aiohttp.ClientSession(self.url, auto_decompress=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def call(self, method: str, path: str, *, token: str | None = "", **more: Any) -> Got:
        """`path` under the base path. `token`: another than the caller's own, None for none."""
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token or self.token}")
        if len(more.get("data") or b"") > 2**20:
            more["data"] = io.BytesIO(more["data"])
        async with self.session.request(method, BASE + path, headers=headers, **more) as answer:
            return Got(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **more: Any) -> Got:
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: Any, **more: Any) -> Got:
        """`body`: a JSON value, or bytes to be sent as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        return await self.call("POST", path, data=raw, headers=headers, **more)

    async def survey(self, **members: Any) -> int:
        """A new survey's id."""
        made = await self.post("/surveys", {**WAFFLES, **members})
        assert made.status == 201, made.raw
        return int(made.json["id"])

    async def send(self, survey: int, *requests: Any, **more: Any) -> Got:
        return await self.post(f"/surveys/{survey}/send", {"requests": list(requests)}, **more)
