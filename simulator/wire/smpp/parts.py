"""Long messages: cut into parts for the way out, recognised on the way in.

A part says which it is by a user data header (3GPP TS 23.040 §9.2.3.24: information element 00 with a
reference of 8 bits, 08 with 16) or by the three SAR parameters of SMPP 3.4 §5.3.2.22-24; message_payload
(§5.3.2.32) carries a long message in one piece. No part ends within an escape and its septet, or within two
surrogates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from simulator.wire.smpp import gsm0338
from simulator.wire.smpp.alphabets import SEPTETS, Alphabet, Written
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Pdu, Tlv

UDHI = 0x40
"""The bit of esm_class that says: a user data header leads the message, §5.2.12."""
AIR_BITS = 1120
"""Of one SMS: 140 octets."""
MOST_PARTS = 255
_CONCATENATED_8, _CONCATENATED_16 = 0x00, 0x08


class Piece(NamedTuple):
    """Which part of which long message: number 1 to total."""

    reference: int
    total: int
    number: int


class Content(NamedTuple):
    """What a message carries, with what is said about it taken off."""

    octets: bytes
    piece: Piece | None = None
    header: bytes = b""
    """The user data header with its length octet."""


def content(pdu: Pdu) -> Content:
    """Octets and place of a submit_sm, deliver_sm or data_sm. A header that breaks its own rules is taken for
    text, as handsets do."""
    fields = pdu.fields
    octets = fields.get("short_message", b"")
    tlvs = pdu.tlvs
    if not tlvs and not fields["esm_class"] & UDHI:
        return Content(octets)
    if not octets:
        octets = pdu.tlv(Tag.MESSAGE_PAYLOAD) or b""
    if fields["esm_class"] & UDHI:
        header = octets[: octets[0] + 1] if octets else b""
        elements = _elements(header)
        if elements is not None:
            return Content(octets[len(header) :], _named(elements) or _sar(pdu), header)
    return Content(octets, _sar(pdu))


def _elements(header: bytes) -> dict[int, bytes] | None:
    """The information elements of a whole header, the last of each kind (§9.2.3.24); None if it has none."""
    if len(header) < 2 or len(header) != header[0] + 1:
        return None
    found: dict[int, bytes] = {}
    at = 1
    while at < len(header):
        if at + 2 > len(header) or at + 2 + header[at + 1] > len(header):
            return None
        end = at + 2 + header[at + 1]
        found[header[at]] = header[at + 2 : end]
        at = end
    return found


def _named(elements: dict[int, bytes]) -> Piece | None:
    for identifier, size in ((_CONCATENATED_8, 3), (_CONCATENATED_16, 4)):
        value = elements.get(identifier, b"")
        if len(value) == size:
            return _valid(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
    return None


def _sar(pdu: Pdu) -> Piece | None:
    reference = pdu.number(Tag.SAR_MSG_REF_NUM)
    total, number = pdu.number(Tag.SAR_TOTAL_SEGMENTS), pdu.number(Tag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None:
        return None
    return _valid(reference, total, number)


def _valid(reference: int, total: int, number: int) -> Piece | None:
    return Piece(reference, total, number) if 1 <= number <= total else None


def text_octets(content: Content, alphabet: Alphabet) -> bytes:
    """The octets to read as text: packed septets begin at the first boundary behind a header."""
    if alphabet is not Alphabet.PACKED:
        return content.octets
    return gsm0338.unpack(content.octets, fill=_fill(content.header))


def _fill(header: bytes) -> int:
    """Bits between a header and the first septet boundary behind it."""
    return -8 * len(header) % 7


class Way(Enum):
    """How parts say which they are."""

    UDH_8 = "header with a reference of 8 bits"
    UDH_16 = "header with a reference of 16 bits"
    SAR = "the SAR parameters"
    PAYLOAD = "not at all: in one piece, as message_payload"


_HEADER_OCTETS = {Way.UDH_8: 6, Way.UDH_16: 7, Way.SAR: 6, Way.PAYLOAD: 0}
"""SAR parameters become a header of 6 octets over the air."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What one PDU carries of a message; `esm_class` is to be added to others."""

    short_message: bytes
    esm_class: int = 0
    tlvs: tuple[Tlv, ...] = ()


def split(written: Written, reference: int, way: Way = Way.UDH_8) -> tuple[Segment, ...]:
    """The PDUs that carry a text: one when it fits, else as many as `way` needs.

    ValueError beyond 255 parts, and beyond 65,535 octets in one piece.
    """
    alphabet = written.alphabet
    if written.bits <= AIR_BITS:
        return (Segment(_carried(written.octets, alphabet, 0)),)
    if way is Way.PAYLOAD:
        return (_whole(_carried(written.octets, alphabet, 0)),)
    texts = list(_cut(written.octets, alphabet, room(alphabet, way)))
    if len(texts) > MOST_PARTS:
        raise ValueError(f"{len(texts)} parts; the most are {MOST_PARTS}")
    pieces = [Piece(reference, len(texts), number) for number in range(1, len(texts) + 1)]
    return tuple(_segment(text, alphabet, piece, way) for text, piece in zip(texts, pieces, strict=True))


def room(alphabet: Alphabet, way: Way) -> int:
    """Octets (septets of the default alphabet) in each part of a long message."""
    return (AIR_BITS - 8 * _HEADER_OCTETS[way]) // (7 if alphabet in SEPTETS else 8)


def _cut(octets: bytes, alphabet: Alphabet, room: int) -> Iterator[bytes]:
    at = 0
    while at < len(octets):
        end = at + room
        if end < len(octets):
            end = _whole_character(octets, at, end, alphabet)
        yield octets[at:end]
        at = end


def _whole_character(octets: bytes, start: int, end: int, alphabet: Alphabet) -> int:
    """The last place up to `end` where no character is torn."""
    if alphabet in SEPTETS:
        escapes = 0
        while end - escapes > start and octets[end - escapes - 1] == gsm0338.ESCAPE:
            escapes += 1
        return end - escapes % 2
    if alphabet is Alphabet.UCS2:
        end -= (end - start) % 2
        return end - 2 if 0xD8 <= octets[end - 2] <= 0xDB else end
    return end


def _carried(octets: bytes, alphabet: Alphabet, fill: int) -> bytes:
    return gsm0338.pack(octets, fill=fill) if alphabet is Alphabet.PACKED else octets


def _whole(octets: bytes) -> Segment:
    if len(octets) > 0xFFFF:
        raise ValueError(f"{len(octets)} octets; message_payload takes up to 65535")
    return Segment(b"", tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, octets),))


def _segment(text: bytes, alphabet: Alphabet, piece: Piece, way: Way) -> Segment:
    if way is Way.SAR:
        return Segment(_carried(text, alphabet, 0), tlvs=_sar_tlvs(piece))
    header = user_data_header(piece, way)
    return Segment(header + _carried(text, alphabet, _fill(header)), UDHI)


def user_data_header(piece: Piece, way: Way) -> bytes:
    """The header with its length octet; of the reference, the bits that fit."""
    tail = bytes((piece.total, piece.number))
    if way is Way.UDH_8:
        return b"\x05\x00\x03" + bytes((piece.reference & 0xFF,)) + tail
    return b"\x06\x08\x04" + (piece.reference & 0xFFFF).to_bytes(2, "big") + tail


def _sar_tlvs(piece: Piece) -> tuple[Tlv, ...]:
    return (
        Tlv(Tag.SAR_MSG_REF_NUM, (piece.reference & 0xFFFF).to_bytes(2, "big")),
        Tlv(Tag.SAR_TOTAL_SEGMENTS, bytes((piece.total,))),
        Tlv(Tag.SAR_SEGMENT_SEQNUM, bytes((piece.number,))),
    )
