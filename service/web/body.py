"""A call's body, from the socket to a JSON value: RFC 8259, stricter where leniency would hide a mistake.

Repeated members, NaN and Infinity, NUL, lone surrogates, a byte order mark and whatever is not UTF-8 are
faults, each with its place. No input makes `parse` raise; what it finds wrong it adds to the faults it was
given.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import HttpVersion11, StreamReader, hdrs, web

from service.web.problems import Fault, Faults, Kind, Problem, escape

MOST_BYTES = 1024 * 1024
MOST_DIGITS = 4000

UNREADABLE = object()
"""Stands for a body that is no JSON at all; why is among the faults."""

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes that may stand for no text; most bodies have none, and need no second look."""


async def read_body(call: web.BaseRequest, deadline: float) -> bytes:
    """At most `MOST_BYTES` bytes: 413 before reading the rest, 408 when they take over `deadline` seconds."""
    announced = call.content_length
    if announced is not None and announced > MOST_BYTES:
        raise _too_large()
    if call.version >= HttpVersion11 and call.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await call.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        call.writer.output_size = 0
    if call.content.is_eof() and call.content.exception() is None:
        return _come(call.content)
    try:
        async with asyncio.timeout(deadline):
            return await call.read()
    except TimeoutError:
        detail = f"The body did not arrive within {deadline:g} seconds."
        raise Problem(Kind.TIMED_OUT, detail, closing=True) from None
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    except (web.RequestPayloadError, ConnectionError):
        # A caller that leaves in the middle never sees this; the log does not take it for a crash.
        detail = "The body is not whole, or does not keep to HTTP/1.1 framing (RFC 9112)."
        raise Problem(Kind.INVALID_INPUT, detail, [Fault(detail, pointer="")], closing=True) from None


def _come(content: StreamReader) -> bytes:
    """A body that came with its head, as nearly every one does: there is nothing to wait for."""
    raw = content.read_nowait()
    if len(raw) > MOST_BYTES:
        raise _too_large()
    return raw


def require_plain(call: web.BaseRequest) -> None:
    """415 for a content coding: nothing here unpacks."""
    if call.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() != "identity":
        raise Problem(
            Kind.UNSUPPORTED,
            "Send the body as it is, without a Content-Encoding.",
            headers={"Accept-Encoding": "identity"},
        )


def require_json(call: web.BaseRequest) -> None:
    """415 unless the body is announced as application/json in UTF-8, as it is."""
    require_plain(call)
    if hdrs.CONTENT_TYPE not in call.headers or call.content_type != "application/json":
        raise Problem(Kind.UNSUPPORTED, "Send JSON, with Content-Type: application/json.")
    if (call.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem(Kind.UNSUPPORTED, "Send JSON in UTF-8; no other charset is taken.")


def parse(raw: bytes, faults: Faults) -> Any:
    """The JSON value in `raw`, or UNREADABLE."""
    if not raw or raw.isspace():
        return _unreadable(faults, "The body is empty; it must be a JSON object.")
    if raw.startswith(b"\xef\xbb\xbf"):
        return _unreadable(faults, "The body begins with a byte order mark; leave it out.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _unreadable(faults, f"The body is not UTF-8 (at byte {error.start}).")
    value, suspicious = _READING.value(text, faults)
    if suspicious or _DOUBTFUL.search(text):
        _inspect(value, faults)
    return value


class _Repeated(dict[str, Any]):
    """An object that named members more than once; which ones."""

    __slots__ = ("names",)
    names: list[str]


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """Where a number should be: what is wrong with it."""

    detail: str


class _Reading:
    """The parser, told what to do where RFC 8259 leaves room. One is enough: it reads a text at once."""

    def __init__(self) -> None:
        self._suspicious = False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._members,
            parse_constant=self._constant,
            parse_float=self._float,
            parse_int=self._int,
        )

    def value(self, text: str, faults: Faults) -> tuple[Any, bool]:
        """The value, and whether anything was odd."""
        self._suspicious = False
        return self._decoded(text, faults), self._suspicious

    def _decoded(self, text: str, faults: Faults) -> Any:
        try:
            return self._decoder.decode(text)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            return _unreadable(faults, f"The body is not JSON: {error.msg} ({place}).")
        except RecursionError:
            return _unreadable(faults, "The body is nested too deeply.")

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self._suspicious = True
        doubled = _Repeated(found)
        doubled.names = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
        return doubled

    def _constant(self, name: str) -> _NoNumber:
        self._suspicious = True
        return _NoNumber(f"{name} is no JSON value.")

    def _float(self, digits: str) -> float | _NoNumber:
        value = float(digits)
        return value if math.isfinite(value) else self._too_long()

    def _int(self, digits: str) -> int | _NoNumber:
        return int(digits) if len(digits) <= MOST_DIGITS else self._too_long()

    def _too_long(self) -> _NoNumber:
        self._suspicious = True
        return _NoNumber("The number is too large.")


_READING = _Reading()


def _inspect(root: Any, faults: Faults) -> None:
    """Walk the whole value, in its order, for what the parser lets pass."""
    stack: list[tuple[Any, str]] = [(root, "")]
    while stack and not faults.full:
        value, pointer = stack.pop()
        if isinstance(value, str):
            _inspect_text(value, pointer, faults)
        elif isinstance(value, _NoNumber):
            faults.unfit(pointer, value.detail)
        elif isinstance(value, list):
            stack.extend(
                (value[i], f"{pointer}/{i}") for i in reversed(range(len(value))) if _opens(value[i])
            )
        elif isinstance(value, dict):
            _inspect_names(value, pointer, faults)
            names = [name for name in reversed(value) if _opens(value[name])]
            stack.extend((value[name], f"{pointer}/{escape(name)}") for name in names)


def _opens(value: Any) -> bool:
    """Whether there is anything to look at in it."""
    return isinstance(value, (str, list, dict, _NoNumber))


def _inspect_names(value: dict[str, Any], pointer: str, faults: Faults) -> None:
    for name in value:
        _inspect_text(name, f"{pointer}/{escape(name)}", faults)
    for name in value.names if isinstance(value, _Repeated) else ():
        faults.unfit(f"{pointer}/{escape(name)}", "The member is repeated.")


def _inspect_text(text: str, pointer: str, faults: Faults) -> None:
    if _NO_TEXT.search(text):
        faults.unfit(pointer, "A NUL or a lone surrogate is no text.")


def _unreadable(faults: Faults, detail: str) -> object:
    faults.unfit("", detail)
    return UNREADABLE


def _too_large() -> Problem:
    return Problem(Kind.TOO_LARGE, f"The body is larger than {MOST_BYTES} bytes.", closing=True)
