"""What the journal told and nobody has asked about yet. It is read when somebody asks, a little at a time.

Bounded like the ledger that reads it: of more questions than that keeps only the latest are worth reading.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from simulator.journal import Batch, Entry, Kind, Match
from simulator.world import Moment

QUESTIONS = frozenset({Kind.MT_SUBMITTED, Kind.MT_REFUSED, Kind.MT_BOTCHED})
"""What may bring a question that nobody has asked before."""
AT_A_TIME = 1_000
"""Entries read in one turn of the loop."""


class Backlog:
    """Entries in their order, until they are read. `keep`: questions; `kinds`: of entries that are read;
    `passed_over` is told when the oldest is thrown away, with its moment if it brought questions.
    """

    def __init__(
        self,
        keep: int,
        kinds: Collection[Kind],
        read: Callable[[Entry], None],
        passed_over: Callable[[Moment | None], None],
    ) -> None:
        self._keep, self._kinds = keep, frozenset(kinds)
        self._read, self._passed_over = read, passed_over
        self.clear()

    def clear(self) -> None:
        self._items: deque[Entry | Batch] = deque()
        self._questions = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    def put(self, item: Entry | Batch) -> None:
        self._items.append(item)
        self._questions += _questions(item)
        while self._questions > self._keep:
            oldest = self._items.popleft()
            questions = _questions(oldest)
            self._questions -= questions
            self._passed_over(oldest.at if questions else None)

    def catch_up(self, until: int, most: int) -> bool:
        """Read `most` of the entries up to number `until`, or a batch more; whether that is all. Whoever
        asks for the truth first, lets others have the loop in between."""
        while self._items and _number(self._items[0]) <= until:
            if most <= 0:
                return False
            most -= self._read_next()
        return True

    def read_all(self) -> None:
        while self._items:
            self._read_next()

    def _read_next(self) -> int:
        """Read the oldest; returns how many entries that was."""
        item = self._items.popleft()
        self._questions -= _questions(item)
        if isinstance(item, Entry):
            self._read(item)
            return 1
        for entry in item.read(Match(self._kinds), item.first, item.first + len(item)):
            self._read(entry)
        return len(item)


def _questions(item: Entry | Batch) -> int:
    """How many questions it may bring."""
    if isinstance(item, Entry):
        return int(item.kind in QUESTIONS)
    return len(item.records) if Kind.MT_SUBMITTED in item.kinds else 0


def _number(item: Entry | Batch) -> int:
    return item.seq if isinstance(item, Entry) else item.first
