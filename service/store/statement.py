"""Statements and values as PostgreSQL's extended protocol wants them (libpq chapter 34.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import psycopg
from psycopg.pq import Format

KEPT = 1_000
_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


class Statement(NamedTuple):
    """A statement with `$1`, `$2` … and the names that stand for them."""

    text: bytes
    names: tuple[str, ...]


@lru_cache(KEPT)
def numbered(statement: str) -> Statement:
    """From the driver's own form, `%(name)s`."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return "%" if name is None else f"${names.setdefault(name, len(names) + 1)}"

    text = _PARAMETER.sub(number, statement)
    return Statement(text.encode(), tuple(names))


class Values(NamedTuple):
    """Those of one execution: each as it travels, None for NULL, and in which format."""

    written: list[bytes | None]
    formats: list[Format]


def written(names: tuple[str, ...], given: Mapping[str, object]) -> Values:
    """The server finds out the types, so that a statement is the same whatever its values.

    Errors: KeyError for a value that is missing, TypeError, psycopg.DataError for a text with U+0000."""
    values = [given[name] for name in names]
    formats = [Format.BINARY if isinstance(value, bytes) else Format.TEXT for value in values]
    return Values([_written(value) for value in values], formats)


def _written(value: object) -> bytes | None:
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, str):
        if "\0" in value:  # where libpq's text ends
            raise psycopg.DataError("a text holds U+0000")
        return value.encode()
    if isinstance(value, bytes) or value is None:
        return value
    raise TypeError(f"a statement's value is a {type(value).__name__}")
