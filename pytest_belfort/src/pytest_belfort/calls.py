"""JSON over HTTP, with the standard library."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

SECONDS = 90.0
BASE, CONTROL = "/survey/1.0.0", "/control/v1"


class Refused(Exception):
    """The harness answered, and the answer was no."""

    def __init__(self, call: str, status: int, body: Any) -> None:
        super().__init__(f"{call} was answered {status}: {_reason(body)}")
        self.status, self.body = status, body


class Unreachable(Exception):
    """Nobody answered at the address."""


def _reason(body: Any) -> str:
    if not isinstance(body, Mapping):
        return str(body)[:300]
    faults = "; ".join(
        f"{fault.get('pointer') or fault.get('parameter')}: {fault.get('detail')}"
        for fault in body.get("errors", ())
    )
    said = body.get("detail") or body.get("error_description") or body.get("title") or body
    return f"{said} ({faults})" if faults else str(said)


def call(
    method: str,
    url: str,
    body: Any = None,
    *,
    query: Mapping[str, object] | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The decoded answer of a call that succeeded. Errors: Refused, Unreachable."""
    asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
    address = f"{url}?{urlencode(asked, quote_via=quote)}" if asked else url
    request = urllib.request.Request(address, method=method, headers=dict(headers or {}))
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return _decoded(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(f"{method} {url}", error.code, _decoded(error.read())) from None
    except OSError as error:
        raise Unreachable(f"no answer from {url}: {error}") from error


def log_in(url: str, client_id: str, client_secret: str) -> str:
    """A bearer token of this client. Errors: Refused, Unreachable."""
    basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    address = f"{url}/token?grant_type=client_credentials"
    return str(call("POST", address, headers={"Authorization": f"Basic {basic}"})["access_token"])


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
