"""The numbers that bad replies play with: none of the sets holds one that would read as something else."""

import pytest

from simulator.phrasebook import figures
from simulator.phrasebook.phrase import LANGUAGES
from simulator.phrasebook.writer import every

SETS = {name: value for name, value in vars(figures).items() if name.isupper()}


@pytest.mark.parametrize("name", ["PAIRS", "NEIGHBOURS", "SLASHED"])
def test_two_scores_are_two_different_ones_and_never_the_ends_of_the_scale(name: str):
    assert [(n, m) for n, m in SETS[name] if n == m or not (2 <= n <= 10 and 2 <= m <= 10)] == []


def test_a_slashed_pair_is_no_scale():
    assert {m for _, m in figures.SLASHED} & {5, 10, 20, 100} == set()


@pytest.mark.parametrize("name", ["OFF", "OFF_WORDS", "OVER_TEN", "OVER_TEN_WORDS"])
def test_what_is_off_the_scale_is_above_ten(name: str):
    assert [n for n, _ in SETS[name] if n <= 10] == []


@pytest.mark.parametrize(
    ("name", "scale"), [("FIFTHS", 5), ("TWENTIETHS", 20), ("HUNDREDTHS", 100), ("STARS", 5)]
)
def test_a_score_on_another_scale_fits_that_scale(name: str, scale: int):
    assert [n for n, _ in SETS[name] if not 0 <= n <= scale] == []


def test_a_negative_number_is_never_minus_zero():
    assert 0 not in {n for n, _ in figures.BELOW_ZERO}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_denied_number_is_another_than_the_score(language: str):
    denials = [u for u in every((language,)) if u.phenomenon == "negated-then-score"]
    digits = [[int(n) for n in "".join(c if c.isdigit() else " " for c in u.text).split()] for u in denials]
    assert [
        u for u, found in zip(denials, digits, strict=True) if len({*found}) != 2 or u.score not in found
    ] == []
