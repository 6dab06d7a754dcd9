"""Greylisting: a first try to write from somebody to somebody is put off (RFC 6647 §2)."""

from __future__ import annotations

from collections import OrderedDict

from simulator.world import Moment

MOST = 100_000
"""Pairs remembered; of more the oldest are unknown again."""
FORGET_MS = 24 * 3_600_000
"""A retry after longer is a first try."""


class Greylist:
    """Who has tried to write to whom, and since when. Moments are handed in."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], Moment] = OrderedDict()

    def wait(self, sender: str, recipient: str, seconds: float, now: Moment) -> float:
        """Seconds for which `sender` has to wait before it may write to `recipient`; 0: it may."""
        pair = (sender, recipient)
        first = self._seen.get(pair)
        if first is None or now - first > FORGET_MS:
            self._seen[pair] = first = now
            self._seen.move_to_end(pair)
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
        return max(0.0, seconds - (now - first) / 1000)

    def forget(self, sender: str, recipient: str) -> None:
        """A mail has passed: the next one is a first try again."""
        self._seen.pop((sender, recipient), None)

    def clear(self) -> None:
        self._seen.clear()

    def __len__(self) -> int:
        return len(self._seen)
