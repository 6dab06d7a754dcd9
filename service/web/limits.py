"""How much an account may ask for: token buckets on this machine's clock, and what answers say about them.

The headers are those of the IETF draft "RateLimit header fields for HTTP"
(draft-ietf-httpapi-ratelimit-headers): `RateLimit-Policy` names quota and window, `RateLimit` what is left
and in how many seconds the bucket is full.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from service.web.problems import Kind, Problem

MOST_REMEMBERED = 10_000
"""Buckets kept; beyond this the one untouched longest is forgotten, which means: full."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Limit:
    """A token bucket for each account: `rate` tokens a second, at most `burst`. All or nothing is taken."""

    def __init__(self, name: str, *, rate: float, burst: int, wall: Callable[[], float]) -> None:
        self._name = name
        self._whole = self._rate = rate
        self._burst = burst
        self._wall = wall
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._policy = f'"{name}";q={burst};w={max(1, math.ceil(burst / rate))}'

    def share(self, processes: int) -> None:
        """So many processes take calls, this one included: each gives its part of the rate. The bucket stays:
        it must hold a full call."""
        self._rate = self._whole / processes

    def take(self, account: Hashable, count: int = 1) -> dict[str, str]:
        """The headers of an admitted call. Errors: Problem 429 with Retry-After; then nothing was taken."""
        bucket = self._refilled(account)
        if bucket.tokens < count:
            raise self._refusal(bucket, count)
        bucket.tokens -= count
        return self._headers(bucket)

    def give_back(self, account: Hashable, count: int) -> dict[str, str]:
        """What was taken turned out to cost nothing (a replay). The headers now."""
        bucket = self._refilled(account)
        bucket.tokens = min(self._burst, bucket.tokens + count)
        return self._headers(bucket)

    def _refilled(self, account: Hashable) -> _Bucket:
        now = self._wall()
        bucket = self._buckets.get(account)
        if bucket is None:
            bucket = self._buckets[account] = _Bucket(self._burst, now)
            if len(self._buckets) > MOST_REMEMBERED:
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(account)
        bucket.tokens = min(self._burst, bucket.tokens + max(0.0, now - bucket.at) * self._rate)
        bucket.at = now
        return bucket

    def _headers(self, bucket: _Bucket) -> dict[str, str]:
        full = math.ceil((self._burst - bucket.tokens) / self._rate)
        left = int(bucket.tokens)
        return {"RateLimit-Policy": self._policy, "RateLimit": f'"{self._name}";r={left};t={full}'}

    def _refusal(self, bucket: _Bucket, count: int) -> Problem:
        wait = max(1, math.ceil((min(count, self._burst) - bucket.tokens) / self._rate))
        return Problem(
            Kind.TOO_MANY,
            f"The limit {self._name!r} is reached. Nothing has happened; try again in {wait} s.",
            headers={"Retry-After": str(wait), **self._headers(bucket)},
        )


class Guesses:
    """Counts failures of each name: after `most` in `window` seconds it is closed until the window ends."""

    def __init__(self, wall: Callable[[], float], *, most: int = 10, window: float = 60) -> None:
        self._wall = wall
        self._most = most
        self._window = window
        self._failures: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()

    def wait(self, name: Hashable) -> int | None:
        """Seconds until `name` may try again; None if it may now."""
        count, since = self._failures.get(name, (0, 0.0))
        left = since + self._window - self._wall()
        return max(1, math.ceil(left)) if count >= self._most and 0 < left <= self._window else None

    def failed(self, name: Hashable) -> None:
        """One more failure."""
        now = self._wall()
        count, since = self._failures.pop(name, (0, now))
        if not 0 <= now - since < self._window:
            count, since = 0, now
        self._failures[name] = (count + 1, since)
        if len(self._failures) > MOST_REMEMBERED:
            self._failures.popitem(last=False)
