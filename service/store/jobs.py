"""Units of work on their way through the writer: queued, done, and after the commit handed back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from service.store.tx import Tx

Then = Callable[[Any, BaseException | None], None]
"""Is told what a unit gave, or why nothing of it happened."""
Prepare = Callable[[Any], object]
"""Is told what a unit gave before that is durable, to get ready what will be said and do nothing else: the
unit may still fail, or run again."""


@dataclass(slots=True, eq=False)
class Job:
    """A unit on its way: queued, run, and after the commit handed back.

    `erasing`: it frees room, so it may use up the reserve. `alone`: it is given the connection outside any
    transaction. `holding`: it changes requests that other processes may want to change, too."""

    unit: Callable[[Any], Any]
    loop: asyncio.AbstractEventLoop
    then: Then
    """Told in that loop."""
    erasing: bool
    alone: bool
    together: Callable[[Any, list[Any]], list[Any]] | None
    """Does many units of this kind at once, and gives the result of each; None for a unit like no other."""
    weight: int
    holding: bool = False
    prepare: Prepare | None = None
    """Told in that loop, while the disk works."""
    result: Any = None
    error: BaseException | None = None


def alike(one: Job, other: Job) -> bool:
    """Whether they can be done together."""
    return one.together is not None and one.together == other.together


def by_kind(jobs: list[Job]) -> list[list[Job]]:
    """Those that can be done together, in the order in which the first of each kind came."""
    alike: dict[Any, list[Job]] = {}
    for job in jobs:
        alike.setdefault(job.together or job, []).append(job)
    return list(alike.values())


def results(tx: Tx, jobs: list[Job]) -> list[Any]:
    """What the unit of each gives; they are one, or of a kind."""
    if (together := jobs[0].together) is not None:
        return together(tx, [job.unit for job in jobs])
    return [jobs[0].unit(tx)]


def foretell(jobs: Sequence[Job]) -> None:
    """Before a commit: let those prepare that want to, while this thread waits for the disk."""
    given: dict[asyncio.AbstractEventLoop, list[tuple[Prepare, Any]]] = {}
    for job in jobs:
        if job.prepare is not None and job.error is None:
            given.setdefault(job.loop, []).append((job.prepare, job.result))
    for loop, told in given.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_prepare, told)


def _prepare(given: Sequence[tuple[Prepare, Any]]) -> None:
    for prepare, result in given:
        with suppress(Exception):  # it comes up again when the caller is told
            prepare(result)


def hand_back(jobs: Sequence[Job]) -> None:
    """Tell the callers, waking each event loop once. A loop that has ended meanwhile needs no answer."""
    for loop in {job.loop for job in jobs}:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, [job for job in jobs if job.loop is loop])


def tell(jobs: Sequence[Job]) -> None:
    """Tell the callers of one event loop, in it; one that breaks takes none of the others along."""
    for job in jobs:
        try:
            job.then(job.result, job.error)
        except Exception as error:
            job.loop.call_exception_handler({"message": "a caller of the store broke", "exception": error})


def resolve(waiting: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    """For a caller that awaits: a `Then`."""
    if waiting.done():
        return
    if error is None:
        waiting.set_result(result)
    else:
        waiting.set_exception(error)
