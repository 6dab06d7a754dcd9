"""A visit to a service: calls as one or two accounts, each noted, so that what went wrong can be repeated."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from belfort.client import BASE, Control, Credentials, seconds_to_wait
from belfort.contract.exchange import CUT_OFF, Answer, Call, filled
from belfort.contract.rule import MISSHAPEN, Broken, NotPossible
from belfort.exits import Exit, Trouble

QUESTION = {"body": "On a scale from 0-10, how likely are you to recommend us?", "language": "en-GB"}
FIRST = "$TOKEN"
"""The name of the first account's token: what calls carry unless they say otherwise."""
PATIENT_TRIES = 20
LONGEST_WAIT = 30.0
QUIET = (10, 89)
"""Families of the block +32 450 that belong to nobody: no subscriber of ours, and of no network either."""
MOST_BYTES = 32 * 1024 * 1024
"""Of one answer; a list of a hundred thousand surveys is smaller."""
Expected = Callable[[Answer], bool]


@dataclass(slots=True)
class Site:
    """The service that is visited, and what is known about it."""

    url: str
    secrets: dict[str, str] = field(repr=False)
    session: aiohttp.ClientSession
    dice: random.Random
    control: Control | None = None
    taken: set[str] = field(default_factory=set)

    def number(self) -> str:
        """A mobile number that nobody has used in this visit."""
        while True:
            rest = self.dice.randrange(10_000)
            found = f"+32450{self.dice.randint(*QUIET)}{rest:04}"
            if found not in self.taken:
                self.taken.add(found)
                return found

    async def make(self, call: Call) -> tuple[int, CIMultiDict[str], str]:
        """Status, headers and text; `CUT_OFF` for what is no whole answer. `Trouble` when nobody answers."""
        headers = {name: filled(value, self.secrets) for name, value in call.headers.items()}
        if call.user:
            name, _, secret = filled(call.user, self.secrets).partition(":")
            headers["Authorization"] = Credentials(name, secret).basic()
        body = None if call.body is None else filled_bytes(call.body, self.secrets)
        url = filled(call.url, self.secrets, in_query=True)
        try:
            async with self.session.request(
                call.method,
                URL(url, encoded=True),
                headers=headers,
                data=None if body is None else BytesIO(body),
                allow_redirects=False,
            ) as answer:
                return answer.status, CIMultiDict(answer.headers), await _text(answer)
        except (aiohttp.ClientConnectorError, TimeoutError) as error:
            raise Trouble(f"no answer from {self.url} ({error or type(error).__name__})") from error
        except aiohttp.ClientError as error:  # somebody is there, but this is no HTTP, or only half of it
            return CUT_OFF, CIMultiDict(), f"{type(error).__name__}: {error}"


async def _text(answer: aiohttp.ClientResponse) -> str:
    """The body as UTF-8, whatever it calls itself (RFC 8259 §8.1); no more than anybody needs to see."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            raise aiohttp.ClientPayloadError(f"a body of more than {MOST_BYTES >> 20} MiB")
    return body.decode(errors="replace")


def filled_bytes(body: bytes, secrets: Mapping[str, str]) -> bytes:
    return filled(body.decode(), secrets, in_query=True).encode() if b"$" in body else body


class Visit:
    """One check's calls. `first` and `second` name the accounts; surveys that it makes are put away after."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.calls: list[Call] = []
        self.surveys: list[tuple[int, str]] = []
        self.last: Answer | None = None
        """The latest answer."""

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        token: str | None = FIRST,
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
        patient: bool = True,
        root: bool = False,
    ) -> Answer:
        """A call under the base path (`root`: under the service's own). `raw` is a body sent as it stands."""
        made = self.planned(method, path, body, query=query, token=token, headers=headers, raw=raw, root=root)
        return await self.make(made, patient=patient)

    def planned(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        token: str | None = FIRST,
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
        root: bool = False,
    ) -> Call:
        """The call, not made yet."""
        text = raw if raw is not None else None if body is None else json.dumps(body)
        told: dict[str, str] = {} if token is None else {"Authorization": f"Bearer {token}"}
        told |= {"Content-Type": "application/json"} if text is not None else {}
        asked = f"?{urlencode(query, quote_via=quote)}" if query else ""
        url = f"{self.site.url}{'' if root else BASE}{path}{asked}"
        return Call(method, url, told | dict(headers or {}), None if text is None else text.encode())

    async def make(self, call: Call, *, patient: bool = True) -> Answer:
        """Make a planned call; one that is throttled is made again when it may be."""
        self.calls.append(call)
        tries = PATIENT_TRIES if patient else 1
        while True:
            status, headers, text = await self.site.make(call)
            tries -= 1
            if status != 429 or not tries:
                self.last = Answer(status, headers, text, tuple(self.calls))
                return self.last
            wait = seconds_to_wait(headers.get("Retry-After", ""))
            await asyncio.sleep(min(LONGEST_WAIT, wait))

    async def at_once(self, call: Call, count: int) -> list[Answer]:
        """The same call `count` times at the same moment."""
        together = Call(call.method, call.url, call.headers, call.body, call.user, count)
        self.calls.append(together)
        answers = await asyncio.gather(*(self.site.make(call) for _ in range(count)))
        found = [Answer(*answer, tuple(self.calls)) for answer in answers]
        self.last = found[-1]
        return found

    def must(self, answer: Answer, expected: str, holds: Expected) -> Answer:
        """Go on only if the answer is as expected. Errors: Broken."""
        if not _holds(holds, answer):
            raise Broken(expected, answer, holds)
        return answer

    def must_be(self, answer: Answer, status: int) -> Answer:
        """Go on only if the answer has this status. Errors: Broken."""
        return self.must(answer, f"status {status}", lambda seen: seen.status == status)

    def must_say(self, answer: Answer, status: int, pointer: str, value: object) -> Answer:
        """Go on only if the answer has this status, and this value at `pointer`. Errors: Broken."""
        return self.must(
            answer,
            f"status {status} with {value!r} at {pointer}",
            lambda seen: seen.status == status and seen.member(pointer) == value,
        )

    def count(self, answer: Answer, pointer: str) -> int:
        """The whole number at `pointer`. Errors: Broken."""
        expected = f"status 200 with a whole number at {pointer}"
        self.must(answer, expected, lambda seen: seen.status == 200 and type(seen.member(pointer)) is int)
        return int(answer.member(pointer))

    def moment(self, answer: Answer, pointer: str) -> datetime:
        """The wall-clock time at `pointer`. Errors: Broken."""
        self.must(answer, f"a moment at {pointer}", lambda seen: bool(_moment(seen.member(pointer))))
        return _moment(answer.member(pointer))

    async def survey(self, *, token: str = FIRST, **members: Any) -> int:
        """The id of a survey made for this check. Errors: Broken."""
        body = {"name": "belfort contract", "interactionType": "check", "questions": [QUESTION], **members}
        made = await self.call("POST", "/surveys", body, token=token)
        self.must(made, "status 201 with an id", lambda seen: seen.status == 201 and _is_id(seen))
        identity = int(made.member("/id"))
        self.surveys.append((identity, token))
        return identity

    async def send(self, survey: int, *requests: Mapping[str, Any], **options: Any) -> Answer:
        """A send call with these requests, each SMS and to a fresh number unless it says otherwise."""
        filled_in = [{"channel": "SMS", "destination": self.site.number(), **each} for each in requests]
        return await self.call("POST", f"/surveys/{survey}/send", {"requests": filled_in}, **options)

    async def report(self, survey: int | None = None, **query: str) -> Answer:
        """A report that succeeded. Errors: Broken."""
        path = "/report" if survey is None else f"/surveys/{survey}/report"
        return self.must_be(await self.call("GET", path, query=query), 200)

    @property
    def control(self) -> Control:
        if self.site.control is None:
            raise NotPossible("no simulator was given")
        return self.site.control

    async def put_away(self) -> None:
        """Delete what this check made."""
        for survey, token in self.surveys:
            await self.call("DELETE", f"/surveys/{survey}", token=token)


def _holds(holds: Expected, answer: Answer) -> bool:
    """Whether the answer is as expected; one of a shape that nobody expects is not."""
    try:
        return holds(answer)
    except MISSHAPEN:
        return False


def _moment(said: object) -> datetime:
    return datetime.fromisoformat(str(said))


def _is_id(answer: Answer) -> bool:
    identity = answer.member("/id")
    return isinstance(identity, int) and not isinstance(identity, bool) and identity > 0


async def log_in(site: Site, client: str, secret: str) -> str:
    """A token for the client. `Trouble` if the service gives none: nothing can be checked then."""
    user = f"${client}:${secret}"
    call = Call("POST", f"{site.url}/token?grant_type=client_credentials", user=user)
    status, _, text = await site.make(call)
    token = Answer(status, CIMultiDict(), text, ()).member("/access_token")
    if status != 200 or not isinstance(token, str):
        raise Trouble(
            f"{site.url}/token gave no token ({status}): are --client-id and --client-secret right?",
            Exit.ENVIRONMENT,
        )
    return token
