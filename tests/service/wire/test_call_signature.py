"""Our reading of the signature against the official SDK's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from service.wire.call_signature import holds, signature

TOKEN = "12345"
URL = "https://mycompany.example/myapp.php?foo=1&bar=2"
PARAMETERS = [("CallSid", "CA1"), ("Digits", "10"), ("To", "+32472306705"), ("Caller", "+3222222222")]

texts = st.text(st.characters(codec="utf-8"), max_size=12)
urls = st.sampled_from(
    [URL, "http://127.0.0.1:8032/a/b?reference=0197", "https://x.example:8443/y", "http://[::1]:80/z"]
)


@given(urls, st.dictionaries(texts, texts, max_size=8), texts)
def test_it_is_the_sdks_signature(url, parameters, token):
    theirs = RequestValidator(token).compute_signature(url, parameters)
    assert signature(token, url, list(parameters.items())) == theirs


@given(st.dictionaries(texts, texts, max_size=8), st.booleans())
def test_what_the_sdk_signs_holds_and_what_we_sign_the_sdk_takes(parameters, port):
    url = "https://survey.example" + (":8443" if port else "") + "/gateways/voice?reference=1"
    validator = RequestValidator(TOKEN)
    assert holds(validator.compute_signature(url, parameters), TOKEN, url, list(parameters.items()))
    assert validator.validate(url, parameters, signature(TOKEN, url, list(parameters.items())))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://x.example/a", "https://x.example:443/a"),
        ("https://x.example:8443/a", "https://x.example/a"),
        ("http://x.example/a", "http://x.example:80/a"),
    ],
)
def test_a_port_more_or_less_is_forgiven(ours, theirs):
    assert holds(signature(TOKEN, theirs, PARAMETERS), TOKEN, ours, PARAMETERS)


def test_a_name_with_several_values_is_signed_once_for_each():
    """As the SDK does with a multi-value dictionary."""

    class Multi(dict):
        def getall(self, name):
            return {"a": ["2", "1", "2"], "b": ["3"]}[name]

    theirs = RequestValidator(TOKEN).compute_signature(URL, Multi(a=None, b=None))
    assert signature(TOKEN, URL, [("a", "2"), ("b", "3"), ("a", "1"), ("a", "2")]) == theirs


@pytest.mark.parametrize(
    ("token", "url", "parameters"),
    [
        ("12346", URL, PARAMETERS),
        (TOKEN, URL + "3", PARAMETERS),
        (TOKEN, URL.replace("https", "http"), PARAMETERS),
        (TOKEN, URL.replace("mycompany", "yours"), PARAMETERS),
        (TOKEN, URL, [*PARAMETERS[:1], ("Digits", "9"), *PARAMETERS[2:]]),
        (TOKEN, URL, PARAMETERS[1:]),
        (TOKEN, URL, [*PARAMETERS, ("X", "")]),
    ],
)
def test_whatever_else_was_signed_does_not_hold(token, url, parameters):
    assert not holds(signature(token, url, parameters), TOKEN, URL, PARAMETERS)


@pytest.mark.parametrize("given", ["", "x", "\udcff", "é" * 30, "A" * 100_000])
def test_what_is_no_signature_does_not_hold(given):
    assert not holds(given, TOKEN, URL, PARAMETERS)
