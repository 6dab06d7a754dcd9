from __future__ import annotations

import pytest

from simulator.wire.smpp import reading
from simulator.wire.smpp.layout import Kind
from tests.simulator.wire.smpp import fuzz


def test_damaged_octets_give_only_pdus_and_protocol_errors():
    tried, outcomes = fuzz.run(4_000, seed=1)
    assert tried == 4_000
    assert outcomes > 100


def test_the_fuzzer_finds_a_reader_without_bounds(monkeypatch):
    monkeypatch.setattr(
        reading, "_READERS", {**reading._READERS, Kind.INTEGER: lambda raw, at, field: (raw[at], at + 1)}
    )
    with pytest.raises(IndexError):
        fuzz.run(4_000, seed=1)
