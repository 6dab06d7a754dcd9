"""How long a program lives: until SIGTERM, Ctrl-C, or, when tied, until its standard input closes.

Signals are heard from the first moment on (`run`), so that whoever stops a program while it is starting
leaves nothing behind either. SIGTERM is how a program that stays is meant to end; Ctrl-C is an interruption.
"""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from belfort.exits import Exit, Trouble

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run one command's coroutine to its end. What it has opened is closed whatever ends it.

    SIGTERM is `Stopped`, Ctrl-C KeyboardInterrupt.
    """
    try:
        return asyncio.run(_until_terminated(work))
    except asyncio.CancelledError:
        raise Stopped from None


class Stopped(Trouble):
    """SIGTERM came before the work was done."""

    def __init__(self) -> None:
        super().__init__("stopped before it was done", Exit.INTERRUPTED)


async def _until_terminated(work: Coroutine[Any, Any, Result]) -> Result:
    mine = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, mine.cancel)
    return await mine


async def until_told(*, tied: bool = False) -> None:
    """Return on SIGTERM. With `tied` also when standard input closes: no orphan is left."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    if tied:
        _watch_input(loop, told)
    await told.wait()


@contextmanager
def read_by_somebody() -> Iterator[None]:
    """Raise BrokenPipeError inside as soon as nobody reads our output any more, even while there is none:
    `belfort tail | head -1` must end.
    """
    loop, task, output = asyncio.get_running_loop(), asyncio.current_task(), _pipe()
    gone = False

    def leave() -> None:
        nonlocal gone
        gone = True
        loop.remove_reader(output)
        if task is not None:
            task.cancel()

    if output >= 0:
        loop.add_reader(output, leave)  # the writing end turns readable when the reading one is closed
    try:
        yield
    except asyncio.CancelledError:
        if gone:
            raise BrokenPipeError from None
        raise
    finally:
        if output >= 0:
            loop.remove_reader(output)


def _pipe() -> int:
    """Standard output if it is a pipe; -1 for anything else, such as a terminal, which people type into."""
    try:
        output = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return -1
    return output if stat.S_ISFIFO(os.fstat(output).st_mode) else -1


def _watch_input(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    """What comes in is thrown away; its end is what counts. A file, or nothing at all, is at its end."""
    try:
        if sys.stdin is not None:
            loop.add_reader(sys.stdin.fileno(), _read_to_end, loop, told)
            return
    except PermissionError:  # epoll takes no regular files, and no /dev/null
        pass
    print("belfort: --tied, and standard input is closed already: ending", file=sys.stderr)
    told.set()


def _read_to_end(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 65_536):
        loop.remove_reader(sys.stdin.fileno())
        told.set()
