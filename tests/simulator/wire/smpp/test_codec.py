from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.wire.smpp.codec import MOST_OCTETS, Decoder, encode
from simulator.wire.smpp.layout import LAYOUTS, Tag
from simulator.wire.smpp.pdu import ANSWER, Command, Destination, Garbled, Pdu, Tlv, Unsuccess, nack
from simulator.wire.smpp.status import Status
from tests.simulator.wire.smpp.pdus import COMMANDS, bare, pdus


def one(octets: bytes) -> Any:
    (found,) = Decoder().feed(octets)
    return found


def framed(
    command: int, body: bytes, *, status: int = 0, sequence: int = 7, length: int | None = None
) -> bytes:
    length = 16 + len(body) if length is None else length
    return struct.pack(">4I", length, command, status, sequence) + body


STANDARDS_BIND = bytes.fromhex(
    "0000002F"  # command_length 47
    "00000002"  # bind_transmitter
    "00000000"  # command_status
    "00000001"  # sequence_number
    "534D50503354455354 00"  # system_id SMPP3TEST
    "7365637265743038 00"  # password secret08
    "5355424D495431 00"  # system_type SUBMIT1
    "00"  # interface_version
    "01"  # addr_ton
    "01"  # addr_npi
    "00"  # address_range
)
"""The example of §3.2.1.1."""

PRINTED_SUBMIT = bytes.fromhex(
    "0000003C 00000004 00000000 00000005"
    "00 02 08 353535 00 01 01 353535353535353535 00 00 00 00 00 00 00 00 03 00 0F"
    "48656C6C6F2077696B697065646961"
)
"""The submit_sm that textbooks print."""

SUBMIT_WITH_UDH = bytes.fromhex(
    "00000053 00000004 00000000 0000000A"
    "00"  # service_type
    "05 00 42656C666F7274 00"  # source: alphanumeric, Belfort
    "01 01 3332343730313233343536 00"  # destination: 32470123456
    "40"  # esm_class: UDHI
    "00 00"  # protocol_id, priority_flag
    "00"  # schedule_delivery_time
    "303030303031303030303030303030 52 00"  # validity_period 000001000000000R
    "01 00 08 00"  # registered_delivery, replace_if_present_flag, data_coding UCS-2, sm_default_msg_id
    "0A"  # sm_length
    "050003CC0201"  # header: part 1 of 2, reference 204
    "D83DDE00"  # a grin
    "0204 0002 0102"  # user_message_reference
)
RECEIPT = bytes.fromhex(
    "000000AC 00000005 00000000 00000002"
    "00 01 01 3332343730313233343536 00 00 00 38393337 00 04 00 00 00 00 00 00 00 00"
    "68"  # sm_length
) + (
    b"id:0123456789 sub:001 dlvrd:001 submit date:2611231000 done date:2611231001"
    b" stat:DELIVRD err:000 text:Hi"
    b"\x00\x1e\x00\x0b0123456789\x00"  # receipted_message_id
    b"\x04\x27\x00\x01\x02"  # message_state DELIVERED
)


def test_the_standards_own_example_is_read_and_written():
    expected = Pdu(
        Command.BIND_TRANSMITTER,
        0,
        1,
        {
            "system_id": b"SMPP3TEST",
            "password": b"secret08",
            "system_type": b"SUBMIT1",
            "interface_version": 0,
            "addr_ton": 1,
            "addr_npi": 1,
            "address_range": b"",
        },
    )
    assert expected == bare(one(STANDARDS_BIND))
    assert encode(expected) == STANDARDS_BIND


def test_the_textbooks_submit_sm_is_read_and_written():
    pdu = one(PRINTED_SUBMIT)
    assert pdu.fields["short_message"] == b"Hello wikipedia"
    assert (pdu.fields["source_addr_npi"], pdu.fields["data_coding"], pdu.sequence) == (8, 3, 5)
    assert encode(pdu) == PRINTED_SUBMIT


def test_a_part_of_a_long_message_in_ucs2_is_read_and_written():
    pdu = one(SUBMIT_WITH_UDH)
    assert pdu.fields["source_addr"] == b"Belfort"
    assert pdu.fields["destination_addr"] == b"32470123456"
    assert pdu.fields["validity_period"] == b"000001000000000R"
    assert bytes.fromhex("050003CC0201D83DDE00") == pdu.fields["short_message"]
    assert (Tlv(Tag.USER_MESSAGE_REFERENCE, b"\1\2"),) == pdu.tlvs
    assert encode(pdu) == SUBMIT_WITH_UDH


def test_a_receipt_with_its_parameters_is_read_and_written():
    pdu = one(RECEIPT)
    assert pdu.fields["short_message"].endswith(b"text:Hi")
    assert pdu.tlv(Tag.RECEIPTED_MESSAGE_ID) == b"0123456789\0"
    assert pdu.number(Tag.MESSAGE_STATE) == 2
    assert encode(pdu) == RECEIPT


def test_submit_multi_has_addresses_and_lists():
    body = bytes.fromhex(
        "00 00 00 38393337 00"
        "02"  # number_of_dests
        "01 01 01 3332343730 00"
        "02 667269656E6473 00"
        "00 00 00 00 00 00 00 00 00 02 4869"
    )
    pdu = one(framed(Command.SUBMIT_MULTI, body))
    assert (Destination(1, 1, b"32470"), Destination(0, 0, b"", b"friends")) == pdu.fields["dest_address"]
    assert framed(Command.SUBMIT_MULTI, body) == encode(pdu)


def test_submit_multi_resp_has_what_failed():
    body = b"77\0" + b"\1" + b"\1\1" + b"32470\0" + b"\0\0\0\x0b"
    pdu = one(framed(Command.SUBMIT_MULTI_RESP, body))
    assert (Unsuccess(1, 1, b"32470", Status.RINVDSTADR),) == pdu.fields["unsuccess_sme"]
    assert framed(Command.SUBMIT_MULTI_RESP, body) == encode(pdu)


@given(pdus())
def test_what_is_written_is_read_back(pdu):
    octets = encode(pdu)
    assert (pdu, octets) == (bare(one(octets)), one(octets).raw)


@given(st.lists(pdus(), min_size=1, max_size=5), st.data())
def test_it_does_not_matter_how_the_stream_is_cut(sent, data):
    stream = b"".join(map(encode, sent)) + data.draw(st.binary(max_size=40))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = Decoder()
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert Decoder().feed(stream) == [each for piece in pieces for each in decoder.feed(piece)]


@given(pdus(COMMANDS))
def test_octet_by_octet_comes_to_the_same(pdu):
    octets, decoder = encode(pdu), Decoder()
    found = [decoder.feed(octets[at : at + 1]) for at in range(len(octets))]
    assert [[]] * (len(octets) - 1) + [Decoder().feed(octets)] == found
    assert decoder.waiting == 0


@given(st.binary(max_size=200))
def test_any_octets_give_pdus_or_protocol_errors(octets):
    assert all(isinstance(each, Pdu | Garbled) for each in Decoder().feed(octets))


@settings(max_examples=300)
@given(COMMANDS, st.binary(max_size=120))
def test_any_body_gives_a_pdu_or_a_protocol_error(command, body):
    found = one(framed(command, body))
    assert isinstance(found, Pdu) or (found.status is not Status.ROK and not found.fatal)
    assert found.sequence == 7


@settings(max_examples=300)
@given(pdus(), st.data())
def test_a_pdu_cut_short_costs_itself_only(pdu, data):
    whole = encode(pdu)
    cut = data.draw(st.integers(16, len(whole)))
    octets = struct.pack(">I", cut) + whole[4:cut]
    found = Decoder().feed(octets + framed(Command.ENQUIRE_LINK, b""))
    assert len(found) == 2
    assert Command.ENQUIRE_LINK is found[1].command


def test_a_length_below_the_header_loses_the_stream():
    for length in range(16):
        decoder = Decoder()
        (found,) = decoder.feed(framed(Command.SUBMIT_SM, b"", length=length))
        assert (found.status, found.fatal, found.sequence) == (Status.RINVCMDLEN, True, 7)
        assert decoder.feed(framed(Command.ENQUIRE_LINK, b"")) == []


@pytest.mark.parametrize("length", [MOST_OCTETS + 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_beyond_all_bounds_is_told_before_the_body_comes(length):
    (found,) = Decoder().feed(framed(Command.SUBMIT_SM, b"", length=length))
    assert (found.status, found.fatal) == (Status.RINVCMDLEN, True)


def test_what_waits_is_bounded_by_the_longest_pdu():
    decoder = Decoder()
    decoder.feed(framed(Command.SUBMIT_SM, b"", length=MOST_OCTETS))
    for _ in range(MOST_OCTETS // 1024 + 5):
        decoder.feed(bytes(1000))
        assert decoder.waiting < MOST_OCTETS


def test_an_unknown_command_costs_itself_only():
    unknown, link = Decoder().feed(framed(0x0000ABCD, b"body") + framed(Command.ENQUIRE_LINK, b""))
    assert (unknown.status, unknown.fatal) == (Status.RINVCMDID, False)
    assert Command.ENQUIRE_LINK is link.command


LONG = b"1" * 65
WRONG = [
    (Command.BIND_RECEIVER, b"a" * 16 + b"\0" * 8, Status.RINVSYSID),
    (Command.BIND_RECEIVER, b"a\0" + b"p" * 9 + b"\0" * 8, Status.RINVPASWD),
    (Command.BIND_RECEIVER, b"a\0p\0" + b"t" * 13 + b"\0" * 8, Status.RINVSYSTYP),
    (Command.BIND_RECEIVER, b"a\0p\0t\0\x34\0\0" + b"1" * 41 + b"\0", Status.RINVPARLEN),
    (Command.BIND_RECEIVER, b"a\0p\0t\0", Status.RINVCMDLEN),
    (Command.SUBMIT_SM, b"", Status.RINVCMDLEN),
    (Command.SUBMIT_SM, b"SIXSIX\0" + bytes(20), Status.RINVSERTYP),
    (Command.SUBMIT_SM, b"\0\0\0" + b"1" * 21 + bytes(20), Status.RINVSRCADR),
    (Command.SUBMIT_SM, b"\0\0\0\0\0\0" + b"1" * 21 + bytes(20), Status.RINVDSTADR),
    (Command.SUBMIT_SM, b"\0\0\0\0\0\0\0\0\0\0" + b"26\0" + bytes(20), Status.RINVSCHED),
    (Command.SUBMIT_SM, b"\0\0\0\0\0\0\0\0\0\0\0" + b"1" * 17 + bytes(20), Status.RINVEXPIRY),
    (Command.SUBMIT_SM, bytes(16) + b"\5Hi", Status.RINVMSGLEN),
    (Command.SUBMIT_SM, bytes(16) + b"\xff" + bytes(255), Status.RINVMSGLEN),
    (Command.SUBMIT_SM, bytes(16), Status.RINVCMDLEN),
    (Command.SUBMIT_SM, bytes(17) + b"\4\x24\0\5abcd", Status.RINVOPTPARSTREAM),
    (Command.SUBMIT_SM, bytes(17) + b"\2\4\0\1a", Status.RINVPARLEN),
    (Command.SUBMIT_SM, bytes(17) + b"\2\4\0\2ab\2\4\0\x09ab", Status.RINVOPTPARSTREAM),
    (Command.SUBMIT_SM, bytes(17) + b"\1\2\4\0\2ab", Status.RINVOPTPARSTREAM),
    (Command.SUBMIT_SM, bytes(17) + b"\0\2\4\0\2ab\1", Status.RINVOPTPARSTREAM),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\0" + bytes(11), Status.RINVNUMDESTS),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\xff" + bytes(800), Status.RINVNUMDESTS),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\1\3" + bytes(20), Status.RINVDESTFLAG),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\1\2" + b"l" * 21 + bytes(20), Status.RINVDLNAME),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\1\2\0" + bytes(20), Status.RINVDLNAME),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\1\1\0\0" + b"1" * 21 + bytes(20), Status.RINVDSTADR),
    (Command.SUBMIT_MULTI, b"\0\0\0\0\2\1\0\0001\0", Status.RINVCMDLEN),
    (Command.DATA_SM, b"\0\0\0" + LONG + bytes(20), Status.RINVSRCADR),
    (Command.QUERY_SM, LONG + b"\0\0\0\0", Status.RINVMSGID),
    (Command.CANCEL_SM, b"\0" + LONG + b"\0\0\0\0\0\0\0\0", Status.RINVMSGID),
    (Command.REPLACE_SM, b"1\0\0\0\0\0\0\0\0\3ab", Status.RINVMSGLEN),
    (Command.ENQUIRE_LINK, b"\0", Status.RINVCMDLEN),
    (Command.UNBIND, b"abcd", Status.RINVCMDLEN),
]


@pytest.mark.parametrize(("command", "body", "status"), WRONG)
def test_what_is_wrong_is_told_in_the_standards_words(command, body, status):
    found = one(framed(command, body))
    assert isinstance(found, Garbled)
    assert (status, False, 7) == (found.status, found.fatal, found.sequence)
    told: Any = nack(found)
    assert (command | ANSWER, status, 7) == (told.command, told.status, told.sequence)
    assert len(encode(told)) == 16


@pytest.mark.parametrize("stray", [b"\0", b"\0\0", b"\1\2\3", b"\0\2\4\0\2ab"])
def test_stray_octets_behind_the_text_do_no_harm(stray):
    pdu = one(framed(Command.SUBMIT_SM, bytes(16) + b"\2Hi" + stray))
    assert pdu.fields["short_message"] == b"Hi"
    assert ((Tlv(0x0204, b"ab"),) if len(stray) > 3 else ()) == pdu.tlvs


def test_unknown_parameters_are_kept_in_their_order():
    tlvs = (Tlv(0x1400, b"1201"), Tlv(0x060D, b""), Tlv(0x1400, b"again"))
    octets = encode(Pdu(Command.SUBMIT_SM, 0, 1, {"destination_addr": b"32470"}, tlvs))
    assert tlvs == one(octets).tlvs
    assert octets == encode(one(octets))


@pytest.mark.parametrize("command", [each for each in LAYOUTS if each & ANSWER])
@pytest.mark.parametrize("status", [0, 8])
def test_an_answer_may_come_without_its_body(command, status):
    pdu = one(framed(command, b"", status=status))
    assert ({}, status) == (pdu.fields, pdu.status)
    assert framed(command, b"", status=status) == encode(pdu)


def test_a_message_payload_of_64000_octets_passes():
    octets = encode(Pdu(Command.SUBMIT_SM, 0, 1, {}, (Tlv(Tag.MESSAGE_PAYLOAD, b"x" * 64_000),)))
    assert len(one(octets).tlv(Tag.MESSAGE_PAYLOAD)) == 64_000


def test_garbled_answers_are_not_answered():
    assert nack(one(framed(Command.DELIVER_SM_RESP, LONG + b"\0"))) is None
    assert nack(one(framed(0x8000ABCD, b""))) is None


def test_an_unknown_command_gets_generic_nack():
    told: Any = nack(one(framed(0x0000ABCD, b"")))
    assert (told.command, told.status, told.sequence) == (Command.GENERIC_NACK, Status.RINVCMDID, 7)


def test_a_lost_stream_gets_generic_nack():
    told: Any = nack(one(framed(Command.SUBMIT_SM, b"", length=3)))
    assert (told.command, told.status, told.sequence) == (Command.GENERIC_NACK, Status.RINVCMDLEN, 7)


def test_reasons_repeat_nothing_of_what_was_sent():
    found = one(framed(Command.SUBMIT_SM, b"\0\0\0" + b"32470123456" * 2 + bytes(20)))
    assert "32470" not in found.reason


@pytest.mark.parametrize(
    "pdu",
    [
        Pdu(Command.SUBMIT_SM, 0, 1, {"source_addr": b"1" * 21}),
        Pdu(Command.SUBMIT_SM, 0, 1, {"source_addr": b"1\0002"}),
        Pdu(Command.SUBMIT_SM, 0, 1, {"short_message": b"x" * 255}),
        Pdu(Command.SUBMIT_SM, 0, 1, {"validity_period": b"1"}),
        Pdu(Command.SUBMIT_SM, 0, 1, {"esm_class": 256}),
        Pdu(Command.SUBMIT_SM, 0, 1, {"sm_length": 1}),
        Pdu(Command.SUBMIT_SM_RESP, 0, 1, {"message_id": LONG}),
        Pdu(Command.SUBMIT_MULTI, 0, 1, {}),
        Pdu(Command.DATA_SM, 0, 1, {}, (Tlv(0x0204, b"x" * 70_000),)),
        Pdu(Command.DATA_SM, 0, -1, {}),
    ],
)
def test_our_own_mistakes_are_told(pdu):
    with pytest.raises(ValueError, match=r"."):
        encode(pdu)
