"""Exchanges with the SMS gateway under a bearer token.

The token is fetched once for all who wait for it, renewed before its end and whenever the gateway refuses it
(RFC 6750 §3.1).
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

from service.clock import Clock
from service.gateways.http_peer import Answer, HttpPeer, NoAnswer
from service.logs import Log
from service.wire import enco
from service.wire.enco import Token
from service.wire.json_members import ProtocolError

LARGEST_ANSWER = 64 * 1024
RENEW_BEFORE = 30.0
"""Seconds before its end at which a token is renewed, so that none expires on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Where the gateway is and how we know each other. Times in seconds.

    `polls`, `pushes`: how replies and reports come back; with both, each is taken once all the same."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    call_back_secrets: tuple[bytes, ...] = field(default=(), repr=False)
    polls: bool = True
    pushes: bool = False
    window: int = 32
    deadline: float = 8.0
    shortest_poll: float = 1.0
    longest_poll: float = 30.0


class Exchange:
    """Our side of the HTTP connections to one gateway. `close` it in the end."""

    def __init__(self, peer: Peer, clock: Clock, log: Log) -> None:
        self._peer, self._clock, self._log = peer, clock, log
        self._http = HttpPeer(peer.url, deadline=peer.deadline, window=peer.window)
        self._token: Token | None = None
        self._token_ends = -math.inf
        self._fetching: asyncio.Task[Token | NoAnswer] | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._fetching is not None:
            self._fetching.cancel()
        await self._http.close()

    async def get(self, path: str, limit: int = LARGEST_ANSWER) -> bytes:
        """The body of a success answer. Errors: NoAnswer; ProtocolError for another status."""
        answer = await self._authorised("GET", path, limit, None)
        if answer.status != 200:
            raise ProtocolError(f"HTTP {answer.status}")
        return answer.body

    async def post(self, path: str, body: bytes) -> Answer:
        """The answer to a body of JSON, all within one deadline. Errors: NoAnswer."""
        return await self._authorised("POST", path, LARGEST_ANSWER, body)

    async def _authorised(self, method: str, path: str, limit: int, body: bytes | None) -> Answer:
        """Call with our token; once more with a new one when the gateway does not take it any longer."""
        until = asyncio.get_running_loop().time() + self._peer.deadline
        token = await self._valid_token(None, until)
        answer = await self._http.call(method, path, limit, _bearer(token), body, until)
        if answer.status != 401:
            return answer
        token = await self._valid_token(token, until)
        return await self._http.call(method, path, limit, _bearer(token), body, until)

    async def _valid_token(self, refused: Token | None, until: float) -> Token:
        """The token in use; a new one near its end, or when it was `refused`. Errors: NoAnswer."""
        token = self._token
        if token is not None and token is not refused and self._clock.wall() < self._token_ends:
            return token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_token())
            self._fetching.add_done_callback(self._fetched)
        try:
            async with asyncio.timeout_at(until):
                fetched = await asyncio.shield(self._fetching)
        except TimeoutError:
            raise NoAnswer("token: timed out", sent=False) from None
        if isinstance(fetched, NoAnswer):
            raise NoAnswer(fetched.reason, sent=False)
        return fetched

    def _fetched(self, fetching: asyncio.Task[Token | NoAnswer]) -> None:
        self._fetching = None
        if fetching.cancelled():
            return
        fetched = fetching.result()
        if isinstance(fetched, NoAnswer):
            self._log.warning("no_token", reason=fetched.reason)
            return
        spare = min(RENEW_BEFORE, fetched.lifetime / 4)
        self._token, self._token_ends = fetched, self._clock.wall() + fetched.lifetime - spare

    async def _fetch_token(self) -> Token | NoAnswer:
        """A value either way, so that all who wait learn of it and nobody need."""
        headers, body = enco.token_request(self._peer.client_id, self._peer.client_secret)
        until = asyncio.get_running_loop().time() + self._peer.deadline
        try:
            answer = await self._http.call("POST", enco.TOKEN_PATH, LARGEST_ANSWER, headers, body, until)
            if answer.status == 200:
                return enco.read_token(answer.body)
            return NoAnswer(f"token: HTTP {answer.status}", sent=False)
        except ProtocolError as error:
            return NoAnswer(f"token: {error}", sent=False)
        except NoAnswer as error:
            return NoAnswer(f"token: {error.reason}", sent=False)


def _bearer(token: Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value}", "Content-Type": "application/json"}
