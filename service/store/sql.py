"""The named queries: every statement the service runs stands in `queries/*.sql` under a name, with a
sentence about it.

Format: a line `-- name: lease_due`, comment lines, the statement. Names are unique over all files of an
engine. They are written for SQLite; what PostgreSQL says otherwise, or locks, stands in `queries/postgres`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from service.store.database import StoreUnavailable

HERE = Path(__file__).parent
VERSION = 6
OLDEST = 2
"""The oldest version that can be brought up to date."""
_NAME = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


class BadQueryFile(Exception):
    """A file of queries breaks the format: a mistake of ours, found at start."""


@cache
def queries(engine: str = "") -> dict[str, str]:
    """Name → statement, over all files of a folder."""
    found: dict[str, str] = {}
    for file in sorted((HERE / "queries" / engine).glob("*.sql")):
        for name, statement in _named(file):
            if name in found:
                raise BadQueryFile(f"{file.name}: the name {name} is taken")
            found[name] = statement
    return found


def _named(file: Path) -> list[tuple[str, str]]:
    head, *rest = _NAME.split(file.read_text(encoding="utf-8"))
    if head.strip() and not all(line.startswith("--") for line in head.split("\n") if line.strip()):
        raise BadQueryFile(f"{file.name}: a statement stands before the first name")
    return [(name, _bare(text)) for name, text in zip(rest[::2], rest[1::2], strict=True)]


def _bare(text: str) -> str:
    """The statement without its comment lines: SQLite compiles and keeps the text it is given."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()


def schema() -> str:
    """The statements that make an empty database ours."""
    return (HERE / "schema.sql").read_text(encoding="utf-8")


def migrations(found: int, name: str) -> list[str]:
    """The scripts that bring a database of version `found` up to date, in order. `name`: what to call it.

    Errors: StoreUnavailable for a version that this program does not know."""
    if not OLDEST <= found <= VERSION:
        raise StoreUnavailable(f"{name} has schema version {found}; this program knows {OLDEST} to {VERSION}")
    return [
        (HERE / "migrations" / f"{version}.sql").read_text(encoding="utf-8")
        for version in range(found + 1, VERSION + 1)
    ]
