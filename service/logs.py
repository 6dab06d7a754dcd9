"""One line of JSON an event, on standard error.

What an event may carry: its name, ids, counts, states, durations. Never a destination, a text, a token, a
secret or a trace: what went wrong is told by the kind of the exception and the place it came from.
"""

from __future__ import annotations

import json
import logging
import os
import select
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

Log = FilteringBoundLogger
"""`log.info("submitted", request=…, tries=2)`; bind more with `log.bind(part="submit")`."""


def open_log(level: str, wall: Callable[[], float], stream: BinaryIO | None = None) -> Log:
    """A log that writes to `stream` (standard error unless given) what is at least as grave as `level`."""
    log: Log = structlog.wrap_logger(
        Lines(stream if stream is not None else sys.stderr.buffer),
        processors=[structlog.processors.add_log_level, _stamp(wall), _line],
        context_class=dict,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    return log.bind()  # what wrap_logger gives would be resolved anew at each line


class Lines:
    """Writes lines, and bears it when they cannot be written.

    A full disk under the log must not turn a call that was accepted into one that failed; a pipe that nobody
    reads must not stop the service: then lines are dropped and counted."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._has_room = _room_in(stream)
        self._dropped = 0

    def msg(self, line: bytes) -> None:
        if not self._has_room():
            self._dropped += 1
            return
        if self._dropped:
            line = b'{"event": "lines_dropped", "lines": %d}\n%b' % (self._dropped, line)
            self._dropped = 0
        with suppress(OSError, ValueError):
            self._stream.write(line + b"\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def _room_in(stream: BinaryIO) -> Callable[[], bool]:
    """Whether a line can be written without waiting. Only pipes and sockets make one wait; a pipe that is
    ready takes at least 4,096 bytes (POSIX PIPE_BUF)."""
    try:
        descriptor = stream.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError):
        return lambda: True
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return lambda: True
    asking = select.poll()
    asking.register(descriptor, select.POLLOUT)
    return lambda: bool(asking.poll(0))


def place(error: BaseException) -> dict[str, str]:
    """What may be told of a crash: the kind of the error and where it came up, but none of its values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return {"error": type(error).__name__}
    code = trace.tb_frame.f_code
    return {
        "error": type(error).__name__,
        "where": f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}",
    }


class Libraries(logging.Handler):
    """What libraries log, without their words: those may hold values, and their traces do."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._log.warning(
            "library", logger=record.name, grade=record.levelname, **(place(error) if error else {})
        )


def capture_libraries(log: Log) -> None:
    """For a program of its own, never within another: from now on libraries log by way of `log`."""
    logging.basicConfig(handlers=[Libraries(log)], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


def _stamp(wall: Callable[[], float]) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        at = datetime.fromtimestamp(wall(), UTC).isoformat(timespec="milliseconds")
        return {"at": at.replace("+00:00", "Z"), **event}

    return stamp


def _line(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    # json escapes control characters and everything beyond ASCII: an event cannot break out of its line.
    return json.dumps(event, default=_plain).encode()


def _plain(value: object) -> str:
    """Only ids are written out; of anything else just the kind, so that a slip prints nothing."""
    return str(value) if isinstance(value, UUID) else type(value).__name__
