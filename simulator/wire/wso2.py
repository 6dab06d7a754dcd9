"""The platform below the SMS API, WSO2 API Manager: its tokens (RFC 6749) and its errors.

Sans-IO, like `enco`, whose words for malformed requests it shares. Facts: domain §1.4 and §1.5.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl

from simulator.wire.enco import Malformed, dump

PERMANENT = 9_223_372_036_854_775
"""Seconds: what WSO2 gives as the lifetime of a token that never ends (2^63 - 1 milliseconds, cut off)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the platform: HTTP status, WSO2 code and message."""

    status: int
    code: int
    message: str


INVALID_CREDENTIALS = Fault(401, 900901, "Invalid Credentials")
MISSING_CREDENTIALS = Fault(401, 900902, "Missing Credentials")
NO_RESOURCE = Fault(403, 900906, "No matching resource found in the API for the given request")
THROTTLED = Fault(429, 900800, "Message throttled out")
UNAVAILABLE = Fault(503, 101503, "Error connecting to the back end")
QUEUE_FULL = Fault(503, 700700, "API blocked")
BACK_END_TIMEOUT = Fault(504, 101504, "Send timeout")
UNCLASSIFIED = Fault(500, 900900, "Unclassified Authentication Failure")
BAD_REQUEST = Fault(400, 400, "Bad Request")
NOT_FOUND = Fault(404, 404, "Not Found")
NO_METHOD = Fault(405, 405, "Method Not Allowed")
TOO_LARGE = Fault(413, 413, "Payload Too Large")
TOO_SLOW = Fault(408, 408, "Request Timeout")
NO_CODING = Fault(415, 415, "Unsupported Media Type")

OF_STATUS = {
    fault.status: fault
    for fault in (
        QUEUE_FULL, UNAVAILABLE, BACK_END_TIMEOUT, UNCLASSIFIED, BAD_REQUEST, INVALID_CREDENTIALS,
        NO_RESOURCE, NOT_FOUND, NO_METHOD, TOO_LARGE, TOO_SLOW, NO_CODING, THROTTLED,
    )
}  # fmt: skip
"""The platform's usual fault for an HTTP status."""


class TokenError(Enum):
    """Why no token is given (RFC 6749 §5.2), with the HTTP status."""

    INVALID_CLIENT = ("invalid_client", 401)
    UNSUPPORTED_GRANT_TYPE = ("unsupported_grant_type", 400)
    INVALID_REQUEST = ("invalid_request", 400)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks for a token, by which grant."""

    client_id: str
    client_secret: str = field(repr=False)
    grant_type: str
    scope: str


# Requests


def read_token_request(authorization: str | None, query: Mapping[str, str], body: bytes) -> TokenRequest:
    """Credentials from HTTP Basic, the form body or the query, as real clients give them.

    A body of one `=` and parameters that are not known are passed over. Malformed when Basic cannot be read.
    """
    given = dict(query)
    given.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))
    identity, secret = given.get("client_id", ""), given.get("client_secret", "")
    kind, _, credentials = (authorization or "").strip().partition(" ")
    if kind.lower() == "basic":
        identity, secret = _basic(credentials)
    return TokenRequest(identity, secret, given.get("grant_type", ""), given.get("scope") or "openid")


def _basic(credentials: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise Malformed(
            "Authorization", "Basic credentials must be base64 of client id, colon, secret"
        ) from None
    identity, _, secret = pair.partition(":")
    return identity, secret


# Answers


def fault(kind: Fault, description: str, *, bare: bool = False) -> bytes:
    """The error envelope; `bare` is API Manager 4's form: no wrapper, the code a string."""
    if bare:
        return dump({"code": str(kind.code), "message": kind.message, "description": description})
    inner: dict[str, object] = {"code": kind.code, "message": kind.message, "description": description}
    if kind.code == 404:
        inner["type"] = "Status report"
    return dump({"fault": inner})


def token(value: str, lifetime: int, scope: str, identity: str) -> bytes:
    """The answer of `POST /token`; `identity` is an unsigned JWT, since `scope=openid` asks for one."""
    return dump(
        {
            "access_token": value,
            "scope": scope,
            "token_type": "Bearer",
            "expires_in": lifetime,
            "id_token": identity,
        }
    )


def unsigned_jwt(claims: Mapping[str, object]) -> str:
    """RFC 7519 §6.1: header and claims, and no signature."""
    parts = (dump({"alg": "none", "typ": "JWT"}), dump(claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def token_error(error: TokenError, description: str) -> bytes:
    return dump({"error": error.value[0], "error_description": description})


def user_info(client_id: str) -> bytes:
    """Four names the samples ask for before every message."""
    return dump(
        {
            "sub": client_id,
            "name": f"{client_id} (simulated)",
            "given_name": client_id,
            "family_name": "simulated",
            "email": f"{client_id}@belfort.test",
        }
    )
