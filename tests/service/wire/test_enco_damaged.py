"""Bodies that no gateway should write: one kind of error for all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.wire import enco
from service.wire.enco import (
    Inbound,
    InboundBatch,
    Taken,
)
from service.wire.json_members import ProtocolError
from tests.service.wire.enco_bodies import READERS, URL, b, inbound, inbound_list, submission

NAMES = st.sampled_from(
    [
        "fault",
        "code",
        "message",
        "description",
        "access_token",
        "token_type",
        "expires_in",
        "resourceURL",
        "deliveryInfo",
        "deliveryStatus",
        "address",
        "inboundSMSMessageList",
        "inboundSMSMessage",
        "messageId",
        "senderAddress",
        "callbackData",
        "inboundSMSMessageNotification",
        "deliveryInfoNotification",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["Bearer", URL, "DeliveredToTerminal", "+32470000000", "\ud800", "\x00"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
SAMPLES = [
    b({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}),
    b(submission()),
    b({"fault": {"code": 900800, "message": "m", "description": "d"}}),
    b(inbound_list(inbound(), inbound(messageId="2"))),
    b({"inboundSMSMessageNotification": {"inboundSMSMessage": inbound()}}),
    b({"deliveryInfoNotification": {"callbackData": "r", "deliveryInfo": {"deliveryStatus": "x"}}}),
]


def read_all(body: bytes) -> None:
    for reader in READERS:
        try:
            read = reader(body)
        except ProtocolError:
            continue
        _sendable(read)


def _sendable(read: object) -> None:
    """Whatever was read can be stored, hashed and sent: no lone surrogates, no endless ids."""
    match read:
        case Inbound(message_id, sender, text):
            (message_id + sender + text).encode()
            assert 0 < len(message_id) <= 255
        case InboundBatch(messages):
            for message in messages:
                _sendable(message)
        case Taken(gateway_id):
            enco.delivery_path(gateway_id)


@given(st.binary(max_size=200))
def test_no_bytes_raise_another_error(body):
    read_all(body)


@given(VALUES)
def test_no_json_value_raises_another_error(value):
    read_all(b(value))


@given(st.sampled_from(SAMPLES), st.data())
def test_no_damaged_answer_raises_another_error(sample, data):
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, len(sample)))
    read_all(sample[:start] + data.draw(st.binary(max_size=6)) + sample[end:])
