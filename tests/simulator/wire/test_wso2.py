"""Tokens and errors of the platform below the SMS API."""

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from simulator.wire import wso2
from simulator.wire.enco import Malformed


@given(
    st.text(max_size=60),
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
    st.binary(max_size=200),
)
def test_any_token_request_is_read_or_is_malformed(authorization, query, body):
    try:
        wso2.read_token_request(authorization, query, body)
    except Malformed as error:
        assert error.where == "Authorization"  # noqa: PT017


def test_basic_credentials_count_before_others():
    basic = "basic " + base64.b64encode(b"me:se:cret").decode() + "\n"
    asked = wso2.read_token_request(
        basic, {"client_id": "you", "grant_type": "x"}, b"grant_type=client_credentials"
    )
    assert (asked.client_id, asked.client_secret, asked.grant_type) == ("me", "se:cret", "client_credentials")
    assert "cret" not in repr(asked)


def test_the_newer_form_of_a_fault_is_bare_with_a_string_for_a_code():
    body = wso2.fault(wso2.INVALID_CREDENTIALS, "d", bare=True)
    assert json.loads(body) == {"code": "900901", "message": "Invalid Credentials", "description": "d"}


def test_an_unknown_context_has_a_status_report():
    fault = json.loads(wso2.fault(wso2.NOT_FOUND, "d"))["fault"]
    assert (fault["code"], fault["type"]) == (404, "Status report")
