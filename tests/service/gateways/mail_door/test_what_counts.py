"""Which mail is a response, which a report, which nothing."""

from __future__ import annotations

import smtplib

import pytest

from service.domain.answer import read
from service.domain.request import Channel, State
from service.settle import Settle
from service.store.engine import StoreUnavailable
from service.store.tokens import Tokens
from service.wire.mail_question import Box
from tests.service.gateways.mail_door.letters import PERSON, WINDOW, box, deliver, mailed, open_door, reply


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
