"""The score against fractions; the interval against figures worked out by hand."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.nps import Kind, Split, classify, rounded

counts = st.lists(st.integers(0, 10**9), min_size=11, max_size=11)


def test_promoters_score_nine_and_ten_and_detractors_up_to_six():
    kinds = [classify(score) for score in range(11)]
    assert kinds == [Kind.DETRACTOR] * 7 + [Kind.PASSIVE] * 2 + [Kind.PROMOTER] * 2


def test_without_a_good_response_there_is_no_score_and_no_interval():
    empty = Split.of([0] * 11)
    assert (empty.score, empty.interval()) == (None, None)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "score"),
    [
        (1, 0, 0, 100),
        (0, 0, 1, -100),
        (0, 1, 0, 0),
        (1, 7, 0, 13),  # 12.5
        (0, 7, 1, -13),  # -12.5
        (1, 199, 0, 1),  # 0.5
        (0, 199, 1, -1),  # -0.5
        (0, 201, 1, 0),  # -0.495…: zero has no sign
        (2, 0, 1, 33),
        (1, 0, 2, -33),
    ],
)
def test_the_score_is_rounded_halves_away_from_zero(promoters, passives, detractors, score):
    assert Split(promoters, passives, detractors).score == score


@given(counts)
def test_the_score_is_the_rounded_fraction(scores):
    split = Split.of(scores)
    good = sum(scores)
    if good == 0:
        assert split.score is None
        return
    exact = Fraction(100 * (sum(scores[9:]) - sum(scores[:7])), good)
    nearest = math.floor(abs(exact) + Fraction(1, 2))
    assert split.score == (nearest if exact >= 0 else -nearest)
    assert -100 <= split.score <= 100
    assert (split.promoters, split.passives, split.detractors) == (
        sum(scores[9:]),
        sum(scores[7:9]),
        sum(scores[:7]),
    )


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_rounding_agrees_with_decimal(numerator, denominator):
    # ROUND_HALF_UP of decimal is "away from zero"; the quotient of these sizes is exact enough at a half.
    expected = (Decimal(2 * numerator) / Decimal(denominator) / 2).quantize(Decimal(1), ROUND_HALF_UP)
    assert rounded(numerator, denominator) == int(expected)


def test_the_interval_is_the_adjusted_wald_interval():
    # 60 promoters, 20 passives, 20 detractors: n + 3 = 103, p = 60.75 / 103, d = 20.75 / 103.
    p, d = 60.75 / 103, 20.75 / 103
    margin = 1.959963984540054 * math.sqrt((p + d - (p - d) ** 2) / 103)
    assert Split(60, 20, 20).interval() == (
        round(100 * (p - d - margin), 2),
        round(100 * (p - d + margin), 2),
    )


def test_the_interval_never_leaves_the_scale():
    all_promoters, all_detractors = Split(10, 0, 0).interval(), Split(0, 0, 10).interval()
    assert all_promoters is not None
    assert all_detractors is not None
    assert (all_promoters[1], all_detractors[0]) == (100.0, -100.0)


@given(counts)
def test_the_interval_is_ordered_within_the_scale_and_never_minus_zero(scores):
    interval = Split.of(scores).interval()
    if interval is not None:
        low, high = interval
        assert -100 <= low <= high <= 100
        assert "-0.0" not in (str(low), str(high))
