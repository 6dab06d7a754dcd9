"""SMPP PDUs against byte strings written by hand, and against everything else."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.smpp_pdu import (
    LARGEST_PDU,
    Command,
    Decoder,
    Form,
    Garbled,
    Pdu,
    ProtocolError,
    decode,
    encode,
)

BIND = bytes.fromhex(
    "0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100"
)
"""The bind_transmitter of the standard's §3.2.3 example."""


def test_a_bind_looks_as_in_the_standards_example_but_for_its_command():
    written = encode(
        Pdu(
            Command.BIND_TRANSCEIVER,
            1,
            0,
            {
                "system_id": b"SMPP3TEST",
                "password": b"secret08",
                "system_type": b"SUBMIT1",
                "interface_version": 0,
                "addr_ton": 1,
                "addr_npi": 1,
            },
        )
    )
    assert written == BIND[:7] + b"\x09" + BIND[8:]


def test_a_submission_is_written_in_the_standards_order():
    fields = {
        "source_addr_ton": 3,
        "source_addr": b"8937",
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": b"32470000000",
        "registered_delivery": 1,
        "data_coding": 8,
        "short_message": b"\x009",
    }
    body = b"\0\3\x008937\0\1\x0132470000000\0\0\0\0\0\0\1\0\x08\0\2\x009" + b"\x15\1\0\2ab"
    head = struct.pack(">IIII", 16 + len(body), 4, 0, 77)
    assert encode(Pdu(Command.SUBMIT_SM, 77, 0, fields, {0x1501: b"ab"})) == head + body
    assert Form(fields, 0x1501).written(77, b"32470000000", b"ab") == head + body


@pytest.mark.parametrize("receiver", [b"1" * 21, b"1\x002"])
def test_no_form_is_filled_in_with_what_its_layout_cannot_hold(receiver):
    with pytest.raises(ValueError, match="destination_addr"):
        Form({}, 0x1501).written(1, receiver, b"")


@pytest.mark.parametrize(
    "fields",
    [
        {"source_addr": b"1" * 21},
        {"source_addr": b"a\0b"},
        {"source_addr": 5},
        {"data_coding": b"x"},
        {"short_message": b"x" * 255},
    ],
)
def test_what_a_layout_cannot_hold_is_a_mistake_of_ours(fields):
    with pytest.raises(ValueError, match=next(iter(fields))):
        encode(Pdu(Command.SUBMIT_SM, 1, 0, fields))


@pytest.mark.parametrize("command", [Command.SUBMIT_SM_RESP, Command.BIND_TRANSCEIVER_RESP])
def test_an_answer_may_leave_its_body_out(command):
    assert decode(struct.pack(">IIII", 16, command, 0x58, 3)) == Pdu(command, 3, 0x58)


def test_optional_parameters_are_kept_as_they_came_and_stray_octets_let_pass():
    body = b"\0" * 17 + b"\0\x1e\0\3id\0" + b"\x14\0\0\1x" + b"\0\0\0"
    found = decode(struct.pack(">IIII", 16 + len(body), 5, 0, 1) + body)
    assert found.tlvs == {0x1E: b"id\0", 0x1400: b"x"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 0x02),
        (b"\0" * 16, 0x02),
        (b"\0" * 16 + b"\5abc", 0x01),
        (b"\0" * 17 + b"\0\x1e\0\x09id", 0xC2),
        (b"a" * 7 + b"\0" * 17, 0x02),
    ],
)
def test_a_message_that_cannot_be_read_says_what_to_answer(body, status):
    with pytest.raises(ProtocolError) as caught:
        decode(struct.pack(">IIII", 16 + len(body), 5, 0, 9) + body)
    assert caught.value.status == status
    assert list(Decoder().feed(struct.pack(">IIII", 16 + len(body), 5, 0, 9) + body)) == [
        Garbled(5, 9, status, caught.value.reason)
    ]


def test_an_unknown_command_is_one_garbled_pdu_and_the_stream_goes_on():
    decoder = Decoder()
    (garbled, known) = decoder.feed(
        struct.pack(">IIII", 20, 0x77, 0, 4) + b"abcd" + struct.pack(">IIII", 16, 0x15, 0, 5)
    )
    assert garbled == Garbled(0x77, 4, 3, "unknown command_id")
    assert known == Pdu(Command.ENQUIRE_LINK, 5)


@pytest.mark.parametrize("length", [0, 15, LARGEST_PDU + 1, 0xFFFFFFFF])
def test_an_impossible_length_ends_the_stream_after_what_came_before(length):
    found = []
    data = struct.pack(">IIII", 16, 0x15, 0, 5) + struct.pack(">I", length)
    with pytest.raises(ProtocolError) as caught:
        found.extend(Decoder().feed(data))
    assert caught.value.status == 0x02
    stream = Decoder().feed(data)
    assert next(stream) == Pdu(Command.ENQUIRE_LINK, 5)


numbers = st.integers(0, 255)
texts = st.binary(max_size=5).map(lambda octets: octets.replace(b"\0", b""))
delivers = st.builds(
    Pdu,
    st.just(Command.DELIVER_SM),
    st.integers(1, 0x7FFFFFFF),
    st.just(0),
    st.fixed_dictionaries(
        {
            "service_type": texts,
            "source_addr_ton": numbers,
            "source_addr_npi": numbers,
            "source_addr": texts,
            "dest_addr_ton": numbers,
            "dest_addr_npi": numbers,
            "destination_addr": texts,
            "esm_class": numbers,
            "protocol_id": numbers,
            "priority_flag": numbers,
            "schedule_delivery_time": texts,
            "validity_period": texts,
            "registered_delivery": numbers,
            "replace_if_present_flag": numbers,
            "data_coding": numbers,
            "sm_default_msg_id": numbers,
            "short_message": st.binary(max_size=254),
        }
    ),
    st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=300), max_size=4),
)


@given(st.lists(delivers, max_size=4), st.lists(st.integers(1, 60), min_size=1))
def test_what_was_written_is_read_again_however_it_is_cut(pdus, cuts):
    stream = b"".join(map(encode, pdus))
    decoder, found, at, turn = Decoder(), [], 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        found += decoder.feed(stream[at : at + size])
        at, turn = at + size, turn + 1
    assert found == pdus


@given(st.binary(max_size=400))
def test_any_bytes_give_pdus_or_a_protocol_error(data):
    for stream in (data, struct.pack(">IIII", 16 + len(data), 5, 0, 1) + data):
        try:
            for found in Decoder().feed(stream):
                assert isinstance(found, (Pdu, Garbled))
        except ProtocolError:
            pass


@given(delivers, st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_pdu_is_read_or_garbled_and_never_swallows_the_next(pdu, at, damage):
    raw = bytearray(encode(pdu))
    at = 16 + at % (len(raw) - 16)
    raw[at : at + len(damage)] = damage[: len(raw) - at]
    *_, last = Decoder().feed(bytes(raw) + struct.pack(">IIII", 16, 0x15, 0, 5))
    assert last == Pdu(Command.ENQUIRE_LINK, 5)
