"""The documented Customer Survey API and the simulator's control API, as a client sees them.

Nothing here knows either program: only addresses, tokens and JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json as jsons
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urlsplit

import aiohttp

from belfort import shapes
from belfort.exits import Exit, Trouble
from belfort.shapes import Misshapen

Json = shapes.Json
T = TypeVar("T")
BASE = "/survey/1.0.0"
CONTROL = "/control/v1"
DEADLINE = aiohttp.ClientTimeout(total=60)
ENTRIES = re.compile(r'^belfort_simulator_entries_total\{kind="([^"]+)"\} (\S+)', re.M)
PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10)
"""For calls that wait on purpose: draining, waiting, following."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who calls: an OAuth 2.0 client of one account."""

    client_id: str
    client_secret: str = field(repr=False)

    def basic(self) -> str:
        """HTTP Basic (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()


OUR_FAULT = frozenset({400, 401, 403, 404, 405, 413, 415, 421, 422})
NOT_READY = frozenset({429, 502, 503, 504})


class Answered(Trouble):
    """The other side answered, and the answer was no."""

    def __init__(self, call: str, status: int, body: Any, retry_after: float = 1.0) -> None:
        super().__init__(f"{call} was answered {status}: {_reason(body)}", _cause(status))
        self.status, self.body, self.retry_after = status, body, retry_after


class Odd(Answered):
    """The other side answered, but not what the documentation describes."""

    def __init__(self, call: str, what: str) -> None:
        Trouble.__init__(self, f"{call} was answered with {what}", Exit.CHECK_FAILED)
        self.status, self.body, self.retry_after = 200, None, 1.0


def _cause(status: int) -> Exit:
    """Whether the question was wrong, the other side was not up to it, or the answer is simply no."""
    if status in OUR_FAULT:
        return Exit.USAGE
    return Exit.ENVIRONMENT if status in NOT_READY else Exit.CHECK_FAILED


def _reason(body: Any) -> str:
    if not isinstance(body, Mapping):
        return str(body)[:300]
    listed = body.get("errors")
    faults = "; ".join(
        f"{fault.get('pointer') or fault.get('parameter')}: {fault.get('detail')}"
        for fault in (listed if isinstance(listed, list) else ())
        if isinstance(fault, Mapping)
    )
    said = (
        body.get("detail") or body.get("error_description") or body.get("title") or body.get("error") or body
    )
    return f"{said} ({faults})" if faults else str(said)


class Caller:
    """One base URL and the connections kept to it."""

    def __init__(self, url: str) -> None:
        """Trouble for what is no http address."""
        self.url = http_address(url)
        self._session = aiohttp.ClientSession(timeout=DEADLINE, connector=aiohttp.TCPConnector(limit=64))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: aiohttp.ClientTimeout = DEADLINE,
    ) -> Any:
        """The decoded answer of a call that succeeded; `Answered` if it did not, `Trouble` if nobody
        answered.
        """
        try:
            async with self._session.request(
                method, self.url + path, json=body, params=query, headers=headers, timeout=patience
            ) as answer:
                said = await _decoded(answer, f"{method} {path}")
                if answer.status >= 400:
                    again = seconds_to_wait(answer.headers.get("Retry-After", ""))
                    raise Answered(f"{method} {path}", answer.status, said, again)
                return said
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._nobody(error) from error

    def _nobody(self, error: Exception) -> Trouble:
        return Trouble(f"no answer from {self.url} ({error}). Is it running? Start it with: belfort up")

    async def lines(self, path: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[str]:
        """A stream's lines, as they come."""
        try:
            async with self._session.get(self.url + path, headers=headers, timeout=PATIENCE) as answer:
                if answer.status >= 400:
                    raise Answered(f"GET {path}", answer.status, await _decoded(answer, f"GET {path}"))
                async for line in answer.content:
                    yield line.decode().rstrip("\n")
        except aiohttp.ClientError as error:
            raise self._nobody(error) from error


def http_address(url: str) -> str:
    """The address without a slash at its end. `Trouble` for what is none."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half an IPv6 address, a port that is no number
        fine = False
    if not fine:
        raise Trouble(f"{url!r} is no address to call: give one such as http://127.0.0.1:8032", Exit.USAGE)
    return url.rstrip("/")


def seconds_to_wait(retry_after: str) -> float:
    """What `Retry-After` says; a date, which it may be too, counts as a second."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 1.0


async def _decoded(answer: aiohttp.ClientResponse, call: str) -> Any:
    """The body's value; the text of what calls itself no JSON, or of a refusal that is none."""
    text = (await answer.read()).decode(errors="replace")
    if not text or "json" not in answer.content_type:
        return text or None
    try:
        return jsons.loads(text)
    except (ValueError, RecursionError):
        if answer.status >= 400:
            return text
        raise Odd(call, f"what is no JSON: {text[:100]}") from None


class SurveyApi(Caller):
    """The Customer Survey API of one account, at our service or at anybody's."""

    def __init__(self, url: str, credentials: Credentials | None = None, token: str | None = None) -> None:
        super().__init__(url)
        self._credentials, self._token = credentials, token
        self._logging_in = asyncio.Lock()

    async def token(self) -> str:
        """A bearer token, asked for once."""
        async with self._logging_in:
            if self._token is None:
                self._token = await self._log_in()
            return self._token

    async def _log_in(self) -> str:
        if self._credentials is None:
            raise Trouble("neither a token nor client credentials were given", Exit.USAGE)
        headers = {"Authorization": self._credentials.basic()}
        query = {"grant_type": "client_credentials"}
        try:
            return shapes.a_token(await self.call("POST", "/token", query=query, headers=headers))
        except (Answered, Misshapen) as none:
            raise Trouble(
                f"{self.url}/token gave no token ({none}): are client id and secret right?"
            ) from none

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Any:
        """A call under the base path with the account's token; a throttled one is tried again when it
        says. `key` is an Idempotency-Key.
        """
        while True:
            headers = {"Authorization": f"Bearer {await self.token()}"}
            headers |= {"Idempotency-Key": key} if key is not None else {}
            try:
                return await self.call(method, BASE + path, body=body, query=query, headers=headers)
            except Answered as refusal:
                if refusal.status != 429:
                    raise
                await asyncio.sleep(refusal.retry_after)

    async def create_survey(self, name: str, interaction_type: str, questions: Mapping[str, str]) -> Json:
        body = {
            "name": name,
            "interactionType": interaction_type,
            "questions": [{"body": text, "language": language} for language, text in questions.items()],
        }
        return await self._shaped(shapes.a_survey, "POST", "/surveys", body)

    async def surveys(self) -> list[Json]:
        return await self._shaped(shapes.surveys, "GET", "/surveys")

    async def send(self, survey: int, requests: Sequence[Json], *, key: str | None = None) -> Json:
        body = {"requests": list(requests)}
        receipt = partial(shapes.a_receipt, sent=len(requests))
        return await self._shaped(receipt, "POST", f"/surveys/{survey}/send", body, key=key)

    async def report(self, survey: int | None = None, **query: str) -> Json:
        path = "/report" if survey is None else f"/surveys/{survey}/report"
        return await self._shaped(shapes.a_report, "GET", path, query=query)

    async def _shaped(
        self, shape: Callable[[Any], T], method: str, path: str, *more: Any, **options: Any
    ) -> T:
        """An answer that is as documented. Errors: Odd."""
        said = await self.ask(method, path, *more, **options)
        try:
            return shape(said)
        except Misshapen as odd:
            raise Odd(f"{method} {path}", str(odd)) from None


class Control(Caller):
    """The simulator's control API."""

    def __init__(self, url: str, token: str | None = None) -> None:
        super().__init__(url)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(
        self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        return await self.call(
            method, CONTROL + path, body=body, query=query, headers=self._headers, patience=PATIENCE
        )

    async def set_clock(self, mode: str, rate: float | None = None) -> Json:
        return dict(await self.ask("PUT", "/clock", {"mode": mode} | ({"rate": rate} if rate else {})))

    async def clock(self) -> Json:
        return dict(await self.ask("GET", "/clock"))

    async def advance(self, by: str) -> Json:
        return dict(await self.ask("POST", "/clock/advance", {"by": by}))

    async def drain(self) -> Json:
        return dict(await self.ask("POST", "/clock/drain", {}))

    async def entries(self) -> dict[str, int]:
        """How many journal entries of each kind there are, from the simulator's metrics."""
        text = await self.call("GET", "/metrics", headers=self._headers)
        return {kind: round(float(count)) for kind, count in ENTRIES.findall(str(text))}

    async def truth(self, references: Iterable[str], **selection: Any) -> Json:
        return dict(await self.ask("POST", "/truth", {"references": list(references), **selection}))

    async def events(self, last: str | None = None, **which: str) -> AsyncIterator[Json]:
        """Events as they happen, after number `last`; `which` are the filters that the stream knows."""
        headers = self._headers | ({"Last-Event-ID": last} if last else {})
        async for line in self.lines(f"{CONTROL}/events?{urlencode(which)}", headers):
            if line.startswith("data:"):
                yield dict(jsons.loads(line.removeprefix("data:")))
