"""What the simulator tells its operator: one event a line, JSON, to the error stream.

Lines carry ids, counts and names of routes; never a destination, a text or a token (those are in the journal,
which its owner asks for). Nothing here is global, so that several simulators may live in one process.
"""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Protocol, TextIO

import structlog


class Log(Protocol):
    """Somewhere to write events with their facts."""

    def debug(self, event: str, **facts: object) -> object: ...

    def info(self, event: str, **facts: object) -> object: ...

    def warning(self, event: str, **facts: object) -> object: ...

    def error(self, event: str, **facts: object) -> object: ...


def open_log(level: str, stream: TextIO | None = None) -> Log:
    """A log that leaves out what is less important than `level` (debug, info, warning, error)."""
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=True,
    )
    return log


def crash(error: BaseException) -> dict[str, str]:
    """What may be logged of a programming mistake: its type and its place; its message may quote data."""
    trace: TracebackType | None = error.__traceback__
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return {"error": type(error).__name__, "where": " < ".join(reversed(places[-8:]))}
