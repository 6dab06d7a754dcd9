"""How long an SMS is: 3GPP TS 23.038 §6.2.1 (alphabet and extension table), TS 23.040 §9.2.3.24.1 (parts).

A character of the extension table takes two septets, one beyond the Basic Multilingual Plane two UCS-2 units;
neither is torn in two by the end of a part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
MOST_PARTS = 10


class Coding(Enum):
    """An alphabet, with the units of a message alone and of each part of a long one."""

    GSM7 = (160, 153)
    BINARY = (140, 134)
    UCS2 = (70, 67)


@dataclass(frozen=True, slots=True)
class Length:
    """Units of a text in its coding, and the parts it is sent in."""

    coding: Coding
    units: int
    parts: int
    limit: int
    """Units that fit into one part of a message of so many parts."""
    left: int
    """Units still free in the last part."""

    @property
    def parts_left(self) -> int:
        return max(0, MOST_PARTS - self.parts)


def measure(text: str, *, binary: bool = False) -> Length:
    """How `text` travels. An empty text is one part."""
    coding, sizes = _sizes(text, binary)
    units = sum(sizes)
    alone, each = coding.value
    if units <= alone:
        return Length(coding, units, 1, alone, alone - units)
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return Length(coding, units, parts, each, each - used)


def _sizes(text: str, binary: bool) -> tuple[Coding, list[int]]:
    if binary:
        return Coding.BINARY, [1] * len(text.encode("utf-8", "surrogatepass"))
    if _all_in(text, ALPHABET):
        return Coding.GSM7, [1] * len(text)
    if all(each in ALPHABET or each in EXTENSION for each in text):
        return Coding.GSM7, [2 if each in EXTENSION else 1 for each in text]
    return Coding.UCS2, [2 if ord(each) > 0xFFFF else 1 for each in text]


def _all_in(text: Iterable[str], alphabet: frozenset[str]) -> bool:
    return alphabet.issuperset(text)
