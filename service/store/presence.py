"""Who works on a database: each process has a number and is seen every few seconds.

On SQLite there is one at a time, so whoever comes knows that all others are gone.
"""

from __future__ import annotations

from service.store.tx import Tx

BEAT_SECONDS = 2.0
ETERNITY = 2**62
"""Nobody has been seen since."""
DEAD_AFTER_MS = 10_000
"""So long unseen, and a process counts as dead; its leases are void. Five beats, so that a slow disk or two
machines' clocks do not kill."""


def enrol(tx: Tx, wall_ms: int) -> int:
    """A number for a process that begins."""
    return int(tx.sole("enrol", wall=wall_ms)["id"])


def beat(tx: Tx, worker: int, wall_ms: int) -> int:
    """Be seen; how many are alive, this one included."""
    if not tx.run("seen", worker=worker, wall=wall_ms):
        return 0
    return int(tx.sole("alive", alive=wall_ms - DEAD_AFTER_MS)["many"])


def leave(tx: Tx, worker: int, wall_ms: int) -> None:
    """End in order; the dead are struck off as well."""
    tx.send("leave", worker=worker, alive=wall_ms - DEAD_AFTER_MS)
