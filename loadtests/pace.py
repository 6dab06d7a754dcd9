"""How often users call, and whether they got round to it.

Users of Locust wait for answers (a closed model): where the service is slow they call less often than they
should, and latency alone looks better than it is. So each user counts the calls that were due by its pace,
and those it made; the difference is the *offered shortfall*.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from book import Book

TELL_EVERY = 50
"""Calls after which a user tells, so that a worker that dies takes little with it."""
book = Book()
"""This process's book. A master's takes the rows of all workers."""


class Pace:
    """One user's: `per_second` calls, beginning with the first."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval, self._clock = 1 / per_second, clock
        self._began = clock()
        self._due = self._made = self._told = 0

    @property
    def count(self) -> int:
        """Calls made."""
        return self._made

    def made(self) -> None:
        self._made += 1

    def wait(self) -> float:
        """Seconds until the next call is due; 0 if the user is late."""
        now = self._clock()
        return max(0.0, self._began + self._made * self._interval - now)

    def settle(self) -> tuple[int, int]:
        """Calls that became due and calls made since this was last asked."""
        due = int((self._clock() - self._began) / self._interval)
        told = (due - self._due, self._made - self._told)
        self._due, self._told = due, self._made
        return told


def paced(user: Any) -> float:
    """A wait function of Locust for users that have a `pace`."""
    user.pace.made()
    if user.pace.count % TELL_EVERY == 0:
        tell(user)
    return float(user.pace.wait())


def tell(user: Any) -> None:
    """Write into the book what was due and made since the last time."""
    due, made = user.pace.settle()
    if due or made:
        book.paced(type(user).__name__, due, made)
