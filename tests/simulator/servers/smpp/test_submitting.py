"""submit_sm, submit_multi and data_sm: what is taken, what is refused with which status, and what the person
gets."""

from __future__ import annotations

import pytest

from simulator.carrier import Limits
from simulator.clock import Mode
from simulator.journal import Kind
from simulator.wire.smpp import alphabets, times
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Command, Destination, Tlv
from simulator.wire.smpp.status import Status
from simulator.world import MessageId
from tests.simulator.servers.smpp.centre import NINE, START, Gone, message, opened

PERSON = "+32470123456"
SILENT = "32450030001"


async def test_a_submit_sm_is_answered_octet_for_octet():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.raw(
            "00000032 00000004 00000000 00000007 00 00 00 3839333700 01 01 333234353030303039303100"
            "00 00 00 00 00 00 00 00 00 02 6869"
        )
        told = (await esme.hear()).raw
        assert told[:16].hex(" ", -4) == "00000021 80000004 00000000 00000007"
        message = centre.carrier.message(MessageId(told[16:-1].decode()))
        assert message is not None
        told = message.submission
        assert (told.to, told.sender, told.text, told.account) == ("+32450000901", "8937", "hi", "acme")


@pytest.mark.parametrize(
    ("ton", "npi", "written"),
    [
        (1, 1, "32470123456"),
        (1, 1, "+32470123456"),
        (1, 1, "0032470123456"),
        (2, 1, "0470123456"),
        (2, 8, "470123456"),
        (0, 0, "+32470123456"),
        (0, 0, "0032470123456"),
        (0, 1, "32470123456"),
        (0, 0, "0470123456"),
    ],
)
async def test_a_number_is_understood_however_it_is_written(ton, npi, written):
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(written, dest_addr_ton=ton, dest_addr_npi=npi)
        assert centre.carrier.message(identity).submission.to == PERSON


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"destination_addr": b"33612345678"}, Status.RINVDSTADR),
        ({"destination_addr": b"3222345678"}, Status.RINVDSTADR),
        ({"destination_addr": b"8937"}, Status.RINVDSTADR),
        ({"destination_addr": b""}, Status.RINVDSTADR),
        ({"destination_addr": b"\xd9\xa3"}, Status.RINVDSTADR),
        ({"destination_addr": b"ACME", "dest_addr_ton": 5}, Status.RINVDSTADR),
        ({"dest_addr_ton": 7}, Status.RINVDSTTON),
        ({"dest_addr_npi": 2}, Status.RINVDSTNPI),
        ({"source_addr_ton": 255}, Status.RINVSRCTON),
        ({"source_addr_npi": 7}, Status.RINVSRCNPI),
        ({"source_addr": b"\xe9"}, Status.RINVSRCADR),
        ({"esm_class": 0x04}, Status.RINVESMCLASS),
        ({"priority_flag": 4}, Status.RINVPRTFLG),
        ({"registered_delivery": 0x20}, Status.RINVREGDLVFLG),
        ({"replace_if_present_flag": 2}, Status.RINVREPFLAG),
        ({"sm_default_msg_id": 1}, Status.RINVDFTMSGID),
        ({"data_coding": 0x05 | 0x80}, Status.RINVDCS),
        ({"schedule_delivery_time": b"000000000000000?"}, Status.RINVSCHED),
        ({"schedule_delivery_time": times.absolute(START - 3_600_000)}, Status.RINVSCHED),
        ({"validity_period": b"991399000000000+"}, Status.RINVEXPIRY),
        ({"validity_period": times.absolute(START - 1_000)}, Status.RINVEXPIRY),
    ],
)
async def test_each_wrong_value_has_the_standards_status(fields, status):
    async with opened() as centre:
        esme = await centre.bound()
        told = await esme.ask(Command.SUBMIT_SM, **message(NINE, b"x") | fields)
        assert (told.status, told.raw[16:]) == (status, b"")
        assert centre.entries(Kind.MT_SUBMITTED) == []
        await esme.accepted()


@pytest.mark.parametrize(
    ("number", "first", "tries"),
    [
        ("32450070001", Status.RSUBMITFAIL, None),
        ("32450070101", Status.RTHROTTLED, 2),
        ("32450070201", Status.RMSGQFUL, 1),
        ("32450070501", Status.RSYSERR, 2),
    ],
)
async def test_numbers_that_refuse_have_a_status_of_their_own(number, first, tries):
    async with opened() as centre:
        esme = await centre.bound()
        for _ in range(tries or 5):
            assert (await esme.submit(number)).status == first
        if tries:
            assert (await esme.submit(number)).status == Status.ROK
        assert centre.entries(Kind.MT_REFUSED)[0].address == f"+{number}"


async def test_a_number_that_never_answers_is_silent_and_the_session_goes_on():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.say(Command.SUBMIT_SM, **message("32450070301", b"x"))
        assert (await esme.ask(Command.ENQUIRE_LINK)).status == 0
        assert esme.came == []
        assert (await esme.submit("32450070301")).status == 0


async def test_a_number_that_cuts_the_line_is_accepted_all_the_same():
    async with opened() as centre:
        esme = await centre.bound()
        await esme.say(
            Command.SUBMIT_SM, Tlv(Tag.CLIENT_REFERENCE, b"r" * 16), **message("32450070401", b"x")
        )
        with pytest.raises((Gone, ConnectionError)):
            await esme.hear()
        accepted = centre.entries(Kind.MT_SUBMITTED)[0].message
        esme = await centre.bound()
        again = await esme.accepted("32450070401", b"x", Tlv(Tag.CLIENT_REFERENCE, b"r" * 16))
        assert again == accepted
        assert len(centre.entries(Kind.MT_REPEATED)) == 1


async def test_a_reference_is_the_uuid_it_carries():
    async with opened() as centre:
        esme = await centre.bound()
        octets = bytes.fromhex("0123456789abcdef0123456789abcdef")
        one = await esme.accepted(NINE, b"x", Tlv(Tag.CLIENT_REFERENCE, octets))
        told = await esme.ask(
            Command.DATA_SM,
            Tlv(Tag.MESSAGE_PAYLOAD, b"x"),
            Tlv(Tag.CLIENT_REFERENCE, octets),
            destination_addr=NINE.encode(),
            dest_addr_ton=1,
        )
        assert told.fields["message_id"].decode() == one
        entry = centre.entries(Kind.MT_SUBMITTED)[0]
        assert entry.facts["reference"] == "01234567-89ab-cdef-0123-456789abcdef"


TEXTS = {
    Alphabet.GSM: (0x00, "Één @ £5 of 5 € {ja}?"),
    Alphabet.ASCII: (0x01, "plain @ $"),
    Alphabet.LATIN_1: (0x03, "Één café à 5 £"),
    Alphabet.CYRILLIC: (0x06, "Привет"),
    Alphabet.HEBREW: (0x07, "שלום"),
    Alphabet.UCS2: (0x08, "Žluťoučký 🙂 9/10"),
}


@pytest.mark.parametrize("alphabet", TEXTS)
async def test_the_person_reads_what_was_written_in_every_alphabet(alphabet):
    coding, text = TEXTS[alphabet]
    async with opened() as centre:
        esme = await centre.bound()
        octets = alphabets.encode(text, alphabet)
        identity = await esme.accepted(NINE, octets, data_coding=coding)
        assert centre.carrier.message(identity).submission.text == text


async def test_the_account_may_mean_latin_1_by_nothing_said():
    async with opened(alphabet=Alphabet.LATIN_1) as centre:
        esme = await centre.bound()
        identity = await esme.accepted(NINE, "café".encode("latin-1"))
        assert centre.carrier.message(identity).submission.text == "café"


async def test_without_a_source_address_the_message_comes_from_the_short_number():
    async with opened() as centre:
        esme = await centre.bound()
        identity = await esme.accepted(source_addr=b"")
        assert centre.carrier.message(identity).submission.sender == "8937"


async def test_a_text_in_two_places_is_refused():
    async with opened() as centre:
        esme = await centre.bound()
        told = await esme.submit(NINE, b"here", Tlv(Tag.MESSAGE_PAYLOAD, b"and here"))
        assert told.status == Status.ROPTPARNOTALLWD


async def test_submit_multi_has_one_id_and_names_who_was_refused():
    async with opened(mode=Mode.AUTO) as centre:
        esme = await centre.bound()
        to = (
            Destination(1, 1, b"32450000901"),
            Destination(1, 1, b"33612345678"),
            Destination(2, 1, b"0450040101"),
        )
        told = await esme.ask(
            Command.SUBMIT_MULTI,
            dest_address=to,
            source_addr=b"8937",
            registered_delivery=1,
            short_message=b"to all",
        )
        assert told.status == 0
        assert [(each.address, each.status) for each in told.fields["unsuccess_sme"]] == [
            (b"33612345678", Status.RINVDSTADR)
        ]
        identity = told.fields["message_id"]
        receipts = [await esme.delivered() for _ in range(2)]
        assert {each.tlv(Tag.RECEIPTED_MESSAGE_ID) for each in receipts} == {identity + b"\0"}
        assert {each.fields["source_addr"]: each.number(Tag.MESSAGE_STATE) for each in receipts} == {
            b"32450000901": 2, b"0450040101": 5,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ((Destination(0, 0, b"", b"friends"),), Status.RINVDLNAME),
        ((Destination(1, 1, b"33612345678"), Destination(1, 1, b"4470")), Status.RINVDSTADR),
    ],
)
async def test_submit_multi_that_reaches_nobody_is_refused(to, status):
    async with opened() as centre:
        esme = await centre.bound()
        told = await esme.ask(Command.SUBMIT_MULTI, dest_address=to, source_addr=b"8937")
        assert told.status == status


async def test_an_account_that_is_too_fast_is_throttled_and_one_that_has_too_much_under_way_refused():
    async with opened(limits=Limits(throughput=2)) as centre:
        esme, other = await centre.bound(), await centre.bound(name="other")
        assert [(await esme.submit(SILENT)).status for _ in range(3)] == [0, 0, Status.RTHROTTLED]
        assert (await other.submit(SILENT)).status == 0
        async with centre.passing(1):
            for each in (esme, esme, other):
                await each.delivered()
        assert (await esme.submit(SILENT)).status == 0
    async with opened(limits=Limits(queue=1)) as centre:
        esme = await centre.bound()
        assert [(await esme.submit()).status for _ in range(2)] == [0, Status.RMSGQFUL]


async def test_everything_of_one_read_is_answered_in_order_and_a_pdu_may_come_octet_by_octet():
    async with opened() as centre:
        esme = await centre.bound()
        one = "0000002e 00000004 00000000 {:08x} 00 00 00 00 01 01 333234353030303039303100" + " 00" * 10
        one = one.replace("0000002e", f"{len(bytes.fromhex(one.format(0))):08x}")
        await esme.raw("".join(one.format(number) for number in range(100, 400)))
        assert [(await esme.hear()).sequence for _ in range(300)] == list(range(100, 400))
        for octet in bytes.fromhex(one.format(7)):
            await esme.raw(bytes((octet,)))
        assert (await esme.hear()).sequence == 7


async def test_accounts_do_not_hear_of_each_others_messages():
    async with opened() as centre:
        esme, other = await centre.bound(), await centre.bound(name="other")
        identity = await esme.accepted()
        told = await other.ask(Command.QUERY_SM, message_id=identity.encode(), source_addr=b"8937")
        assert told.status == Status.RINVMSGID
        async with centre.passing(10):
            assert (await esme.delivered()).fields["esm_class"] == 0x04
            assert (await esme.delivered()).fields["short_message"] == b"9"
        assert (await other.ask(Command.ENQUIRE_LINK)).status == 0
        assert other.came == []
