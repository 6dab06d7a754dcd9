"""Every cause has its exit code, and no traceback is shown for what its reader can mend."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from belfort.__main__ import main
from belfort.client import Answered
from belfort.exits import Exit
from tests.belfort.child import belfort


@pytest.mark.parametrize(
    "url", ["nonsense", "http://[::1", "http://127.0.0.1:port", "ftp://x", "http://", ""]
)
def test_what_is_no_address_is_a_usage_error(url, capsys):
    assert main(["clock", "--control", url]) == Exit.USAGE
    assert "is no address to call" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["demo"], ["up", "--port", "0"], ["simulator", "--control-port", "0", "--gateway-port", "0"]]
)
def test_a_profile_that_does_not_exist_is_a_usage_error(command, capsys):
    assert main([*command, "--profile", "nosuch"]) == Exit.USAGE
    assert "allowed: everyday" in capsys.readouterr().err


@pytest.mark.parametrize("body", ["[1]", "7", '"latency"', "{"])
def test_a_fault_that_is_no_object_is_a_usage_error(body, capsys):
    assert main(["fault", "--body", body]) == Exit.USAGE
    assert "--body" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--people", "-1"], ["--days", "0"], ["--people", "100001"], ["--days", "10001"]]
)
def test_a_demo_of_an_impossible_size_is_a_usage_error(options, capsys):
    assert main(["demo", *options]) == Exit.USAGE
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, Exit.USAGE), (404, Exit.USAGE), (408, Exit.CHECK_FAILED), (409, Exit.CHECK_FAILED),
     (503, Exit.ENVIRONMENT)],
)  # fmt: skip
def test_what_was_answered_decides_the_code(status, code):
    assert Answered("GET /x", status, {}).code == code


def test_a_mistake_of_ours_is_told_apart_from_a_failed_check(monkeypatch, capsys):
    def broken(environ):
        raise ZeroDivisionError

    monkeypatch.setattr("belfort.settings.unknown_variables", broken)
    assert main(["numbers"]) == Exit.INTERNAL
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_retry_after_that_is_a_date_does_not_disturb():
    from belfort.client import seconds_to_wait

    said = ("Wed, 21 Oct 2026 07:28:00 GMT", "7", "")
    assert tuple(map(seconds_to_wait, said)) == (1.0, 7.0, 1.0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_the_environments_trouble():
    with Path("/dev/full").open("w") as full, belfort("numbers", "--json", stdout=full) as child:
        assert child.wait(timeout=20) == Exit.ENVIRONMENT
        assert "No space left" in child.stderr.read()


def test_a_folder_that_cannot_be_made_is_not_taken_for_a_port(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["up", "--port", "0", "--data", str(tmp_path / "file" / "below")]) == Exit.ENVIRONMENT
    assert "Another one running" not in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--port", "99999"], ["--bug", "nosuch"]])
def test_what_was_asked_is_judged_before_any_door_is_opened(wrong, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["up", "--control-port", str(taken.getsockname()[1]), *wrong]) == Exit.USAGE
    assert wrong[1] in capsys.readouterr().err
