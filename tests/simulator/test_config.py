"""Settings are read from the environment, with an error that tells how to mend them."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.config import NAMES, Settings, SettingsError, duration, is_loopback

EVERYWHERE = "0.0.0.0"  # noqa: S104  # what it takes to listen there is tested


def test_without_variables_the_defaults_hold():
    assert Settings() == Settings.read({"PATH": "/bin", "BELFORT_DATABASE": "of somebody else"})


def test_every_field_has_a_variable_of_its_name():
    assert {"BELFORT_" + field.name.upper() for field in dataclasses.fields(Settings)} == NAMES


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("BELFORT_CONTROL_PORT", "0", "control_port", 0),
        ("BELFORT_SEED", "42", "seed", 42),
        ("BELFORT_IDLE_DEADLINE", "250ms", "idle_deadline", 0.25),
        ("BELFORT_CLOCK", "auto", "clock", "auto"),
        ("BELFORT_CLOCK_RATE", "3600", "clock_rate", 3600.0),
        ("BELFORT_HOST_NAMES", "Belfort.test:80, other", "host_names", ("belfort.test:80", "other")),
        ("BELFORT_JOURNAL", "", "journal", None),
        ("BELFORT_GATEWAY_ACCOUNTS", "a:x:y, b:z", "gateway_accounts", (("a", "x:y"), ("b", "z"))),
        ("BELFORT_GATEWAY_ACCOUNTS", "", "gateway_accounts", ()),
        ("BELFORT_DEDICATED_NUMBERS", "8640, 8641", "dedicated_numbers", ("8640", "8641")),
        ("BELFORT_CALLBACK_SECRET", "whsec_" + "A" * 32, "callback_secret", "whsec_" + "A" * 32),
    ],
)
def test_a_variable_becomes_a_typed_value(name, value, field, expected):
    assert getattr(Settings.read({name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("BELFORT_CONTROL_PORT", "80x", "from 0 to 65535"),
        ("BELFORT_GATEWAY_PORT", "65536", "from 0 to 65535"),
        ("BELFORT_SEED", "-1", "from 0"),
        ("BELFORT_SEED", "٣", "from 0"),
        ("BELFORT_CLOCK", "fast", "real, scaled, frozen, auto"),
        ("BELFORT_CLOCK_RATE", "nan", "a number from 0.001"),
        ("BELFORT_THROUGHPUT", "1e9", "a number from 0 to"),
        ("BELFORT_BODY_DEADLINE", "0s", "above zero"),
        ("BELFORT_BODY_DEADLINE", "soon", "30s"),
        ("BELFORT_SHORT_NUMBER", "+8937", "3 to 8 digits"),
        ("BELFORT_GATEWAY_ACCOUNTS", "a", "client_id:secret"),
        ("BELFORT_DEDICATED_NUMBERS", "x", "3 to 8 digits"),
        ("BELFORT_CALLBACK_URL", "ftp://x", "http"),
        ("BELFORT_CALLBACK_URL", "http://me@x/", "without user name"),
        ("BELFORT_HOST_NAMES", "a/b", "host names"),
        ("BELFORT_PROFILE", "a\nb", "printable"),
        ("BELFORT_MAX_WAITS", "0", "from 1"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name, value, allowed):
    with pytest.raises(SettingsError) as caught:
        Settings.read({name: value})
    assert name in str(caught.value)
    assert allowed in str(caught.value)


def test_the_number_that_all_accounts_share_is_nobodys():
    assert Settings(short_number="8938").dedicated == {}
    assert Settings(gateway_client_id="me").dedicated == {"8938": "me"}


def test_a_client_that_takes_the_name_of_a_further_one_takes_its_place():
    assert Settings(gateway_client_id="belfort-two", gateway_client_secret="x").gateway_clients == {
        "belfort-two": "x"
    }


def test_a_secret_is_never_repeated_in_an_error_nor_in_the_repr():
    with pytest.raises(SettingsError) as caught:
        Settings.read({"BELFORT_CALLBACK_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Settings(control_token="hunter2", gateway_client_secret="hunter2"))


def test_listening_beyond_loopback_needs_a_token():
    with pytest.raises(SettingsError, match="BELFORT_CONTROL_TOKEN"):
        Settings.read({"BELFORT_HOST": EVERYWHERE})
    assert Settings.read({"BELFORT_HOST": EVERYWHERE, "BELFORT_CONTROL_TOKEN": "t"}).host == EVERYWHERE


def test_pushing_needs_a_secret_to_sign_with():
    with pytest.raises(SettingsError, match="BELFORT_CALLBACK_SECRET"):
        Settings(callback_url="http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5),
        ("1.5", 1.5),
        ("250ms", 0.25),
        ("30s", 30),
        ("5 m", 300),
        ("2h", 7200),
        ("3d", 259_200),
        ("1w", 604_800),
    ],
)
def test_durations_are_seconds_or_a_number_with_a_unit(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1", "1e3", "inf", "1y", "5 minutes", "٣s", "999999w", "1" * 16])
def test_other_texts_are_no_durations(text):
    with pytest.raises(ValueError, match=r"allowed|at most"):
        duration(text)


@given(st.text(max_size=30))
def test_no_text_makes_the_reading_of_a_duration_fail_otherwise(text):
    with contextlib.suppress(ValueError):
        assert 0 <= duration(text) < 4e9


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        (EVERYWHERE, False),
        ("::", False),
        ("example.test", False),
        ("127.0.0.1.example.test", False),
    ],
)
def test_loopback_is_told_from_the_rest(host, expected):
    assert is_loopback(host) is expected
