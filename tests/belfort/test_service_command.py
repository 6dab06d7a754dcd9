"""`belfort service` where it cannot start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from belfort.__main__ import main
from belfort.exits import Exit
from service.store.claim import claimed


def test_a_database_that_cannot_be_had_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir or Madam, " * 100)
    assert main(["service", "--port", "0", "--database", str(other)]) == Exit.ENVIRONMENT
    assert "not a database" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["service", "--port", port, "--database", str(tmp_path / "x.db")]) == Exit.ENVIRONMENT
    assert "address already in use" in capsys.readouterr().err


def test_a_client_with_another_secret_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def told_at_once(*, tied: bool) -> None:
        assert not tied

    monkeypatch.setattr("belfort.commands.service.until_told", told_at_once)
    start = ["service", "--port", "0", "--database", str(tmp_path / "x.db"), "--client-id", "a"]
    assert main([*start, "--client-secret", "first"]) == Exit.WELL
    assert main([*start, "--client-secret", "second"]) == Exit.ENVIRONMENT
    assert "another secret" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["service", "up"])
def test_a_database_in_use_is_told_in_a_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with claimed(tmp_path / "belfort.sqlite3"):
        where = {
            "service": ["--database", str(tmp_path / "belfort.sqlite3")],
            "up": ["--data", str(tmp_path)],
        }
        assert main([command, "--port", "0", *where[command]]) == Exit.ENVIRONMENT
    assert "another process uses this database" in capsys.readouterr().err
