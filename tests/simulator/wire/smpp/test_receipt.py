from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agenda import Moment
from simulator.wire.smpp import receipt as receipts
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Tlv
from simulator.wire.smpp.receipt import DIALECTS, STANDARD, IdForm, MessageState, Receipt, id_in, tlvs, write

SENT = Moment(int(datetime(2026, 11, 23, 10, 0, 58, tzinfo=UTC).timestamp()) * 1000 + 999)
DONE = Moment(SENT + 65_000)
GOOD = Receipt(b"0000001a2b", MessageState.DELIVERED, SENT, DONE, 0, b"How likely are you to recommend us?")
BAD = GOOD._replace(state=MessageState.UNDELIVERABLE, error=27)


def test_the_standard_form_is_the_standards():
    assert write(GOOD) == (
        b"id:0000001a2b sub:001 dlvrd:001 submit date:2611231000 done date:2611231002 stat:DELIVRD err:000 "
        b"text:How likely are you t"
    )
    assert b"dlvrd:000" in write(BAD)
    assert b"stat:UNDELIV err:027 " in write(BAD)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("appendix-b", b"err:000 Text:How"),
        ("decimal", b"id:6699 sub"),
        ("upper", b"id:0000001A2B sub"),
        ("uncounted", b"id:0000001a2b submit date:2611231000 done"),
        ("reordered", b"stat:DELIVRD err:000 id:0000001a2b sub:001"),
        ("seconds", b"submit date:261123100058 done date:261123100203 stat"),
        ("text-only", b"id:0000001a2b sub:001"),
    ],
)
def test_vendors_write_it_their_way(dialect, expected):
    assert expected in write(GOOD, DIALECTS[dialect])


def test_a_receipt_may_come_without_text():
    assert write(GOOD, DIALECTS["textless"]).endswith(b"err:000")


@pytest.mark.parametrize(
    ("form", "message_id", "expected"),
    [
        (IdForm.SAME, b"00Ff", b"00Ff"),
        (IdForm.DECIMAL, b"00ff", b"255"),
        (IdForm.HEX, b"255", b"ff"),
        (IdForm.PADDED, b"255", b"0000000255"),
        (IdForm.PADDED, b"12345678901", b"12345678901"),
        (IdForm.UPPER, b"ff-1", b"FF-1"),
        (IdForm.DECIMAL, b"not-hex", b"not-hex"),
        (IdForm.HEX, b"ff", b"ff"),
        (IdForm.HEX, b"1_0", b"1_0"),
        (IdForm.DECIMAL, b"", b""),
        (IdForm.DECIMAL, b"\xb2", b"\xb2"),
    ],
)
def test_an_id_takes_its_form(form, message_id, expected):
    assert id_in(form, message_id) == expected


def test_only_what_clients_read_is_beside_the_text():
    assert tlvs(GOOD) == (
        Tlv(Tag.RECEIPTED_MESSAGE_ID, b"0000001a2b\0"),
        Tlv(Tag.MESSAGE_STATE, b"\2"),
    )
    assert tlvs(GOOD, DIALECTS["text-only"]) == ()
    assert tlvs(BAD, DIALECTS["all-tlvs"])[0] == Tlv(Tag.NETWORK_ERROR_CODE, b"\x03\x00\x1b")
    assert tlvs(GOOD, DIALECTS["unterminated"])[0].value == b"0000001a2b"
    assert tlvs(GOOD, DIALECTS["decimal"])[0].value == b"6699\0"


RECEIPTS = st.builds(
    Receipt,
    st.integers(0, 10**12).map(lambda number: b"%x" % number),
    st.sampled_from(MessageState),
    st.integers(0, 4 * 10**12),
    st.integers(0, 4 * 10**12),
    st.integers(0, 999),
    st.binary(max_size=40),
)


@given(RECEIPTS)
def test_the_fast_form_is_the_form_of_the_table(receipt):
    assert write(receipt) == receipts._write(receipt, STANDARD)


PATTERN = re.compile(
    rb"id:(\S+) sub:(\d{3}) dlvrd:(\d{3}) submit date:(\d{10}) done date:(\d{10}) "
    rb"stat:(\w{7}) err:(\d{3}) text:"
)
"""What clients commonly search a receipt with."""


@given(RECEIPTS)
def test_clients_find_what_they_look_for(receipt):
    found = PATTERN.match(write(receipt))
    assert found
    assert (found[1], found[6]) == (receipt.message_id, receipts.STAT[receipt.state])
    assert found[5] == f"{datetime.fromtimestamp(receipt.done // 1000, UTC):%y%m%d%H%M}".encode()


@pytest.mark.parametrize("name", DIALECTS)
@given(RECEIPTS)
def test_every_dialect_fits_a_short_message(name, receipt):
    assert len(write(receipt, DIALECTS[name])) <= 254
