from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.smpp.assembly import Assembly, Incomplete, Part
from simulator.wire.smpp.parts import Piece


def part(number: int) -> Part:
    return Part(b"%d" % number, number)


@given(st.integers(1, 255).flatmap(lambda total: st.permutations(range(1, total + 1))))
def test_parts_come_together_in_any_order(numbers):
    assembly, total = Assembly(), len(numbers)
    found = [assembly.add("who", Piece(7, total, number), part(number), 0.0) for number in numbers]
    assert found[:-1] == [None] * (total - 1)
    assert found[-1] == tuple(part(number) for number in range(1, total + 1))
    assert (len(assembly), assembly.octets, assembly.next_due()) == (0, 0, None)


def test_messages_of_others_and_with_other_references_stay_apart():
    assembly = Assembly()
    assert assembly.add("a", Piece(1, 2, 1), part(1), 0.0) is None
    assert assembly.add("b", Piece(1, 2, 2), part(2), 0.0) is None
    assert assembly.add("a", Piece(2, 2, 2), part(2), 0.0) is None
    assert assembly.add("a", Piece(1, 3, 2), part(2), 0.0) is None
    assert assembly.add("a", Piece(1, 2, 2), part(2), 0.0) == (part(1), part(2))


def test_a_part_that_comes_twice_counts_once():
    assembly = Assembly()
    assembly.add("a", Piece(1, 2, 1), part(1), 0.0)
    assert assembly.add("a", Piece(1, 2, 1), Part(b"other"), 1.0) is None
    assert assembly.octets == 1
    assert assembly.add("a", Piece(1, 2, 2), part(2), 2.0) == (part(1), part(2))


def test_what_is_too_old_is_given_up_and_told():
    assembly = Assembly(age=60.0)
    assembly.add("a", Piece(1, 3, 2), part(2), 0.0)
    assembly.add("a", Piece(1, 3, 1), part(1), 50.0)
    assert (assembly.next_due(), assembly.expire(59.9)) == (60.0, [])
    assert assembly.expire(60.0) == [Incomplete(("a", 1, 3), 3, (1, 2))]
    assert (assembly.expire(60.0), len(assembly), assembly.octets) == ([], 0, 0)


def test_the_oldest_goes_when_there_are_too_many():
    assembly = Assembly(most=2)
    for reference in range(3):
        assembly.add("a", Piece(reference, 2, 1), part(1), 0.0)
    assert len(assembly) == 2
    assert [each.key for each in assembly.expire(0.0)] == [("a", 0, 2)]


def test_what_nobody_asks_for_is_forgotten():
    assembly = Assembly(most=3)
    for reference in range(20):
        assembly.add("a", Piece(reference, 2, 1), part(1), 0.0)
    assert [each.key for each in assembly.expire(0.0)] == [("a", each, 2) for each in (14, 15, 16)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), st.integers(0, 300)), max_size=200))
def test_it_never_keeps_more_than_it_may(arrivals):
    assembly = Assembly(most=5, most_octets=1_000)
    for now, (reference, number, size) in enumerate(arrivals):
        assembly.add("a", Piece(reference, 4, number), Part(bytes(size)), float(now))
        assert len(assembly) <= 5
        assert 0 <= assembly.octets <= 1_000
        assert len(assembly._given_up) <= 5
