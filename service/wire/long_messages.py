"""Messages from people in several parts: which part of which message this is.

Parts are told by a user data header with an 8- or 16-bit reference (3GPP TS 23.040 §9.2.3.24) or by the SAR
parameters of SMPP (3.4 §5.3.2.22 to 24).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.wire.smpp_pdu import Tag

UDH_INDICATOR = 0x40
_REFERENCE_8, _REFERENCE_16 = 0x00, 0x08


@dataclass(frozen=True, slots=True)
class Place:
    """Part `number` of `total`, of the message that its sender marked with `reference`."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """The octets of a part without any header; `place` is None for a message that came whole."""

    octets: bytes = field(repr=False)
    place: Place | None


def part_of(esm_class: int, octets: bytes, tlvs: Mapping[int, bytes]) -> Part:
    """What a short message is a part of. A header that makes no sense is taken off, or left if even its
    length makes none."""
    place = _by_parameters(tlvs)
    if esm_class & UDH_INDICATOR and octets and octets[0] < len(octets):
        end = octets[0] + 1
        return Part(octets[end:], _by_header(octets[1:end]) or place)
    return Part(octets, place)


def _by_header(header: bytes) -> Place | None:
    at = 0
    while at + 2 <= len(header):
        kind, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if kind == _REFERENCE_8 and len(value) == length == 3:
            return _place(value[0], value[1], value[2])
        if kind == _REFERENCE_16 and len(value) == length == 4:
            return _place(value[0] << 8 | value[1], value[2], value[3])
        at += 2 + length
    return None


def _by_parameters(tlvs: Mapping[int, bytes]) -> Place | None:
    reference, total, number = (
        tlvs.get(tag, b"") for tag in (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    )
    if (len(reference), len(total), len(number)) != (2, 1, 1):
        return None
    return _place(int.from_bytes(reference), total[0], number[0])


def _place(reference: int, total: int, number: int) -> Place | None:
    return Place(reference, total, number) if total > 1 and 1 <= number <= total else None
