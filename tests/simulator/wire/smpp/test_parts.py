from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.smpp.alphabets import Alphabet, Written, choose, decode, encode
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.parts import (
    UDHI,
    Content,
    Piece,
    Way,
    content,
    room,
    split,
    text_octets,
)
from simulator.wire.smpp.pdu import Command, Pdu, Tlv

IN_PARTS = [Way.UDH_8, Way.UDH_16, Way.SAR]


def carried(segment) -> Pdu:
    fields = {"short_message": segment.short_message, "esm_class": segment.esm_class}
    return Pdu(Command.SUBMIT_SM, 0, 1, fields, segment.tlvs)


def message(octets: bytes, esm_class: int = UDHI, *tlvs: Tlv) -> Content:
    return content(Pdu(Command.SUBMIT_SM, 0, 1, {"short_message": octets, "esm_class": esm_class}, tlvs))


@pytest.mark.parametrize(
    ("alphabet", "way", "expected"),
    [
        (Alphabet.GSM, Way.UDH_8, 153), (Alphabet.GSM, Way.UDH_16, 152), (Alphabet.GSM, Way.SAR, 153),
        (Alphabet.UCS2, Way.UDH_8, 134), (Alphabet.UCS2, Way.UDH_16, 133), (Alphabet.LATIN_1, Way.UDH_8, 134),
        (Alphabet.PACKED, Way.UDH_8, 153),
    ],
)  # fmt: skip
def test_a_part_has_the_room_its_header_leaves(alphabet, way, expected):
    assert room(alphabet, way) == expected


@pytest.mark.parametrize(
    ("text", "way", "sizes"),
    [
        ("a" * 160, Way.UDH_8, [160]),
        ("a" * 161, Way.UDH_8, [159, 14]),
        ("a" * 161, Way.UDH_16, [159, 16]),
        ("a" * 161, Way.SAR, [153, 8]),
        ("a" * 161, Way.PAYLOAD, [0]),
        ("ç" * 70, Way.UDH_8, [140]),
        ("ç" * 71, Way.UDH_8, [140, 14]),
        ("ç" * 71, Way.UDH_16, [139, 17]),
        ("a" * 152 + "€" + "a" * 20, Way.UDH_8, [158, 28]),
        ("ç" * 66 + "😀" + "ç" * 20, Way.UDH_8, [138, 50]),
        ("", Way.UDH_8, [0]),
    ],
)
def test_a_text_is_cut_where_it_may_be(text, way, sizes):
    assert [len(each.short_message) for each in split(choose(text), 1, way)] == sizes


def test_the_header_says_which_part_it_is():
    first, second = split(choose("a" * 161), 0x1CC, Way.UDH_8)
    assert (first.short_message[:6], first.esm_class) == (bytes.fromhex("050003CC0201"), UDHI)
    assert second.short_message[:6] == bytes.fromhex("050003CC0202")
    first, second = split(choose("a" * 161), 0x1CC, Way.UDH_16)
    assert second.short_message[:7] == bytes.fromhex("06080401CC0202")


def test_a_packed_part_begins_at_a_septet_boundary():
    first, _ = split(Written(Alphabet.PACKED, encode("a" * 161, Alphabet.GSM)), 0xCC)
    assert len(first.short_message) == 140
    # one bit of fill (48 bits of header are 6 septets and 6 bits), then 'a' = 0x61: 0x61 << 1
    assert first.short_message[6] == 0xC2


TEXTS = st.one_of(
    st.text(st.sampled_from("ab€{}~\n@é"), min_size=1, max_size=900),
    st.text(st.sampled_from("aç😀é\U0001f468‍"), min_size=1, max_size=600),
)


@given(TEXTS, st.sampled_from(list(Way)), st.integers(0, 0xFFFF), st.booleans())
def test_parts_come_back_together_and_no_character_is_torn(text, way, reference, packed):
    written = choose(text)
    if packed and written.alphabet is Alphabet.GSM:
        written = Written(Alphabet.PACKED, written.octets)
    segments = split(written, reference, way)
    contents = [content(carried(each)) for each in segments]
    read = [decode(_text(each, written), _plain(written)) for each in contents]
    assert "".join(read) == text
    assert all("\ufffd" not in each for each in read)
    assert all(len(each.short_message) <= 160 for each in segments)
    if len(segments) > 1:
        expected = reference & 0xFF if way is Way.UDH_8 else reference
        pieces = [Piece(expected, len(segments), number) for number in range(1, len(segments) + 1)]
        assert [each.piece for each in contents] == pieces


def _plain(written):
    return Alphabet.GSM if written.alphabet is Alphabet.PACKED else written.alphabet


def _text(found, written):
    octets = text_octets(found, written.alphabet)
    # SMPP says no number of septets: a last '@' or CR may be padding (23.038 §6.1.2.3.1)
    if written.alphabet is Alphabet.PACKED and not written.octets.find(octets):
        return octets + (written.octets[len(octets) :] if len(written.octets) - len(octets) == 1 else b"")
    return octets


def test_more_than_255_parts_are_not_written():
    with pytest.raises(ValueError, match="256 parts"):
        split(choose("a" * (255 * 153 + 1)), 1)


def test_more_than_a_payload_holds_is_not_written():
    with pytest.raises(ValueError, match="65535"):
        split(choose("a" * 65_536), 1, Way.PAYLOAD)


@pytest.mark.parametrize(
    ("header", "piece"),
    [
        ("050003CC0201", Piece(0xCC, 2, 1)),
        ("0608041234FF03", Piece(0x1234, 255, 3)),
        ("0B0504158A0000 0003050302", Piece(5, 3, 2)),
        ("06050415 8A0000", None),
        ("050003CC0200", None),
        ("050003CC0203", None),
        ("050003CC0001", None),
        ("0A0003AA0201 0003BB0302", Piece(0xBB, 3, 2)),
    ],
)
def test_a_header_is_taken_off_and_read(header, piece):
    found = message(bytes.fromhex(header) + b"text")
    assert found == Content(b"text", piece, bytes.fromhex(header))


@pytest.mark.parametrize("octets", [b"", b"\0", b"\5\0\3", b"\xffabc", b"\5\0\4\1\2\3text"])
def test_a_header_that_breaks_its_rules_is_text(octets):
    found = message(octets)
    assert found.piece is None
    assert found.header + found.octets == octets


def test_a_payload_is_the_message_with_or_without_header():
    payload = Tlv(Tag.MESSAGE_PAYLOAD, b"\5\0\3\xcc\2\1text")
    assert message(b"", 0, payload).octets == payload.value
    assert message(b"", UDHI, payload) == Content(b"text", Piece(0xCC, 2, 1), payload.value[:6])


def test_sar_parameters_count_when_all_three_are_there():
    tlvs = (
        Tlv(Tag.SAR_MSG_REF_NUM, b"\1\2"),
        Tlv(Tag.SAR_TOTAL_SEGMENTS, b"\3"),
        Tlv(Tag.SAR_SEGMENT_SEQNUM, b"\1"),
    )
    assert message(b"text", 0, *tlvs).piece == Piece(0x0102, 3, 1)
    assert message(b"text", 0, *tlvs[:2]).piece is None


@given(st.binary(max_size=254), st.integers(0, 255), st.binary(max_size=60))
def test_any_message_has_some_content(octets, esm_class, payload):
    found = message(octets, esm_class, Tlv(Tag.MESSAGE_PAYLOAD, payload))
    assert found.header + found.octets == (octets or payload)
