"""Standard Webhooks: what proves that a call-back comes from the gateway."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.webhook import SignatureError, read_secrets, signature, verify

# The scheme's published example: https://docs.svix.com/receiving/verifying-payloads/how-manual
SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
BODY = b'{"event_type":"ping","data":{"success":true}}'
SENT = 1731705121
HEAD = {
    "webhook-id": "msg_loFOjxBNrRLzqYUf",
    "webhook-timestamp": str(SENT),
    "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
}
KEYS = read_secrets(SECRET)
OTHER = b"another key of 24 bytes!"


def reason(headers, body=BODY, keys=KEYS, wall=float(SENT)) -> str:
    with pytest.raises(SignatureError) as refused:
        verify(headers, body, keys, wall)
    return refused.value.reason


def test_the_published_example_holds():
    assert verify(HEAD, BODY, KEYS, SENT) == "msg_loFOjxBNrRLzqYUf"
    assert signature(KEYS[0], "msg_loFOjxBNrRLzqYUf", SENT, BODY) == HEAD["webhook-signature"]


def test_another_key_does_not_open_it():
    assert reason(HEAD, keys=(OTHER,)) == "wrong"
    assert reason(HEAD, keys=()) == "wrong"


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_changed_byte_of_the_body_is_seen(place, change):
    body = bytearray(BODY)
    body[place] ^= change
    assert reason(HEAD, bytes(body)) == "wrong"


def test_the_same_json_written_otherwise_is_another_body():
    assert reason(HEAD, BODY.replace(b":", b": ")) == "wrong"


def test_id_and_moment_are_signed_too():
    assert reason({**HEAD, "webhook-id": "msg_other"}) == "wrong"
    assert reason({**HEAD, "webhook-timestamp": str(SENT + 1)}) == "wrong"


@pytest.mark.parametrize("apart", [-300, -1, 0, 299.9, 300])
def test_five_minutes_either_way_are_allowed(apart):
    assert verify(HEAD, BODY, KEYS, SENT + apart)


@pytest.mark.parametrize("apart", [-301, 301, 300.1, 86400 * 365])
def test_a_second_more_is_too_much(apart):
    assert reason(HEAD, wall=SENT + apart) == "expired"


def test_two_keys_are_valid_during_a_rotation():
    second = "whsec_" + base64.b64encode(OTHER).decode()
    both = read_secrets(f"{second} {SECRET}")
    assert both == (OTHER, KEYS[0])
    assert verify(HEAD, BODY, both, SENT)


def test_the_sender_may_sign_with_two_keys():
    right = HEAD["webhook-signature"]
    given_twice = {**HEAD, "webhook-signature": f"v1a,xyz v1,AAAA {right}"}
    assert verify(given_twice, BODY, KEYS, SENT)


@pytest.mark.parametrize("missing", sorted(HEAD))
def test_without_any_of_the_three_headers_it_is_unsigned(missing):
    assert reason({name: value for name, value in HEAD.items() if name != missing}) == "unsigned"
    assert reason({**HEAD, missing: ""}) == "unsigned"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "-1731705121"},
        {"webhook-timestamp": "1731705121.5"},
        {"webhook-timestamp": "١٧٣١٧٠٥١٢١"},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-id": "a b"},
        {"webhook-id": "x" * 256},
        {"webhook-signature": "v1,AAAA " * 1000},
    ],
)
def test_headers_that_make_no_sense_are_refused(change):
    assert reason({**HEAD, **change}) == "unreadable"


@given(
    st.fixed_dictionaries({name: st.text() for name in HEAD}),
    st.binary(max_size=50),
    st.floats(allow_nan=False),
)
def test_no_headers_end_in_another_error(headers, body, wall):
    with pytest.raises(SignatureError):
        verify(headers, body, KEYS, wall)


@pytest.mark.parametrize("text", ["hunter2", "whsec_%%%", "whsec_AAAA", SECRET + " oops"])
def test_a_secret_in_another_form_is_a_clear_error_that_does_not_repeat_it(text):
    with pytest.raises(ValueError, match="call-back secret") as refused:
        read_secrets(text)
    assert text not in str(refused.value)
