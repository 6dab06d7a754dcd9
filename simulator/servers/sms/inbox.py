"""Replies that wait to be fetched, for each account and number (domain facts §1.3, "Inbound").

Two ways to fetch: without `after` what is handed out is gone (plain OneAPI); with it everything stays until a
later call names an id, which confirms all up to it, so that a peer that crashes between two polls loses
nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from simulator.world import ReplyOut

MOST_WAITING = 100_000


@dataclass(slots=True)
class Held:
    """A reply in the box, and whether it was shown already."""

    reply: ReplyOut
    shown: bool = False


class Inbox:
    """The replies for one account on one number, oldest first."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._held: deque[Held] = deque()
        self._most = most

    def __len__(self) -> int:
        return len(self._held)

    def put(self, reply: ReplyOut) -> ReplyOut | None:
        """Keep it. When the box is full the oldest reply makes room and is returned: it is lost."""
        self._held.append(Held(reply))
        return self._held.popleft().reply if len(self._held) > self._most else None

    def take(self, limit: int) -> list[ReplyOut]:
        """Up to `limit` replies, which are gone then."""
        return [self._held.popleft().reply for _ in range(min(limit, len(self._held)))]

    def show(self, limit: int) -> list[ReplyOut]:
        """Up to `limit` replies, which stay until they are confirmed."""
        shown = [self._held[place] for place in range(min(limit, len(self._held)))]
        for held in shown:
            held.shown = True
        return [held.reply for held in shown]

    def confirm(self, identity: str) -> None:
        """Let go of everything up to the reply of that id. An id that was not shown confirms nothing."""
        count = 0
        for place, held in enumerate(self._held):
            if not held.shown:
                break
            if held.reply.id == identity:
                count = place + 1
        for _ in range(count):
            self._held.popleft()

    def clear(self) -> None:
        self._held.clear()
