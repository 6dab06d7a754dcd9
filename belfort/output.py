"""Data on standard output, talk on standard error; JSON where it was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from belfort.screen import printable

WHOLE = 10_000
"""Columns of a table that goes to a file or a pipe: whoever reads it there wants one row a line."""


def console() -> Console:
    """Standard output for people."""
    return Console(highlight=False)


def talk() -> Console:
    """Standard error: progress and remarks."""
    return Console(stderr=True, highlight=False)


def show(data: Any, *, as_json: bool = False) -> None:
    """Print an answer: as JSON, or as lines and tables."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False))
    elif isinstance(data, Mapping):
        _lines(data)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        _table(data)
    elif data is not None:
        print(printable(str(data)))


def _lines(data: Mapping[str, Any]) -> None:
    width = max((len(name) for name in data), default=0)
    for name, value in data.items():
        print(f"{name:<{width}}  {_cell(value)}")


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name))) for name in names))
    out = console()
    out.print(table, width=None if out.is_terminal else WHOLE)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping | list):
        return printable(json.dumps(value, ensure_ascii=False))
    return printable(str(value))
