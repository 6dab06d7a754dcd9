"""Who is calling: the token end point (RFC 6749 §4.4, §5) and bearer tokens (RFC 6750).

Real clients of the platform give the client's id and secret as HTTP Basic, in a form, or in the query of a
call whose body is empty or a lone "="; all three are taken, and parameters without a meaning are ignored.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from urllib.parse import parse_qsl, unquote_plus

from aiohttp import hdrs, web

from service.clock import Clock
from service.domain.request import AccountId
from service.store.accounts import Accounts, Client
from service.web.body import read_body, require_plain
from service.web.limits import Guesses
from service.web.problems import Kind, Problem

MOST_KNOWN = 10_000
KNOWN_SECONDS = 1.0
"""How long a token that was looked up is taken at its word; a revocation elsewhere works after that."""
CHECKS_AT_ONCE = 2
MOST_WAITING = 256
"""Checking a secret is made to take long; more than this do not queue up for it."""

FORM = "application/x-www-form-urlencoded"
SCOPE = "default"


class Access:
    """Knows the bearer of a token, and gives tokens out."""

    def __init__(self, accounts: Accounts, clock: Clock, *, body_deadline: float) -> None:
        self._accounts = accounts
        self._clock = clock
        self._deadline = body_deadline
        self._known: OrderedDict[str, tuple[AccountId, float]] = OrderedDict()
        self._guesses = Guesses(clock.wall)
        self._checking = asyncio.Semaphore(CHECKS_AT_ONCE)
        self._waiting = 0

    async def account(self, call: web.BaseRequest) -> AccountId:
        """Whose call this is. Errors: Problem 401."""
        token = bearer(call.headers.getall(hdrs.AUTHORIZATION, ()))
        if (account := self.known(token)) is not None:
            return account
        self._known.pop(token, None)
        now = self._clock.wall()
        found = await self._accounts.lookup(token)
        if found is None or found[1] <= now:
            raise _unauthorized(Kind.UNAUTHORIZED, "The access token is unknown, expired or revoked.")
        self._known[token] = (found[0], min(found[1], now + KNOWN_SECONDS))
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return found[0]

    def known(self, token: str) -> AccountId | None:
        """Whose token it was a moment ago; None when it must be looked up."""
        account, until = self._known.get(token, (None, 0.0))
        return account if self._clock.wall() < until else None

    def forget(self) -> None:
        """Something was revoked: look every token up again."""
        self._known.clear()

    async def token(self, call: web.Request) -> web.Response:
        """`POST /token`. Errors: StoreUnavailable."""
        try:
            answer = await self._granted(call)
        except (_Refusal, Problem) as refusal:
            answer = refusal.answer()
        answer.headers.update(_NO_STORE)
        return answer

    async def _granted(self, call: web.Request) -> web.Response:
        """A fresh token. Errors: _Refusal, Problem, StoreUnavailable."""
        require_plain(call)
        parameters = _parameters(call, await read_body(call, self._deadline))
        if parameters.get("grant_type") != "client_credentials":
            raise _refused_grant(parameters)
        client = await self._client(_credentials(call, parameters))
        fresh = await self._accounts.issue(client)
        if fresh is None:
            raise _Refusal(401, "invalid_client", "The client was revoked.")
        body = {
            "access_token": fresh.value,
            "token_type": "Bearer",
            "expires_in": fresh.expires_in,
            "scope": SCOPE,
        }
        return web.json_response(body)

    async def _client(self, candidates: list[tuple[str, str]]) -> Client:
        """The client whose secret is right. One that fails too often must wait, right or wrong."""
        # Strangers choose the names that are counted, so each is kept at one size.
        name = hashlib.sha256(candidates[0][0].encode(errors="replace")).digest()
        if self._waiting >= MOST_WAITING:
            raise _too_many(1)
        self._waiting += 1
        try:
            async with self._checking:
                if (wait := self._guesses.wait(name)) is not None:
                    raise _too_many(wait)
                for candidate in candidates:
                    if (client := await self._accounts.authenticate(*candidate)) is not None:
                        return client
                self._guesses.failed(name)
        finally:
            self._waiting -= 1
        raise _Refusal(401, "invalid_client", "The client is unknown or its secret is wrong.")


_NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class _Refusal(Exception):
    """An answer of RFC 6749 §5.2."""

    def __init__(self, status: int, error: str, description: str, **headers: str) -> None:
        self.status, self.error, self.description = status, error, description
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> web.Response:
        headers = dict(self.headers)
        if self.status == 401:
            headers[hdrs.WWW_AUTHENTICATE] = 'Basic realm="survey"'
        body = json.dumps({"error": self.error, "error_description": self.description})
        return web.Response(text=body, status=self.status, headers=headers, content_type="application/json")


def bearer(given: Sequence[str]) -> str:
    """The token of a call with these Authorization headers. Errors: Problem 401."""
    if not given:
        raise _unauthorized(
            Kind.NO_CREDENTIALS, "Send Authorization: Bearer and a token; POST /token gives one."
        )
    scheme, _, token = given[0].strip().partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise _unauthorized(Kind.UNAUTHORIZED, "Send one Authorization header: Bearer and a token.")
    return token.strip()


def _unauthorized(kind: Kind, detail: str) -> Problem:
    return Problem(kind, detail, headers={hdrs.WWW_AUTHENTICATE: "Bearer"})


def _too_many(wait: int) -> _Refusal:
    description = f"Too many attempts for this client; try again in {wait} s."
    return _Refusal(429, "temporarily_unavailable", description, Retry_After=str(wait))


def _refused_grant(parameters: Mapping[str, str]) -> _Refusal:
    if "grant_type" in parameters:
        return _Refusal(400, "unsupported_grant_type", "Only grant_type=client_credentials is supported.")
    return _Refusal(400, "invalid_request", "The parameter grant_type is missing; send client_credentials.")


def _parameters(call: web.Request, raw: bytes) -> Mapping[str, str]:
    """Those of the query and those of the form. One without a value is as if left out (RFC 6749 §3.2)."""
    try:
        places = parse_qsl(call.raw_path.partition("?")[2], errors="strict"), _form(call, raw)
    except ValueError:
        raise _Refusal(400, "invalid_request", "The parameters are not UTF-8.") from None
    for name in ("grant_type", "client_id", "client_secret"):
        given = [[value for key, value in place if key == name] for place in places]
        # Some clients say the same in both places, which leaves no doubt; twice in one place is an error.
        if max(map(len, given)) > 1 or len({*chain(*given)}) > 1:
            raise _Refusal(400, "invalid_request", f"The parameter {name} is given more than once.")
    return dict(chain(*places))


def _form(call: web.Request, raw: bytes) -> list[tuple[str, str]]:
    if raw.strip() in (b"", b"="):
        return []
    if hdrs.CONTENT_TYPE in call.headers and call.content_type != FORM:
        raise _Refusal(400, "invalid_request", f"Send the parameters as {FORM}.")
    return parse_qsl(raw.decode(), errors="strict")


def _credentials(call: web.Request, parameters: Mapping[str, str]) -> list[tuple[str, str]]:
    """Id and secret, in the readings that are possible."""
    header = call.headers.get(hdrs.AUTHORIZATION)
    if header is not None and header.strip().lower().startswith("basic"):
        candidates = _basic(header)
        claimed = parameters.get("client_id")
        if claimed is not None and claimed not in (client_id for client_id, _ in candidates):
            raise _Refusal(400, "invalid_request", "Two different clients are named.")
        return candidates
    if parameters.get("client_id") and parameters.get("client_secret"):
        return [(parameters["client_id"], parameters["client_secret"])]
    raise _Refusal(401, "invalid_client", "Send the client's id and secret, as HTTP Basic or as parameters.")


def _basic(header: str) -> list[tuple[str, str]]:
    try:
        pair = base64.b64decode(header.strip()[5:].strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise _Refusal(401, "invalid_client", "The Basic credentials cannot be read.") from None
    client_id, colon, secret = pair.partition(":")
    if not colon:
        raise _Refusal(401, "invalid_client", "The Basic credentials have no colon.")
    # RFC 6749 §2.3.1 wants both form-encoded first; hardly a client does that.
    return _distinct([(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))])


def _distinct(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(pairs))
