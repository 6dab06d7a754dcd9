"""Exit codes, by cause (spec harness.md "One command")."""

from __future__ import annotations

import errno
from enum import IntEnum


class Exit(IntEnum):
    """Why the process ended."""

    WELL = 0
    CHECK_FAILED = 1
    USAGE = 2
    INTERNAL = 3
    ENVIRONMENT = 4
    NOTHING_RAN = 5
    WRONG_ANSWER = 98
    THRESHOLD = 99
    INTERRUPTED = 130


class Trouble(Exception):
    """Something the person at the keyboard can mend. The message says what happened and what to do."""

    def __init__(self, message: str, code: Exit = Exit.ENVIRONMENT) -> None:
        super().__init__(message)
        self.code = code


def not_opened(error: OSError, command: str) -> Trouble:
    """What kept `belfort COMMAND` from opening its doors and files."""
    taken = error.errno == errno.EADDRINUSE
    return Trouble(f"{error}{f'. Another one running? Use: belfort {command} --port 0' if taken else ''}")
