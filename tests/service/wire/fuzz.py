"""What a message centre may send, damaged or not, must mean something or be refused: `check` says which.

Used by `tests.fuzzing`.
"""

from __future__ import annotations

from random import Random

from service.clock import Moment
from service.gateways import smpp_meaning
from service.wire import receipts
from service.wire.long_messages import part_of
from service.wire.smpp_pdu import (
    HEAD,
    LARGEST_PDU,
    LAYOUTS,
    RESPONSE,
    Command,
    Decoder,
    Garbled,
    Pdu,
    Tag,
    encode,
)
from service.wire.smpp_session import Came, Credentials, Event, Session, Terms

CREDENTIALS, TERMS = Credentials(b"me", b"hush"), Terms(window=4)
NOW = Moment(1_800_000_000_000)
RECEIPT = (
    b"id:00ab sub:001 dlvrd:001 submit date:2611231000 done date:2611231001 stat:DELIVRD err:000 text:Hi"
)
MESSAGES = (
    (0x00, 0, b"\x1be 9", {}),
    (0x00, 3, "één".encode("latin-1"), {}),
    (0x00, 8, "9 😀".encode("utf-16-be"), {Tag.USER_MESSAGE_REFERENCE: b"\1\2"}),
    (0x40, 0, b"\5\0\3\7\2\1nine", {}),
    (0x40, 8, b"\6\x08\4\1\7\2\2\0n", {}),
    (0x00, 0, b"", {Tag.MESSAGE_PAYLOAD: b"9" * 300}),
    (
        0x00,
        4,
        b"9",
        {Tag.SAR_MSG_REF_NUM: b"\0\7", Tag.SAR_TOTAL_SEGMENTS: b"\2", Tag.SAR_SEGMENT_SEQNUM: b"\1"},
    ),
    (0x04, 0, RECEIPT, {Tag.RECEIPTED_MESSAGE_ID: b"00ab\0", Tag.MESSAGE_STATE: b"\2"}),
    (0x20, 0, RECEIPT.replace(b"DELIVRD", b"ENROUTE"), {}),
)
"""esm_class, data_coding, short_message and parameters of what comes from people and of receipts."""


def seeds() -> list[bytes]:
    """One PDU of each command, and one deliver_sm of each kind."""
    plain = [encode(Pdu(command, 1, 0)) for command in LAYOUTS]
    addressed = {"source_addr_ton": 1, "source_addr": b"32450000901", "destination_addr": b"8937"}
    for esm_class, coding, text, tlvs in MESSAGES:
        fields = {**addressed, "esm_class": esm_class, "data_coding": coding, "short_message": text}
        plain.append(encode(Pdu(Command.DELIVER_SM, 2, 0, fields, tlvs)))
        plain.append(encode(Pdu(Command.DATA_SM, 3, 0, fields, tlvs)))
    return plain


def check(octets: bytes, chance: Random) -> tuple[str, ...]:
    """What it came to; AssertionError when a promise was broken."""
    events, written = _lived([octets])
    cut = chance.randint(0, len(octets))
    again, written_again = _lived([octets[:cut], octets[cut:]])
    assert _kinds(events) == _kinds(again)
    assert written == written_again
    assert not [one for one in Decoder().feed(written) if isinstance(one, Garbled)]
    for event in events:
        if isinstance(event, Came):
            _means_something(event.pdu)
    return _kinds(events)


def _lived(pieces: list[bytes]) -> tuple[list[Event], bytes]:
    """The life of a session that has one submission and one enquiry open when the pieces come."""
    session = Session(CREDENTIALS, TERMS)
    session.begin(0)
    list(session.receive(encode(Pdu(Command.BIND_TRANSCEIVER_RESP, 1, 0, {"system_id": b"x"})), 0))
    session.submit({"destination_addr": b"32450000901", "short_message": b"?"}, {}, 0)
    session.take()
    events: list[Event] = []
    for piece in pieces:
        events += session.receive(piece, 1)
        assert len(session._decoder._buffer) <= LARGEST_PDU
    for event in events:
        if isinstance(event, Came):
            session.acknowledge(event.pdu)
    events += session.tick(40)
    return events, session.take()


def _kinds(events: list[Event]) -> tuple[str, ...]:
    return tuple(type(event).__name__ + str(getattr(event, "reason", "")) for event in events)


def _means_something(pdu: Pdu) -> None:
    assert not pdu.command & RESPONSE
    assert HEAD.size <= len(encode(pdu))
    told = smpp_meaning.receipt(pdu)
    if told is None:
        part = part_of(pdu.number("esm_class"), smpp_meaning.body(pdu), pdu.tlvs)
        reply = smpp_meaning.reply(pdu, part.octets, NOW, part.place)
        reply.text.encode("utf-8", "surrogatepass")
        assert len(reply.text) <= 2 * LARGEST_PDU
    elif told.ids:
        report = smpp_meaning.report(told, pdu)
        assert len(report.gateway_id or "") <= receipts.LONGEST_ID
