"""Starting the programs as children and talking to them: JSON over HTTP with the standard library,
nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

START_SECONDS = 30
STOP_SECONDS = 20


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of ours, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELFORT_")}
    return {**kept, "NO_COLOR": "1", "BELFORT_LOG_LEVEL": "error", **more}


@dataclass(slots=True)
class Program:
    """A running child and the line of addresses it printed."""

    process: subprocess.Popen[str]
    card: dict[str, Any]

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)
        self._close_pipes()

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        self._close_pipes()
        return code

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def start(*arguments: str, environment: Mapping[str, str] | None = None) -> Program:
    """Start `belfort …` and wait for its line of JSON."""
    process = subprocess.Popen(
        [sys.executable, "-m", "belfort", *arguments],
        env=clean_environment(**(environment or {})),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(
            f"belfort {' '.join(arguments)} ended with {process.wait(START_SECONDS)} before it was open"
        )
    return Program(process, json.loads(line))


@contextmanager
def running(*arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    """A program for the length of a block."""
    program = start(*arguments, environment=environment)
    try:
        yield program
    finally:
        program.stop()


def belfort(
    *arguments: str, environment: Mapping[str, str] | None = None, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "belfort", *arguments],
        env=clean_environment(**(environment or {})),
        input=text,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


def call(
    method: str,
    url: str,
    body: Any = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One call; a refusal is an answer too. `OSError` if the connection broke."""
    request = urllib.request.Request(url, method=method, headers=dict(headers or {}))
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, _decoded(answer.read()), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _decoded(error.read()), dict(error.headers))


def json_lines(answer: Answer) -> list[dict[str, Any]]:
    """JSON Lines; a single one, or none, has been decoded already."""
    if not isinstance(answer.body, str):
        return [] if answer.body is None else [answer.body]
    return [json.loads(line) for line in answer.body.splitlines()]


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
