"""Signs what is pushed: Standard Webhooks, the symmetric scheme `v1` (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac


def key(secret: str) -> bytes:
    """The key in `whsec_<base64>`; ValueError otherwise, which does not repeat it."""
    if not secret.startswith("whsec_"):
        raise ValueError("a call-back secret is whsec_ and the key in base64")
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a call-back secret is whsec_ and the key in base64") from None


def signed(key: bytes, identity: str, wall: float, body: bytes) -> dict[str, str]:
    """The headers that prove `body`, sent as `identity` at `wall` seconds since the epoch."""
    moment = int(wall)
    digest = hmac.new(key, b"%s.%d.%s" % (identity.encode(), moment, body), hashlib.sha256).digest()
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
