"""How the effort of something grows with its size: a fact about the code, whatever the machine and its load.

Counted is processor time of this thread. What costs the square of its length costs sixteen times
as much when it is four times as long, what is read once costs four times as much.
"""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES, NOTHING_SECONDS = 4, 0.01
MOST = 10
"""Between four, which is in proportion, and sixteen, which is the square."""


def in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` costs at most so much more than a quarter of it as a quarter is less. What costs
    nothing at all is not measured.
    """
    return _effort(work, size) < MOST * max(_effort(work, size // TIMES), NOTHING_SECONDS)


def _effort(work: Callable[[int], object], size: int) -> float:
    """The least of three: whatever disturbs only adds."""
    return min(_once(work, size) for _ in range(3))


def _once(work: Callable[[int], object], size: int) -> float:
    began = time.thread_time()
    work(size)
    return time.thread_time() - began
