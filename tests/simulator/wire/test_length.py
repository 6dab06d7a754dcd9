import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.length import ALPHABET, EXTENSION, Coding, measure

CASES = [
    ("", Coding.GSM7, 0, 1, 160, 160),
    ("a" * 160, Coding.GSM7, 160, 1, 160, 0),
    ("a" * 161, Coding.GSM7, 161, 2, 153, 145),
    ("a" * 306, Coding.GSM7, 306, 2, 153, 0),
    ("a" * 307, Coding.GSM7, 307, 3, 153, 152),
    ("é\n@", Coding.GSM7, 3, 1, 160, 157),
    ("€", Coding.GSM7, 2, 1, 160, 158),
    ("€" * 80, Coding.GSM7, 160, 1, 160, 0),
    # an escape is not torn from its character: 76 of them in the first part, one septet stays empty
    ("€" * 81, Coding.GSM7, 162, 2, 153, 143),
    ("ê", Coding.UCS2, 1, 1, 70, 69),
    ("ê" * 70, Coding.UCS2, 70, 1, 70, 0),
    ("ê" * 71, Coding.UCS2, 71, 2, 67, 63),
    ("👍", Coding.UCS2, 2, 1, 70, 68),
    # neither is a pair of surrogates: 33 of them in the first part, one unit stays empty
    ("👍" * 36, Coding.UCS2, 72, 2, 67, 61),
    ("x" * 1_530, Coding.GSM7, 1_530, 10, 153, 0),
]


@pytest.mark.parametrize(("text", "coding", "units", "parts", "limit", "left"), CASES)
def test_a_text_is_measured_as_the_standard_says(text, coding, units, parts, limit, left):
    length = measure(text)
    assert (length.coding, length.units, length.parts) == (coding, units, parts)
    assert (length.limit, length.left, length.parts_left) == (limit, left, 10 - parts)


def test_binary_is_measured_in_bytes():
    assert (measure("é" * 70, binary=True).units, measure("a" * 141, binary=True).limit) == (140, 134)


def test_the_tables_have_the_standards_sizes():
    assert (len(ALPHABET), len(EXTENSION), len(ALPHABET & EXTENSION)) == (127, 10, 0)


@given(st.text(max_size=2_000), st.booleans())
def test_parts_hold_the_text_and_no_more_than_they_can(text, binary):
    length = measure(text, binary=binary)
    assert 0 <= length.left <= length.limit
    assert length.units <= length.parts * length.limit - length.left
    assert length.units > (length.parts - 1) * (length.limit - 1) - 1 or length.parts == 1
    assert length.parts_left >= 0
