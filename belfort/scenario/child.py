"""A program of ours as a child: started, its line of addresses read, ended in order or killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from belfort.exits import Exit, Trouble

START_SECONDS = 60
STOP_SECONDS = 30
LAST_LINES = 8
LONGEST_LINE = 1 << 20
PREFIX = "BELFORT_"


def clean_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any setting of ours but `settings`, by their names in lower case."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}


@dataclass(slots=True)
class Child:
    """A running `belfort …` and what it said of itself."""

    process: Process
    card: dict[str, Any]

    @classmethod
    async def start(cls, arguments: Sequence[str], settings: Mapping[str, str], log: Path) -> Self:
        """Start it and wait until everything is open. `Trouble` with its last words if it ends instead."""
        command = (sys.executable, "-I", "-m", "belfort", *arguments, "--json", "--tied")
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=errors, limit=LONGEST_LINE,
                env=clean_environment(settings),
            )  # fmt: skip
        assert process.stdout is not None  # noqa: S101  # asked for above
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await process.stdout.readline()
        except TimeoutError:
            line = b""
        if not line:
            code = await cls(process, {}).stop()
            words = "\n  ".join(_last_lines(log)) or "it said nothing"
            raise Trouble(
                f"belfort {' '.join(arguments)} ended with {code} before it was open:\n  {words}",
                Exit.USAGE if code == Exit.USAGE else Exit.ENVIRONMENT,
            )
        return cls(process, json.loads(line))

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code; one that does not end in time is killed."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                code = await self.process.wait()
        except TimeoutError:
            self.process.kill()
            code = await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        return code


def _last_lines(log: Path) -> list[str]:
    try:
        return log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    except OSError:
        return []
