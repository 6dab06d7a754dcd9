"""What pressed keys mean: the page on answers, "Voice", line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.calls.keys import meant_by
from simulator.phrasebook.phrase import Meaning


@pytest.mark.parametrize("score", range(11))
@pytest.mark.parametrize("closing", ["", "#"])
def test_nought_to_ten_are_good_with_or_without_a_closing_hash(score, closing):
    said = meant_by(f"{score}{closing}")
    assert (said.meaning, said.score) == (Meaning.GOOD, score)


@pytest.mark.parametrize(
    ("keys", "meaning"),
    [
        ("11", Meaning.OUT_OF_RANGE),
        ("99#", Meaning.OUT_OF_RANGE),
        ("05", Meaning.OUT_OF_RANGE),
        ("00", Meaning.OUT_OF_RANGE),
        ("100", Meaning.OUT_OF_RANGE),
        ("*", Meaning.NO_SCORE),
        ("*9", Meaning.NO_SCORE),
        ("9*", Meaning.NO_SCORE),
        ("9##", Meaning.NO_SCORE),
        ("#9", Meaning.NO_SCORE),
        ("**", Meaning.NO_SCORE),
    ],
)
def test_everything_else_is_bad(keys, meaning):
    said = meant_by(keys)
    assert (said.meaning, said.score) == (meaning, None)


@pytest.mark.parametrize("keys", ["", "#", "##"])
def test_no_key_says_nothing_and_a_hash_closes_nothing(keys):
    assert meant_by(keys) is None


@given(st.text("0123456789*#", min_size=1, max_size=6))
def test_a_score_is_what_the_keys_spell_and_nothing_else_is_good(keys):
    said = meant_by(keys)
    if said is not None and said.meaning is Meaning.GOOD:
        assert keys.removesuffix("#") == str(said.score)
        assert 0 <= said.score <= 10
