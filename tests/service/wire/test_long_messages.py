"""Parts of messages, put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.long_messages import Part, Place, part_of


@pytest.mark.parametrize(
    ("esm_class", "octets", "part"),
    [
        (0, b"9", Part(b"9", None)),
        (0x40, b"\5\0\3\7\2\1abc", Part(b"abc", Place(7, 2, 1))),
        (0x40, b"\6\x08\4\1\7\2\2abc", Part(b"abc", Place(263, 2, 2))),
        (0x40, b"\x08\x24\1\1\0\3\7\2\1abc", Part(b"abc", Place(7, 2, 1))),
        (0x40, b"\5\0\3\7\2\0abc", Part(b"abc", None)),
        (0x40, b"\5\0\3\7\2\3abc", Part(b"abc", None)),
        (0x40, b"\5\0\3\7\1\1abc", Part(b"abc", None)),
        (0x40, b"\5\0\x09\7\2\1abc", Part(b"abc", None)),
        (0x40, b"\x50abc", Part(b"\x50abc", None)),
        (0x40, b"", Part(b"", None)),
        (0, b"\5\0\3\7\2\1abc", Part(b"\5\0\3\7\2\1abc", None)),
    ],
)
def test_a_header_tells_the_place(esm_class, octets, part):
    assert part_of(esm_class, octets, {}) == part


def test_parameters_tell_the_place_too():
    tlvs = {0x20C: b"\1\0", 0x20E: b"\3", 0x20F: b"\2"}
    assert part_of(0, b"abc", tlvs) == Part(b"abc", Place(256, 3, 2))
    assert part_of(0, b"abc", {**tlvs, 0x20C: b"\1"}) == Part(b"abc", None)


@given(st.binary(max_size=60), st.integers(0, 255), st.dictionaries(st.integers(0x20C, 0x20F), st.binary()))
def test_whatever_comes_has_a_sensible_place_or_none(octets, esm_class, tlvs):
    place = part_of(esm_class, octets, tlvs).place
    assert place is None or 1 <= place.number <= place.total <= 255
