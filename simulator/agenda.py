"""The agenda: what is to be done when, ordered by moment and then by the order in which it was put down."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import NewType

Moment = NewType("Moment", int)
"""Milliseconds since 1970-01-01T00:00Z, on the world's clock."""

Callback = Callable[[], object]
FEW = 1024
"""Cancelled entries are not worth clearing away while the heap is no longer than this."""


class Handle:
    """A callback on the agenda, so that it can be taken off."""

    __slots__ = ("_agenda", "callback", "moment", "owner")

    def __init__(self, agenda: Agenda, moment: Moment, callback: Callback, owner: object) -> None:
        self._agenda = agenda
        self.moment = moment
        self.owner = owner
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        """Never run it. Too late or twice: nothing happens."""
        if self.callback is not None:
            self.callback = None
            self._agenda.forget_one()


class Agenda:
    """A heap of callbacks. Cancelled ones stay in it until they come up, or until they are the most."""

    __slots__ = ("_heap", "_put", "live")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Handle]] = []
        self._put = 0
        self.live = 0
        """How many are still to be run."""

    def put(self, moment: Moment, callback: Callback, owner: object) -> Handle:
        """Put a callback down for `moment`."""
        handle = Handle(self, moment, callback, owner)
        self._put += 1
        self.live += 1
        heapq.heappush(self._heap, (moment, self._put, handle))
        return handle

    def next_due(self) -> Moment | None:
        """When the earliest callback is due; None when there is none."""
        heap = self._heap
        while heap and heap[0][2].callback is None:
            heapq.heappop(heap)
        return Moment(heap[0][0]) if heap else None

    def take(self, now: Moment) -> Callback | None:
        """The next callback due at `now`, taken off; None when none is."""
        while self._heap and self._heap[0][0] <= now:
            handle = heapq.heappop(self._heap)[2]
            callback, handle.callback = handle.callback, None
            if callback is not None:
                self.live -= 1
                return callback
        return None

    def forget_one(self) -> None:
        """One was cancelled."""
        self.live -= 1
        if len(self._heap) > FEW and self.live * 2 < len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].callback is not None]
            heapq.heapify(self._heap)

    def of(self, owner: object) -> list[Handle]:
        """What belongs to `owner`. Looks through everything."""
        handles = (entry[2] for entry in self._heap)
        return [handle for handle in handles if handle.owner is owner and handle.callback is not None]

    def clear(self) -> None:
        self._heap.clear()
        self.live = 0
