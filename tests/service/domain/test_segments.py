"""Sets of tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.segments import SegmentMode, canonical, distinct, is_tag

tags = st.lists(st.text(min_size=1, max_size=64), max_size=20)


@given(tags, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_make_another_set(given_tags, chance):
    shuffled = given_tags + given_tags[:3]
    chance.shuffle(shuffled)
    assert canonical(shuffled) == canonical(given_tags)


@given(tags, tags)
def test_two_sets_share_a_text_only_if_they_are_the_same(one, other):
    assert (canonical(one) == canonical(other)) == (set(one) == set(other))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("customer", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("a,b", False), ("😀" * 64, True)],
)
def test_a_tag_has_one_to_sixty_four_characters_and_no_comma(text, is_one):
    assert is_tag(text) == is_one


def test_all_needs_each_distinct_tag_and_any_needs_one():
    assert SegmentMode.ALL.needed(["a", "b", "a"]) == 2
    assert SegmentMode.ANY.needed(["a", "b", "a"]) == 1
    assert distinct(["b", "a", "b"]) == ("a", "b")
