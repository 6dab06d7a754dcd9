"""Locust as a child: started, told to end, and never left behind with its workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from belfort.exits import Exit
from belfort.lifetime import Stopped
from belfort.scenario.child import clean_environment

Handler = Callable[[int, FrameType | None], None]

ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""Who sends them wants all of it to end; a terminal that is closed sends the second."""
START = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); from locust.main import main; main()"
"""An end before it listens is no traceback; once it does, it is told by SIGINT and gives its verdict."""


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """What is opened inside is closed in order when this process is told to end: the first signal is
    `Stopped`, further ones are too late to change anything.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in ENDINGS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    with _handled(dict.fromkeys(ENDINGS, stop)):
        yield


def run(file: Path, options: Sequence[str], told: Mapping[str, str]) -> int:
    """Run this locustfile to its end; the exit code is the verdict. `told` are settings, in lower case.

    Whoever ends this process ends the test: Locust stops, and judges what there is. Told once more, it is
    ended at once, without a verdict. Errors: `Stopped`.
    """
    command = [sys.executable, "-c", START, "-f", str(file), *options]
    calls: list[int] = []
    process: subprocess.Popen[bytes] | None = None

    def end(number: int, _frame: FrameType | None) -> None:
        calls.append(number)
        if process is not None:
            _send(process.pid, signal.SIGINT if len(calls) == 1 else signal.SIGKILL, to_all=len(calls) > 1)

    with _handled(dict.fromkeys((signal.SIGINT, *ENDINGS), end)):
        # A session of its own, so that what it has forked can be ended with it; it is read by nobody's keys.
        # Its input closes when this process ends, even by SIGKILL, and then it ends.
        process = subprocess.Popen(  # noqa: S603  # our own choice of words
            command,
            env=clean_environment({**told, "tied": "yes"}),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        if calls:  # before there was a process to tell
            _send(process.pid, signal.SIGKILL, to_all=True)
        code = process.wait()
        _send(process.pid, signal.SIGKILL, to_all=True)
        if process.stdin is not None:
            process.stdin.close()
    if calls and (code not in set(Exit) or code == Exit.CHECK_FAILED):
        raise Stopped
    return code if code in set(Exit) - {Exit.CHECK_FAILED} else Exit.INTERNAL


def _send(process: int, number: int, *, to_all: bool) -> None:
    """A signal to it, or to all that it has forked as well; nothing if it is gone."""
    with suppress(ProcessLookupError):
        (os.killpg if to_all else os.kill)(process, number)


@contextmanager
def _handled(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
