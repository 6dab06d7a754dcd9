"""Writes what a transaction changes in the roll-ups, in the transaction itself: they are always what counting
would give (survey-api "Reports": exact at any moment).

Rows are written in the order of their keys, so that two processes at once never wait for each other in a
circle.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.store.changes import COUNTS, Cell, DetailCell
from service.store.tx import Tx


def flush(tx: Tx) -> None:
    """Write what was gathered in `tx.changes`, and begin to gather anew."""
    if not tx.changes:
        return
    changes = tx.take_changes()
    tx.many("add_to_hours", _rows(changes.hours()))
    tx.many("add_to_days", _rows(changes.days()))
    tx.many("add_to_details", _detail_rows(changes.details()))


def _rows(cells: Mapping[Cell, list[int]]) -> list[dict[str, object]]:
    return [
        {"survey": cell[0], "segment_set": cell[1], "channel": cell[2], "bucket": cell[3]}
        | dict(zip(COUNTS, cells[cell], strict=True))
        for cell in sorted(cells)
    ]


def _detail_rows(cells: Mapping[DetailCell, int]) -> list[dict[str, object]]:
    names = ("survey", "segment_set", "channel", "bucket", "language", "failed", "verdict", "score")
    return [
        dict(zip(names, cell, strict=True)) | {"many": cells[cell]} for cell in sorted(cells) if cells[cell]
    ]
