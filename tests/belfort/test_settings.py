"""Settings as options, and variables nobody reads."""

from __future__ import annotations

import importlib
from dataclasses import fields
from inspect import signature

import pytest

from belfort.__main__ import COMMANDS, main
from belfort.connect import Where
from belfort.exits import Exit
from belfort.settings import OPTIONS, known_variables, unknown_variables
from service.config import NAMES as SERVICE_NAMES
from simulator.config import NAMES as SIMULATOR_NAMES


def variables_of_commands() -> set[str]:
    """The environment variable of each option of each command."""
    names = {field.name for field in fields(Where)}
    for command in COMMANDS:
        function = getattr(importlib.import_module(f"belfort.commands.{command}"), command)
        names |= {
            each.name for each in signature(function).parameters.values() if each.kind == each.KEYWORD_ONLY
        }
    names -= {"where"}
    return {f"BELFORT_{name.strip('_').upper()}" for name in names}


def test_every_option_of_every_command_has_a_variable_that_is_known():
    assert variables_of_commands() - known_variables() == set()


def test_no_variable_is_known_that_no_command_reads():
    assert OPTIONS - variables_of_commands() == set()


def test_the_two_programs_agree_on_the_settings_they_share():
    """One variable must not mean two things."""
    shared = {
        "BELFORT_HOST", "BELFORT_LOG_LEVEL", "BELFORT_BODY_DEADLINE",
        "BELFORT_GATEWAY_CLIENT_ID", "BELFORT_GATEWAY_CLIENT_SECRET", "BELFORT_CALLBACK_SECRET",
        "BELFORT_SHORT_NUMBER", "BELFORT_SMPP_PORT", "BELFORT_SMPP_SYSTEM_ID", "BELFORT_SMPP_PASSWORD",
        "BELFORT_VOICE_ACCOUNT_SID", "BELFORT_VOICE_AUTH_TOKEN",
    }  # fmt: skip
    assert shared.issuperset(SERVICE_NAMES & SIMULATOR_NAMES)


def test_a_typing_error_in_a_variable_is_refused_with_a_suggestion():
    (complaint,) = unknown_variables({"BELFORT_DATABSE": "x", "PATH": "y"})
    assert "Did you mean BELFORT_DATABASE?" in complaint


def test_an_unknown_variable_ends_any_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("BELFORT_PROFIL", "instant")
    assert main(["numbers"]) == Exit.USAGE
    assert "BELFORT_PROFILE" in capsys.readouterr().err


@pytest.mark.parametrize("program", ["service", "simulator", "up"])
def test_a_setting_that_cannot_be_used_is_a_usage_error_with_its_name(program, monkeypatch, capsys):
    monkeypatch.setenv("BELFORT_LOG_LEVEL", "loud")
    assert main([program]) == Exit.USAGE
    assert "BELFORT_LOG_LEVEL" in capsys.readouterr().err


def test_an_unknown_command_is_a_usage_error(capsys):
    assert main(["dmeo"]) == Exit.USAGE
    assert 'Did you mean "demo"' in capsys.readouterr().err


def test_a_harness_that_is_not_there_is_said_to_be_missing(capsys):
    assert main(["clock", "--control", "http://127.0.0.1:9"]) == Exit.ENVIRONMENT
    assert "belfort up" in capsys.readouterr().err
