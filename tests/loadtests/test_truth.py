"""What is lost, duplicated and misfiled, told from reports beside the truth."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from truth import CELLS, SILENT, Balance, Compared, Figures, Scope, balance, score

FATES = st.lists(st.sampled_from((*CELLS, SILENT)), max_size=60)
TRUE = ["promoters"] * 4 + ["passives"] * 2 + ["detractors"] * 3 + ["bad", "failed", SILENT]


def compared(reported: list[str], true: list[str], *segments: str) -> Compared:
    return Compared(Scope(1, segments), Figures.of_fates(reported), Figures.of_fates(true))


@pytest.mark.parametrize(
    ("reported", "found"),
    [
        (TRUE, Balance()),
        (TRUE[1:], Balance(lost=1)),
        (TRUE[:-1], Balance(lost=1)),
        ([SILENT, *TRUE[1:]], Balance(lost=1)),
        (["promoters", *TRUE], Balance(duplicated=1)),
        ([SILENT, *TRUE], Balance(duplicated=1)),
        (["detractors", *TRUE[1:]], Balance(misfiled=1)),
        (["detractors", "bad", *TRUE[3:]], Balance(lost=1, misfiled=2)),
        ([], Balance(lost=12)),
    ],
)
def test_what_is_missing_too_much_and_in_the_wrong_place(reported: list[str], found: Balance):
    assert balance([compared(reported, TRUE)]) == found


def test_a_request_in_the_wrong_segment_is_misfiled():
    web, shop = compared(TRUE[1:], TRUE, "web"), compared(["promoters", *TRUE], TRUE, "shop")
    assert balance([web, shop]) == Balance(misfiled=1)


@given(FATES)
def test_whatever_is_reported_right_is_in_balance(fates: list[str]):
    assert balance([compared(fates, list(reversed(fates)))]) == Balance()


@given(FATES, FATES)
def test_whatever_is_reported_wrong_is_out_of_balance(reported: list[str], true: list[str]):
    beside = compared(reported, true)
    assert (balance([beside]) == Balance()) == beside.agrees


@given(FATES)
def test_the_score_is_rounded_away_from_zero(fates: list[str]):
    counts = {cell: fates.count(cell) for cell in CELLS}
    good = sum(counts[cell] for cell in CELLS[:3])
    if not good:
        assert score(counts) is None
        return
    exact = Fraction(100 * (counts["promoters"] - counts["detractors"]), good)
    rounded = score(counts)
    assert rounded is not None
    assert abs(rounded - exact) <= Fraction(1, 2)
    assert abs(rounded) >= abs(exact) or abs(rounded - exact) < Fraction(1, 2)


def test_a_score_that_only_one_side_has_is_far_off():
    assert compared(["promoters"], [SILENT]).delta == 100
    assert compared(["promoters", "passives"], ["promoters", "promoters"]).delta == 50


def test_a_difference_is_told_in_figures():
    told = str(compared(["detractors", *TRUE[1:]], TRUE, "web"))
    assert told == "survey 1, web: 3 promoters, not 4; 4 detractors, not 3; score -11, not 11"
