"""A program of ours as a child: started, its line of addresses read, ended in order or killed.

Not a child of any event loop, since a harness may be lent to one scenario after another, each with its own.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from belfort.exits import Exit, Trouble

START_SECONDS = 60
STOP_SECONDS = 30
LAST_LINES = 8
PREFIX = "BELFORT_"


def clean_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any setting of ours but `settings`, by their names in lower case."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}


@dataclass(slots=True)
class Child:
    """A running `belfort …` and what it said of itself."""

    process: subprocess.Popen[bytes]
    card: dict[str, Any]

    @classmethod
    def start(
        cls, arguments: Sequence[str], settings: Mapping[str, str], log: Path, *, apart: bool = False
    ) -> Self:
        """Start it and wait until everything is open. `Trouble` with its last words if it ends instead. One
        that is `apart` does not get the signals of the terminal.
        """
        command = (sys.executable, "-I", "-m", "belfort", *arguments, "--json", "--tied")
        with log.open("ab") as errors:
            process = subprocess.Popen(  # noqa: S603  # our own program, by its full path
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env=clean_environment(settings), start_new_session=apart,
            )  # fmt: skip
        with ExitStack() as closing:
            closing.callback(cls(process, {}).stop)  # if somebody ends us while we wait
            line = _first_line(process)
            closing.pop_all()
        if line:
            return cls(process, json.loads(line))
        code = cls(process, {}).stop()
        words = "\n  ".join(_last_lines(log)) or "it said nothing"
        raise Trouble(
            f"belfort {' '.join(arguments)} ended with {code} before it was open:\n  {words}",
            Exit.USAGE if code == Exit.USAGE else Exit.ENVIRONMENT,
        )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code; one that does not end in time is killed."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """What it prints first; nothing if it ends, or does not print in time."""
    output, told = process.stdout, queue.SimpleQueue[bytes]()
    if output is None:
        return b""
    threading.Thread(target=lambda: told.put(output.readline()), daemon=True).start()
    try:
        return told.get(timeout=START_SECONDS)
    except queue.Empty:
        return b""


def _last_lines(log: Path) -> list[str]:
    try:
        return log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    except OSError:
        return []
