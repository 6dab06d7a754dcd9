import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire import enco

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "destinations", "binary", "clientCorrelator", "callbackData", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_message_or_is_malformed(body):
    try:
        outbound = enco.read_outbound(body)
    except enco.Malformed as error:
        assert error.where  # noqa: PT017
    else:
        assert outbound.text
        assert all(each.isprintable() for each in outbound.destinations)
        outbound.text.encode()


def test_a_tel_prefix_is_understood():
    assert enco.read_outbound(b'{"message": "x", "destinations": ["tel:+32470000001"]}').destinations == (
        "+32470000001",
    )


@given(st.text(), st.integers(0, 253_402_300_799_999))
def test_a_reply_keeps_its_text_whatever_it_is(text, at):
    reply = enco.Inbound("id/1", "+32470000001", "8937", text, at)
    shown = json.loads(enco.inbound_list("http://x/shared", [reply], 0))["inboundSMSMessageList"][
        "inboundSMSMessage"
    ][0]
    assert shown["message"] == text.encode("utf-8", "replace").decode()
    assert shown["resourceURL"] == "http://x/shared/id%2F1"


@pytest.mark.parametrize(
    ("at", "written"),
    [(0, "1970-01-01T00:00:00.000+00:00"), (1_800_000_000_007, "2027-01-15T08:00:00.007+00:00")],
)
def test_moments_are_written_in_utc_with_milliseconds(at, written):
    notice = json.loads(enco.reply_notice(enco.Inbound("i", "s", "t", "x", at), "http://x"))
    assert notice["inboundSMSMessageNotification"]["inboundSMSMessage"]["dateTime"] == written
