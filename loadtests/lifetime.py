"""How long a process of Locust lives: with `BELFORT_TIED`, never longer than whoever started it.

The starter holds the other end of standard input and writes nothing; once it is gone, however it was ended,
the pipe can be read. Each process looks for itself, since those that Locust forks have their own end to come.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import gevent
from gevent.socket import wait_read
from verdict import INTERRUPTED

TIED = bool(os.environ.get("BELFORT_TIED"))


def end_with_starter(**_: Any) -> None:
    """A listener to Locust's beginning."""
    if TIED:
        gevent.spawn(_end)


def _end() -> None:
    wait_read(sys.stdin.fileno())
    os._exit(INTERRUPTED)  # nobody is left who would hear a verdict
