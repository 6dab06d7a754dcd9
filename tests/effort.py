"""How the effort of something grows with its size: a fact about the code, whatever the machine and its load.

Counted is processor time of this thread. What costs the square of its length costs sixty-four
times as much when it is eight times as long, what is read once costs eight times as much.
"""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES, NOTHING_SECONDS = 8, 0.01
MOST = 25
"""Between eight, which is in proportion, and sixty-four, which is the square; a busy machine may double
either.
"""


def in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` costs little more than eight times an eighth of it. What costs nothing at all is
    not measured.
    """
    return _effort(work, size) < MOST * max(_effort(work, size // TIMES), NOTHING_SECONDS)


def _effort(work: Callable[[int], object], size: int) -> float:
    """The least of three: whatever disturbs only adds."""
    return min(_once(work, size) for _ in range(3))


def _once(work: Callable[[int], object], size: int) -> float:
    began = time.thread_time()
    work(size)
    return time.thread_time() - began
