"""Forms become orders, or the platform's error; nobody's form does anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.calls_dialect import RESTCOMM, TWILIO, Refused
from simulator.wire.calls_order import Change, Hook, MachineDetection, read_change, read_order

GOOD = {"To": ["+32470123456"], "From": ["+3228889999"], "Url": ["http://127.0.0.1:8032/voice?reference=r1"]}


def order(**more):
    return read_order(
        GOOD | {name: value if isinstance(value, list) else [value] for name, value in more.items()},
        "AC1",
        TWILIO,
    )


def test_an_order_has_the_platforms_defaults():
    read = order()
    assert (read.to, read.sender, read.document) == ("+32470123456", "+3228889999", Hook(GOOD["Url"][0]))
    assert (read.ring_seconds, read.time_limit, read.detection, read.status) == (60, 14_400, None, None)
    assert (read.reference, read.events) == ("r1", {"completed"})


def test_everything_that_can_be_said_is_read():
    read = order(
        Method="GET", FallbackUrl="http://127.0.0.1/f", FallbackMethod="get", StatusCallback="http://127.0.0.1/s",
        StatusCallbackEvent=["initiated", "answered", "whistled"], Timeout="25", TimeLimit="120",
        MachineDetection="DetectMessageEnd", MachineDetectionTimeout="10", AsyncAmd="true",
        AsyncAmdStatusCallback="http://127.0.0.1/amd", Record="true", CallReason="survey",
    )  # fmt: skip
    assert read.document.method == "GET"
    assert read.fallback == Hook("http://127.0.0.1/f", "GET")
    assert read.status == Hook("http://127.0.0.1/s")
    assert read.events == {"initiated", "answered"}
    assert (read.ring_seconds, read.time_limit) == (25, 120)
    assert read.detection == MachineDetection(
        "DetectMessageEnd", timeout=10.0, in_background=Hook("http://127.0.0.1/amd"), waits=False
    )


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": []}, 21201),
        ({"To": ["belfort"]}, 21211),
        ({"From": []}, 21213),
        ({"From": ["client:anna"]}, 21212),
        ({"Url": []}, 21205),
        ({"Url": ["ftp://127.0.0.1/x"]}, 21205),
        ({"Url": ["http:///x"]}, 21205),
        ({"Url": ["http://[::1/x"]}, 21205),
        ({"Url": ["http://127.0.0.1:99999/x"]}, 21205),
        ({"Url": ["http://127.0.0.1/a b"]}, 21205),
        ({"Url": ["http://127.0.0.1/\r\nX: y"]}, 21205),
        ({"Url": ["http://127.0.0.1/" + "x" * 4_000]}, 21205),
        ({"ApplicationSid": ["AP1"]}, 21218),
        ({"Method": ["PUT"]}, 20001),
        ({"Timeout": ["601"]}, 20001),
        ({"Timeout": ["ten"]}, 20001),
        ({"MachineDetection": ["Always"]}, 20001),
        ({"Twiml": ["x" * 4_001]}, 20001),
    ],
)
def test_what_is_wrong_is_said_with_the_platforms_number(form, code):
    with pytest.raises(Refused) as refused:
        read_order(GOOD | form, "AC1", TWILIO)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_document_that_comes_with_the_order_goes_before_its_address():
    read = order(Twiml="<Response/>")
    assert (read.document, read.twiml, read.reference) == (None, "<Response/>", None)


def test_the_other_dialect_rings_shorter_tells_everything_and_detects_nothing():
    read = read_order(
        GOOD | {"MachineDetection": ["Enable"], "StatusCallbackEvent": ["completed"]}, "AC1", RESTCOMM
    )
    assert (read.ring_seconds, read.detection) == (30, None)
    assert read.events == {"initiated", "ringing", "answered", "completed"}


def test_a_change_is_a_status_or_a_document():
    assert read_change({"Status": ["completed"]}) == Change("completed")
    assert read_change({"Url": ["http://127.0.0.1/x"], "Method": ["GET"]}) == Change(
        document=Hook("http://127.0.0.1/x", "GET")
    )
    for wrong in ({}, {"Status": ["busy"]}, {"Url": ["nowhere"]}):
        with pytest.raises(Refused):
            read_change(wrong)


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "Timeout", "Method", "StatusCallback", "Twiml"]),
        st.lists(st.text(max_size=20), max_size=2),
    )
)
def test_any_form_is_an_order_or_refused(form):
    with suppress(Refused):
        read_order(form, "AC1", TWILIO)
