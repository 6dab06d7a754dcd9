"""The EnCo SMS API as the gateway speaks it: requests to values, values to answers (shapes of GSMA OneAPI
1.0).

Sans-IO. A request that breaks the rules raises `Malformed`, which names the member and never repeats a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from simulator.wire.length import Length

SMS = "/sms/1.0.0/sms"
SAP = "/proximusenco/sms/outboundmessages"
"""The path of SAP's API hub, which real clients use with an `APIKey` header."""
LONGEST_TEXT = 5_000
MOST_DESTINATIONS = 1_000
LONGEST_NAME = 255


class Malformed(ValueError):
    """A request is not what the API takes. `where` names the member, the message what is right."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(detail)
        self.where = where


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


# Answers


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


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
