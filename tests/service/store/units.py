"""Units for tests of the store: accounts are made, names are read; what fills a disk, what holds a writer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.store.engine import Store, Tx
from tests.service.rig import until


def insert(name: str):
    """A unit that makes an account."""
    return lambda tx: tx.sole("create_account", name=name, now=1)["id"]


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("accounts")]


def committed(path: Path) -> list[str]:
    """What another process would see."""
    other = sqlite3.connect(path)
    try:
        return [name for (name,) in other.execute("SELECT name FROM account ORDER BY id")]
    finally:
        other.close()


def never(tx: Tx) -> None:
    raise LookupError("this unit gives up")


def fill_up(tx: Tx) -> None:
    """From here on the database cannot grow, as on a full disk."""
    pages = tx._connection.execute("PRAGMA page_count").fetchone()[0]
    tx._connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(tx: Tx) -> None:
    tx._connection.execute("PRAGMA max_page_count = 1000000")


BIG = "x" * 40_000


class Held:
    """Stops the writer's thread inside a unit until it is let go, so that others gather behind it."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, tx: Tx) -> None:
        self.reached.set()
        assert self.go.wait(20)


async def gathered(
    store: Store, *units: Callable[[Tx], Any], holding: bool = False
) -> list[asyncio.Future[Any]]:
    """The first holds the writer until all of these wait behind it; then it is let go."""
    held = Held()
    first = asyncio.ensure_future(store.write(held))
    await until(held.reached.is_set)
    others = [asyncio.ensure_future(store.write(unit, holding=holding)) for unit in units]
    await until(lambda: store.waiting() == len(units))
    held.go.set()
    return [first, *others]
