from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.wire.smpp import hot
from simulator.wire.smpp.codec import Decoder, encode
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Command, Garbled, Pdu, Tlv
from simulator.wire.smpp.reading import Malformed, read_body
from simulator.wire.smpp.writing import write, write_tlvs
from tests.simulator.wire.smpp.pdus import OCTET, SEQUENCE, pdus, string

HOT = st.sampled_from([command for command, _ in hot.READERS.values()])


def by_table(command: Command, raw: bytes):
    try:
        return read_body(command, raw)
    except Malformed as wrong:
        return wrong.status


def by_decoder(raw: bytes):
    (found,) = Decoder().feed(raw)
    return found.status if isinstance(found, Garbled) else (found.fields, found.tlvs)


@settings(max_examples=400)
@given(pdus(HOT))
def test_a_hot_reader_reads_what_the_tables_read(pdu):
    raw = write(pdu)
    assert by_decoder(raw) == by_table(pdu.command, raw)
    if pdu.command in (Command.SUBMIT_SM, Command.DELIVER_SM):
        assert hot.READERS[pdu.command][1](raw) == by_table(pdu.command, raw)


@settings(max_examples=1_000)
@given(pdus(HOT), st.data())
def test_a_hot_reader_agrees_on_damaged_pdus(pdu, data):
    raw = bytearray(write(pdu))
    for _ in range(data.draw(st.integers(1, 3))):
        if len(raw) > 16:
            raw[data.draw(st.integers(16, len(raw) - 1))] = data.draw(st.sampled_from([0, 1, 2, 16, 49, 255]))
    end = data.draw(st.integers(16, len(raw)))
    octets = struct.pack(">I", end) + bytes(raw[4:end])
    expected = by_table(pdu.command, octets)
    assert by_decoder(octets) == expected
    body = hot.READERS[pdu.command][1](octets)
    assert body is None or body == expected


@given(pdus(HOT), st.binary(max_size=5))
def test_a_hot_reader_leaves_stray_octets_to_the_tables(pdu, stray):
    raw = write(pdu) + stray
    raw = struct.pack(">I", len(raw)) + raw[4:]
    assert by_decoder(raw) == by_table(pdu.command, raw)


def test_templates_are_bounded_and_never_shared():
    for each in range(3_000):
        raw = write(Pdu(Command.SUBMIT_SM, 0, 1, {"source_addr": b"%d" % each, "short_message": b"Hi"}))
        (first,), (second,) = Decoder().feed(raw), Decoder().feed(raw)
        assert first.fields is not second.fields
        assert first.fields["source_addr"] == b"%d" % each
    assert len(hot._templates) <= 1_024


@given(SEQUENCE, string(64))
def test_submit_sm_resp_is_written_as_by_the_tables(sequence, message_id):
    pdu = Pdu(Command.SUBMIT_SM_RESP, 0, sequence, {"message_id": message_id})
    assert hot.submit_sm_resp(sequence, message_id) == write(pdu)
    assert encode(pdu) == write(pdu)


@given(
    st.builds(hot.Line, OCTET, OCTET, string(20), OCTET, OCTET, string(20)),
    st.binary(max_size=254),
    OCTET,
    OCTET,
    string(64),
    st.integers(1, 8),
)
def test_a_receipt_is_written_as_by_the_tables(line, text, esm_class, coding, message_id, state):
    tlvs = (Tlv(Tag.RECEIPTED_MESSAGE_ID, message_id + b"\0"), Tlv(Tag.MESSAGE_STATE, bytes((state,))))
    fields = {
        "source_addr_ton": line.source_ton,
        "source_addr_npi": line.source_npi,
        "source_addr": line.source,
        "dest_addr_ton": line.target_ton,
        "dest_addr_npi": line.target_npi,
        "destination_addr": line.target,
        "esm_class": esm_class,
        "data_coding": coding,
        "short_message": text,
    }
    body = hot.message_body(line, text, esm_class=esm_class, data_coding=coding, tlvs=write_tlvs(tlvs))
    assert body == write(Pdu(Command.DELIVER_SM, 0, 1, fields, tlvs))[16:]


@pytest.mark.parametrize(
    "write_it",
    [
        lambda: hot.submit_sm_resp(1, b"1" * 65),
        lambda: hot.submit_sm_resp(1, b"1\0"),
        lambda: hot.message_body(hot.Line(1, 1, b"1" * 21, 1, 1, b"1"), b""),
        lambda: hot.message_body(hot.Line(1, 1, b"1", 1, 1, b"1\0"), b""),
        lambda: hot.message_body(hot.Line(1, 1, b"1", 1, 1, b"1"), b"x" * 255),
    ],
)
def test_what_does_not_fit_is_not_written(write_it):
    with pytest.raises(ValueError, match="octets"):
        write_it()


FIELDS = {
    "service_type": b"CMT", "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": b"8937",
    "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": b"32470123456",
    "esm_class": 64, "protocol_id": 1,
    "priority_flag": 1, "schedule_delivery_time": b"000001000000000R", "validity_period": b"000002000000000R",
    "registered_delivery": 1, "replace_if_present_flag": 1, "data_coding": 8, "sm_default_msg_id": 1,
    "short_message": b"Hi",
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("timed", [False, True])
def test_messages_that_differ_in_one_field_are_told_apart(name, timed):
    base = FIELDS if timed else FIELDS | {"schedule_delivery_time": b"", "validity_period": b""}
    changed = base | {name: 0 if isinstance(FIELDS[name], int) else b""}
    for fields in (base, changed, base):
        raw = write(Pdu(Command.SUBMIT_SM, 0, 1, fields))
        assert by_decoder(raw) == (fields, ())


@pytest.mark.parametrize(
    ("before", "most"),
    [(b"", 5), (b"\0\0\0", 20), (b"\0\0\0\0\0\0", 20)],
    ids=["service", "source", "target"],
)
@pytest.mark.parametrize("beyond", [-1, 0, 1, 2])
def test_a_string_at_the_end_of_its_room_is_judged_as_by_the_tables(before, most, beyond):
    body = before + b"1" * (most + beyond) + bytes(17 - len(before))
    raw = struct.pack(">4I", 16 + len(body), Command.SUBMIT_SM, 0, 1) + body
    assert by_decoder(raw) == by_table(Command.SUBMIT_SM, raw)
