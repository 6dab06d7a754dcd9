"""A company's customer file: CSV with the columns destination, language, segments, referenceId (RFC 4180,
and Excel's habits).

Commas, semicolons and tabs separate columns; several segments stand in one cell, separated by `;` or `|`.
Numbers are handed on as they stand: what is a destination is the service's to say.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from belfort.campaign import Customer
from belfort.exits import Exit, Trouble

COLUMNS = ("destination", "language", "segments", "referenceId")
SEPARATORS = ",;\t"
LARGEST_BYTES = 256 * 1024 * 1024


def read_customers(path: Path) -> list[Customer]:
    """The rows of a customer file. `Trouble` if it cannot be read, has no `destination` or an unknown
    column.
    """
    lines = _text(path).splitlines(keepends=True)
    if not lines:
        raise Trouble(
            f"{path} is empty; its first line must name the columns: {','.join(COLUMNS)}", Exit.USAGE
        )
    separator = max(SEPARATORS, key=lines[0].count)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    try:
        columns = _columns(path, next(rows))
        return [_customer(dict(zip(columns, row, strict=False)), rows.line_num) for row in rows if any(row)]
    except csv.Error as error:
        raise Trouble(f"{path}, line {rows.line_num}: {error}", Exit.USAGE) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Trouble(
                f"{path} is larger than {LARGEST_BYTES >> 20} MiB; send it in several files", Exit.USAGE
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Trouble(f"cannot read {path}: {error.strerror}", Exit.USAGE) from None
    except UnicodeDecodeError as error:
        raise Trouble(
            f"{path} is not UTF-8 (byte {error.start}); save it as “CSV UTF-8”", Exit.USAGE
        ) from None


def _columns(path: Path, header: list[str]) -> list[str]:
    known = {name.lower(): name for name in COLUMNS}
    named = [known.get(cell.strip().lower(), cell.strip()) for cell in header]
    for name in named:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COLUMNS)}"
            raise Trouble(f"{path}, line 1: unknown column {name!r}; {hint}", Exit.USAGE)
    if "destination" not in named:
        raise Trouble(f"{path}, line 1: the column destination is missing", Exit.USAGE)
    return named


def _customer(row: Mapping[str, str], line: int) -> Customer:
    return Customer(
        address=row["destination"].strip(),
        language=row.get("language", "").strip() or None,
        segments=frozenset(_segments(row.get("segments", ""))),
        reference=row.get("referenceId", "").strip() or None,
        line=line,
    )


def _segments(cell: str) -> Iterator[str]:
    for segment in cell.replace("|", ";").split(";"):
        if segment.strip():
            yield segment.strip()
