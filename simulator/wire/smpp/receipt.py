"""Delivery receipts: the text of SMPP 3.4 Appendix B and the optional parameters of §5.3.2, and how vendors
write them differently.

Every vendor's form is a `Dialect`: values, not code. What real clients need is the first of them: the same
message_id as in the response, receipted_message_id with its NUL, message_state, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from functools import lru_cache
from typing import NamedTuple

from simulator.agenda import Moment
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Tlv

RECEIPT = 0x04
"""esm_class of a deliver_sm with a receipt, §5.2.12."""
INTERMEDIATE = 0x20
"""esm_class of a deliver_sm with an intermediate notification."""
TEXT_KEPT = 20
"""Octets of the message that a receipt repeats."""
GSM_NETWORK = 3
"""network_error_code's network type, §5.3.2.31."""


class MessageState(IntEnum):
    """message_state, §5.2.28."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8


STAT: Mapping[MessageState, bytes] = {
    MessageState.ENROUTE: b"ENROUTE",
    MessageState.DELIVERED: b"DELIVRD",
    MessageState.EXPIRED: b"EXPIRED",
    MessageState.DELETED: b"DELETED",
    MessageState.UNDELIVERABLE: b"UNDELIV",
    MessageState.ACCEPTED: b"ACCEPTD",
    MessageState.UNKNOWN: b"UNKNOWN",
    MessageState.REJECTED: b"REJECTD",
}
"""Appendix B's words."""
_COUNT = {each: b"001" if each is MessageState.DELIVERED else b"000" for each in MessageState}
"""dlvrd."""


class Receipt(NamedTuple):
    """What became of a message."""

    message_id: bytes
    state: MessageState
    submitted: Moment
    done: Moment
    error: int = 0
    """The network's cause, 0 to 999."""
    text: bytes = b""
    """The message's own octets."""


class IdForm(Enum):
    """How the receipt writes the message_id of the response."""

    SAME = "as it is"
    DECIMAL = "the hexadecimal number in decimal"
    HEX = "the decimal number in hexadecimal"
    UPPER = "in capitals"
    PADDED = "ten digits at least, with zeros in front"


_FORMS: Mapping[IdForm, Callable[[bytes], bytes]] = {
    IdForm.SAME: lambda text: text,
    IdForm.DECIMAL: lambda text: _rebased(text, 16, b"%d"),
    IdForm.HEX: lambda text: _rebased(text, 10, b"%x"),
    IdForm.UPPER: bytes.upper,
    IdForm.PADDED: lambda text: text.zfill(10),
}


def _rebased(text: bytes, base: int, form: bytes) -> bytes:
    """What is no number in that base stays: `int` alone would take signs and underscores too."""
    if not text.isalnum() or not text.isascii():
        return text
    try:
        return form % int(text, base)
    except ValueError:
        return text


def id_in(form: IdForm, message_id: bytes) -> bytes:
    """`message_id` as a receipt of that form writes it; an id that is no such number stays."""
    return _FORMS[form](message_id)


LABELS: tuple[tuple[str, str], ...] = (
    ("id", "id:"),
    ("sub", "sub:"),
    ("dlvrd", "dlvrd:"),
    ("submitted", "submit date:"),
    ("done", "done date:"),
    ("stat", "stat:"),
    ("err", "err:"),
    ("text", "text:"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a vendor writes receipts."""

    labels: tuple[tuple[str, str], ...] = LABELS
    """What stands in the text, in this order, and the word before each."""
    id_form: IdForm = IdForm.SAME
    seconds: bool = False
    """Dates with seconds, YYMMDDhhmmss."""
    id_tlv: bool = True
    state_tlv: bool = True
    error_tlv: bool = False
    """network_error_code."""
    terminated: bool = True
    """receipted_message_id ends in NUL, as §5.3.2.12 says."""


STANDARD = Dialect()
_STANDARD_TEXT = b"id:%b sub:001 dlvrd:%b submit date:%b done date:%b stat:%b err:%03d text:%b"
"""The template of the standard dialect with its labels filled in: it is written by the thousand."""
DIALECTS: Mapping[str, Dialect] = {
    "standard": STANDARD,
    "appendix-b": replace(STANDARD, labels=(*LABELS[:-1], ("text", "Text:"))),
    "decimal": replace(STANDARD, id_form=IdForm.DECIMAL),
    "hex": replace(STANDARD, id_form=IdForm.HEX),
    "upper": replace(STANDARD, id_form=IdForm.UPPER),
    "padded": replace(STANDARD, id_form=IdForm.PADDED),
    "uncounted": replace(STANDARD, labels=(LABELS[0], *LABELS[3:])),
    "reordered": replace(STANDARD, labels=(LABELS[5], LABELS[6], LABELS[0], *LABELS[1:5], LABELS[7])),
    "seconds": replace(STANDARD, seconds=True),
    "textless": replace(STANDARD, labels=LABELS[:-1]),
    "text-only": replace(STANDARD, id_tlv=False, state_tlv=False),
    "all-tlvs": replace(STANDARD, error_tlv=True),
    "unterminated": replace(STANDARD, terminated=False),
}
"""By name, for settings and faults."""


def write(receipt: Receipt, dialect: Dialect = STANDARD) -> bytes:
    """The text of the receipt."""
    if dialect is STANDARD:
        message_id, state, submitted, done, error, text = receipt
        words = (message_id, _COUNT[state], _minute(submitted // 60_000), _minute(done // 60_000))
        return _STANDARD_TEXT % (*words, STAT[state], error, text[:TEXT_KEPT])
    return _write(receipt, dialect)


def _write(receipt: Receipt, dialect: Dialect) -> bytes:
    stamp = _stamp_seconds if dialect.seconds else _stamp_minutes
    return _template(dialect.labels) % {
        b"id": id_in(dialect.id_form, receipt.message_id),
        b"sub": b"001",
        b"dlvrd": _COUNT[receipt.state],
        b"submitted": stamp(receipt.submitted),
        b"done": stamp(receipt.done),
        b"stat": STAT[receipt.state],
        b"err": b"%03d" % receipt.error,
        b"text": receipt.text[:TEXT_KEPT],
    }


@lru_cache(maxsize=64)
def _template(labels: tuple[tuple[str, str], ...]) -> bytes:
    return b" ".join(f"{label}%({name})b".encode() for name, label in labels)


@lru_cache(maxsize=4096)
def _minute(minutes: int) -> bytes:
    """Minutes since the epoch as YYMMDDhhmm. Thousands of receipts share one."""
    return f"{_EPOCH + timedelta(minutes=minutes):%y%m%d%H%M}".encode()


def _stamp_minutes(moment: Moment) -> bytes:
    return _minute(moment // 60_000)


def _stamp_seconds(moment: Moment) -> bytes:
    return f"{_EPOCH + timedelta(seconds=moment // 1000):%y%m%d%H%M%S}".encode()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tlvs(receipt: Receipt, dialect: Dialect = STANDARD) -> tuple[Tlv, ...]:
    """The optional parameters of the receipt."""
    found = []
    if dialect.error_tlv:
        code = bytes((GSM_NETWORK,)) + receipt.error.to_bytes(2, "big")
        found.append(Tlv(Tag.NETWORK_ERROR_CODE, code))
    if dialect.id_tlv:
        end = b"\0" if dialect.terminated else b""
        found.append(Tlv(Tag.RECEIPTED_MESSAGE_ID, id_in(dialect.id_form, receipt.message_id) + end))
    if dialect.state_tlv:
        found.append(Tlv(Tag.MESSAGE_STATE, bytes((receipt.state,))))
    return tuple(found)
