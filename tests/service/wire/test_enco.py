"""The SMS API's JSON: what is understood, and that nothing else raises anything but ProtocolError."""

from __future__ import annotations

import base64
import json

import pytest

from service.wire import enco
from service.wire.enco import (
    DeliveryNotice,
    Fault,
    Inbound,
    InboundBatch,
    Status,
    Taken,
    Token,
)
from tests.service.wire.enco_bodies import READERS, URL, b, inbound, inbound_list, submission, wrong


def test_a_token_is_asked_for_with_basic_credentials():
    headers, body = enco.token_request("client", "s:e/c+r=et")
    scheme, _, pair = headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair)) == ("Basic", b"client:s:e/c+r=et")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == b"grant_type=client_credentials&scope=openid"


def test_a_submission_carries_one_destination_and_its_reference_twice():
    body = json.loads(enco.submission(reference="ref", destination="+32470000000", text="Hé\n😀?"))
    assert body == {
        "message": "Hé\n😀?",
        "destinations": ["+32470000000"],
        "binary": False,
        "clientCorrelator": "ref",
        "callbackData": "ref",
    }


def test_ids_are_quoted_into_paths():
    assert enco.delivery_path("a/b?c").endswith("/deliveryinfos/a%2Fb%3Fc")
    assert enco.inbound_path("", 100).endswith("/inboundmessages/shared?after=&limit=100")
    assert "after=a%26b&" in enco.inbound_path("a&b", 5)


def test_a_token_is_read():
    answer = {"access_token": "0123abcd", "token_type": "bearer", "expires_in": 3600, "scope": "x"}
    assert enco.read_token(b(answer)) == Token("0123abcd", 3600.0)
    assert "0123abcd" not in repr(enco.read_token(b(answer)))


@pytest.mark.parametrize(
    ("told", "lifetime"), [(9223372036854775, 315360000.0), (1e400, 315360000.0), (-5, 0.0), (0.5, 0.5)]
)
def test_the_lifetime_of_a_token_stays_a_number_one_can_add(told, lifetime):
    answer = f'{{"access_token": "t", "token_type": "Bearer", "expires_in": {told!r}}}'.replace(
        "inf", "1e999"
    )
    assert enco.read_token(answer.encode()).lifetime == lifetime


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "a b"},
        {"access_token": "a\r\nX: y"},
        {"access_token": "é"},
        {"token_type": "mac"},
        {"token_type": 7},
        {"expires_in": "3600"},
        {"expires_in": True},
    ],
)
def test_a_token_answer_that_makes_no_sense_is_told(change):
    member = next(iter(change))
    assert member in wrong(enco.read_token, {"access_token": "t", "token_type": "Bearer", **change})


def test_the_answer_to_a_submission_gives_the_gateways_id():
    assert enco.read_submission(b(submission())) == Taken("d-17", Status.DELIVERED_TO_NETWORK)


def test_the_typescript_clients_single_object_is_read_too():
    info = {"address": "tel:+32470000000", "deliveryStatus": "AddressInvalid"}
    answer = submission(deliveryInfo=info)
    assert enco.read_submission(b(answer)) == Taken("d-17", Status.ADDRESS_INVALID)


@pytest.mark.parametrize("status", Status)
def test_every_status_word_is_known(status):
    answer = {"resourceURL": URL, "deliveryInfo": [{"deliveryStatus": status.value}]}
    assert enco.read_delivery(b(answer)) is status


def test_a_new_status_word_is_uncertain_and_not_an_error():
    answer = {"deliveryInfo": [{"deliveryStatus": "DeliveredToDrone"}]}
    assert enco.read_delivery(b(answer)) is Status.UNCERTAIN


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"deliveryInfo": []}, "deliveryInfo holds 0 entries"),
        ({"deliveryInfo": [{}, {}]}, "deliveryInfo holds 2 entries"),
        ({"deliveryInfo": None}, "deliveryInfo is not a list"),
        ({"deliveryInfo": ["x"]}, "deliveryInfo[0] is not an object"),
        ({"deliveryInfo": [{"deliveryStatus": 1}]}, "deliveryStatus"),
        ({"resourceURL": None}, "resourceURL"),
        ({"resourceURL": "///"}, "resourceURL"),
    ],
)
def test_an_answer_to_a_submission_that_makes_no_sense_is_told(change, told):
    assert told in wrong(enco.read_submission, submission(**change))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"fault": {"code": 900800, "message": "m", "description": "d"}}, "900800"),
        ({"fault": {"code": "900800", "message": "m", "description": "d"}}, "900800"),
        ({"code": "900800", "message": "m", "description": "d"}, "900800"),
        ({"code": 900800, "message": "m", "description": "d"}, "900800"),
    ],
)
def test_faults_are_read_bare_and_wrapped(body, code):
    assert enco.read_fault(b(body)) == Fault(code, "m", "d")


@pytest.mark.parametrize("body", [{}, {"fault": 1}, {"fault": {}}, {"code": True}, {"code": ""}, []])
def test_other_errors_are_no_faults(body):
    wrong(enco.read_fault, body)


def test_a_list_of_replies_is_read_oldest_first():
    body = inbound_list(inbound(), inbound(messageId="mo-2", senderAddress="tel:+32471000000", message=""))
    first, second = Inbound("mo-1", "+32470000000", "een dikke 9"), Inbound("mo-2", "+32471000000", "")
    assert enco.read_inbound_list(b(body)) == InboundBatch((first, second), "mo-2", 0)


@pytest.mark.parametrize(
    "listed", [{}, {"inboundSMSMessage": []}, {"totalNumberOfPendingMessages": 0}, {"resourceURL": "x"}]
)
def test_nothing_new_is_an_empty_batch(listed):
    body = b({"inboundSMSMessageList": listed})
    assert enco.read_inbound_list(body) == InboundBatch((), None, 0)


def test_one_unreadable_reply_does_not_stand_in_the_way_of_the_rest():
    body = inbound_list(inbound(), inbound(messageId="mo-2", senderAddress=7), inbound(messageId="mo-3"))
    batch = enco.read_inbound_list(b(body))
    assert [message.message_id for message in batch.messages] == ["mo-1", "mo-3"]
    assert (batch.last_id, batch.unreadable) == ("mo-3", 1)


def test_without_an_id_nothing_could_ever_be_confirmed():
    assert "messageId" in wrong(enco.read_inbound_list, inbound_list(inbound(messageId=None)))


def test_a_pushed_reply_is_read():
    body = {"inboundSMSMessageNotification": {"inboundSMSMessage": inbound()}}
    assert enco.read_notification(b(body)) == Inbound("mo-1", "+32470000000", "een dikke 9")


def test_a_pushed_report_is_read():
    info = {"address": "tel:+32470000000", "deliveryStatus": "DeliveredToTerminal"}
    notice = {"callbackData": "ref", "resourceURL": URL, "deliveryInfo": info}
    read = enco.read_notification(b({"deliveryInfoNotification": notice}))
    assert read == DeliveryNotice(Status.DELIVERED_TO_TERMINAL, "ref", "d-17")
    del notice["resourceURL"]
    read = enco.read_notification(b({"deliveryInfoNotification": notice}))
    assert read == DeliveryNotice(Status.DELIVERED_TO_TERMINAL, "ref", None)


def test_a_report_must_name_a_message():
    body = {"deliveryInfoNotification": {"deliveryInfo": {"deliveryStatus": "DeliveredToTerminal"}}}
    assert "names no message" in wrong(enco.read_notification, body)


def test_a_lone_surrogate_becomes_a_replacement_and_a_pair_a_character():
    body = b({"inboundSMSMessageNotification": {"inboundSMSMessage": inbound(message="TEXT")}})
    read = enco.read_notification(body.replace(b"TEXT", rb"9 \ud83d\ude00 \ud83d"))
    assert isinstance(read, Inbound)
    assert read.text == "9 😀 \ufffd"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"null",
        b"NaN",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"1" * 10_000,
        b'"\\ud800"',
        b"<html>502</html>",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_what_is_not_json_of_this_api_is_told(reader, body):
    wrong(reader, body)


def test_errors_never_repeat_what_was_sent():
    told = wrong(
        enco.read_notification,
        {"inboundSMSMessageNotification": {"inboundSMSMessage": inbound(messageId=[])}},
    )
    assert "32470000000" not in told
    assert "dikke" not in told
