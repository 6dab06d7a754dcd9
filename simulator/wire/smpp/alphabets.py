"""What data_coding says of the octets of a message: SMPP 3.4 §5.2.19, 3GPP TS 23.038 §4 above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from simulator.wire.smpp import gsm0338


class Alphabet(Enum):
    """A way to write text; its value is the data_coding that names it."""

    GSM = 0x00
    """The message centre's default: 23.038, one septet an octet."""
    ASCII = 0x01
    BINARY = 0x04
    LATIN_1 = 0x03
    CYRILLIC = 0x06
    HEBREW = 0x07
    UCS2 = 0x08
    """UTF-16 in truth: real peers send surrogates."""
    JIS = 0x0A
    KOREAN = 0x0E
    PACKED = 0xF0
    """The default alphabet as it goes over the air, eight septets in seven octets. No data_coding says so: an
    account must be told to use it; 0xF0 (GSM, class 0) stands for what is sent then."""


_CODINGS: Mapping[int, Alphabet] = {
    **{each.value: each for each in Alphabet if each is not Alphabet.PACKED},
    0x02: Alphabet.BINARY,
}
_GROUPS: tuple[tuple[int, int, Alphabet], ...] = (
    (0xA0, 0x20, Alphabet.BINARY),
    (0x8C, 0x00, Alphabet.GSM),
    (0x8C, 0x04, Alphabet.BINARY),
    (0x8C, 0x08, Alphabet.UCS2),
    (0xF0, 0xC0, Alphabet.GSM),
    (0xF0, 0xD0, Alphabet.GSM),
    (0xF0, 0xE0, Alphabet.UCS2),
    (0xF4, 0xF0, Alphabet.GSM),
    (0xF4, 0xF4, Alphabet.BINARY),
)
"""Mask, value, alphabet, for the coding groups of 23.038 (classes, deletion, waiting indications): the first
that matches. Compressed text is left as it is. Below 0x10 SMPP's own table stands."""
_CODECS: Mapping[Alphabet, str] = {
    Alphabet.ASCII: "ascii",
    Alphabet.LATIN_1: "latin-1",
    Alphabet.BINARY: "latin-1",
    Alphabet.CYRILLIC: "iso8859-5",
    Alphabet.HEBREW: "iso8859-8",
    Alphabet.UCS2: "utf-16-be",
    Alphabet.JIS: "iso2022_jp",
    Alphabet.KOREAN: "euc_kr",
}


def alphabet_of(data_coding: int, default: Alphabet = Alphabet.GSM) -> Alphabet | None:
    """The alphabet that `data_coding` names; `default` is what an account means by 0. None when reserved."""
    if data_coding == 0:
        return default
    if data_coding < 0x10:
        return _CODINGS.get(data_coding)
    for mask, value, alphabet in _GROUPS:
        if data_coding & mask == value:
            return default if alphabet is Alphabet.GSM else alphabet
    return None


def decode(octets: bytes, alphabet: Alphabet) -> str:
    """Never fails: what cannot be read becomes U+FFFD. Binary reads as Latin-1."""
    read = _READERS.get(alphabet)
    return read(octets) if read else octets.decode(_CODECS[alphabet], "replace")


def encode(text: str, alphabet: Alphabet) -> bytes:
    """UnicodeEncodeError when `alphabet` does not have all characters of `text`."""
    write = _WRITERS.get(alphabet)
    return write(text) if write else text.encode(_CODECS[alphabet])


_NEVER_IN_ASCII = bytes(each for each in (*range(0x20), 0x7F) if each not in b"\t\n\r")


def _read_ascii(octets: bytes) -> str:
    """Common clients (node-smpp) write the default alphabet and call it 0x01: its letters at places where a
    text in ASCII has nothing give that away."""
    if octets.translate(None, _NEVER_IN_ASCII) != octets:
        return gsm0338.decode(octets)
    return octets.decode("ascii", "replace")


_READERS: Mapping[Alphabet, Callable[[bytes], str]] = {
    Alphabet.GSM: gsm0338.decode,
    Alphabet.ASCII: _read_ascii,
    Alphabet.PACKED: lambda octets: gsm0338.decode(gsm0338.unpack(octets)),
}
_WRITERS: Mapping[Alphabet, Callable[[str], bytes]] = {
    Alphabet.GSM: gsm0338.encode,
    Alphabet.PACKED: lambda text: gsm0338.pack(gsm0338.encode(text)),
}


class Written(NamedTuple):
    """A text in an alphabet."""

    alphabet: Alphabet
    octets: bytes
    """One septet an octet in both forms of the default alphabet: packing comes after splitting."""

    @property
    def data_coding(self) -> int:
        return self.alphabet.value

    @property
    def bits(self) -> int:
        """Over the air."""
        return len(self.octets) * (7 if self.alphabet in SEPTETS else 8)


SEPTETS = frozenset({Alphabet.GSM, Alphabet.PACKED})
HANDSETS = (Alphabet.GSM, Alphabet.UCS2)
"""What every handset reads."""


def choose(text: str, among: Sequence[Alphabet] = HANDSETS) -> Written:
    """`text` in the alphabet that takes the fewest bits over the air, the earlier of equals; in UCS-2, with
    `?` for what is no character, when none has them all."""
    written = [each for each in (_try(text, alphabet) for alphabet in among) if each]
    if written:
        return min(written, key=lambda each: each.bits)
    return Written(Alphabet.UCS2, text.encode("utf-16-be", "replace"))


def _try(text: str, alphabet: Alphabet) -> Written | None:
    try:
        return Written(alphabet, encode(text, Alphabet.GSM if alphabet in SEPTETS else alphabet))
    except UnicodeEncodeError:
        return None
