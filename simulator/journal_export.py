"""The journal as JSON Lines (jsonlines.org) and as CSV (RFC 4180).

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula, and these files hold
what people wrote: such cells are quoted with an apostrophe (OWASP, "CSV injection"). Programs read the JSON
Lines.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from simulator.journal import Entry

COLUMNS = ("seq", "at", "wall", "kind", "message", "address", "account", "facts")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One JSON object and a line feed for each entry."""
    for entry in entries:
        yield json.dumps(entry.as_json(), ensure_ascii=True, separators=(",", ":")) + "\n"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A heading, then one record for each entry; `facts` is one cell of JSON."""
    yield _record(COLUMNS)
    for entry in entries:
        cells = entry.as_json()
        cells["facts"] = json.dumps(cells["facts"], ensure_ascii=False, separators=(",", ":"))
        yield _record(_cell(cells[column]) for column in COLUMNS)


FORMATS: dict[str, tuple[str, Callable[[Iterable[Entry]], Iterator[str]]]] = {
    "jsonl": ("application/jsonl", json_lines),
    "csv": ("text/csv; charset=utf-8; header=present", csv_lines),
}
"""Name in the control API → content type and writer."""


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _record(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
