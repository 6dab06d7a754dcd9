"""Running scenarios as users do: the command, and pytest, as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAD = """\
belfort: 1
story: Told by a test.
people:
  Lies: +32 450 00 09 LL
  Tom: +32 450 00 07 LL
steps:
  - create_survey: waffles
    ask: {nl-BE: "0-10?"}
  - send: waffles
    to: everyone
    segments: [gold]
  - advance: 1d
"""
WELL = HEAD + "  - report: waffles\n    is: {promoters: 1, passives: 1, score: 50}\n"
FAILING = HEAD + "  - report: waffles\n    is: {promoters: 2}\n  - advance: 1d\n"


def belfort(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return _run("belfort", "run", *arguments, cwd=cwd, environment=environment)


def pytest_(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A user's pytest, in a folder that has nothing of ours."""
    return _run("pytest", "-p", "no:cacheprovider", *arguments, cwd=cwd, environment=environment)


def _run(*command: str, cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=_clean(cwd) | environment, capture_output=True,
        text=True, timeout=110, check=False,
    )  # fmt: skip


def started(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    """The command while it runs."""
    command = [sys.executable, "-m", "belfort", "run", *arguments]
    return subprocess.Popen(
        command, cwd=cwd, env=_clean(cwd), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _clean(home: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200"}


def told(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr
