"""Hostile input: refused with a clear answer, named in the journal, in bounded memory, others unharmed."""

from __future__ import annotations

import asyncio
import ssl
import tracemalloc
from dataclasses import replace

import pytest

from simulator.journal import Kind, Match
from simulator.servers.mail.certificate import self_signed
from simulator.servers.mail.options import Bounds, Options
from tests.simulator.servers.mail.post_office import NINE, PATIENCE, mail, post_office
from tests.simulator.servers.mail.talk import still_serves, talk

MEBI = 1_048_576


ENDS = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r.\r\n", b"\r\n.\r", b"\n.\r"]
"""What some servers take for the end of the data, and others do not (CVE-2023-51764 and its like)."""


@pytest.mark.parametrize("end", ENDS, ids=repr)
async def test_a_mail_cannot_be_smuggled_behind_another(end):
    smuggled = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<" + NINE.encode() + b">\r\nDATA\r\nsmuggled\r\n.\r\n"
    async with post_office() as office, talk(office) as peer:
        await peer.begins()
        await peer.say(b"Subject: one\r\n\r\nfirst" + end + smuggled)
        assert (await peer.hear()).startswith("550 5.6.11 ")
        assert office.entries(Kind.MT_SUBMITTED) == []
        assert office.entries(Kind.MAIL_IN) == []
        await peer.say("NOOP\r\n")
        assert (await peer.hear()).startswith("250")
        await still_serves(office)


async def test_commands_before_starttls_are_not_carried_over():
    def adjust(options: Options) -> Options:
        return replace(options, tls=self_signed(("mx.belfort.test",)))

    async with post_office(adjust=adjust) as office, talk(office) as peer:
        await peer.ask("EHLO acme.example")
        await peer.say("STARTTLS\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<x@belfort.test>\r\n")
        assert (await peer.hear()).startswith("220")
        await peer.writer.start_tls(_any_certificate())
        assert (await peer.ask("RCPT TO:<x@belfort.test>")).startswith("503")


def _any_certificate():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def test_ten_thousand_recipients_are_too_many_and_the_first_hundred_get_the_mail():
    async with post_office() as office, talk(office) as peer:
        await peer.ask("EHLO acme.example")
        await peer.ask("MAIL FROM:<b@acme.example>")
        lines = [f"RCPT TO:<c{number}@belfort.test>\r\n" for number in range(10_000)]
        asking = asyncio.ensure_future(peer.say("".join(lines)))
        answers = [await peer.hear() for _ in lines]
        await asking
        assert [answer[:3] for answer in answers] == ["250"] * 100 + ["452"] * 9_900
        assert answers[-1] == "452 4.5.3 too many recipients; at most 100 a mail"
        assert (await peer.ask("DATA")).startswith("354")
        await peer.say(mail("many") + b".\r\n")
        assert (await peer.hear()).startswith("250")
        assert len(office.entries(Kind.MT_SUBMITTED)) == 100
        await still_serves(office)


async def test_mime_nested_a_thousand_deep_is_refused():
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
        for depth in range(1_000)
    )
    async with post_office() as office, talk(office) as peer:
        await peer.begins()
        await peer.say(b"From: b@acme.example\r\n" + nested + b"Content-Type: text/plain\r\n\r\n9\r\n.\r\n")
        assert (await peer.hear()).startswith("550 5.6.0 ")
        await still_serves(office)


async def test_a_line_of_ten_megabytes_is_cut_off_in_little_memory():
    piece = b"x" * 65_536
    async with post_office() as office, talk(office) as peer:
        await peer.begins()
        tracemalloc.start()
        try:
            for _ in range(160):
                await peer.say(piece)
        except ConnectionError:
            pass
        told = await office.journal.wait(Match(frozenset({Kind.MAIL_REFUSED})), 1, PATIENCE, wall=True)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 12 * MEBI
        assert told.entries[0].facts["what"] == "552 5.3.4 far more than may come at a time"
        await still_serves(office)


async def test_many_mails_on_one_connection_are_not_taken_for_one_that_is_too_large():
    bounds = Bounds(mail_octets=20_000, commands_octets=1_000)
    async with post_office(bounds=bounds) as office, talk(office) as peer:
        for number in range(10):
            await peer.begins()
            await peer.say(b"Message-ID: <m%d@x.example>\r\n\r\n" % number + b"z" * 900 * 10 + b"\r\n.\r\n")
            assert (await peer.hear())[:3] == "500"  # one long line
            await peer.begins()
            await peer.say(
                b"Message-ID: <m%d@x.example>\r\n\r\n" % number + (b"z" * 900 + b"\r\n") * 10 + b".\r\n"
            )
            assert (await peer.hear())[:3] == "250"
        assert len(office.entries(Kind.MT_SUBMITTED)) == 10


async def test_a_line_that_is_too_long_and_ends_gets_a_clear_no():
    async with post_office() as office, talk(office) as peer:
        await peer.begins()
        await peer.say(b"Subject: x\r\n\r\n" + b"y" * 2_000_000 + b"\r\n.\r\n")
        assert (await peer.hear()).startswith("500 Line too long")
        assert (await peer.ask("NOOP")).startswith("250")


@pytest.mark.parametrize("octets", [MEBI // 4 - 1_000, MEBI // 4 + 1_000])
async def test_a_mail_is_as_large_as_the_settings_say_and_no_larger(octets):
    async with post_office(bounds=Bounds(mail_octets=MEBI // 4)) as office, talk(office) as peer:
        head = b"Message-ID: <size@acme.example>\r\n\r\n"
        line = b"z" * 98 + b"\r\n"
        body = line * ((octets - len(head)) // len(line))
        fits = octets < MEBI // 4
        assert (await peer.ask("EHLO acme.example")).startswith("250")
        said = await peer.ask(f"MAIL FROM:<b@acme.example> SIZE={octets}")
        assert said.startswith("250" if fits else "552")
        if not fits:
            assert (await peer.ask("MAIL FROM:<b@acme.example>")).startswith("250")
        assert (await peer.ask(f"RCPT TO:<{NINE}>")).startswith("250")
        assert (await peer.ask("DATA")).startswith("354")
        await peer.say(head + body + b".\r\n")
        assert (await peer.hear()).startswith("250" if fits else "552")


EVIL = "=?utf-8?q?x=0D=0ABcc:_evil@x.example=0D=0A=0D=0Abody?="


async def test_line_breaks_in_names_and_subjects_become_no_headers_of_the_answer():
    content = mail("inject").replace(b"Subject: Onze wafels", f"Subject: {EVIL}".encode())
    content = content.replace(b"Reply-To: reply+token1", f"Reply-To: {EVIL} <reply+token1".encode())
    content = content.replace(b"token1@acme.example\r\n", b"token1@acme.example>\r\n", 1)
    async with post_office() as office:
        for place in (NINE, "f01p88.l01@belfort.test", "f03p04.l01@belfort.test", "f04p01.l01@belfort.test"):
            await office.send(place, content)
        await office.passes()
        taken = await office.peer.mails(4)
        for each in taken:
            head = each.raw.partition(b"\r\n\r\n")[0]
            names = {
                line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"
            }
            assert b"bcc" not in names
            assert not each.mail.defects


@pytest.mark.parametrize("address", ["a\x0b@x.example", '"a\x7fb"@x.example', "a b@x.example", "a@@x", "<>"])
async def test_a_reply_address_with_a_control_or_a_blank_is_no_address(address):
    async with post_office() as office:
        await office.send(NINE, mail("odd").replace(b"reply+token1@acme.example", address.encode()))
        await office.passes()
        (reply,) = await office.peer.mails(1)
        assert reply.to == "survey@acme.example"


NONSENSE = [
    # a command, the beginning of its answer
    (b"\r\n", "500"),
    (b"\x00\x01\x02\r\n", "500"),
    (b"\xff\xfe\r\n", "500"),
    (b"EHLO\r\n", "501"),
    (b"BDAT 3 LAST\r\n", "500"),
    (b"X" * 600 + b"\r\n", "500"),
    (b"X" * 100_000 + b"\r\n", "500"),
    (b"MAIL FROM:<>\r\n", "503"),
    (b"DATA\r\n", "503"),
    (b"AUTH PLAIN xxx\r\n", "5"),
]


@pytest.mark.parametrize(("octets", "answer"), NONSENSE, ids=lambda each: repr(each)[:24])
async def test_a_command_that_is_none_gets_an_answer_and_a_line_in_the_journal(octets, answer):
    async with post_office() as office, talk(office) as peer:
        await peer.say(octets)
        assert (await peer.hear()).startswith(answer)
        assert str(office.entries(Kind.MAIL_REFUSED)[0].facts["what"]).startswith(answer)
        assert (await peer.ask("NOOP")).startswith("250")


PATHS = [
    ("<a@b@c>", "553"),
    ("<a b@belfort.test>", "553"),
    ("<@belfort.test>", "553"),
    ("<a@belfort.test", "553"),
    ("<a\x07@belfort.test>", "553"),
    ("<" + "a" * 65 + "@belfort.test>", "553"),
    ("<>", "501"),
    ("<a@belfort.test> NOTIFY=SUCCESS", "555"),
    ("<a@elsewhere.example>", "550"),
    ("<a@sub.belfort.test>", "550"),
    ("<@x.example,@y.example:a@belfort.test>", "250"),
    ('<"a b"@belfort.test>', "550"),
    ("<A@BELFORT.test>", "250"),
    ("<Postmaster>", "250"),
    ("<a@klanten.example>", "250"),
]


@pytest.mark.parametrize(("path", "answer"), PATHS)
async def test_recipients_are_judged_by_form_and_domain(path, answer):
    async with post_office() as office, talk(office) as peer:
        await peer.ask("EHLO acme.example")
        await peer.ask("MAIL FROM:<b@acme.example>")
        assert (await peer.ask(f"RCPT TO:{path}")).startswith(answer)


async def test_octets_beyond_ascii_without_smtputf8_are_refused():
    async with post_office() as office, talk(office) as peer:
        await peer.ask("EHLO acme.example")
        assert (await peer.ask("MAIL FROM:<zoë@acme.example>")).startswith("553 5.6.7")
        assert (await peer.ask("MAIL FROM:<b@acme.example>")).startswith("250")
        assert (await peer.ask("RCPT TO:<zoë@belfort.test>")).startswith("553 5.6.7")
