"""How long a program in the foreground lives: until SIGTERM, SIGINT, or, when tied, until its standard
input closes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys


async def until_told(*, tied: bool = False) -> None:
    """Return when the process is asked to end. With `tied` also when standard input closes: no orphan is
    left.
    """
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told.set)
    if tied:
        loop.add_reader(sys.stdin.fileno(), _read_to_end, loop, told)
    await told.wait()


def _read_to_end(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    """What comes in is thrown away; its end is what counts."""
    if not os.read(sys.stdin.fileno(), 65_536):
        loop.remove_reader(sys.stdin.fileno())
        told.set()
