"""Delivery receipts as the standard and its vendors write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.receipts import Fate, Receipt, is_receipt, read, spellings

APPENDIX_B = (
    b"id:IIIIIIIIII sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:9"
)


@pytest.mark.parametrize(
    "text",
    [
        APPENDIX_B,
        APPENDIX_B.upper().replace(b"ID:", b"Id: "),
        b"id:IIIIIIIIII stat:DELIVRD",
        b"id: IIIIIIIIII status:DELIVERED err:000",
        b"stat:DELIVRD\nid:IIIIIIIIII",
    ],
)
def test_the_text_is_read_in_its_variants(text):
    assert read(4, text, {}) == Receipt(("IIIIIIIIII",), Fate.DELIVERED)


def test_the_parameters_come_before_the_text():
    tlvs = {0x1E: b"other\0", 0x427: b"\5"}
    assert read(4, APPENDIX_B, tlvs) == Receipt(("other", "IIIIIIIIII"), Fate.LOST)


@pytest.mark.parametrize("tlvs", [{0x1E: b"", 0x427: b""}, {0x1E: b"\0", 0x427: b"\xff"}, {0x427: b"\2\2"}])
def test_parameters_that_say_nothing_leave_it_to_the_text(tlvs):
    assert read(4, APPENDIX_B, tlvs) == Receipt(("IIIIIIIIII",), Fate.DELIVERED)


def test_an_intermediate_notification_is_never_the_end():
    assert read(0x20, APPENDIX_B, {0x427: b"\5"}).fate is Fate.UNDER_WAY


@pytest.mark.parametrize(
    ("esm_class", "tlvs", "told"),
    [
        (4, {}, True),
        (0x20, {}, True),
        (0x44, {}, True),
        (0, {}, False),
        (0x40, {}, False),
        (8, {}, False),
        (0, {0x1E: b"1", 0x427: b"\2"}, True),
        (0, {0x1E: b"1"}, False),
    ],
)
def test_a_receipt_is_told_from_a_message(esm_class, tlvs, told):
    assert is_receipt(esm_class, tlvs) is told


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ("1f4", "500"),
        ("500", "1f4"),
        ("1F4", "500"),
        ("1F4", "1f4"),
        ("000001f4", "500"),
        ("0000000500", "500"),
        ("500", "0000000500"),
        ("000001F4", "0000000500"),
        ("1f4", "0x1F4"),
        ("3039", "12345"),
        ("12345", "3039"),
        ("6f9619ff-8b86-d011-b42d-00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF"),
    ],
)
def test_an_id_is_found_however_the_answer_spelled_it(answered, told):
    assert answered in spellings(told)


@given(st.integers(0, 2**64), st.sampled_from(["d", "x", "X", "010d", "08x", "08X"]), st.sampled_from("dxX"))
def test_every_pair_of_spellings_is_found(number, answered, told):
    assert format(number, answered) in spellings(format(number, told))


@given(st.text(max_size=70))
def test_spellings_are_few_and_the_first_is_as_it_came(text):
    found = spellings(text)
    assert found[0] == text
    assert len(found) <= 20


@given(
    st.binary(max_size=200), st.integers(0, 255), st.dictionaries(st.sampled_from([0x1E, 0x427]), st.binary())
)
def test_whatever_comes_is_a_receipt_of_something_or_of_nothing(text, esm_class, tlvs):
    assert all(0 < len(one) <= 64 for one in read(esm_class, text, tlvs).ids)
