"""Writes what a transaction changes in the roll-ups, in the transaction itself: they are always what counting
would give (survey-api "Reports": exact at any moment).

Rows are written in the order of their keys, so that two processes at once never wait for each other in a
circle.
"""

from __future__ import annotations

import json

from service.store.tx import Tx


def flush(tx: Tx) -> None:
    """Write what was gathered in `tx.changes`, and begin to gather anew: one statement for each roll-up,
    however many rows."""
    if not tx.changes:
        return
    changes = tx.take_changes()
    figures = changes.figures()
    tx.send("add_to_figures", cells=json.dumps([[*cell, *figures[cell]] for cell in sorted(figures)]))
    details = [[*cell, many] for cell, many in sorted(changes.details().items()) if many]
    tx.send("add_to_details", cells=json.dumps(details))
