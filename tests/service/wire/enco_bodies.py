"""Bodies as the EnCo gateway writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.wire import enco
from service.wire.json_members import ProtocolError

READERS = [
    enco.read_token,
    enco.read_submission,
    enco.read_delivery,
    enco.read_fault,
    enco.read_inbound_list,
    enco.read_notification,
]
URL = "http://gateway.test/sms/1.0.0/sms/outboundmessages/deliveryinfos/d-17"


def b(value) -> bytes:
    return json.dumps(value).encode()


def submission(**change) -> dict[str, Any]:
    info = {"address": "+32470000000", "deliveryStatus": "DeliveredToNetwork"}
    return {"resourceURL": URL, "deliveryInfo": [info], **change}


def inbound(**change) -> dict[str, Any]:
    return {
        "messageId": "mo-1",
        "senderAddress": "+32470000000",
        "destinationAddress": "8937",
        "message": "een dikke 9",
        "dateTime": "2026-11-23T10:00:00.000Z",
        "resourceURL": "http://gateway.test/x/mo-1",
        **change,
    }


def inbound_list(*entries) -> dict[str, Any]:
    return {"inboundSMSMessageList": {"inboundSMSMessage": list(entries), "numberOfMessagesInThisBatch": 1}}


def wrong(reader, value) -> str:
    with pytest.raises(ProtocolError) as error:
        reader(value if isinstance(value, bytes) else b(value))
    return str(error.value)
