from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.smpp import gsm0338

ROWS = """
0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5
0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E ESC_ 00C6 00E6 00DF 00C9
0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F
0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F
00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F
0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7
00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F
0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0
"""
"""3GPP TS 23.038 §6.2.1 as code points, typed in a second time; row = high three bits, column = low four."""
TABLE = ROWS.split()
EXTENSION = {
    0x0A: 0x000C, 0x14: 0x005E, 0x28: 0x007B, 0x29: 0x007D, 0x2F: 0x005C,
    0x3C: 0x005B, 0x3D: 0x007E, 0x3E: 0x005D, 0x40: 0x007C, 0x65: 0x20AC,
}  # fmt: skip
"""§6.2.1.1."""
REPERTOIRE = [chr(int(each, 16)) for each in TABLE if each != "ESC_"] + [
    chr(each) for each in EXTENSION.values()
]
TEXTS = st.text(st.sampled_from(REPERTOIRE), max_size=200)
SEPTETS = st.lists(st.integers(0, 127), max_size=200).map(bytes)


@pytest.mark.parametrize("septet", range(128))
def test_every_septet_is_the_tables_character_both_ways(septet):
    if TABLE[septet] == "ESC_":
        assert septet == gsm0338.ESCAPE
    else:
        character = chr(int(TABLE[septet], 16))
        assert gsm0338.decode(bytes((septet,))) == character
        assert gsm0338.encode(character) == bytes((septet,))


@pytest.mark.parametrize("septet", range(128))
def test_every_septet_behind_an_escape_is_the_extensions_or_the_basic_character(septet):
    shown = gsm0338.decode(bytes((0x1B, septet)))
    if septet in EXTENSION:
        assert shown == chr(EXTENSION[septet])
        assert gsm0338.encode(shown) == bytes((0x1B, septet))
    elif septet == 0x1B:
        assert shown == " "
    else:
        assert shown == chr(int(TABLE[septet], 16))


def test_no_other_character_of_unicode_is_written():
    others = (chr(each) for each in range(0x11000) if chr(each) not in REPERTOIRE)
    assert not [each for each in others if _written(each)]


def _written(character):
    try:
        return gsm0338.encode(character)
    except UnicodeEncodeError:
        return b""


@given(TEXTS)
def test_what_is_written_is_read_back(text):
    assert gsm0338.decode(gsm0338.encode(text)) == text


@given(st.binary(max_size=300))
def test_any_octets_are_read(octets):
    assert len(gsm0338.decode(octets)) <= len(octets)


def test_octets_above_the_table_are_told_from_text():
    assert gsm0338.decode(b"a\x80\x1b\xffb\x1b") == "a\ufffd\ufffdb "


def test_published_packed_texts_are_packed_and_unpacked():
    for text, octets in [
        ("hellohello", "E8329BFD4697D9EC37"),
        ("Hello world", "C8329BFD06DDDF723619"),
        ("1234567", "31D98C56B3DD00"),
        ("12345678", "31D98C56B3DD70"),
    ]:
        packed = gsm0338.pack(gsm0338.encode(text))
        assert packed.hex().upper() == octets
        assert gsm0338.decode(gsm0338.unpack(packed, len(text))) == text


@given(SEPTETS, st.integers(0, 6))
def test_packing_is_what_writing_bits_one_by_one_gives(septets, fill):
    bits = [0] * fill + [each >> place & 1 for each in septets for place in range(7)]
    bits += [0] * (-len(bits) % 8)
    octets = bytes(
        sum(bit << place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8)
    )
    assert gsm0338.pack(septets, fill=fill) == octets
    assert gsm0338.unpack(octets, len(septets), fill=fill) == septets


@given(SEPTETS, st.integers(0, 6))
def test_without_a_count_only_padding_is_lost(septets, fill):
    found = gsm0338.unpack(gsm0338.pack(septets, fill=fill), fill=fill)
    assert found in (septets, septets[:-1])
    assert found == septets or septets[-1] in (0, 0x0D)
