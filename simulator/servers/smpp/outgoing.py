"""Reports and replies as deliver_sm: receipts with text and optional parameters, replies cut into parts."""

from __future__ import annotations

import hashlib

from simulator.servers.smpp.numbers import Party, person
from simulator.servers.smpp.slips import Slip
from simulator.wire.smpp import alphabets, gsm0338, hot, parts, receipt, writing
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Tlv
from simulator.wire.smpp.receipt import Dialect, IdForm, MessageState, Receipt
from simulator.world import Cause, Moment, ReplyOut, ReportOut

MOST_SHORT = 254
SHORT_NUMBER = Party(3, 0, b"")
"""Type and plan of a short number where no message says otherwise: network specific, unknown."""


def shown(identity: str, dialect: Dialect) -> str:
    """The message_id a response shows: decimal when receipts are to show the same in hexadecimal."""
    return str(int(identity, 16)) if dialect.id_form is IdForm.HEX else identity


def hidden(identity: str, dialect: Dialect) -> str:
    """The id behind one that was shown."""
    if dialect.id_form is not IdForm.HEX:
        return identity
    return f"{int(identity):x}" if identity.isdecimal() and identity.isascii() else ""


def receipt_body(slip: Slip, report: ReportOut, done: Moment, dialect: Dialect, alphabet: Alphabet) -> bytes:
    """A receipt, without the header. Intermediate notifications have an esm_class of their own (§5.2.12)."""
    cause: Cause = report.cause
    told = Receipt(
        (slip.id or shown(report.message, dialect)).encode(),
        MessageState(cause.message_state),
        slip.at,
        done,
        cause.map_error,
        slip.text,
    )
    text = receipt.write(told, dialect)
    interim = not cause.final and slip.terms.interim
    return _body(
        slip.destination,
        slip.source,
        parts.Segment(_packed(text, alphabet), tlvs=receipt.tlvs(told, dialect)),
        esm_class=receipt.INTERMEDIATE if interim else receipt.RECEIPT,
        data_coding=0,
    )


def _packed(text: bytes, alphabet: Alphabet) -> bytes:
    """Receipts are written in characters that every alphabet spells alike, but for the packed one."""
    return alphabets.encode(text.decode("ascii"), alphabet) if alphabet is Alphabet.PACKED else text


def reply_bodies(reply: ReplyOut, to: Party | None, alphabet: Alphabet, way: parts.Way) -> list[bytes]:
    """The parts of a reply in order, without their headers. `to` is how the peer writes its own
    address."""
    written = alphabets.choose(reply.text, (alphabet, Alphabet.UCS2))
    reference = int.from_bytes(hashlib.blake2b(reply.id.encode(), digest_size=2).digest(), "big")
    segments = parts.split(written, reference, way)
    coding = 0 if written.alphabet is alphabet else written.data_coding
    back = to or SHORT_NUMBER._replace(address=reply.to.encode("ascii", "replace"))
    sender = person(reply.sender)
    return [_body(sender, back, each, esm_class=each.esm_class, data_coding=coding) for each in segments]


def _body(
    source: Party, destination: Party, segment: parts.Segment, *, esm_class: int, data_coding: int
) -> bytes:
    text, tlvs = segment.short_message, segment.tlvs
    if len(text) > MOST_SHORT:
        text, tlvs = b"", (Tlv(Tag.MESSAGE_PAYLOAD, text), *tlvs)
    return hot.message_body(
        hot.Line(*source, *destination),
        text,
        esm_class=esm_class,
        data_coding=data_coding,
        tlvs=writing.write_tlvs(tlvs),
    )


def receipt_text(octets: bytes, alphabet: Alphabet) -> bytes:
    """The beginning of a message as a receipt repeats it: readable whatever alphabet it came in."""
    kept = octets[: 4 * receipt.TEXT_KEPT]
    plain = alphabets.decode(kept, alphabet).encode("ascii", "replace")[: receipt.TEXT_KEPT]
    return plain.translate(_PRINTABLE)


_PRINTABLE = bytes(
    each if 0x20 <= each < 0x7F and gsm0338.BASIC[each] == chr(each) else ord("?") for each in range(256)
)
"""What ASCII and the default alphabet spell alike: clients read a receipt in the one or the other."""
