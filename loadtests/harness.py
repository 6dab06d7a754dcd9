"""The running harness as the load test sees it: addresses from the environment, plain JSON over HTTP."""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from typing import Any

URL = os.environ.get("BELFORT_URL", "http://127.0.0.1:8032")
CONTROL = os.environ.get("BELFORT_CONTROL", "http://127.0.0.1:8033")
CLIENT_ID = os.environ.get("BELFORT_CLIENT_ID", "belfort")
CLIENT_SECRET = os.environ.get("BELFORT_CLIENT_SECRET", "belfort-secret")
BASE = "/survey/1.0.0"
PATIENCE_SECONDS = 600


def call(url: str, *, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """The decoded JSON answer; `RuntimeError` with what was said if it was no."""
    sent = urllib.request.Request(url, method=method, headers=headers or {})  # noqa: S310  # our own addresses
    if body is not None:
        sent.data = json.dumps(body).encode()
        sent.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310  # ditto
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {url}: {error.code} {error.read()[:300]!r}") from None
    except urllib.error.URLError as error:
        raise RuntimeError(f"no answer from {url} ({error.reason}); start it with: belfort up") from None


def bearer() -> dict[str, str]:
    """A token of the account under load, as a header."""
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    token = call(
        f"{URL}/token?grant_type=client_credentials",
        method="POST",
        headers={"Authorization": f"Basic {basic}"},
    )
    return {"Authorization": f"Bearer {token['access_token']}"}
