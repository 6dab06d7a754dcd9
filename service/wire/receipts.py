"""Delivery receipts of SMPP 3.4: text in the standard's form (Appendix B) and as its vendors vary it, and the
optional parameters that tell the same (§5.3.2.12, §5.3.2.35).

A receipt names the message by the id that the answer to the submission gave, or by another spelling of it:
decimal for hexadecimal or the other way round, padded with zeros or not, in upper case. `spellings` gives
them all, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from service.wire.smpp_pdu import Tag

RECEIPT, INTERMEDIATE = 0x04, 0x20
_KIND = 0x3C
"""The bits of esm_class that say what kind of message it is (§5.2.12)."""
LONGEST_ID = 64


class Fate(Enum):
    """What a receipt says of its message."""

    DELIVERED = "delivered"
    LOST = "lost"
    UNDER_WAY = "under way"


_STATES = (
    # message_state, word in the text (Appendix B shortens them to seven letters), fate
    (0, "SCHEDUL", Fate.UNDER_WAY),
    (1, "ENROUTE", Fate.UNDER_WAY),
    (2, "DELIVRD", Fate.DELIVERED),
    (3, "EXPIRED", Fate.LOST),
    (4, "DELETED", Fate.LOST),
    (5, "UNDELIV", Fate.LOST),
    (6, "ACCEPTD", Fate.UNDER_WAY),
    (7, "UNKNOWN", Fate.UNDER_WAY),
    (8, "REJECTD", Fate.LOST),
    (9, "SKIPPED", Fate.LOST),
)
_BY_NUMBER = {number: fate for number, _, fate in _STATES}
_BY_WORD = {word: fate for _, word, fate in _STATES} | {
    "DELIVER": Fate.DELIVERED,  # DELIVERED in full, as some write it
    "ACCEPTE": Fate.UNDER_WAY,
    "REJECTE": Fate.LOST,
    "FAILED": Fate.LOST,
}
_WORD = 7

_ID = re.compile(rb"\bid:\s{0,3}([!-~]{1,64})", re.IGNORECASE)
_STAT = re.compile(rb"\bstat(?:us)?:\s{0,3}([A-Za-z]{1,20})", re.IGNORECASE)

_DECIMAL = re.compile(r"[0-9]{1,40}", re.ASCII)
_HEXADECIMAL = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,33})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which message, as the receipt spells it (the parameter's spelling before the text's), and its fate."""

    ids: tuple[str, ...]
    fate: Fate


def is_receipt(esm_class: int, tlvs: Mapping[int, bytes]) -> bool:
    """Whether it tells of a message of ours instead of being one. A centre that forgets to say so is known by
    its parameters; by its text never, since a person can write any text.
    """
    kind = esm_class & _KIND
    told = Tag.RECEIPTED_MESSAGE_ID in tlvs and Tag.MESSAGE_STATE in tlvs
    return kind in (RECEIPT, INTERMEDIATE) or (kind == 0 and told)


def read(esm_class: int, text: bytes, tlvs: Mapping[int, bytes]) -> Receipt:
    """What a receipt says. `ids` is empty when it names no message; then it is of no use."""
    return Receipt(tuple(dict.fromkeys(_ids(text, tlvs))), _fate(esm_class, text, tlvs))


def _ids(text: bytes, tlvs: Mapping[int, bytes]) -> Iterator[str]:
    named = tlvs.get(Tag.RECEIPTED_MESSAGE_ID, b"").partition(b"\0")[0]
    written = _ID.search(text)
    for octets in (named, written[1] if written else b""):
        spelled = octets.decode("latin-1").strip()
        if 0 < len(spelled) <= LONGEST_ID and spelled.isprintable():
            yield spelled


def _fate(esm_class: int, text: bytes, tlvs: Mapping[int, bytes]) -> Fate:
    """An intermediate notification is never the end (§5.2.12)."""
    if esm_class & _KIND == INTERMEDIATE:
        return Fate.UNDER_WAY
    state = tlvs.get(Tag.MESSAGE_STATE, b"")
    if len(state) == 1 and state[0] in _BY_NUMBER:
        return _BY_NUMBER[state[0]]
    word = _STAT.search(text)
    return _BY_WORD.get(word[1][:_WORD].decode().upper(), Fate.UNDER_WAY) if word else Fate.UNDER_WAY


def spellings(message_id: str) -> tuple[str, ...]:
    """The id as it came, and then every other way in which the answer to the submission may have spelled
    it.
    """
    return tuple(dict.fromkeys((message_id, message_id.lower(), message_id.upper(), *_numbers(message_id))))


def _numbers(message_id: str) -> Iterator[str]:
    if _DECIMAL.fullmatch(message_id):
        yield from _spelled(int(message_id))
    found = _HEXADECIMAL.fullmatch(message_id)
    if found:
        yield from _spelled(int(found[1], 16))


def _spelled(number: int) -> Iterator[str]:
    """Ten digits and eight hexadecimal ones are the usual lengths to pad to."""
    yield from (f"{number}", f"{number:010d}")
    for digits in (f"{number:x}", f"{number:08x}", f"{number:010x}"):
        yield from (digits, digits.upper())
