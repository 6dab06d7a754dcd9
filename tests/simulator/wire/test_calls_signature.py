"""Signatures are what Twilio's own validator takes."""

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from simulator.wire.calls_signature import signature

TOKEN = "belfort-voice-token"
NAMES = st.text("ABCabc", min_size=1, max_size=6)


@given(
    st.dictionaries(NAMES, st.text(st.characters(codec="utf-8"), max_size=20), max_size=6),
    st.text("ab=&%2F", min_size=1, max_size=12),
)
def test_the_validator_of_the_sdk_accepts_them(posted, query):
    url = f"http://127.0.0.1:8032/voice/status?{query}"
    assert RequestValidator(TOKEN).validate(url, posted, signature(TOKEN, url, posted))


def test_another_token_another_address_or_another_value_is_another_signature():
    url, posted = "http://127.0.0.1:8032/x", {"Digits": "9"}
    right = signature(TOKEN, url, posted)
    assert RequestValidator("other").validate(url, posted, right) is False
    assert RequestValidator(TOKEN).validate(url + "?a", posted, right) is False
    assert RequestValidator(TOKEN).validate(url, {"Digits": "8"}, right) is False
