"""Ordinary messages take the express way; all others, and these too under a fault that never strikes, the
general one. What can be seen from outside is the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import Clock, Mode
from simulator.journal import Entry, Kind
from simulator.message import Message
from simulator.servers.smpp.express import Express
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.pattern import pattern_of
from simulator.truth import Selection
from simulator.wire.smpp.codec import encode
from simulator.wire.smpp.layout import LAYOUTS, Tag
from simulator.wire.smpp.pdu import Command, Pdu, Tlv, answer
from simulator.wire.smpp.receipt import DIALECTS
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER
from tests.simulator.servers.smpp.centre import ACCOUNTS, NINE, Centre, Esme, message, opened

NEVER = {"fault": "latency", "where": "sms.poll"}
"""A fault at another door: it never strikes here, and takes everybody the general way."""
PEOPLE = [f"3247{number * 7_654_321 % 10_000_000:07}" for number in range(40)]
MAGIC = [
    "32450000901",
    "32450060601",
    "32450090501",
    "32450030001",
    "32450040101",
    "32450070101",
    "3225551234",
]
TEXTS = [b"0-10?", b"", b"x" * 140, b"\x1b\x65 \x00\x02 caf\x05", bytes(range(0x20, 0x7F)), b"\x1b"]


def submit(to: str, text: bytes, sequence: int, *tlvs: Tlv, **fields: Any) -> bytes:
    given = {each.name: each.default for each in LAYOUTS[Command.SUBMIT_SM]} | message(to, text, **fields)
    return encode(Pdu(Command.SUBMIT_SM, 0, sequence, given, tlvs))


MESSAGES = st.builds(
    lambda to, text, fields, tlvs: (to, text, fields, tlvs),
    st.sampled_from(PEOPLE + MAGIC),
    st.sampled_from(TEXTS) | st.binary(max_size=254),
    st.sampled_from(
        [
            {},
            {},
            {"registered_delivery": 0},
            {"registered_delivery": 0x12},
            {"data_coding": 3, "source_addr": b"Belfort", "source_addr_ton": 5},
            {"data_coding": 8},
            {"data_coding": 4, "source_addr": b""},
            {"data_coding": 0x0F},
            {"validity_period": b"000001000000000R"},
            {"replace_if_present_flag": 1},
            {"priority_flag": 9},
            {"service_type": b"CMT", "dest_addr_ton": 2},
            {"esm_class": 0x40},
        ]
    ),
    st.sampled_from(
        [
            (),
            (),
            (Tlv(Tag.CLIENT_REFERENCE, b"abc"),),
            (Tlv(Tag.CLIENT_REFERENCE, b"sixteen octets 1"),),
            (Tlv(Tag.CLIENT_REFERENCE, b"sixteen octets 2"),),
            (Tlv(Tag.CLIENT_REFERENCE, bytes(16)),),
            (Tlv(Tag.CLIENT_REFERENCE, bytes(16)), Tlv(Tag.USER_MESSAGE_REFERENCE, b"\0\1")),
        ]
    ),
)


async def told(profile: str, dialect: str, stream: bytes, cuts: list[int], *, faulty: bool) -> dict[str, Any]:
    """All that can be seen of a stream of submissions, ids aside."""
    with patch.object(Clock, "wall", lambda _: 1_800_000_000.0):  # what message ids begin with
        opening = opened(profile=profile, dialect=DIALECTS[dialect])
        centre = await opening.__aenter__()
    try:
        if faulty:
            centre.faults.add(NEVER)
        esme = await centre.bound()
        start = 0
        for cut in [*sorted(cuts), len(stream)]:
            await esme.raw(stream[start:cut])
            start = cut
        await esme.ask(Command.ENQUIRE_LINK)
        answers = [(each.command, each.status, each.sequence) for each in esme.came if each.status or
                   each.command is not Command.DELIVER_SM]  # fmt: skip
        came = [each for each in esme.came if each.command is Command.DELIVER_SM]
        esme.came.clear()
        advancing = asyncio.create_task(centre.clock.advance(by=3 * 86_400))
        came += await taken(esme, advancing, came)
        return seen(centre, answers, came)
    finally:
        await opening.__aexit__(None, None, None)


async def taken(esme: Esme, advancing: asyncio.Task[None], first: list[Pdu]) -> list[Pdu]:
    """Every deliver_sm until the time is over, acknowledged."""
    came: list[Pdu] = []
    for each in first:
        await esme.answer(each)
    while True:
        hearing = asyncio.create_task(esme.hear())
        await asyncio.wait({hearing, advancing}, return_when=asyncio.FIRST_COMPLETED)
        if not hearing.done():
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            return came
        pdu = hearing.result()
        came.append(pdu)
        await esme.answer(pdu)


def seen(centre: Centre, answers: list[Any], came: list[Pdu]) -> dict[str, Any]:
    entries = [each for each in centre.entries() if each.kind not in (Kind.FAULT_SET, Kind.DOOR_BOUND)]
    truth = centre.truth.tell(Selection(), centre.clock.now())
    return {
        "answers": answers,
        "deliveries": Counter(each.raw[16:].hex() for each in came),
        "journal": Counter(facts_of(each) for each in entries),
        "messages": [view(each) for each in centre.carrier.messages(limit=10_000)],
        "truth": truth.as_json(),
    }


def facts_of(entry: Entry) -> str:
    facts = {name: value for name, value in entry.facts.items() if name not in ("sequence", "raw")}
    if entry.facts.get("command") == "deliver_sm_resp":
        facts = {}
    told = (
        entry.kind,
        entry.at,
        entry.message,
        entry.address,
        entry.account,
        sorted(facts.items(), key=repr),
    )
    return repr(told)


def view(message: Message) -> str:
    told, events = message.submission, sorted(repr(each) for each in message.events)
    names = (message.id, told.account, told.to, told.sender, told.text, told.reference, told.terms)
    return repr((*names, message.at, message.nth, message.state, message.cause, message.replies, events))


@pytest.mark.parametrize(
    ("profile", "dialect"), [("instant", "standard"), ("everyday", "standard"), ("instant", "hex")]
)
@settings(max_examples=6, deadline=None)
@given(some=st.lists(MESSAGES, min_size=5, max_size=40), cuts=st.lists(st.integers(0, 1500), max_size=3))
def test_both_ways_do_the_same(profile, dialect, some, cuts):
    stream = b"".join(
        submit(to, text, number, *tlvs, **fields) for number, (to, text, fields, tlvs) in enumerate(some, 2)
    )
    cuts = [cut for cut in cuts if cut < len(stream)]
    express = asyncio.run(told(profile, dialect, stream, cuts, faulty=False))
    general = asyncio.run(told(profile, dialect, stream, cuts, faulty=True))
    assert express == general


@pytest.fixture
def expressed(monkeypatch) -> list[int]:
    """How many messages went the express way, read by read."""
    counts: list[int] = []
    take = Express._take
    monkeypatch.setattr(Express, "_take", lambda *args: (counts.append(len(args[2])), take(*args))[1])
    return counts


@pytest.mark.parametrize("dialect", ["standard", "hex"])
async def test_ordinary_messages_do_take_the_express_way(dialect, expressed):
    async with opened(profile="instant", dialect=DIALECTS[dialect]) as centre:
        esme = await centre.bound()
        await esme.raw(b"".join(submit(NINE, b"?", number) for number in range(2, 52)))
        await esme.ask(Command.ENQUIRE_LINK)
        centre.faults.add(NEVER)
        await esme.accepted()
    assert expressed == [50]


async def test_what_is_wrong_with_one_message_is_not_held_against_its_pattern(expressed):
    async with opened(profile="instant") as centre:
        esme = await centre.bound()
        odd = submit(NINE, b"?", 2, Tlv(Tag.CLIENT_REFERENCE, b"abc")) + submit("", b"?", 3)
        await esme.raw(odd + b"".join(submit(NINE, b"?", number) for number in range(4, 9)))
        await esme.ask(Command.ENQUIRE_LINK)
    assert expressed == [5]


async def test_messages_under_references_take_the_express_way_but_for_repeats(expressed):
    async with opened(profile="instant") as centre:
        esme = await centre.bound()
        under = [Tlv(Tag.CLIENT_REFERENCE, bytes((number,)) * 16) for number in (1, 2, 3, 2, 4)]
        await esme.raw(b"".join(submit(NINE, b"?", number, each) for number, each in enumerate(under, 2)))
        came = [await esme.hear() for _ in range(5 + 4 * 2)]
        answers = {each.sequence: each.fields["message_id"] for each in came if each.command & 0x80000000}
        references = [each.reference for each in centre.carrier.messages(limit=9)]
    assert expressed == [3, 1]
    assert answers[3] == answers[5]
    assert len(set(answers.values())) == 4
    assert references == [str(UUID(bytes=bytes((number,)) * 16)) for number in (1, 2, 3, 4)]


async def test_a_receiver_of_its_own_is_served_the_express_way_as_well(monkeypatch):
    heard: list[int] = []
    answers = Express._answers
    monkeypatch.setattr(
        Express, "_answers", lambda *args: (end := answers(*args), heard.append(end - args[3]))[0]
    )
    async with opened(profile="instant") as centre:
        sends = await centre.bound(Command.BIND_TRANSMITTER)
        hears = await centre.bound(Command.BIND_RECEIVER)
        await sends.raw(b"".join(submit(NINE, b"?", number) for number in range(2, 12)))
        letters = [await hears.hear() for _ in range(20)]
        await hears.raw(b"".join(encode(answer(each, message_id=b"")) for each in letters))
        await hears.ask(Command.ENQUIRE_LINK)
        refused = await hears.submit()
        assert not len(centre.door._mailboxes["acme"])
    assert sum(heard) == 20 * 17
    assert refused.status == Status.RINVBNDSTS


async def test_whoever_is_set_by_hand_is_heard_by_the_express_way():
    async with opened(profile="instant", mode=Mode.FROZEN) as centre:
        esme = await centre.bound()
        await esme.accepted(PEOPLE[0], registered_delivery=0)
        centre.carrier.town.set_person(f"+{PEOPLE[0]}", await script("32450000301", centre))
        await esme.accepted(PEOPLE[0], registered_delivery=0)
        async with centre.passing(1):
            while b"3" not in (await esme.delivered()).fields["short_message"]:
                pass


async def script(to: str, centre: Centre) -> Any:
    from simulator.people.subscriber import Person

    who = centre.carrier.town.subscriber(f"+{to}")
    return Person(script=who.script)


@pytest.mark.parametrize(
    "fields",
    [
        {"validity_period": b"000001000000000R"},
        {"schedule_delivery_time": b"000001000000000R"},
        {"esm_class": 0x40},
        {"replace_if_present_flag": 1},
        {"data_coding": 0x0F},
        {"priority_flag": 9},
        {"dest_addr_npi": 7},
    ],
)
def test_what_is_out_of_the_ordinary_has_no_pattern(fields):
    options = Options(accounts=ACCOUNTS)
    assert pattern_of(submit(NINE, b"?", 1, **fields), "acme", 0, options) is None
    assert pattern_of(submit(NINE, b"?", 1), "acme", 0, options) is not None


async def octets_kept(centre: Centre, kind: Kind, command: str) -> list[str]:
    facts = [each.facts for each in centre.entries() if each.kind is kind]
    return [str(each["raw"]) for each in facts if each["command"] == command]


@pytest.mark.parametrize("tail", [b"\0", b""])
async def test_the_journal_keeps_the_octets_of_answers_with_a_message_id_and_without(tail):
    async with opened(profile="instant") as centre:
        esme = await centre.bound()
        await esme.raw(b"".join(submit(NINE, b"?", number) for number in range(2, 5)))
        came = [await esme.hear() for _ in range(9)]
        letters = [each for each in came if each.command is Command.DELIVER_SM]
        answers = [HEADER.pack(16 + len(tail), 0x80000005, 0, each.sequence) + tail for each in letters]
        await esme.raw(b"".join(answers))
        await esme.ask(Command.ENQUIRE_LINK)
        went = await octets_kept(centre, Kind.PDU_OUT, "deliver_sm")
        kept = await octets_kept(centre, Kind.PDU_IN, "deliver_sm_resp")
    assert went == [each.raw.hex() for each in letters]
    assert kept == [each.hex() for each in answers]


async def test_the_journal_keeps_both_tries_of_a_letter_under_their_own_numbers():
    async with opened(profile="instant") as centre:
        first = await centre.bound()
        await first.accepted(NINE)
        await first.delivered()
        await first.delivered()
        await first.accepted(PEOPLE[0], registered_delivery=1)
        lost = await first.hear()
        await first.close()
        second = await centre.bound()
        await second.accepted(NINE, registered_delivery=0)
        while (again := await second.delivered()).raw[16:] != lost.raw[16:]:
            pass
        await second.ask(Command.ENQUIRE_LINK)
        went = await octets_kept(centre, Kind.PDU_OUT, "deliver_sm")
        kept = await octets_kept(centre, Kind.PDU_IN, "deliver_sm_resp")
    assert lost.sequence != again.sequence
    assert lost.raw.hex() in went
    assert again.raw.hex() in went
    assert kept[-1] == (HEADER.pack(17, 0x80000005, 0, again.sequence) + b"\0").hex()
