"""Signed call-backs: Standard Webhooks, the symmetric scheme `v1` (https://www.standardwebhooks.com).

What is signed is the message id, the moment of sending and the raw body, as they came. Several secrets may be
valid at a time, so that a key can be rotated. A replay within the five minutes is let through: whoever takes
the message must not count it twice anyway.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence

TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 16
LONGEST_HEADER = 4096
SHORTEST_SECRET = 16

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_ID = re.compile(r"[\x21-\x7e]{1,255}")


class SignatureError(Exception):
    """The call-back is not proven to come from the gateway. `reason` is one of a closed set, fit for a
    metric.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the call-back's signature does not hold: {reason}")
        self.reason = reason


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The keys in a setting: one or, during a rotation, several `whsec_<base64>` separated by blanks.

    Errors: ValueError, which never repeats the secret."""
    return tuple(_read_secret(word) for word in text.split())


def _read_secret(word: str) -> bytes:
    if not word.startswith("whsec_"):
        raise ValueError("a call-back secret is written whsec_ and then the key in base64")
    try:
        key = base64.b64decode(word.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("what follows whsec_ in a call-back secret must be base64") from None
    if len(key) < SHORTEST_SECRET:
        raise ValueError(f"a call-back secret must hold at least {SHORTEST_SECRET} bytes")
    return key


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message, `v1,<base64>`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], wall: float) -> str:
    """The id of the message, once it is proven to be signed with one of `secrets` within five minutes of
    `wall`.

    `headers` must look names up without regard to case, or hold them in lower case. Errors:
    SignatureError.
    """
    message_id, timestamp = _read_head(headers)
    if abs(wall - timestamp) > TOLERANCE_SECONDS:
        raise SignatureError("expired")
    given = _given(headers.get("webhook-signature", ""))
    right = [signature(secret, message_id, timestamp, body).encode() for secret in secrets]
    # Every pair is compared, each in constant time, so that the time taken tells nothing.
    if not any([hmac.compare_digest(mine, theirs) for mine in right for theirs in given]):  # noqa: C419
        raise SignatureError("wrong")
    return message_id


def _read_head(headers: Mapping[str, str]) -> tuple[str, int]:
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp or not headers.get("webhook-signature"):
        raise SignatureError("unsigned")
    if not _ID.fullmatch(message_id) or not _TIMESTAMP.fullmatch(timestamp):
        raise SignatureError("unreadable")
    return message_id, int(timestamp)


def _given(header: str) -> list[bytes]:
    if len(header) > LONGEST_HEADER:
        raise SignatureError("unreadable")
    words = header.split()[:MOST_SIGNATURES]
    return [word.encode("utf-8", "surrogatepass") for word in words if word.startswith("v1,")]
