"""Only what the respondent wrote is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.mail_quotes import own_words
from tests.effort import in_proportion
from tests.service.wire.mail_replies import PLAIN, QUOTED


@pytest.mark.parametrize("name", PLAIN)
def test_what_was_quoted_signed_or_added_is_cut_away(name):
    arrived, own = PLAIN[name]
    assert own_words(arrived.replace("\r\n", "\n")) == own


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_nothing_is_made_up(text):
    for line in own_words(text).split("\n"):
        assert line in text.replace("\u00a0", " ").replace("\u202f", " ")


@given(st.integers(0, 10), st.sampled_from(sorted(PLAIN)))
def test_a_score_above_any_of_them_is_kept(score, name):
    arrived = f"{score}\n\n{QUOTED}\n\n{PLAIN[name][0]}"
    assert own_words(arrived).startswith(str(score))


@pytest.mark.parametrize(
    "hostile",
    [
        "On a ", "From: \n", " \n", "Le a écrit ", ">", "> \n", "-", "_" * 30 + "\n", "schreef:\n", "a@",
        "Op x schreef\n", "van: x\nverzonden: x\naan: x\n", "0 ", "1 a", "dit bericht ", "<https:", "[cid:",
        "Op 2026 a@b:\n", "mit freundlichen ", "p.s. ", "\u2028", "wrote ", "x" * 100 + ":\n", "9\n",
    ],
)  # fmt: skip
def test_no_text_costs_more_than_its_length(hostile):
    assert in_proportion(lambda size: own_words(hostile * (size // len(hostile))), 64_000)
