"""What the messages of ESMEs wait for."""

from __future__ import annotations

import pytest
from post import KNOWN, Post, Twice


def test_a_receipt_belongs_to_its_submission_whichever_comes_first():
    post = Post()
    assert post.answered(b"1", 10.0) is None
    assert post.receipt(b"1", 12.5) == 10.0
    assert post.receipt(b"2", 12.0) is None
    assert post.answered(b"2", 11.0) == 12.0
    assert not post.is_due(b"1")
    assert not post.is_due(b"2")


def test_a_second_receipt_is_told_from_a_first():
    post = Post()
    post.answered(b"1", 0.0)
    post.receipt(b"1", 1.0)
    with pytest.raises(Twice, match="second receipt for message 1"):
        post.receipt(b"1", 2.0)
    post.receipt(b"2", 3.0)
    with pytest.raises(Twice):
        post.receipt(b"2", 4.0)


def test_what_nobody_waits_for_any_more_is_not_due():
    post = Post()
    post.answered(b"1", 0.0)
    assert post.is_due(b"1")
    post.give_up(b"1")
    assert not post.is_due(b"1")


def test_memory_of_receipts_is_bounded():
    post = Post()
    for number in range(KNOWN + 10):
        post.answered(b"%d" % number, 0.0)
        post.receipt(b"%d" % number, 1.0)
        post.receipt(b"x%d" % number, 1.0)
    assert (len(post._told), len(post._early)) == (KNOWN, KNOWN)
