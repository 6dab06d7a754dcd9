"""The call dialect's forms and JSON, as the official SDK writes and reads them, and as nobody should."""

from __future__ import annotations

import contextlib
import json
from inspect import signature
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.rest.api.v2010.account.call import CallInstance, CallList

from service.wire import calls
from service.wire.calls import AnsweredBy, Call, Order, Status
from service.wire.json_members import ProtocolError

ORDER = Order(
    to="+32472306705",
    caller="+3222222222",
    question_url="http://127.0.0.1:8032/gateways/voice/tok/question?reference=r&x=é",
    status_url="http://127.0.0.1:8032/gateways/voice/tok/status?reference=r",
    ring_time=25,
    detect_machines=True,
)


def form(order: Order) -> dict[str, list[str]]:
    return parse_qs(calls.creation(order).decode(), strict_parsing=True)


def told(**parameters: str) -> calls.Told:
    return calls.read_told(urlencode({"CallSid": "CA1"} | parameters).encode())


def test_an_order_survives_the_form():
    read = form(ORDER)
    assert read["To"] == ["+32472306705"]
    assert read["Url"] == read["FallbackUrl"] == [ORDER.question_url]
    assert read["StatusCallback"] == [ORDER.status_url]
    assert (read["Timeout"], read["MachineDetection"]) == (["25"], ["Enable"])


def test_detection_is_ordered_only_where_it_is_wanted():
    read = form(Order("+32472306705", "+3222222222", "u", "s", 25, False))
    assert "MachineDetection" not in read


def test_every_parameter_is_one_that_the_official_sdk_can_send():
    known = signature(CallList.create).parameters
    spelled = {"".join(word.capitalize() for word in name.strip("_").split("_")) for name in known}
    assert set(form(ORDER)) <= spelled


def test_a_call_is_read_as_the_sdk_reads_it():
    body = {"sid": "CA1", "status": "no-answer", "answered_by": None, "from": "+3222222222", "price": "-0.01"}
    theirs = CallInstance(None, body, account_sid="AC1")
    ours = calls.read_call(json.dumps(body).encode())
    assert ours == Call("CA1", Status.NO_ANSWER, AnsweredBy.UNSURE)
    assert (ours.sid, ours.status.value) == (theirs.sid, theirs.status)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("completed", Status.COMPLETED), ("busy", Status.BUSY), ("no-answer", Status.NO_ANSWER),
        ("failed", Status.FAILED), ("canceled", Status.CANCELED), ("in-progress", Status.IN_PROGRESS),
        ("NO_ANSWER", Status.NO_ANSWER), ("BUSY", Status.BUSY), ("cancelled", Status.CANCELED),
        ("ringing", Status.RINGING), ("queued", Status.QUEUED), ("initiated", Status.INITIATED),
        ("", Status.UNKNOWN), ("on-hold", Status.UNKNOWN), (None, Status.UNKNOWN), (7, Status.UNKNOWN),
        ("x" * 10_000, Status.UNKNOWN),
    ],
)  # fmt: skip
def test_statuses_are_read_in_every_spelling_of_the_family(word, status):
    assert calls.read_call(json.dumps({"sid": "CA1", "status": word}).encode()).status is status


@pytest.mark.parametrize(
    ("word", "who"),
    [
        ("human", AnsweredBy.HUMAN), ("machine_start", AnsweredBy.MACHINE), ("fax", AnsweredBy.MACHINE),
        ("machine_end_beep", AnsweredBy.MACHINE), ("machine", AnsweredBy.MACHINE),
        ("unknown", AnsweredBy.UNSURE), ("", AnsweredBy.UNSURE), ("null", AnsweredBy.UNSURE),
    ],
)  # fmt: skip
def test_who_answered_is_a_person_a_machine_or_not_known(word, who):
    assert told(AnsweredBy=word).answered_by is who
    body = json.dumps({"sid": "CA1", "answered_by": word}).encode()
    assert calls.read_call(body).answered_by is who


def test_what_is_told_is_read_whole_and_kept_for_the_signature():
    heard = told(CallStatus="in-progress", Digits="1*", Caller="+32472306705", Empty="")
    assert (heard.sid, heard.status, heard.digits) == ("CA1", Status.IN_PROGRESS, "1*")
    assert ("Empty", "") in heard.parameters
    assert "472306705" not in repr(heard)
    assert "1*" not in repr(heard)


def test_of_a_name_twice_the_first_counts():
    assert calls.read_told(b"CallSid=CA1&Digits=9&Digits=3").digits == "9"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"Digits=9", b"CallSid=", b"CallSid=%00", b"CallSid=CA1&Digits=%0A", b"CallSid=" + b"C" * 65,
        b"CallSid=%ff", b"\xff", b"CallSid=CA1&" + b"a=b&" * 300, b"CallSid=CA1&Digits=" + b"1" * 129,
    ],
)  # fmt: skip
def test_what_is_no_call_back_is_refused(body):
    with pytest.raises(ProtocolError) as raised:
        calls.read_told(body)
    assert "CA1" not in str(raised.value)


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: urlencode({"CallSid": text}).encode()))
def test_no_bytes_raise_anything_else(body):
    for read in (calls.read_told, calls.read_call, calls.read_error):
        with contextlib.suppress(ProtocolError):
            read(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"code": 21211, "message": "x", "status": 400}', 21211),
        (b'{"code": "21211"}', 0), (b"{}", 0), (b'{"code": true}', 0), (b'{"code": -1}', 0),
    ],
)  # fmt: skip
def test_the_number_of_an_error(body, code):
    assert calls.read_error(body) == code


def test_accounts_and_calls_cannot_leave_their_place_in_the_path():
    twilio, restcomm = calls.DIALECTS["twilio"], calls.DIALECTS["restcomm"]
    assert calls.call_path(twilio, "AC/..", "CA?x") == "/2010-04-01/Accounts/AC%2F../Calls/CA%3Fx.json"
    assert calls.calls_path(restcomm, "AC1") == "/restcomm/2012-04-24/Accounts/AC1/Calls.json"


def test_we_are_known_by_account_and_token():
    assert calls.authorisation("AC1", "secret") == {"Authorization": "Basic QUMxOnNlY3JldA=="}
