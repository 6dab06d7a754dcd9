"""What comes back by mail: taken when it belongs to a request and is durable, refused clearly otherwise."""

from __future__ import annotations

import asyncio
import smtplib
import tracemalloc
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, State
from service.gateways.mail_door import Door, Terms
from service.settle import Settle
from service.store import outbox
from service.store.engine import StoreUnavailable
from service.store.tokens import Tokens
from service.wire.mail_question import Box, Sender
from tests.service.rig import HOUR, mark_submitted, open_rig

SENDER = Sender("Klantenpanel", "survey@survey.test", "survey.test")
PERSON = "jan@belfort.test"
WINDOW = 72 * HOUR


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


def settle_of(rig):
    return Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


@asynccontextmanager
async def open_door(rig, inbox=None, **terms):
    door = Door(SENDER, Terms(**terms), Tokens(rig.vault), rig.clock, rig.meters, rig.log)
    await door.open(inbox or settle_of(rig))
    try:
        yield door
    finally:
        await door.close()


@pytest.fixture
async def door(rig):
    async with open_door(rig) as opened:
        yield opened


async def mailed(rig, person=PERSON):
    """A request whose question was handed over."""
    request = await rig.queue(person, channel=Channel.EMAIL)
    now = rig.clock.now()
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.EMAIL, now, Moment(now + HOUR), 100))
    await rig.store.write(
        lambda tx: mark_submitted(tx, request, gateway_id=str(request), now=now, window_ms=WINDOW)
    )
    return request


def box(rig, request, kind=Box.REPLY):
    return SENDER.box(kind, Tokens(rig.vault).of(Channel.EMAIL, request))


def reply(text="9", subject="Re: vraag", sender=PERSON, message_id="<1@belfort.test>", **fields):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = sender, subject, message_id
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


async def deliver(door, to, mail, sender=PERSON):
    """By smtplib, as a mail program does; gives the refusals."""

    def send():
        host, _, port = door.address.partition(":")
        with smtplib.SMTP(host, int(port), timeout=10) as client:
            if isinstance(mail, bytes):
                return client.sendmail(sender, to, mail)
            return client.send_message(mail, sender, to)

    return await asyncio.to_thread(send)


class Talk:
    """A raw conversation."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, *lines, end=b"\r\n"):
        self.writer.write(b"".join(line.encode() + end for line in lines))
        return await self.hear()

    async def hear(self):
        """The next whole answer; empty when the door has closed."""
        lines = []
        async with asyncio.timeout(10):
            while line := (await self.reader.readline()).decode():
                lines.append(line)
                if line[3:4] == " ":
                    break
        return "".join(lines)


@asynccontextmanager
async def talking(door):
    host, _, port = door.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    talk = Talk(reader, writer)
    try:
        assert (await talk.hear()).startswith("220 survey.test")
        yield talk
    finally:
        writer.close()


async def test_a_reply_is_counted_for_the_request_in_its_address(rig, door):
    first, second = await mailed(rig), await mailed(rig, "piet@belfort.test")
    await deliver(door, box(rig, second).upper(), reply("Een 8, graag gedaan"))
    assert rig.facts(first) == (State.SUBMITTED, None, None)
    assert rig.facts(second) == (State.ANSWERED, "good", 8)
    assert rig.count("mails_taken", kind="reply") == 1


async def test_a_second_copy_changes_nothing_and_another_mail_does(rig, door):
    request = await mailed(rig)
    for _ in range(2):
        await deliver(door, box(rig, request), reply("geen idee"))
    assert rig.count("strays", kind="repeated_reply") == 1
    await deliver(door, box(rig, request), reply("9", message_id="<2@belfort.test>"))
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


async def test_copies_without_a_message_id_are_known_by_their_content(rig, door):
    request = await mailed(rig)
    raw = b"From: jan@belfort.test\r\nSubject: Re: x\r\n\r\nniks\r\n"
    await deliver(door, box(rig, request), b"Received: by a\r\n" + raw)
    await deliver(door, box(rig, request), b"Received: by b\r\n" + raw)
    assert rig.count("strays", kind="repeated_reply") == 1


@pytest.mark.parametrize(
    "address",
    [
        "survey@survey.test", "r-x@survey.test", "r-@survey.test", "root@survey.test", "{token}@survey.test",
        "r-{token}@other.test", "x-{token}@survey.test", "r-{other}@survey.test", "r-{token}x@survey.test",
        "r-{token}",
    ],
)  # fmt: skip
async def test_an_address_without_a_token_of_ours_is_refused_before_any_data(rig, door, address):
    token = Tokens(rig.vault).of(Channel.EMAIL, await mailed(rig))
    other = token[:-1] + ("a" if token[-1] != "a" else "b")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await deliver(door, address.format(token=token, other=other[:5] + "7" + other[6:]), reply())
    (code, words), *_ = refused.value.recipients.values()
    assert (code, words[:5]) == (550, b"5.1.1")


async def test_a_voice_token_opens_no_letter_box(rig, door):
    token = Tokens(rig.vault).of(Channel.VOICE, await mailed(rig))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await deliver(door, f"r-{token}@survey.test", reply())


async def test_250_is_said_only_when_the_reply_is_durable(rig):
    class Full(Settle):
        full = True

        async def take_reply(self, taken):
            if self.full:
                raise StoreUnavailable("disk full")
            await super().take_reply(taken)

    inbox = Full(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)
    request = await mailed(rig)
    async with open_door(rig, inbox) as door:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await deliver(door, box(rig, request), reply())
        assert refused.value.smtp_code == 451
        inbox.full = False
        await deliver(door, box(rig, request), reply())
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        ({"Auto_Submitted": "auto-replied"}, PERSON),
        ({"Precedence": "bulk"}, PERSON),
        ({"subject": "Automatisch antwoord: vraag"}, PERSON),
        ({}, "<>"),
    ],
)
async def test_automatic_mail_is_taken_and_counts_nothing(rig, door, fields, sender):
    request = await mailed(rig)
    await deliver(door, box(rig, request), reply("Ik ben terug op 9", **fields), sender=sender)
    assert rig.facts(request) == (State.SUBMITTED, None, None)
    assert rig.count("mails_taken", kind="automatic") == 1


async def test_whatever_comes_to_the_bounce_address_is_no_reply(rig, door):
    request = await mailed(rig)
    await deliver(door, box(rig, request, Box.BOUNCE), reply("9"))
    assert rig.facts(request) == (State.SUBMITTED, None, None)


def bounce(action, status="5.1.1"):
    return (
        "From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; jan@belfort.test\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "state"),
    [("failed", State.FAILED), ("delayed", State.SUBMITTED), ("delivered", State.DELIVERED)],
)
async def test_a_bounce_moves_the_request_its_address_names(rig, door, action, state):
    other, request = await mailed(rig, "piet@belfort.test"), await mailed(rig)
    await deliver(door, box(rig, request, Box.BOUNCE), bounce(action), sender="<>")
    assert rig.facts(request)[0] is state
    assert rig.facts(other)[0] is State.SUBMITTED
    await deliver(door, box(rig, request), reply("7"))
    assert rig.facts(request) == (State.ANSWERED, "good", 7)


async def test_stop_is_a_bad_response_and_an_unsubscription_is_none_and_both_opt_out(rig, door):
    stopped, left = await mailed(rig), await mailed(rig, "piet@belfort.test")
    await deliver(door, box(rig, stopped), reply("STOP"))
    await deliver(door, box(rig, left, Box.UNSUBSCRIBE), reply("", subject="unsubscribe"))
    assert rig.facts(stopped)[1] == "opt_out"
    assert rig.facts(left) == (State.SUBMITTED, None, None)
    assert rig.opted_out(PERSON) == rig.opted_out("piet@belfort.test") == [rig.account]


async def test_an_unsubscription_is_heard_after_the_request_was_answered(rig, door):
    request = await mailed(rig)
    await deliver(door, box(rig, request), reply("9"))
    await deliver(door, box(rig, request, Box.UNSUBSCRIBE), reply("", sender=f"Jan <{PERSON.upper()}>"))
    assert rig.opted_out(PERSON) == [rig.account]


async def test_a_complaint_opts_out_and_is_no_response(rig, door):
    request = await mailed(rig)
    complaint = bounce("x").replace(b"delivery-status; b", b"feedback-report; b")
    complaint = complaint.replace(b"message/delivery-status", b"message/feedback-report")
    complaint = complaint.replace(b"Reporting-MTA: dns; mx.test", b"Feedback-Type: abuse\r\nVersion: 1")
    await deliver(door, box(rig, request, Box.BOUNCE), complaint, sender="fbl@provider.test")
    assert rig.facts(request) == (State.SUBMITTED, None, None)
    assert rig.opted_out(PERSON) == [rig.account]


async def test_no_address_and_no_text_stands_in_the_log(rig, door):
    request = await mailed(rig)
    await deliver(door, box(rig, request), reply("Mijn geheim is 9"))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await deliver(door, "jan.geheim@survey.test", reply())
    logged = rig.lines.getvalue().decode()
    assert not [word for word in ("geheim", "belfort.test", "r-") if word in logged]


async def test_a_mail_has_one_recipient_and_ten_thousand_are_cut_off(rig, door):
    to = box(rig, await mailed(rig))
    async with talking(door) as talk:
        await talk.say("EHLO x")
        await talk.say(f"MAIL FROM:<{PERSON}>")
        assert (await talk.say(f"RCPT TO:<{to}>")).startswith("250")
        answers = []
        for _ in range(10_000):
            answer = await talk.say(f"RCPT TO:<{to}>")
            answers.append(answer[:3])
            if answer.startswith("421"):
                break
        assert answers == ["452"] * 9 + ["421"]
        assert await talk.hear() == ""


async def test_too_large_a_mail_is_cut_off_without_reading_the_rest(rig):
    request = await mailed(rig)
    async with open_door(rig, size=20_000) as door:
        with pytest.raises(smtplib.SMTPSenderRefused) as announced:
            await deliver(door, box(rig, request), reply("9 " + "x" * 70 + "\n" * 25_000))
        assert announced.value.smtp_code == 552
        async with talking(door) as talk:
            await begin(talk, box(rig, request))
            talk.writer.write((b"x" * 70 + b"\r\n") * 300)
            assert (await talk.say(".")).startswith("552")
        for endless in (b"x" * 70 + b"\r\n", b"x" * 1_000):
            async with talking(door) as talk:
                await begin(talk, box(rig, request))
                tracemalloc.start()
                with pytest.raises(ConnectionError):
                    await pour(talk, endless * 20)
                _, peak = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                assert peak < 2_000_000
        await deliver(door, box(rig, request), reply("8"))
    assert rig.facts(request)[2] == 8


async def pour(talk, data, pause=0.0):
    """Write the same again and again until the door has had enough."""
    for _ in range(5_000):
        talk.writer.write(data)
        await talk.writer.drain()
        await asyncio.sleep(pause)


async def begin(talk, to):
    await talk.say("EHLO x")
    await talk.say(f"MAIL FROM:<{PERSON}>")
    await talk.say(f"RCPT TO:<{to}>")
    assert (await talk.say("DATA")).startswith("354")


@pytest.mark.parametrize(
    "end", ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n\r.\r\n", "\x00\n.\r\n"]
)
async def test_a_second_mail_cannot_be_smuggled_behind_a_lone_line_feed(rig, door, end):
    victim, own = await mailed(rig), await mailed(rig, "piet@belfort.test")
    async with talking(door) as talk:
        await begin(talk, box(rig, own))
        hidden = f"MAIL FROM:<x@y.test>\r\nRCPT TO:<{box(rig, victim)}>\r\nDATA\r\n\r\n0\r\n.\r\n"
        talk.writer.write(f"Subject: Re: x\r\n\r\n9{end}{hidden}".encode())
        assert (await talk.hear()).startswith("550 5.5.2")
        assert await talk.hear() == ""
    assert rig.facts(victim) == rig.facts(own) == (State.SUBMITTED, None, None)


async def test_commands_that_end_in_a_lone_line_feed_end_the_conversation(door):
    async with talking(door) as talk:
        assert (await talk.say("EHLO x", end=b"\n")).startswith("550 5.5.2")
        assert await talk.hear() == ""


async def test_parts_a_thousand_deep_are_refused_and_others_are_served(rig, door):
    request = await mailed(rig)
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)
    )
    with pytest.raises(smtplib.SMTPDataError) as refused:
        await deliver(door, box(rig, request), head + b"\r\n9\r\n")
    assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (554, b"5.6.0")
    await deliver(door, box(rig, request), reply("9"))
    assert rig.facts(request)[2] == 9


async def test_only_so_many_talk_at_a_time(rig):
    async with open_door(rig, connections=2) as door, talking(door), talking(door) as second:
        host, _, port = door.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        assert (await reader.read()).startswith(b"421 4.3.2")
        writer.close()
        assert (await second.say("NOOP")).startswith("250")


async def test_several_processes_of_the_service_share_one_port(rig):
    async with open_door(rig, shared=True) as first:
        port = int(first.address.rpartition(":")[2])
        async with open_door(rig, port=port, shared=True) as second:
            assert second.address == first.address
        with pytest.raises(OSError, match="address already in use"):
            async with open_door(rig, port=port):
                pass


async def test_who_says_nothing_is_cut_off(rig):
    async with open_door(rig, idle=0.2) as door, talking(door) as talk:
        assert await talk.hear() == ""


async def test_who_drips_data_is_cut_off(rig):
    request = await mailed(rig)
    async with open_door(rig, idle=0.3) as door, talking(door) as talk:
        await begin(talk, box(rig, request))
        with pytest.raises(ConnectionError):
            await pour(talk, b"x\r\n", pause=0.01)


async def test_a_rate_holds_all_together(rig):
    request = await mailed(rig)
    async with open_door(rig, rate=1.0) as door:
        await deliver(door, box(rig, request), reply("niks"))
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await deliver(door, box(rig, request), reply("9", message_id="<2@x>"))
        assert next(iter(refused.value.recipients.values()))[0] == 451
        rig.clock.wall_seconds += 1
        await deliver(door, box(rig, request), reply("9", message_id="<2@x>"))
    assert rig.facts(request)[2] == 9


async def test_closing_finishes_the_mail_that_is_being_taken(rig):
    entered, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Settle):
        async def take_reply(self, taken):
            entered.set()
            await go_on.wait()
            await super().take_reply(taken)

    inbox = Slow(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)
    request = await mailed(rig)
    async with open_door(rig, inbox) as door, talking(door) as idle:
        delivering = asyncio.create_task(deliver(door, box(rig, request), reply("9")))
        await entered.wait()
        closing = asyncio.create_task(door.close())
        assert (await idle.hear()).startswith("421")
        go_on.set()
        await closing
        with pytest.raises(smtplib.SMTPResponseException) as goodbye:
            await delivering  # the mail itself was answered 250
        assert goodbye.value.smtp_code == 421
    assert rig.facts(request)[2] == 9


async def test_a_mistake_of_ours_costs_the_peer_a_try_and_tells_nothing(rig):
    class Broken(Settle):
        async def take_reply(self, taken):
            raise ZeroDivisionError(taken.text)

    inbox = Broken(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)
    request = await mailed(rig)
    async with open_door(rig, inbox) as door:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await deliver(door, box(rig, request), reply("geheim"))
    assert (refused.value.smtp_code, refused.value.smtp_error) == (451, b"4.3.0 Local error")
    assert b"geheim" not in rig.lines.getvalue()
    assert rig.count("crashes", part="mail_door") == 1
