"""Shares and delays: how a number between 0 and 1 becomes a decision. Pure arithmetic, the same next year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import exp, inf, log
from statistics import NormalDist
from typing import Generic, TypeVar

Choice = TypeVar("Choice")
_NORMAL = NormalDist()
_EDGE = 1e-9  # the normal distribution has no value at 0 and 1


class Shares(Generic[Choice]):
    """Choices with their shares, in a fixed order; weights need not add up to one."""

    __slots__ = ("_choices", "_steps", "_total", "_weights")

    def __init__(self, weights: Mapping[Choice, float]) -> None:
        self._weights = {choice: weight for choice, weight in weights.items() if weight > 0}
        if not self._weights or any(weight < 0 for weight in weights.values()):
            raise ValueError("shares need at least one weight above 0 and none below")
        self._choices = tuple(self._weights)
        self._total = total = sum(self._weights.values())
        steps = [step / total for step in accumulate(self._weights.values())]
        self._steps = (*steps[:-1], inf)  # the last choice takes what rounding leaves

    def pick(self, fraction: float) -> Choice:
        """The choice whose share `fraction` (0 up to but not including 1) falls into."""
        return self._choices[bisect_right(self._steps, fraction)]

    def share(self, choice: Choice) -> float:
        """The part of the whole that `choice` has; 0 when it is none of the choices."""
        return self._weights.get(choice, 0.0) / self._total

    def items(self) -> Iterable[tuple[Choice, float]]:
        return ((choice, self.share(choice)) for choice in self._choices)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shares) and self._weights == other._weights

    def __hash__(self) -> int:
        return hash(self._choices)

    def __repr__(self) -> str:
        return f"Shares({self._weights})"


@dataclass(frozen=True, slots=True)
class LogNormal:
    """One crowd in a mixture: its share, its median in seconds, its spread (standard deviation of the
    logarithm)."""

    share: float
    median: float
    sigma: float


class Mixture:
    """Delays in seconds, as a mixture of log-normal crowds. An empty one is no delay at all."""

    __slots__ = ("crowds",)

    def __init__(self, *crowds: LogNormal) -> None:
        total = sum(crowd.share for crowd in crowds)
        self.crowds = tuple(LogNormal(crowd.share / total, crowd.median, crowd.sigma) for crowd in crowds)

    def seconds(self, fraction: float) -> float:
        """The delay at `fraction`, to the millisecond. One number serves: it picks the crowd, the rest the
        place."""
        for crowd in self.crowds:
            if fraction < crowd.share or crowd is self.crowds[-1]:
                return _quantile(crowd, fraction / crowd.share)
            fraction -= crowd.share
        return 0.0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mixture) and self.crowds == other.crowds

    def __hash__(self) -> int:
        return hash(self.crowds)

    def __repr__(self) -> str:
        return f"Mixture{self.crowds}"


def _quantile(crowd: LogNormal, fraction: float) -> float:
    if crowd.median <= 0:
        return 0.0
    inside = min(max(fraction, _EDGE), 1 - _EDGE)
    return round(exp(log(crowd.median) + crowd.sigma * _NORMAL.inv_cdf(inside)), 3)
