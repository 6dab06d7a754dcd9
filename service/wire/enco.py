"""The EnCo SMS API's JSON (domain facts §1, shapes of GSMA OneAPI 1.0): what we say to the gateway and how
its answers read.

Sans-IO: bytes in, values out. Whatever is not what the API says raises `ProtocolError`, and nothing else,
whatever the bytes. The error tells which member was wrong but never its value, since values hold addresses
and texts. Where real gateways differ (one object for a list of one, `tel:` before an address, a fault bare or
wrapped, its code a number or a string), all are read.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import quote

from service.wire.json_members import (
    ProtocolError,
    a_list,
    an_object,
    is_plain,
    loose_text_of,
    member,
    mended,
    parsed,
    text_of,
)

TOKEN_PATH = "/token"  # noqa: S105 - an address
SMS_PATH = "/sms/1.0.0/sms"
LONGEST_LIFETIME = 10 * 365 * 86400.0
"""Seconds. WSO2 gives permanent tokens 2^63 milliseconds: more than any calendar can add."""
LONGEST_ID = 255
LONGEST_ADDRESS = 64


class Status(Enum):
    """Delivery status words: the OneAPI set, and EnCo's own for an address that is none."""

    DELIVERED_TO_TERMINAL = "DeliveredToTerminal"
    DELIVERED_TO_NETWORK = "DeliveredToNetwork"
    UNCERTAIN = "DeliveryUncertain"
    IMPOSSIBLE = "DeliveryImpossible"
    WAITING = "MessageWaiting"
    ADDRESS_INVALID = "AddressInvalid"


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and its lifetime in seconds."""

    value: str = field(repr=False)
    lifetime: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a submission: the gateway's id of the message, and what it says about its one
    destination.
    """

    gateway_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Fault:
    """The platform's own error. Of its words only the code goes into logs: the others may quote what was
    sent.
    """

    code: str
    message: str = field(repr=False)
    description: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A reply as the gateway tells it."""

    message_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboundBatch:
    """What one poll brought, oldest first. `last_id` confirms it all; None when nothing came. `unreadable`
    counts what had an id but made no sense: it is passed over, or it would stand in the way of the rest
    for ever.
    """

    messages: tuple[Inbound, ...]
    last_id: str | None
    unreadable: int


@dataclass(frozen=True, slots=True)
class DeliveryNotice:
    """What became of a message, pushed: known by our own reference, by the gateway's id, or by both."""

    status: Status
    callback_data: str | None
    gateway_id: str | None


Notification = Inbound | DeliveryNotice


# What we say.


def token_request(client_id: str, client_secret: str) -> tuple[Mapping[str, str], bytes]:
    """Headers and body of `POST /token`: RFC 6749 §4.4, credentials as HTTP Basic."""
    # Not percent-encoded first, as §2.3.1 would have it: the platform's own clients do not.
    pair = f"{client_id}:{client_secret}"
    headers = {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return headers, b"grant_type=client_credentials&scope=openid"


def submission(*, reference: str, destination: str, text: str) -> bytes:
    """Body of `POST …/outboundmessages` for one destination. The reference makes a repeat the same
    message.
    """
    body = {
        "message": text,
        "destinations": [destination],
        "binary": False,
        "clientCorrelator": reference,
        "callbackData": reference,
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def submission_path() -> str:
    """Where to submit from the shared short number."""
    return f"{SMS_PATH}/outboundmessages?forceCharacterLimit=false"


def delivery_path(gateway_id: str) -> str:
    """Where to ask what became of a message."""
    return f"{SMS_PATH}/outboundmessages/deliveryinfos/{quote(gateway_id, safe='')}"


def inbound_path(after: str, limit: int) -> str:
    """Where to fetch replies; `after` confirms everything up to that id, empty confirms nothing."""
    return f"{SMS_PATH}/inboundmessages/shared?after={quote(after, safe='')}&limit={limit}"


# What the gateway says.


def read_token(body: bytes) -> Token:
    """The answer of `POST /token`."""
    answer = an_object(parsed(body), "the token answer")
    if text_of(answer, "token_type", LONGEST_ID).lower() != "bearer":
        raise ProtocolError("token_type is not Bearer")
    lifetime = answer.get("expires_in", 3600)
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float) or math.isnan(lifetime):
        raise ProtocolError("expires_in is not a number of seconds")
    value = text_of(answer, "access_token", 4096)
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ProtocolError("access_token holds characters that no header can carry")
    return Token(value, float(min(max(lifetime, 0), LONGEST_LIFETIME)))


def read_submission(body: bytes) -> Taken:
    """The answer of a submission that was taken (201)."""
    answer = an_object(parsed(body), "the answer to the submission")
    return Taken(_last_segment(answer), _status(_one_info(answer)))


def read_delivery(body: bytes) -> Status:
    """The answer of `GET …/deliveryinfos/{id}`."""
    return _status(_one_info(an_object(parsed(body), "the delivery status")))


def read_fault(body: bytes) -> Fault:
    """An error body: `{"fault": {…}}`, or the bare object of later platforms."""
    answer = an_object(parsed(body), "the error")
    fault = an_object(answer.get("fault", answer), "fault")
    code = fault.get("code")
    if isinstance(code, bool) or not isinstance(code, int | str) or not is_plain(str(code), 32):
        raise ProtocolError("fault.code is neither a number nor a word")
    return Fault(str(code), loose_text_of(fault, "message"), loose_text_of(fault, "description"))


def read_inbound_list(body: bytes) -> InboundBatch:
    """The answer of `GET …/inboundmessages/…`."""
    answer = an_object(parsed(body), "the list of replies")
    listed = an_object(answer.get("inboundSMSMessageList"), "inboundSMSMessageList")
    entries = a_list(listed.get("inboundSMSMessage", []), "inboundSMSMessage")
    return _batch([an_object(entry, "inboundSMSMessage[]") for entry in entries])


def read_notification(body: bytes) -> Notification:
    """A pushed call-back: a reply or a delivery report."""
    answer = an_object(parsed(body), "the call-back")
    match answer:
        case {"inboundSMSMessageNotification": notice}:
            return _inbound(member(notice, "inboundSMSMessageNotification", "inboundSMSMessage"))
        case {"deliveryInfoNotification": notice}:
            return _notice(an_object(notice, "deliveryInfoNotification"))
    raise ProtocolError(
        "the call-back holds neither inboundSMSMessageNotification nor deliveryInfoNotification"
    )


def _batch(entries: list[dict[str, Any]]) -> InboundBatch:
    messages: list[Inbound] = []
    last_id: str | None = None
    for entry in entries:
        last_id = text_of(entry, "messageId", LONGEST_ID)
        try:
            messages.append(_inbound(entry))
        except ProtocolError:
            continue
    return InboundBatch(tuple(messages), last_id, len(entries) - len(messages))


def _inbound(entry: dict[str, Any]) -> Inbound:
    text = entry.get("message", "")
    if not isinstance(text, str):
        raise ProtocolError("message is not a text")
    return Inbound(text_of(entry, "messageId", LONGEST_ID), _address(entry, "senderAddress"), mended(text))


def _notice(notice: dict[str, Any]) -> DeliveryNotice:
    callback_data = notice.get("callbackData")
    if callback_data is not None:
        callback_data = text_of(notice, "callbackData", LONGEST_ID)
    gateway_id = _last_segment(notice) if notice.get("resourceURL") is not None else None
    if callback_data is None and gateway_id is None:
        raise ProtocolError("deliveryInfoNotification names no message: neither callbackData nor resourceURL")
    return DeliveryNotice(_status(_one_info(notice)), callback_data, gateway_id)


def _one_info(answer: dict[str, Any]) -> dict[str, Any]:
    """The one `deliveryInfo`: we always ask about a single destination."""
    infos = a_list(answer.get("deliveryInfo"), "deliveryInfo")
    if len(infos) != 1:
        raise ProtocolError(f"deliveryInfo holds {len(infos)} entries instead of one")
    return an_object(infos[0], "deliveryInfo[0]")


def _status(info: dict[str, Any]) -> Status:
    word = text_of(info, "deliveryStatus", LONGEST_ID)
    try:
        return Status(word)
    except ValueError:
        # A word newer than we: the message was taken, but what became of it is not for us to guess.
        return Status.UNCERTAIN


def _last_segment(answer: dict[str, Any]) -> str:
    """OneAPI habit: the id of a resource is the end of its URL."""
    segment = text_of(answer, "resourceURL", 2048).partition("?")[0].rstrip("/").rpartition("/")[2]
    if not is_plain(segment, LONGEST_ID):
        raise ProtocolError("resourceURL does not end in an id")
    return segment


def _address(entry: dict[str, Any], name: str) -> str:
    address = text_of(entry, name, LONGEST_ADDRESS + 4)
    bare = address[4:] if address[:4].lower() == "tel:" else address
    if not is_plain(bare, LONGEST_ADDRESS):
        raise ProtocolError(f"{name} is not an address")
    return bare
