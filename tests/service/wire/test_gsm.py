"""Texts as short messages carry them, out and in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.gsm import ROOMS, Coding, decode, encode

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=500)
gsm_texts = st.text("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ abcXYZ019^{}\\[~]|€äöñüà§¿", max_size=700)


def joined(encoded) -> bytes:
    return b"".join(part[6:] if len(encoded.parts) > 1 else part for part in encoded.parts)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("@£$¥", b"\0\1\2\3"),
        ("€[]", b"\x1be\x1b<\x1b>"),
        ("0-10?", b"0-10?"),
        ("Ää", b"\x5b\x7b"),
        ("¿§à", b"\x60\x5f\x7f"),
        ("É\n", b"\x1f\n"),
    ],
)
def test_the_alphabet_is_that_of_the_standard(text, octets):
    assert encode(text, 1) == encode(text, 2)
    assert (encode(text, 1).coding, encode(text, 1).parts) == (Coding.DEFAULT, (octets,))
    assert decode(octets, 0) == text


@pytest.mark.parametrize(
    ("text", "coding", "sizes"),
    [
        ("a" * 160, 0, [160]),
        ("a" * 161, 0, [159, 14]),
        ("a" * 152 + "€" + "b" * 8, 0, [158, 16]),
        ("ê" * 70, 8, [140]),
        ("ê" * 71, 8, [140, 14]),
        ("ê" * 66 + "😀" + "ê" * 4, 8, [138, 18]),
        ("", 0, [0]),
    ],
)
def test_a_long_text_is_cut_where_it_may_be(text, coding, sizes):
    encoded = encode(text, 200)
    assert (encoded.coding, [len(part) for part in encoded.parts]) == (coding, sizes)
    assert decode(joined(encoded), encoded.coding) == text


def test_a_text_beyond_255_parts_cannot_be_sent():
    assert len(encode("a" * 153 * 255, 1).parts) == 255
    with pytest.raises(ValueError, match="255 parts"):
        encode("a" * (153 * 255 + 1), 1)


@given(texts | gsm_texts, st.integers(0, 255))
def test_every_text_arrives_as_it_left(text, reference):
    encoded = encode(text, reference)
    assert decode(joined(encoded), encoded.coding) == text
    if len(encoded.parts) > 1:
        count = len(encoded.parts)
        heads = [part[:6] for part in encoded.parts]
        assert heads == [bytes([5, 0, 3, reference, count, number + 1]) for number in range(count)]
        assert max(len(part) for part in encoded.parts) - 6 <= ROOMS[encoded.coding].in_parts
        for part in encoded.parts:  # each can be read alone: no pair was cut
            assert "�" not in decode(part[6:], encoded.coding) or "�" in text


@given(gsm_texts)
def test_the_alphabet_is_used_where_it_is_enough(text):
    assert encode(text, 1).coding is Coding.DEFAULT


@given(st.binary(max_size=300), st.integers(0, 255))
def test_whatever_comes_is_some_text(octets, coding):
    assert isinstance(decode(octets, coding), str)


def test_an_escape_without_meaning_is_ignored():
    assert decode(b"a\x1bb\x1b", 0) == "ab"
