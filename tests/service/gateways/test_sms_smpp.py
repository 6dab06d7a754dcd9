"""The SMPP gateway against a message centre that speaks raw bytes, and breaks them."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from service.clock import Dice
from service.domain.request import (
    Channel,
    Deferred,
    Delivery,
    MtMessage,
    Refused,
    Reply,
    Submitted,
)
from service.gateways import smpp_inbound
from service.gateways.sms_smpp import Centre, SmsSmpp
from service.store.engine import StoreUnavailable
from service.wire.smpp_session import Credentials
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import BIND, DATA, DELIVER, ENQUIRE, NACK, RESP, SUBMIT, UNBIND, pdu, tlv
from tests.service.rig import NOON, open_rig, until

PERSON = "+32470000000"
RX_T_APPN, SYSERR, MSGQFUL, THROTTLED, INVDSTADR = 0x64, 0x08, 0x14, 0x58, 0x0B


class Inbox:
    """Takes everything, or fails, or waits."""

    def __init__(self):
        self.reports, self.replies, self.batches = [], [], []
        self.down = False
        self.open = asyncio.Event()
        self.open.set()

    async def take_report(self, report):
        await self._pass()
        self.reports.append(report)

    async def take_all(self, came):
        self.batches.append(len(came))
        before = list(self.reports), list(self.replies)
        try:
            for each in came:
                await (self.take_reply if isinstance(each, Reply) else self.take_report)(each)
        except ZeroDivisionError:
            self.reports, self.replies = before
            raise

    async def take_reply(self, reply):
        await self._pass()
        if reply.text == "break":
            raise ZeroDivisionError
        self.replies.append(reply)

    async def _pass(self):
        await self.open.wait()
        if self.down:
            raise StoreUnavailable("the disk is full")


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def centre():
    async with stub.open_centre() as opened:
        yield opened


@pytest.fixture
def inbox():
    return Inbox()


def gateway_of(rig, port: int, **change) -> SmsSmpp:
    settings = Centre(
        host="127.0.0.1", port=port, credentials=Credentials(b"belfort", b"hush"), source="8937", deadline=5.0
    )
    return SmsSmpp(replace(settings, **change), rig.clock, Dice(3), rig.meters, rig.log)


@asynccontextmanager
async def running(gateway, inbox):
    work = asyncio.create_task(gateway.run(inbox))
    try:
        yield gateway
    finally:
        work.cancel()
        await asyncio.wait((work,))
        await gateway.close()


@pytest.fixture
async def gateway(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port), inbox) as opened:
        await until(lambda: centre.sessions)
        yield opened


def question(rig, text: str = "Een vraag?", destination: str = PERSON) -> MtMessage:
    return MtMessage(rig.dice.request_ids([NOON])[0], Channel.SMS, destination, text, "nl")


async def deliver(centre, body: bytes, command: int = DELIVER) -> int:
    """What our side answers."""
    await until(lambda: centre.sessions)
    seen = await centre.sessions[0].ask(command, body)
    assert seen.command == command | RESP
    return seen.status


# Going out


async def test_it_binds_as_a_transceiver_with_its_credentials(centre, gateway):
    (seen,) = centre.of(BIND)
    assert seen.body == b"belfort\0hush\0\0\x34\0\0\0"


async def test_a_message_leaves_from_the_short_number_under_its_reference(rig, centre, gateway):
    sent = question(rig, "0-10? é€")
    assert await gateway.submit(sent) == Submitted("1")
    (seen,) = centre.of(SUBMIT)
    fields = seen.fields()
    assert (fields["source"], fields["ston"], fields["to"], fields["dton"], fields["dnpi"]) == (
        b"8937", 3, b"32470000000", 1, 1,
    )  # fmt: skip
    assert (fields["registered"], fields["esm"], fields["coding"]) == (1, 0, 0)
    assert fields["text"] == b"0-10? \x05\x1be"
    assert fields["tlvs"] == {0x1501: sent.request.bytes}


async def test_a_text_beyond_the_gsm_alphabet_goes_in_ucs2(rig, centre, gateway):
    await gateway.submit(question(rig, "Ça va? 😀"))
    fields = centre.of(SUBMIT)[0].fields()
    assert (fields["coding"], fields["text"].decode("utf-16-be")) == (8, "Ça va? 😀")


async def test_a_long_message_leaves_in_parts_with_one_reference(rig, centre, gateway):
    sent = question(rig, "x" * 161)
    assert await gateway.submit(sent) == Submitted("1")
    one, two = (seen.fields() for seen in centre.of(SUBMIT))
    head = bytes([5, 0, 3, sent.request.bytes[-1], 2])
    assert (one["text"], two["text"]) == (head + b"\1" + b"x" * 153, head + b"\2" + b"x" * 8)
    assert one["esm"] == two["esm"] == 0x40
    assert one["tlvs"] == two["tlvs"] == {0x1501: sent.request.bytes}


async def test_more_parts_than_the_window_holds_leave_one_after_the_other(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port, window=2), inbox) as gateway:
        many = [gateway.submit(question(rig, "x" * 700)) for _ in range(3)]
        assert all(isinstance(one, Submitted) for one in await asyncio.gather(*many))
    assert len(centre.of(SUBMIT)) == 15


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (THROTTLED, Deferred("command_status 0x58", throttled=True)),
        (MSGQFUL, Deferred("command_status 0x14", throttled=True)),
        (SYSERR, Deferred("command_status 0x8")),
        (INVDSTADR, Refused("command_status 0xb")),
        (0x45, Refused("command_status 0x45")),
        (0x4FF, Refused("command_status 0x4ff")),
    ],
)
async def test_a_status_is_an_outcome(rig, centre, gateway, status, outcome):
    centre.on(SUBMIT, stub.answers(status))
    assert await gateway.submit(question(rig)) == outcome


async def test_of_a_long_message_the_worst_part_decides(rig, centre, gateway):
    centre.on(SUBMIT, stub.take, stub.answers(THROTTLED))
    assert await gateway.submit(question(rig, "x" * 161)) == Deferred(
        "command_status 0x58", throttled=True, perhaps_taken=True
    )


async def test_a_generic_nack_is_an_answer_too(rig, centre, gateway):
    centre.on(SUBMIT, stub.says(lambda seen: pdu(NACK, seen.sequence, 3)))
    assert await gateway.submit(question(rig)) == Deferred("command_status 0x3")


async def test_a_message_without_an_id_is_taken_all_the_same(rig, centre, gateway):
    centre.on(SUBMIT, stub.answers(0, b"\0"), stub.answers(0))
    for _ in range(2):
        sent = question(rig)
        assert await gateway.submit(sent) == Submitted(str(sent.request))


@pytest.mark.parametrize(
    "written",
    [
        lambda seen: pdu(SUBMIT | RESP, seen.sequence, 0, b"never ended" * 9),
        lambda seen: b"\0\0\0\1" + b"\xff" * 40,
        lambda seen: b"\xff" * 64,
        lambda seen: b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
async def test_garbage_in_place_of_an_answer_may_mean_that_it_was_taken(rig, centre, gateway, written):
    centre.on(SUBMIT, stub.says(written))
    outcome = await gateway.submit(question(rig))
    assert isinstance(outcome, Deferred)
    assert outcome.perhaps_taken
    assert isinstance(await gateway.submit(question(rig)), Submitted)


async def test_an_answer_with_a_wrong_number_answers_nothing(rig, centre, inbox):
    centre.on(SUBMIT, stub.says(lambda seen: pdu(SUBMIT | RESP, seen.sequence + 77, 0, b"1\0")))
    async with running(gateway_of(rig, centre.port, deadline=0.3), inbox) as gateway:
        assert await gateway.submit(question(rig)) == Deferred("timed out", perhaps_taken=True)
        assert isinstance(await gateway.submit(question(rig)), Submitted)
    assert len(centre.of(BIND)) == 1


async def test_an_answer_in_single_bytes_is_put_together(rig, centre, gateway):
    async def drip(session, seen):
        for byte in pdu(SUBMIT | RESP, seen.sequence, 0, b"abc\0"):
            session.write(bytes([byte]))
            await asyncio.sleep(0.001)

    centre.on(SUBMIT, drip)
    assert await gateway.submit(question(rig)) == Submitted("abc")


# Broken connections


@pytest.mark.parametrize("behaviour", [stub.cut, stub.take_and_cut])
async def test_a_cut_may_mean_that_it_was_taken_and_the_repeat_carries_the_same_reference(
    rig, centre, gateway, behaviour
):
    centre.on(SUBMIT, behaviour)
    sent = question(rig)
    outcome = await gateway.submit(sent)
    assert isinstance(outcome, Deferred)
    assert outcome.perhaps_taken
    assert await gateway.submit(sent) == Submitted("1")
    references = [seen.fields()["tlvs"][0x1501] for seen in centre.of(SUBMIT)]
    assert references == [sent.request.bytes] * 2
    assert len(centre.taken) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        stub.cut,
        stub.answers(0x0D),
        stub.answers(0x05, b"centre\0"),
        stub.says(lambda seen: b"\0" * 16),
        stub.says(lambda seen: pdu(NACK, seen.sequence, 3)),
        stub.says(lambda seen: pdu(BIND | RESP, seen.sequence, 0, b"no end")),
    ],
)
async def test_a_bind_that_fails_is_tried_again(rig, centre, inbox, behaviour):
    centre.on(BIND, behaviour)
    async with running(gateway_of(rig, centre.port, deadline=0.6), inbox) as gateway:
        outcome = await gateway.submit(question(rig))
        if not isinstance(outcome, Submitted):  # an unreadable answer to the bind takes the whole deadline
            assert outcome == Deferred("no session")
            await until(lambda: centre.sessions)
            assert isinstance(await gateway.submit(question(rig)), Submitted)
    assert len(centre.of(BIND)) >= 2


async def test_a_centre_that_is_not_there_is_no_exception(rig, inbox):
    async with stub.open_centre() as gone:
        port = gone.port
    async with running(gateway_of(rig, port, deadline=0.5), inbox) as gateway:
        assert await gateway.submit(question(rig)) == Deferred("no session")
        await until(lambda: rig.clock.held == 0)  # a long outage does not hold the world
        assert await gateway.submit(question(rig)) == Deferred("no session")
        async with stub.open_centre(port=port) as back:
            await until(lambda: back.sessions)
            assert await gateway.submit(question(rig)) == Submitted("1")


async def test_the_world_waits_for_a_session_that_broke(rig, centre, gateway):
    await until(lambda: rig.clock.held == 0)
    held = []
    real = stub.bind

    async def look(session, seen):
        held.append(rig.clock.held)
        await real(session, seen)

    centre.on(BIND, look)
    centre.sessions[0].cut()
    await until(lambda: held)
    assert held == [1]
    await until(lambda: centre.sessions)
    await until(lambda: rig.clock.held == 0)


async def test_a_centre_that_says_goodbye_is_answered_and_left(rig, centre, gateway):
    session = centre.sessions[0]
    seen = await session.ask(UNBIND)
    assert (seen.command, seen.status) == (UNBIND | RESP, 0)
    await session.closed.wait()
    assert await gateway.submit(question(rig)) == Submitted("1")
    assert len(centre.of(BIND)) == 2


async def test_every_answer_under_way_is_settled_when_the_connection_breaks(rig, centre, gateway):
    centre.on(SUBMIT, *[stub.silence] * 19, stub.cut)
    outcomes = await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(20)))
    assert all(isinstance(one, Deferred) and one.perhaps_taken for one in outcomes)


async def test_at_the_end_it_unbinds(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port, sessions=2), inbox):
        await until(lambda: len(centre.sessions) == 2 and rig.clock.held == 0)
    assert len(centre.of(UNBIND)) == 2


async def test_a_centre_that_does_not_say_goodbye_is_left_all_the_same(rig, centre, inbox, monkeypatch):
    monkeypatch.setattr("service.gateways.smpp_sessions.GOODBYE_SECONDS", 0.05)
    centre.on(UNBIND, stub.silence)
    async with running(gateway_of(rig, centre.port), inbox):
        await until(lambda: centre.sessions)
    assert not centre.sessions or await centre.every[0].closed.wait()


# Windows and sessions


async def test_a_session_never_has_more_under_way_than_its_window(rig, centre, inbox):
    waiting = deque()

    async def hold(session, seen):
        waiting.append((session, seen))

    centre.usual[SUBMIT] = hold
    async with running(gateway_of(rig, centre.port, window=3), inbox) as gateway:
        work = [asyncio.create_task(gateway.submit(question(rig))) for _ in range(10)]
        answered = 0
        while answered < 10:
            await until(lambda: waiting)
            await asyncio.sleep(0.01)
            assert len(waiting) <= 3
            await stub.take(*waiting.popleft())
            answered += 1
        assert all(isinstance(one, Submitted) for one in await asyncio.gather(*work))


async def test_several_sessions_share_the_messages(rig, centre, inbox):
    by_session = []

    async def note(session, seen):
        by_session.append(session)
        await stub.take(session, seen)

    centre.usual[SUBMIT] = note
    async with running(gateway_of(rig, centre.port, sessions=3, window=10), inbox) as gateway:
        await until(lambda: len(centre.sessions) == 3)
        await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(30)))
    assert sorted(by_session.count(session) for session in set(by_session)) == [10, 10, 10]


async def test_a_group_of_messages_leaves_in_one_write(rig, centre, gateway, monkeypatch):
    writes = []
    link = gateway._sessions._links[0]
    real = link._transport.write
    monkeypatch.setattr(link._transport, "write", lambda data: (writes.append(len(data)), real(data)))
    await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(20)))
    assert len(writes) == 1


async def test_throttled_sessions_and_full_windows_give_room_again(rig, centre, inbox):
    centre.on(SUBMIT, *[stub.answers(THROTTLED)] * 4)
    async with running(gateway_of(rig, centre.port, window=1), inbox) as gateway:
        outcomes = await asyncio.gather(*(gateway.submit(question(rig)) for _ in range(8)))
    assert [type(one) for one in outcomes] == [Deferred] * 4 + [Submitted] * 4


# Life signs


async def test_a_silent_centre_is_asked_and_a_half_open_one_is_left(rig, centre, inbox):
    centre.on(ENQUIRE, stub.answers(0), stub.silence)
    async with running(gateway_of(rig, centre.port, quiet=0.05, deadline=0.3), inbox):
        await until(lambda: len(centre.of(BIND)) == 2)
    assert len(centre.of(ENQUIRE)) >= 2


async def test_an_enquiry_is_answered(centre, gateway):
    seen = await centre.sessions[0].ask(ENQUIRE)
    assert (seen.command, seen.status, seen.body) == (ENQUIRE | RESP, 0, b"")


async def test_a_request_that_is_not_for_us_is_refused_and_the_session_stays(rig, centre, gateway):
    session = centre.sessions[0]
    for command, body in ((0x21, b"junk"), (SUBMIT, stub.message()), (0x0B, b"a\0b\0")):
        seen = await session.ask(command, body)
        assert (seen.command, seen.status) == (NACK, 3)
    assert await gateway.submit(question(rig)) == Submitted("1")
    assert len(centre.of(BIND)) == 1


async def test_a_message_that_cannot_be_read_is_refused_and_the_session_stays(centre, gateway, inbox):
    session = centre.sessions[0]
    for body in (b"", b"\0\1\1", stub.message()[:-1], stub.message() + b"\4\x24\0\xff12"):
        seen = await session.ask(DELIVER, body)
        assert seen.command == DELIVER | RESP
        assert seen.status != 0
    assert await deliver(centre, stub.message()) == 0
    assert len(inbox.replies) == 1


# Receipts


@pytest.mark.parametrize(
    ("stat", "delivery"),
    [
        (b"DELIVRD", Delivery.DELIVERED),
        (b"delivrd", Delivery.DELIVERED),
        (b"DELIVERED", Delivery.DELIVERED),
        (b"UNDELIV", Delivery.UNDELIVERED),
        (b"EXPIRED", Delivery.UNDELIVERED),
        (b"REJECTD", Delivery.UNDELIVERED),
        (b"DELETED", Delivery.UNDELIVERED),
        (b"ENROUTE", Delivery.UNDERWAY),
        (b"ACCEPTD", Delivery.UNDERWAY),
        (b"UNKNOWN", Delivery.UNDERWAY),
        (b"NEWWORD", Delivery.UNDERWAY),
    ],
)
async def test_a_receipt_in_the_standards_text_is_a_report(centre, gateway, inbox, stat, delivery):
    assert await deliver(centre, stub.receipt(b"77", stat)) == 0
    (report,) = inbox.reports
    assert (report.gateway_id, report.delivery, report.people) == ("77", delivery, (PERSON,))
    assert inbox.replies == []


async def test_a_receipt_may_come_as_data_sm_with_parameters_alone(centre, gateway, inbox):
    head = b"\0\1\x01" + b"32470000000\0" + b"\3\0" + b"8937\0"
    body = head + b"\4\0\0" + tlv(0x1E, b"a-b-c\0") + tlv(0x427, b"\2")
    assert await deliver(centre, body, DATA) == 0
    assert (inbox.reports[0].gateway_id, inbox.reports[0].delivery) == ("a-b-c", Delivery.DELIVERED)


async def test_a_receipt_of_a_message_that_was_just_sent_is_known_at_once(rig, centre, gateway, inbox):
    sent = question(rig)
    await gateway.submit(sent)
    await deliver(centre, stub.receipt(b"1"))
    assert inbox.reports[0].request == sent.request


async def test_an_id_that_reads_like_another_persons_is_not_taken_for_it(rig, centre, gateway, inbox):
    centre.ids = lambda number: b"%x" % (number + 9)  # the answer says a, b, …
    one, other = question(rig), question(rig, destination="+32470000001")
    for sent in (one, other):
        await gateway.submit(sent)
    centre.ids = lambda number: b"10"
    third = question(rig, destination="+32470000002")
    await gateway.submit(third)
    await deliver(centre, stub.receipt(b"10"))  # decimal for a, which went to PERSON
    (report,) = inbox.reports
    assert report.request is None
    assert "a" in report.other_ids


async def test_a_person_cannot_write_a_receipt(centre, gateway, inbox):
    await deliver(centre, stub.message(text=b"id:1 sub:001 dlvrd:001 stat:UNDELIV err:000"))
    assert (inbox.reports, len(inbox.replies)) == ([], 1)


async def test_a_receipt_without_an_id_is_taken_and_forgotten(rig, centre, gateway, inbox):
    assert await deliver(centre, stub.message(text=b"stat:DELIVRD", esm=4)) == 0
    assert inbox.reports == []
    assert rig.count("strays", kind="unreadable") == 1


# Replies


async def test_a_reply_is_acknowledged_only_when_it_is_durable(centre, gateway, inbox):
    inbox.open.clear()
    asking = asyncio.create_task(deliver(centre, stub.message()))
    await asyncio.sleep(0.05)
    assert not asking.done()
    inbox.open.set()
    assert await asking == 0
    assert inbox.replies[0].sender == PERSON


async def test_what_cannot_be_kept_is_to_be_offered_again(centre, gateway, inbox):
    inbox.down = True
    assert await deliver(centre, stub.message()) == RX_T_APPN
    assert await deliver(centre, stub.receipt(b"1")) == RX_T_APPN
    inbox.down = False
    assert await deliver(centre, stub.message()) == 0


async def deliver_together(centre, *bodies: bytes) -> list[int]:
    """What our side answers to messages that arrive in one piece."""
    await until(lambda: centre.sessions)
    session = centre.sessions[0]
    answers = {next(session.sequence): asyncio.get_running_loop().create_future() for _ in bodies}
    session.answers.update(answers)
    session.write(
        b"".join(pdu(DELIVER, *pair) for pair in zip(answers, [0] * len(bodies), bodies, strict=True))
    )
    return [(await asyncio.wait_for(answer, 15)).status for answer in answers.values()]


async def test_what_arrives_together_is_kept_together_and_in_order(centre, gateway, inbox):
    bodies = stub.message(text=b"9"), stub.receipt(b"1"), stub.message(text=b"8")
    assert await deliver_together(centre, *bodies) == [0, 0, 0]
    assert (inbox.batches, [reply.text for reply in inbox.replies]) == ([3], ["9", "8"])
    inbox.down = True
    assert await deliver_together(centre, *bodies) == [RX_T_APPN] * 3


async def test_what_one_read_brings_is_kept_in_units_of_bounded_size_and_in_order(
    centre, gateway, inbox, monkeypatch
):
    monkeypatch.setattr(smpp_inbound, "MOST_TOGETHER", 2)
    bodies = [stub.message(text=b"%d" % number) for number in range(5)]
    assert await deliver_together(centre, *bodies) == [0] * 5
    assert (inbox.batches, [reply.text for reply in inbox.replies]) == ([2, 2, 1], ["0", "1", "2", "3", "4"])


async def test_one_that_breaks_takes_nothing_of_its_company_along(centre, gateway, inbox):
    bodies = stub.message(text=b"9"), stub.message(text=b"break"), stub.message(text=b"8")
    assert await deliver_together(centre, *bodies) == [0, SYSERR, 0]
    assert sorted(reply.text for reply in inbox.replies) == ["8", "9"]


async def test_what_fits_into_one_message_leaves_at_once_while_there_is_room(rig, centre, inbox):
    centre.on(SUBMIT, stub.silence, stub.answers(INVDSTADR))
    async with running(gateway_of(rig, centre.port, window=1), inbox) as gateway:
        await until(lambda: centre.sessions)
        heard, sent = [], question(rig)
        await until(lambda: gateway.submit_now(sent, heard.append))
        assert not gateway.submit_now(question(rig), heard.append)
        assert not gateway.submit_now(question(rig, "x" * 161), heard.append)
        await until(lambda: centre.of(SUBMIT))
        (seen,) = centre.of(SUBMIT)
        assert (seen.fields()["to"], seen.fields()["tlvs"]) == (b"32470000000", {0x1501: sent.request.bytes})
        centre.sessions[0].cut()
        await until(lambda: heard)
        assert (heard[0].perhaps_taken, len(heard)) == (True, 1)


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"9", 0, "9"),
        (b"\x1be5 \x7f", 0, "€5 à"),
        (b"d\xe9j\xe0 9", 0, "déjà 9"),
        (b"d\xe9j\xe0 9", 3, "déjà 9"),
        ("neuf 😀".encode("utf-16-be"), 8, "neuf 😀"),
        ("neuf".encode("utf-16-be"), 0x18, "neuf"),
        (b"9", 0xF1, "9"),
        (b"9\xff", 4, "9ÿ"),
        (b"", 0, ""),
        ("é".encode("utf-16-be") + b"\xd8", 8, "é�"),
    ],
)
async def test_a_reply_is_read_in_its_alphabet(centre, gateway, inbox, octets, coding, text):
    assert await deliver(centre, stub.message(text=octets, coding=coding)) == 0
    assert inbox.replies[0].text == text


async def test_a_reply_in_a_payload_is_read(centre, gateway, inbox):
    await deliver(centre, stub.message(text=b"", tlvs=tlv(0x424, b"9, and " + b"so on " * 100)))
    assert inbox.replies[0].text.startswith("9, and so on")


@pytest.mark.parametrize(
    ("source", "ton"), [(b"32470000000", 1), (b"+32470000000", 1), (b"0032470000000", 0), (b"0470000000", 2)]
)
async def test_senders_are_known_however_they_are_written(centre, gateway, inbox, source, ton):
    await deliver(centre, stub.message(source=source, ton=ton))
    assert inbox.replies[0].sender == PERSON


async def test_a_copy_has_the_same_id_and_a_second_answer_another(rig, centre, gateway, inbox):
    mark = tlv(0x204, b"\x12\x34")
    for body in (
        stub.message(tlvs=mark),
        stub.message(tlvs=mark),
        stub.message(tlvs=tlv(0x204, b"\x12\x35")),
        stub.message(text=b"8", tlvs=mark),
        stub.message(source=b"32470000001", tlvs=mark),
    ):
        await deliver(centre, body)
    first, copy, *others = [reply.message_id for reply in inbox.replies]
    assert first == copy
    assert len({first, *others}) == 4
    assert "3247" not in first


async def test_without_a_mark_the_time_tells_a_copy_from_a_second_answer(rig, centre, gateway, inbox):
    await deliver(centre, stub.message())
    await deliver(centre, stub.message())
    rig.clock.jump(NOON + 86_400_000)
    await deliver(centre, stub.message())
    first, copy, second = [reply.message_id for reply in inbox.replies]
    assert (first == copy, first == second) == (True, False)


# Long replies


def parts(text: str, count: int, reference: int = 7, *, wide: bool = False) -> list[bytes]:
    """Bodies of a long message's parts: user data headers of 8 bits, or of 16."""
    octets = text.encode("utf-16-be")
    size = -(-len(octets) // count)
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    heads = [
        (b"\6\x08\4\1" if wide else b"\5\0\3") + bytes([reference, len(pieces), number + 1])
        for number in range(len(pieces))
    ]
    return [
        stub.message(text=head + piece, esm=0x40, coding=8) for head, piece in zip(heads, pieces, strict=True)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 2)])
@pytest.mark.parametrize("wide", [False, True])
async def test_a_long_reply_is_one_reply_in_whatever_order(centre, gateway, inbox, order, wide):
    text = "😀 acht, omdat het goed was" * 3
    bodies = parts(text, 3, wide=wide)
    session = centre.sessions[0]
    answers = await asyncio.gather(*(session.ask(DELIVER, bodies[one]) for one in order))
    assert [seen.status for seen in answers] == [0] * len(order)
    assert [reply.text for reply in inbox.replies] == [text]


async def test_a_long_reply_may_be_told_by_parameters(centre, gateway, inbox):
    bodies = [
        stub.message(text=text, tlvs=tlv(0x20C, b"\1\2") + tlv(0x20E, b"\2") + tlv(0x20F, bytes([number])))
        for number, text in ((2, b" and more"), (1, b"9"))
    ]
    session = centre.sessions[0]
    await asyncio.gather(*(session.ask(DELIVER, body) for body in bodies))
    assert [reply.text for reply in inbox.replies] == ["9 and more"]


async def test_a_centre_that_sends_one_part_at_a_time_is_not_kept_waiting(
    centre, gateway, inbox, monkeypatch
):
    monkeypatch.setattr("service.gateways.smpp_inbound.HOLD_SECONDS", 0.05)
    for body in parts("nine and more", 3):
        assert await deliver(centre, body) == 0
    assert [reply.text for reply in inbox.replies] == ["nine and more"]
    for body in parts("nine and more", 3):  # offered again: nothing new
        assert await deliver(centre, body) == 0
    assert len(inbox.replies) == 1


async def test_a_part_that_never_comes_is_not_waited_for_for_ever(rig, centre, gateway, inbox, monkeypatch):
    monkeypatch.setattr("service.gateways.smpp_inbound.HOLD_SECONDS", 0.05)
    assert await deliver(centre, parts("8 and more", 2)[0]) == 0
    assert inbox.replies == []
    await rig.clock.run_until(lambda: inbox.replies)
    assert [reply.text for reply in inbox.replies] == ["8 and"]


async def test_parts_that_were_acknowledged_are_taken_before_the_end(rig, centre, inbox, monkeypatch):
    monkeypatch.setattr("service.gateways.smpp_inbound.HOLD_SECONDS", 0.05)
    async with running(gateway_of(rig, centre.port), inbox):
        await deliver(centre, parts("8 and more", 2)[0])
    assert [reply.text for reply in inbox.replies] == ["8 and"]


async def test_a_whole_that_cannot_be_kept_is_offered_again_with_its_last_part(centre, gateway, inbox):
    one, two = parts("nine and more", 2)
    inbox.down = True
    session = centre.sessions[0]
    first = asyncio.create_task(session.ask(DELIVER, one))
    await asyncio.sleep(0)
    assert (await session.ask(DELIVER, two)).status == RX_T_APPN
    inbox.down = False
    assert (await session.ask(DELIVER, two)).status == 0
    assert (await first).status == 0
    assert [reply.text for reply in inbox.replies] == ["nine and more"]


async def test_nothing_personal_is_logged(rig, centre, gateway, inbox):
    await gateway.submit(question(rig, "Een geheim?"))
    await deliver(centre, stub.message(text=b"mijn geheim"))
    await deliver(centre, stub.message(text=b"mijn geheim")[:-1])
    centre.sessions[0].cut()
    await until(lambda: len(centre.of(BIND)) == 2)
    for secret in (b"geheim", b"47000000", b"hush"):
        assert secret not in rig.lines.getvalue()
