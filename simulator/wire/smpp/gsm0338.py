"""The default alphabet of SMS: 3GPP TS 23.038 §6.2.1 and its extension table, one septet an octet or packed
(§6.1.2)."""

from __future__ import annotations

import codecs

ESCAPE = 0x1B
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The character of each septet; at 0x1B stands the escape to the extension table."""
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
    0x65: "€",
}  # fmt: skip
"""What a septet means behind an escape."""

_ENCODING: dict[int, int | bytes] = {ord(each): septet for septet, each in enumerate(BASIC)}
del _ENCODING[ESCAPE]
_ENCODING.update({ord(each): bytes((ESCAPE, septet)) for septet, each in EXTENSION.items()})
_CARRIAGE_RETURN = 0x0D
_AFTER_ESCAPE = {septet: EXTENSION.get(septet, each) for septet, each in enumerate(BASIC)} | {ESCAPE: " "}
"""§6.2.1.1: what the extension table does not hold is shown as in the basic one, a second escape as space."""


def encode(text: str) -> bytes:
    """One septet an octet; UnicodeEncodeError when a character is not in the alphabet."""
    return codecs.charmap_encode(text, "strict", _ENCODING)[0]


def decode(octets: bytes) -> str:
    """Never fails: octets above 0x7F become U+FFFD, an escape at the end a space."""
    if ESCAPE not in octets:
        return codecs.charmap_decode(octets, "replace", BASIC)[0]
    found = []
    rest = iter(octets)
    for septet in rest:
        if septet == ESCAPE:
            found.append(_AFTER_ESCAPE.get(next(rest, ESCAPE), "\ufffd"))
        else:
            found.append(BASIC[septet] if septet < 0x80 else "\ufffd")
    return "".join(found)


def pack(septets: bytes, *, fill: int = 0) -> bytes:
    """Eight septets in seven octets, behind `fill` bits of nothing: what a user data header leaves open."""
    blocks = b"".join(_block(septets[at : at + 8]) for at in range(0, len(septets), 8))
    size = (7 * len(septets) + fill + 7) // 8
    return (int.from_bytes(blocks, "little") << fill).to_bytes(max(size, len(blocks) + 1), "little")[:size]


def _block(septets: bytes) -> bytes:
    value = 0
    for place, septet in enumerate(septets):
        value |= (septet & 0x7F) << 7 * place
    return value.to_bytes(7, "little")


def unpack(octets: bytes, count: int | None = None, *, fill: int = 0) -> bytes:
    """The septets of `octets`, one an octet.

    SMPP counts octets, so how many septets there are may be open: then a last one that fills up the octets
    and is 0 or carriage return is padding (§6.1.2.3.1).
    """
    bits = max(0, 8 * len(octets) - fill)
    value = (int.from_bytes(octets, "little") >> fill).to_bytes(len(octets) + 1, "little")
    septets = b"".join(_septets(value[at : at + 7]) for at in range(0, len(value), 7))[: bits // 7]
    if count is not None:
        return septets[:count]
    padded = bits % 7 == 0 and septets[-1:] in (b"\0", bytes((_CARRIAGE_RETURN,)))
    return septets[:-1] if padded else septets


def _septets(block: bytes) -> bytes:
    value = int.from_bytes(block, "little")
    return bytes(value >> 7 * place & 0x7F for place in range(8))
