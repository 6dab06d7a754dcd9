"""Text as short messages carry it: GSM 03.38 or UCS-2, in one part or several (3GPP TS 23.038, 23.040).

Going out, a text that the GSM alphabet can write goes in that alphabet, one character in an octet as SMPP
carries it, any other in UCS-2 with UTF-16 surrogates; parts carry a user data header with an 8-bit
reference, and are never cut inside an escape pair or a surrogate pair. Coming in, no octets are refused: what
cannot be read becomes U+FFFD, since a person did write something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE = 0x1B

_OCTETS = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != ESCAPE} | {
    character: bytes([ESCAPE, code]) for code, character in _EXTENSION.items()
}

MOST_PARTS = 255


class Coding(IntEnum):
    """data_coding (SMPP 3.4 §5.2.19)."""

    DEFAULT = 0
    UCS2 = 8


@dataclass(frozen=True, slots=True)
class Room:
    """How many octets of user data fit: alone, and beside a header of six octets."""

    alone: int
    in_parts: int


ROOMS = {Coding.DEFAULT: Room(160, 153), Coding.UCS2: Room(140, 134)}

CODECS = {
    0x01: "ascii",
    0x03: "latin-1",
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",
    0x0A: "iso2022_jp",
    0x0E: "euc_kr",
}
"""data_coding → how to read it; everything else that is no octet string is the GSM alphabet."""
BINARY = frozenset({0x02, 0x04})
"""Octets of no stated alphabet; Latin-1 reads each of them as something."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text ready to be sent. Each part is a whole short_message; with several, each begins with its
    header.
    """

    coding: Coding
    parts: tuple[bytes, ...] = field(repr=False)


def encode(text: str, reference: int) -> Encoded:
    """`text` in as few parts as it takes; `reference` (0 to 255) marks the parts as one message.

    Errors: ValueError when it takes more than 255 parts."""
    coding, letters = _letters(text)
    room = ROOMS[coding]
    whole = b"".join(letters)
    if len(whole) <= room.alone:
        return Encoded(coding, (whole,))
    pieces = list(_cut(letters, room.in_parts))
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"a message has at most {MOST_PARTS} parts")
    heads = (bytes([5, 0, 3, reference, len(pieces), number]) for number in range(1, len(pieces) + 1))
    return Encoded(coding, tuple(head + piece for head, piece in zip(heads, pieces, strict=True)))


def _letters(text: str) -> tuple[Coding, list[bytes]]:
    """What must not be cut, one by one."""
    try:
        return Coding.DEFAULT, [_OCTETS[character] for character in text]
    except KeyError:
        return Coding.UCS2, [character.encode("utf-16-be", "replace") for character in text]


def _cut(letters: Sequence[bytes], room: int) -> Iterator[bytes]:
    piece = b""
    for letter in letters:
        if len(piece) + len(letter) > room:
            yield piece
            piece = b""
        piece += letter
    yield piece


def decode(octets: bytes, data_coding: int) -> str:
    """The text in user data without its header. Never fails."""
    codec = CODECS.get(data_coding) or _by_scheme(data_coding)
    if codec is not None:
        return octets.decode(codec, "replace")
    if any(octet > 0x7F for octet in octets):
        # Not the GSM alphabet, whatever was said: most often a centre whose default is Latin-1.
        return octets.decode("latin-1")
    return _gsm(octets)


def _by_scheme(data_coding: int) -> str | None:
    """The alphabet by the GSM coding groups, which message centres pass through (TS 23.038 §4); None: GSM's
    own.
    """
    if data_coding in BINARY:
        return "latin-1"
    alphabet = data_coding >> 2 & 0b11
    if 0x10 <= data_coding < 0x40:
        return (None, "latin-1", "utf-16-be", None)[alphabet]
    if data_coding >= 0xF0:
        return "latin-1" if alphabet & 1 else None
    return "utf-16-be" if 0xE0 <= data_coding < 0xF0 else None


def _gsm(octets: bytes) -> str:
    """An escape before a character that has no meaning there is ignored, as TS 23.038 §6.2.1.1 asks."""
    found, escaped = [], False
    for octet in octets:
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        found.append(_EXTENSION.get(octet, _plain(octet)) if escaped else _plain(octet))
        escaped = False
    return "".join(found)


def _plain(octet: int) -> str:
    return " " if octet == ESCAPE else _BASIC[octet]
