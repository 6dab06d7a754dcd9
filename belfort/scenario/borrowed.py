"""A harness that others use at the same time: lanes of people, and turns with the world.

Scenarios on one harness do not meet, since each has people, surveys and segments of its own. What they share
is the world's clock and whatever goes wrong for everybody: a scenario that touches these waits until it is
alone, one that only waits runs beside others. Locks are files (flock), so that processes share them, and a
killed one leaves none behind.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

from belfort.client import Control
from belfort.exits import Trouble
from belfort.scenario.lanes import LANES
from belfort.scenario.when import read

CONTACT_INTERVAL = timedelta(days=1)
"""After which people may be asked again, unless a service says otherwise."""
GLANCE = 0.05
"""Seconds between two tries to get a lock."""


@asynccontextmanager
async def turn(control: str, *, alone: bool) -> AsyncIterator[None]:
    """The world behind `control`, alone or beside others. Who waits to be alone is not passed by."""
    how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with _opened(_folder(control) / "world") as world:
        with _opened(_folder(control) / "gate") as gate:
            await _locked(gate, how)
            await _locked(world, how)
        yield


@asynccontextmanager
async def free_lane(
    control: Control, first: int, people: Callable[[int], Awaitable[Iterable[str]]]
) -> AsyncIterator[int]:
    """A lane from `first` on in which none of `people` was written to yet, or else not lately; nobody else
    gets it meanwhile.
    """
    for rested in (None, CONTACT_INTERVAL):
        for lane in (*range(first, LANES), *range(first)):
            with _opened(_folder(control.url) / f"lane-{lane:02}") as lock:
                if _try_lock(lock) and await _is_fresh(control, await people(lane), rested):
                    yield lane
                    return
    raise Trouble(
        f"in all {LANES} lanes of {control.url} people were asked within a day, and nobody is asked twice "
        "in the contact interval: move the clock on (belfort clock --by 1d), or start the harness anew"
    )


async def _is_fresh(control: Control, people: Iterable[str], rested: timedelta | None) -> bool:
    """Whether nobody was written to, or with `rested` everybody so long ago."""
    for number in people:
        query = {"to": number, "limit": "1", "newest": "true"}
        found = (await control.ask("GET", "/messages", query=query))["messages"]
        if found and (rested is None or read(found[0]["at"]) + rested > read((await control.clock())["now"])):
            return False
    return True


def _folder(control: str) -> Path:
    """Locks belong to a harness and to a user."""
    name = hashlib.sha256(control.encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"belfort-{os.getuid()}" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


async def _locked(lock: int, how: int) -> None:
    """Wait for a lock without holding up the loop: other stories of this process may hold it."""
    while not _try_lock(lock, how):  # noqa: ASYNC110  # the holder may be another process
        await asyncio.sleep(GLANCE)


def _try_lock(lock: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
