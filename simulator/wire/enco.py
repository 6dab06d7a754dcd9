"""The EnCo SMS API as the gateway speaks it: requests to values, values to answers (shapes of GSMA OneAPI
1.0).

Sans-IO. A request that breaks the rules raises `Malformed`, which names the member and never repeats a value.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, quote

from simulator.wire.length import Length

SMS = "/sms/1.0.0/sms"
SAP = "/proximusenco/sms/outboundmessages"
"""The path of SAP's API hub, which real clients use with an `APIKey` header."""
PERMANENT = 9_223_372_036_854_775
"""Seconds: what WSO2 gives as the lifetime of a token that never ends (2^63 - 1 milliseconds, cut off)."""
LONGEST_TEXT = 5_000
MOST_DESTINATIONS = 1_000
LONGEST_NAME = 255


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


class Malformed(ValueError):
    """A request is not what the API takes. `where` names the member, the message what is right."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(detail)
        self.where = where


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


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to send. `reference` is OneAPI's `clientCorrelator`; reports repeat `callback_data`."""

    text: str = field(repr=False)
    destinations: tuple[str, ...] = field(repr=False)
    binary: bool = False
    reference: str | None = None
    callback_data: str | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """One `deliveryInfo`: an address and a status word."""

    address: str
    status: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A reply as it is shown to the peer; `at` in milliseconds since the epoch."""

    id: str
    sender: str
    to: str
    text: str = field(repr=False)
    at: int


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


def read_outbound(body: bytes) -> Outbound:
    """`{"message", "destinations", "binary"?, "clientCorrelator"?, "callbackData"?}`, and whatever else."""
    given = read_object(body)
    text = given.get("message")
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
        raise Malformed("message", f"must be a text of 1 to {LONGEST_TEXT} characters")
    if not text.isascii() and _torn(text):
        raise Malformed("message", "must not hold half a surrogate pair")
    binary = given.get("binary", False)
    if not isinstance(binary, bool):
        raise Malformed("binary", "must be true or false")
    return Outbound(
        text,
        _destinations(given.get("destinations")),
        binary,
        _name(given, "clientCorrelator"),
        _name(given, "callbackData"),
    )


def read_text(body: bytes) -> tuple[str, bool]:
    """What `…/length` is asked about: a message, and whether it is binary. Destinations may be left out."""
    given = read_object(body)
    text, binary = given.get("message"), given.get("binary", False)
    if not isinstance(text, str) or len(text) > LONGEST_TEXT * 10:
        raise Malformed("message", f"must be a text of up to {LONGEST_TEXT * 10} characters")
    if not isinstance(binary, bool):
        raise Malformed("binary", "must be true or false")
    return text, binary


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, whatever the bytes are."""
    try:
        given = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # ValueError: broken UTF-8, broken JSON, or an integer of thousands of digits
        raise Malformed("body", "must be one JSON object in UTF-8") from None
    if not isinstance(given, dict):
        raise Malformed("body", "must be one JSON object in UTF-8")
    return given


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _destinations(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_DESTINATIONS:
        raise Malformed(
            "destinations", f"must be a list of 1 to {MOST_DESTINATIONS} numbers such as +32470123456"
        )
    for each in given:
        if not isinstance(each, str) or not 0 < len(each) <= LONGEST_NAME or not each.isprintable():
            raise Malformed("destinations", "every one must be a text such as +32470123456")
    return tuple(each.removeprefix("tel:") for each in given)


def _name(given: Mapping[str, Any], member: str) -> str | None:
    value = given.get(member)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise Malformed(member, f"must be a text of 1 to {LONGEST_NAME} printable characters")
    return value


def _torn(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in text)


def read_seconds(text: str) -> float:
    """A number of seconds; ValueError for anything else, `nan` included."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


# Answers


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


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


def delivery(resource_url: str, infos: Sequence[Info]) -> bytes:
    """The answer to a submission and to a question about its delivery."""
    listed = [{"address": each.address, "deliveryStatus": each.status} for each in infos]
    return dump({"resourceURL": resource_url, "deliveryInfo": listed})


def length(measured: Length) -> bytes:
    return dump(
        {
            "numberOfChars": measured.units,
            "numberOfParts": measured.parts,
            "charLimitPerPart": measured.limit,
            "numberOfRemainingCharsInPart": measured.left,
            "numberOfRemainingParts": measured.parts_left,
        }
    )


def inbound_list(resource_url: str, replies: Sequence[Inbound], pending: int) -> bytes:
    """What a poll brings, oldest first; `pending` counts what is left for later ones."""
    return dump(
        {
            "inboundSMSMessageList": {
                "inboundSMSMessage": [_inbound(each, resource_url) for each in replies],
                "numberOfMessagesInThisBatch": len(replies),
                "totalNumberOfPendingMessages": pending,
                "resourceURL": resource_url,
            }
        }
    )


def reply_notice(reply: Inbound, resource_url: str) -> bytes:
    return dump({"inboundSMSMessageNotification": {"inboundSMSMessage": _inbound(reply, resource_url)}})


def report_notice(callback_data: str | None, resource_url: str, info: Info) -> bytes:
    notice: dict[str, object] = {} if callback_data is None else {"callbackData": callback_data}
    notice["resourceURL"] = resource_url
    notice["deliveryInfo"] = {"address": info.address, "deliveryStatus": info.status}
    return dump({"deliveryInfoNotification": notice})


def _inbound(reply: Inbound, resource_url: str) -> dict[str, object]:
    return {
        "messageId": reply.id,
        "senderAddress": reply.sender,
        "destinationAddress": reply.to,
        "message": reply.text,
        "dateTime": _moment(reply.at),
        "resourceURL": f"{resource_url}/{quote(reply.id, safe='')}",
    }


def _moment(milliseconds: int) -> str:
    """OneAPI's form of a moment, in UTC, with milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}+00:00"
