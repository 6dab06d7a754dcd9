"""The Net Promoter Score: who counts as what, and exact arithmetic (survey-api "Reports").

The score is an integer, halves rounded away from zero, computed without floats; it is never minus zero. The
interval is the adjusted Wald interval of Sauro and Lewis: n + 3, promoters and detractors + ¾ each, capped
at ±100.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

SCORES = range(11)
Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


class Kind(Enum):
    """What a score says of a person."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


def classify(score: int) -> Kind:
    """Promoters score 9 and 10, detractors 0 to 6."""
    if score >= 9:
        return Kind.PROMOTER
    return Kind.DETRACTOR if score <= 6 else Kind.PASSIVE


@dataclass(frozen=True, slots=True)
class Split:
    """How many of each kind."""

    promoters: int
    passives: int
    detractors: int

    @classmethod
    def of(cls, counts: Sequence[int]) -> Split:
        """From the count of each score 0..10."""
        sums = dict.fromkeys(Kind, 0)
        for score, count in zip(SCORES, counts, strict=True):
            sums[classify(score)] += count
        return cls(sums[Kind.PROMOTER], sums[Kind.PASSIVE], sums[Kind.DETRACTOR])

    @property
    def good(self) -> int:
        """Everybody who gave a score."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> int | None:
        """100 × (promoters − detractors) ÷ good, −100..100; None without a good response."""
        if self.good == 0:
            return None
        return rounded(100 * (self.promoters - self.detractors), self.good)

    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of the score, to two decimals; None without a good response."""
        if self.good == 0:
            return None
        size = self.good + 3
        promoters, detractors = (self.promoters + 0.75) / size, (self.detractors + 0.75) / size
        score = promoters - detractors
        margin = Z_95 * math.sqrt((promoters + detractors - score * score) / size)
        return _capped(score - margin), _capped(score + margin)


def rounded(numerator: int, denominator: int) -> int:
    """The nearest integer to a fraction with a positive denominator, halves away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def _capped(share: float) -> float:
    # Adding zero turns −0.0 into 0.0.
    return round(max(-100.0, min(100.0, 100 * share)), 2) + 0.0
