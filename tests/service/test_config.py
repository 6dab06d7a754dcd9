"""Settings: what is taken, and what a wrong one is told."""

from __future__ import annotations

import base64
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config import NAMES, Settings, SettingsError
from service.values import duration

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


def test_an_empty_environment_gives_the_defaults():
    assert Settings.read({}) == Settings()
    assert (Settings().host, Settings().port) == ("127.0.0.1", 8032)


def test_every_setting_has_a_variable_of_its_name():
    assert {f"BELFORT_{name.upper()}" for name in Settings.__slots__} == NAMES


def test_a_mail_address_and_a_domain_are_kept_in_small_letters():
    read = Settings.read(
        {"BELFORT_MAIL_FROM": "Survey@EXAMPLE.be", "BELFORT_MAIL_DOMAIN": "Panel.Example.be"}
    )
    assert (read.mail_from, read.mail_domain) == ("Survey@example.be", "panel.example.be")


def test_what_is_not_ours_is_left_alone():
    assert Settings.read({"BELFORT_CONTROL_PORT": "x", "PATH": "/bin", "BELFORT_PORT": "9000"}).port == 9000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("1.5", 1.5),
        ("250ms", 0.25),
        ("30s", 30),
        ("5m", 300),
        ("2h", 7200),
        ("3d", 259_200),
        (" 2 H ", 7200),
    ],
)
def test_durations_are_seconds_or_carry_a_unit(text, seconds):
    assert duration(text) == seconds
    assert Settings.read({"BELFORT_RESPONSE_WINDOW": text}).response_window == seconds


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("PORT", "http", "a whole number"),
        ("MAIL_FROM", "survey", "a mail address like"),
        ("MAIL_FROM", "a@b.be\r\nBcc: x@y.be", "a mail address like"),
        ("MAIL_DOMAIN", "localhost", "a domain name like"),
        ("MAIL_FROM_NAME", "X\r\nBcc: x@y.be", "text without control characters"),
        ("MAIL_TLS", "yes", "off, on, verify"),
        ("MAIL_IN_SIZE", "10", "from 1024"),
        ("PORT", "70000", "from 0 to 65535"),
        ("PORT", "-1", "a whole number"),
        ("CONTACT_INTERVAL", "tomorrow", "250ms, 30s, 5m, 2h, 3d"),
        ("CONTACT_INTERVAL", "-5", "a duration"),
        ("RESPONSE_WINDOW", "0", "seconds"),
        ("GATEWAY_MODE", "pull", "push, poll, both"),
        ("GATEWAY_URL", "ftp://example.be", "an address like"),
        ("GATEWAY_URL", "http://[::1", "an address like"),
        ("GATEWAY_URL", "http://x:99999/", "an address like"),
        ("GATEWAY_RATE", "nan", "a number"),
        ("SEND_BURST", "999", "from 1000"),
        ("LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("MASTER_KEY", "c2hvcnQ=", "base64 of 32 bytes"),
        ("CALLBACK_SECRET", "whsec_c2hvcnQ=", "whsec_"),
        ("HOST", "a\nb", "control characters"),
        ("VOICE_CALLER", "02 222 22 22", "+3222222222"),
        ("VOICE_MACHINES", "on", "detect, ignore"),
        ("VOICE_SECOND_CHANCES", "6", "from 0 to 5"),
        ("DATABASE", "", "text"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name, text, told):
    with pytest.raises(SettingsError) as raised:
        Settings.read({f"BELFORT_{name}": text})
    assert f"BELFORT_{name}" in str(raised.value)
    assert told in str(raised.value)


def test_every_wrong_value_is_named_at_once_and_no_secret_is_shown():
    with pytest.raises(SettingsError) as raised:
        Settings.read({"BELFORT_PORT": "x", "BELFORT_MASTER_KEY": "hunter2", "BELFORT_LOG_LEVEL": "y"})
    told = str(raised.value)
    assert all(name in told for name in ("BELFORT_PORT", "BELFORT_MASTER_KEY", "BELFORT_LOG_LEVEL"))
    assert "hunter2" not in told
    assert "y" in told


def test_push_needs_a_secret_to_check_signatures_with():
    with pytest.raises(SettingsError, match="BELFORT_CALLBACK_SECRET"):
        Settings.read({"BELFORT_GATEWAY_MODE": "push"})
    assert (
        Settings.read({"BELFORT_GATEWAY_MODE": "push", "BELFORT_CALLBACK_SECRET": SECRET}).gateway_mode
        == "push"
    )


def test_a_telephone_exchange_needs_to_know_us():
    with pytest.raises(SettingsError) as raised:
        Settings.read({"BELFORT_VOICE_URL": "http://127.0.0.1:8034", "BELFORT_VOICE_CALLER": "+3222222222"})
    assert "BELFORT_VOICE_ACCOUNT_SID must be set" in str(raised.value)
    assert "BELFORT_VOICE_AUTH_TOKEN must be set" in str(raised.value)
    assert "CALLER" not in str(raised.value)


def test_an_address_loses_its_last_slash():
    assert (
        Settings.read({"BELFORT_GATEWAY_URL": "https://gw.example.be/a/"}).gateway_url
        == "https://gw.example.be/a"
    )


def test_an_address_that_may_be_left_out_is_read_like_any_other():
    assert (Settings.read({"BELFORT_PUBLIC_URL": " "}).public_url, Settings().public_url) == ("", "")
    assert Settings.read({"BELFORT_PUBLIC_URL": "https://survey.example.be/"}).public_url.endswith(".be")
    with pytest.raises(SettingsError, match="BELFORT_PUBLIC_URL"):
        Settings.read({"BELFORT_PUBLIC_URL": "survey.example.be"})


def test_settings_do_not_change_and_show_no_secret():
    settings = Settings(gateway_client_secret="hunter2", callback_secret=SECRET)
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    assert "hunter2" not in repr(settings)
    assert SECRET not in repr(settings)


@given(st.sampled_from(sorted(NAMES)), st.text(max_size=30))
def test_no_value_raises_anything_else(name, text):
    complaint = complaint_about({name: text})
    assert complaint is None or name in complaint


def complaint_about(environ: dict[str, str]) -> str | None:
    try:
        Settings.read(environ)
    except SettingsError as error:
        return str(error)
    return None
