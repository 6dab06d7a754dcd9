from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.smpp.alphabets import Alphabet, alphabet_of, choose, decode, encode


@pytest.mark.parametrize(
    ("coding", "alphabet"),
    [
        (0x00, Alphabet.GSM), (0x01, Alphabet.ASCII), (0x02, Alphabet.BINARY), (0x03, Alphabet.LATIN_1),
        (0x04, Alphabet.BINARY), (0x05, None), (0x06, Alphabet.CYRILLIC), (0x07, Alphabet.HEBREW),
        (0x08, Alphabet.UCS2), (0x0A, Alphabet.JIS), (0x0B, None), (0x0E, Alphabet.KOREAN), (0x0F, None),
        (0x10, Alphabet.GSM), (0x14, Alphabet.BINARY), (0x18, Alphabet.UCS2), (0x1C, None),
        (0x20, Alphabet.BINARY), (0x40, Alphabet.GSM), (0x48, Alphabet.UCS2), (0x80, None), (0xBF, None),
        (0xC8, Alphabet.GSM), (0xD0, Alphabet.GSM), (0xE0, Alphabet.UCS2),
        (0xF0, Alphabet.GSM), (0xF3, Alphabet.GSM), (0xF4, Alphabet.BINARY), (0xF7, Alphabet.BINARY),
    ],
)  # fmt: skip
def test_data_coding_names_the_alphabet_the_standards_name(coding, alphabet):
    assert alphabet_of(coding) is alphabet


def test_an_account_may_mean_another_alphabet_by_its_default():
    assert alphabet_of(0, Alphabet.LATIN_1) is Alphabet.LATIN_1
    assert alphabet_of(0xF0, Alphabet.PACKED) is Alphabet.PACKED
    assert alphabet_of(8, Alphabet.LATIN_1) is Alphabet.UCS2


@given(st.integers(0, 255), st.binary(max_size=100), st.sampled_from(Alphabet))
def test_any_octets_are_read_in_any_alphabet(coding, octets, default):
    alphabet = alphabet_of(coding, default)
    text = decode(octets, alphabet or Alphabet.BINARY)
    text.encode()


@pytest.mark.parametrize(
    ("text", "alphabet", "octets"),
    [
        ("@£{€", Alphabet.GSM, "00 01 1B28 1B65"),
        ("hellohello", Alphabet.PACKED, "E8329BFD4697D9EC37"),
        ("@", Alphabet.ASCII, "40"),
        ("é", Alphabet.LATIN_1, "E9"),
        ("é", Alphabet.UCS2, "00E9"),
        ("😀", Alphabet.UCS2, "D83DDE00"),
        ("Щ", Alphabet.CYRILLIC, "C9"),
        ("ש", Alphabet.HEBREW, "F9"),
    ],
)
def test_text_is_written_and_read(text, alphabet, octets):
    assert encode(text, alphabet) == bytes.fromhex(octets)
    assert decode(bytes.fromhex(octets), alphabet) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"a@_\t\r\n", "a@_\t\r\n"),
        (b"\x00 \x1b(9\x1b)", "@ {9}"),
        (b"voil\x7f", "voilà"),
        (b"\x80", "\ufffd"),
    ],
)
def test_the_default_alphabet_under_the_name_of_ascii_is_known_by_what_ascii_does_not_write(octets, text):
    assert decode(octets, Alphabet.ASCII) == text


@pytest.mark.parametrize(
    ("text", "alphabet"),
    [
        ("9", Alphabet.GSM),
        ("", Alphabet.GSM),
        ("Très bien {€}", Alphabet.GSM),
        ("ça va", Alphabet.UCS2),
        ("😀", Alphabet.UCS2),
    ],
)
def test_the_smallest_alphabet_of_handsets_is_chosen(text, alphabet):
    written = choose(text)
    assert (written.alphabet, decode(written.octets, alphabet)) == (alphabet, text)


def test_latin_1_is_chosen_where_it_is_allowed_and_smaller():
    among = (Alphabet.GSM, Alphabet.LATIN_1, Alphabet.UCS2)
    assert choose("ça va", among).alphabet is Alphabet.LATIN_1
    assert choose("va", among).alphabet is Alphabet.GSM
    assert choose("[[[[", among).alphabet is Alphabet.LATIN_1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_choice_is_larger_than_another(text):
    written = choose(text, tuple(Alphabet))
    for each in Alphabet:
        try:
            octets = encode(text, each)
        except UnicodeEncodeError:
            continue
        width = 8
        if each in (Alphabet.GSM, Alphabet.PACKED):
            width, octets = 7, encode(text, Alphabet.GSM)
        assert written.bits <= width * len(octets)


def test_what_is_no_character_does_not_stop_a_message():
    assert choose("a\ud800").octets == b"\0a\0?"
