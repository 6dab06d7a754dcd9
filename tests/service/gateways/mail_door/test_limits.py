"""Conversations that are too long, too slow, too many, or dishonest."""

from __future__ import annotations

import asyncio
import smtplib
import tracemalloc

import pytest

from service.domain.answer import read
from service.domain.request import State
from service.settle import Settle
from tests.service.gateways.mail_door.letters import (
    PERSON,
    WINDOW,
    box,
    deliver,
    mailed,
    open_door,
    reply,
    talking,
)


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
