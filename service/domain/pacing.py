"""How fast a gateway may be fed, and when to try again (survey-api "From a request to a response").

A `Pace` is a token bucket whose rate gives way when the gateway throttles: it is halved, at most once a
second, and then grows back by equal steps, so that it settles near what the gateway bears. Everything here is
a function of (state, now, fraction): the moment and the chance are handed in. Moments are milliseconds, rates
messages a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 120.0
LONGEST_HOLD = 3600.0
"""Seconds. A gateway that asks for more than an hour of silence is asked again after an hour."""

SLOWEST = 1.0
"""Messages a second that no throttling goes below: less would never find out that the gateway has
recovered.
"""
RECOVERY_SECONDS = 10.0
"""How long the rate takes to grow back from half to whole."""
BURST_SECONDS = 0.1
"""The bucket holds what the rate gives in this time, and always one message."""
MEMORY_MS = 1000.0
"""The time constant of the observed rate, and the least time between two slow-downs."""


def backoff(tries: int, fraction: float) -> float:
    """Seconds to wait after `tries` failed tries before this one: doubling from one second up to two minutes.

    `fraction` (0 ≤ fraction < 1) spreads them over the upper half, so that what failed together does not
    return together.
    """
    longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(max(tries, 0), 64))
    return longest * (0.5 + fraction / 2)


def retry_delay(tries: int, fraction: float, retry_after: float | None) -> float:
    """Seconds until the next try: the backoff, but never before the moment the gateway named."""
    delay = backoff(tries, fraction)
    if retry_after is None:
        return delay
    return max(delay, min(retry_after, LONGEST_HOLD) * (1 + fraction / 10))


@dataclass(frozen=True, slots=True)
class Pace:
    """Make one with `Pace.of`. Every method returns a new value or a figure; none changes anything."""

    ceiling: float
    """The configured rate; infinity without one."""
    base: float
    """The rate at `eased_at`."""
    step: float
    """By how much the rate grows in a second."""
    eased_at: int
    held_until: int
    """The gateway asked for silence until then."""
    tokens: float
    counted_at: int
    observed: float
    """About how many messages left in the last second: what there is to halve when no rate is configured."""

    @classmethod
    def of(cls, rate: float, now: int) -> Pace:
        """A full bucket. `rate` 0: no limit but what the gateway says."""
        ceiling = rate if rate > 0 else math.inf
        return cls(
            ceiling=ceiling,
            base=ceiling,
            step=0.0,
            eased_at=now,
            held_until=now,
            tokens=_burst(ceiling),
            counted_at=now,
            observed=0.0,
        )

    def shared(self, now: int, ceiling: float) -> Pace:
        """Under another ceiling from now on, because others feed the same gateway."""
        base = min(self.rate(now), ceiling) if self.step else ceiling
        fresh = min(self._refilled(now), _burst(ceiling))
        return replace(
            self, ceiling=ceiling, base=base, eased_at=now, tokens=fresh, counted_at=max(now, self.counted_at)
        )

    def rate(self, now: int) -> float:
        """Messages a second at this moment."""
        return min(self.ceiling, self.base + self.step * max(now - self.eased_at, 0) / 1000)

    def available(self, now: int, wanted: int) -> int:
        """How many of `wanted` messages may leave now."""
        if now < self.held_until:
            return 0
        return int(min(wanted, self._refilled(now)))

    def took(self, now: int, count: int) -> Pace:
        """After `count` messages left."""
        fresh = self._refilled(now)
        return replace(
            self,
            tokens=fresh if math.isinf(fresh) else max(fresh - count, 0.0),
            counted_at=max(now, self.counted_at),
            observed=self._fading(now) + count,
        )

    def ready_at(self, now: int) -> int:
        """When the next message may leave; `now` if at once."""
        missing = 1 - self._refilled(now)
        wait = math.ceil(missing / self.rate(now) * 1000) if missing > 0 else 0
        return max(now + wait, self.held_until)

    def throttled(self, now: int, retry_after: float | None) -> Pace:
        """After the gateway said that it was too fast; `retry_after` in seconds where it said for how
        long.
        """
        hold = now + math.ceil(min(max(retry_after or 0.0, 0.0), LONGEST_HOLD) * 1000)
        held = replace(self, held_until=max(self.held_until, hold))
        if self._just_eased(now):
            return held
        before = max(min(self.rate(now), max(self._fading(now), SLOWEST)), SLOWEST)
        base = max(before / 2, SLOWEST)
        return replace(
            held,
            base=base,
            step=before / 2 / RECOVERY_SECONDS,
            eased_at=now,
            tokens=min(self._refilled(now), _burst(base)),
            counted_at=max(now, self.counted_at),
        )

    def _just_eased(self, now: int) -> bool:
        """What was in flight together is refused together: that is one answer, not thirty-two."""
        eased_before = self.step > 0
        return eased_before and (now < self.held_until or now - self.eased_at < MEMORY_MS)

    def _refilled(self, now: int) -> float:
        rate = self.rate(now)
        if math.isinf(rate):
            return math.inf
        return min(_burst(rate), self.tokens + rate * max(now - self.counted_at, 0) / 1000)

    def _fading(self, now: int) -> float:
        return self.observed * math.exp(-max(now - self.counted_at, 0) / MEMORY_MS)


def _burst(rate: float) -> float:
    return rate if math.isinf(rate) else max(1.0, rate * BURST_SECONDS)
