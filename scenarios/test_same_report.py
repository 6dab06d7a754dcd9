"""The same survey gives the same report, however the service speaks to the gateway."""

from __future__ import annotations

import pytest

from scenarios.programs import belfort

TOWN = ("demo", "--people", "72", "--seed", "11")
BY_SMS = ("--channel", "SMS")
"""Calls and mails are the same whatever the gateway for SMS, and take most of the time."""


def story(*options: str, **environment: str) -> str:
    done = belfort(*TOWN, *options, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def over_http() -> str:
    return story(*BY_SMS)


def test_the_same_survey_gives_the_same_report_over_enco_and_over_smpp() -> None:
    """Every figure, every funnel, every eliminated answer, word by word; the other channels beside it."""
    assert story("--gateway", "smpp") == story()


@pytest.mark.parametrize("receipts", ["hex", "padded", "text-only"])
def test_however_the_message_centre_spells_its_receipts(over_http: str, receipts: str) -> None:
    assert story(*BY_SMS, "--gateway", "smpp", BELFORT_SMPP_RECEIPTS=receipts) == over_http


@pytest.mark.parametrize("way", ["udh-16", "sar", "payload"])
def test_however_long_replies_come(over_http: str, way: str) -> None:
    assert (
        story(*BY_SMS, "--gateway", "smpp", BELFORT_SMPP_LONG_REPLIES=way, BELFORT_SMPP_SESSIONS="3")
        == over_http
    )
