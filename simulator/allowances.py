"""How much the carrier takes and keeps: of each account so many messages a second, so many under way.

State only, no clock: moments are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.world import Moment, Refusal, Refused

CONVERSATION = 14 * 86_400.0
"""How long a reply still finds the account that wrote last, in seconds. The platform's own window is `very
short` and unpublished; two weeks let the numbers that answer after 8 days be heard and refused by the
service itself."""
RETRY_AFTER: Mapping[Refusal, float] = {
    Refusal.THROTTLED: 1.0,
    Refusal.QUEUE_FULL: 2.0,
    Refusal.UNAVAILABLE: 2.0,
}
"""Seconds after which a refused submission is worth another try."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the carrier keeps, and how much each account may hand in. 0: no limit."""

    throughput: float = 0.0
    """Messages a second of the world."""
    queue: int = 0
    """Messages under way at a time."""
    keep_messages: int = 100_000
    keep_addresses: int = 1_000_000
    conversation: float = CONVERSATION


class Allowance:
    """How much one account may hand in: so many a second (the burst is one second's worth), so many under
    way."""

    __slots__ = ("_left", "_per_second", "_since", "_under_way")

    def __init__(self, per_second: float, now: Moment) -> None:
        self._per_second = per_second
        self._left = max(1.0, per_second)
        self._since = now
        self._under_way: set[object] = set()

    def wait(self, now: Moment) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        if not self._per_second:
            return 0.0
        most = max(1.0, self._per_second)
        self._left = min(most, self._left + (now - self._since) / 1000 * self._per_second)
        self._since = now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    def begun(self, message: object) -> None:
        self._under_way.add(message)

    def ended(self, message: object) -> None:
        """It has come to its end, or was withdrawn before."""
        self._under_way.discard(message)


class Allowances:
    """That of every account."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, Allowance] = {}

    def of(self, account: str, now: Moment) -> Allowance:
        """The allowance of an account, full at its first message."""
        allowance = self._known.get(account)
        if allowance is None:
            allowance = self._known[account] = Allowance(self._limits.throughput, now)
        return allowance

    def refusal(self, account: str, now: Moment) -> Refused | None:
        """Why an account may not hand in another message; None when it may, and then it has."""
        limits = self._limits
        if not limits.queue and not limits.throughput:
            return None
        allowance = self.of(account, now)
        if limits.queue and allowance.under_way >= limits.queue:
            return Refused(Refusal.QUEUE_FULL, RETRY_AFTER[Refusal.QUEUE_FULL])
        wait = allowance.wait(now)
        return Refused(Refusal.THROTTLED, wait) if wait else None
