"""Named random streams from one seed."""

from __future__ import annotations

from simulator.clock import Streams

FIRST_OF_STREAM = 0.5547865409804577
FIRST_FRACTION = 0.8030414048800778


def test_a_stream_depends_on_seed_and_name_alone():
    one, other = Streams(1), Streams(1)
    other.of("somebody", "else").random()
    assert one.of("+32470000001", 1, "fate").random() == other.of("+32470000001", 1, "fate").random()
    names = [(1, "a", 1), (2, "a", 1), (1, "a", 2), (1, "b", 1)]
    assert len({Streams(seed).of(*name).random() for seed, *name in names}) == 4
    assert len({Streams(seed).fraction(*name) for seed, *name in names}) == 4


def test_the_streams_of_a_seed_are_the_same_next_year():
    streams = Streams(2026)
    assert streams.of("+32470000001", 1, "fate").random() == FIRST_OF_STREAM
    assert streams.fraction("+32470000001", 1, "fate") == FIRST_FRACTION


def test_fractions_are_spread_evenly():
    fractions = [Streams(7).fraction("somebody", n) for n in range(10_000)]
    assert 0 <= min(fractions) < 0.01
    assert 0.99 < max(fractions) < 1
    tenths = [sum(n / 10 <= f < (n + 1) / 10 for f in fractions) for n in range(10)]
    assert all(900 < count < 1100 for count in tenths)
