"""The running harness as the load test sees it: addresses from the environment, plain JSON over HTTP."""

from __future__ import annotations

import base64
import json
import math
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

URL = os.environ.get("BELFORT_URL", "http://127.0.0.1:8032").rstrip("/")
CONTROL = os.environ.get("BELFORT_CONTROL", "http://127.0.0.1:8033").rstrip("/")
CLIENT_ID = os.environ.get("BELFORT_CLIENT_ID", "belfort")
CLIENT_SECRET = os.environ.get("BELFORT_CLIENT_SECRET", "belfort-secret")
CONTROL_TOKEN = os.environ.get("BELFORT_CONTROL_TOKEN") or None
CONTROL_HEADERS = {"Authorization": f"Bearer {CONTROL_TOKEN}"} if CONTROL_TOKEN else {}
"""What the simulator asks for, if it asks."""
BASE = "/survey/1.0.0"
PATIENCE_SECONDS = 600
NOT_SETTLED, UNAUTHORIZED = 408, 401
MOST_TOLD = 300
KEPT = 0.8
"""The part of its life for which a token is used; calls that are under way need the rest."""
RETURN_SECONDS = 60
"""For so long a program that was killed may take to come back, before the verdict does without it."""


class Unreachable(RuntimeError):
    """Nobody answers there."""


class Refused(RuntimeError):
    """An answer that is a no, or none that was asked for."""

    def __init__(self, message: str, status: int, retry_after: float) -> None:
        super().__init__(message)
        self.status, self.retry_after = status, retry_after


def call(url: str, *, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """The decoded JSON answer. `Refused` with what was said if it is no, `Unreachable` if nobody is there."""
    sent = urllib.request.Request(url, method=method, headers=dict(headers or {}))  # noqa: S310  # ours
    if body is not None:
        sent.data = json.dumps(body).encode()
        sent.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310  # ditto
            said = answer.read() or b"null"
            return json.loads(said)
    except json.JSONDecodeError:
        raise Refused(f"{method} {url}: an answer that is no JSON: {_why(said)}", answer.status, 1) from None
    except urllib.error.HTTPError as error:
        told = f"{method} {url}: {error.code} {_why(error.read())}"
        raise Refused(told, error.code, _seconds(error.headers.get("Retry-After"))) from None
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        why = getattr(error, "reason", error)
        raise Unreachable(f"no answer from {url} ({why}); start it with: belfort up") from None


def patiently(url: str, **options: Any) -> Any:
    """The same, again when it was throttled, and for a minute when nobody is there."""
    until = time.monotonic() + RETURN_SECONDS
    while True:
        try:
            return call(url, **options)
        except Refused as refused:
            if refused.status not in (429, 503) or time.monotonic() > until:
                raise
            time.sleep(refused.retry_after)
        except Unreachable:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def control(path: str, *, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
    """Ask the simulator: with a body by POST, else by GET."""
    asked = f"?{urlencode(query)}" if query else ""
    method = "GET" if body is None else "POST"
    return patiently(f"{CONTROL}/control/v1{path}{asked}", method=method, body=body, headers=CONTROL_HEADERS)


def drain(seconds: float) -> bool:
    """Let the world go on until nothing is due, for so long at most; whether it came to that."""
    try:
        control("/clock/drain", body={"within": seconds})
    except Refused as refused:
        if refused.status != NOT_SETTLED:
            raise
        return False
    return True


class Token:
    """A bearer token of the account under load, as a header; another one before it is over."""

    def __init__(
        self, ask: Callable[..., Any] = patiently, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._clock = ask, clock
        self._until = -math.inf
        self._headers: dict[str, str] = {}

    @property
    def headers(self) -> dict[str, str]:
        if self._clock() >= self._until:
            self.renew()
        return self._headers

    def renew(self) -> None:
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._clock()
        token = self._ask(
            f"{URL}/token?grant_type=client_credentials",
            method="POST",
            headers={"Authorization": f"Basic {basic}"},
        )
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}
        self._until = asked + float(token.get("expires_in", math.inf)) * KEPT

    def heard(self, response: Any = None, **_: Any) -> None:
        """A listener to Locust's requests: whoever is told 401 asks for another token next time."""
        if getattr(response, "status_code", None) == UNAUTHORIZED:
            self._until = -math.inf


class Reports:
    """The reports of the account, as anybody sees them."""

    def __init__(self) -> None:
        self._token = Token()

    def of(self, survey: int, segments: Sequence[str] = (), **query: str) -> dict[str, Any]:
        asked = {**({"segments": ",".join(segments)} if segments else {}), **query}
        path = f"{BASE}/surveys/{survey}/report"
        return dict(patiently(f"{URL}{path}?{urlencode(asked)}", headers=self._token.headers))

    def surveys(self) -> list[dict[str, Any]]:
        return list(patiently(f"{URL}{BASE}/surveys", headers=self._token.headers))


def _why(body: bytes) -> str:
    """What a refusal says of its reason, in whichever of the usual forms; else how it begins."""
    try:
        told = json.loads(body)
        return str(told.get("detail") or told["error_description"])
    except (ValueError, LookupError, AttributeError):
        return body[:MOST_TOLD].decode(errors="replace")


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else 1.0
