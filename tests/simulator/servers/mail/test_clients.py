"""Real mail clients hand mail in: swaks, smtplib and aiosmtplib, with and without STARTTLS and AUTH."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import replace

import aiosmtplib
import pytest

from simulator.journal import Kind
from simulator.servers.mail.certificate import self_signed
from simulator.servers.mail.options import Options
from tests.clients.capture import needed
from tests.simulator.servers.mail.post_office import NINE, PostOffice, mail, post_office

TLS = self_signed(("mx.belfort.test",))


@pytest.fixture
def swaks() -> str:
    return needed("swaks", "swaks")


def with_tls(options: Options) -> Options:
    return replace(options, tls=TLS)


def guarded(options: Options) -> Options:
    return replace(options, tls=TLS, tls_required=True, auth="required")


def in_clear(options: Options) -> Options:
    return replace(options, auth="required")


DOORS = [
    # settings of the door, what swaks is told, account and TLS in the journal
    (lambda options: options, [], "mail", False),
    (with_tls, ["--tls"], "mail", True),
    (in_clear, ["--auth", "PLAIN", "--auth-user", "acme", "--auth-password", "secret"], "acme", False),
    (guarded, ["--tls", "--auth", "LOGIN", "--auth-user", "acme", "--auth-password", "secret"], "acme", True),
    (lambda options: options, ["--pipeline"], "mail", False),
]


async def run(office: PostOffice, program: str, *words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        program, "--server", f"127.0.0.1:{office.door.port}", "--to", NINE, "--from", "b@acme.example",
        "--helo", "acme.example", "--header", "Message-Id: <sw-1@acme.example>", "--timeout", "10", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize(("adjust", "words", "account", "tls"), DOORS)
async def test_swaks_hands_a_mail_in_and_is_answered(swaks, adjust, words, account, tls):
    async with post_office(adjust=adjust) as office:
        code, said = await run(office, swaks, *words)
        assert code == 0, said
        assert "250 2.0.0 taken as" in said
        (entry,) = office.entries(Kind.MAIL_IN)
        assert (entry.account, entry.facts["tls"]) == (account, tls)
        await office.passes()
        (reply,) = await office.peer.mails(1)
        assert (reply.to, reply.text.strip()) == ("b@acme.example", "9")
        assert reply.mail["In-Reply-To"] == "<sw-1@acme.example>"


@pytest.mark.parametrize(
    ("adjust", "words", "code"),
    [
        (in_clear, [], "530"),
        (in_clear, ["--auth", "PLAIN", "--auth-user", "acme", "--auth-password", "wrong"], "535"),
        (guarded, [], "530"),
        (lambda options: options, ["--to", "somebody@elsewhere.example"], "550"),
    ],
)
async def test_swaks_is_refused_with_a_clear_answer(swaks, adjust, words, code):
    async with post_office(adjust=adjust) as office:
        failed, said = await run(office, swaks, *words)
        assert failed
        assert f"<** {code} " in said
        assert office.entries(Kind.MT_SUBMITTED) == []
        assert str(office.entries(Kind.MAIL_REFUSED)[0].facts["what"]).startswith(code)


def by_smtplib(port: int, *, tls: bool, auth: bool) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="acme.example", timeout=10) as client:
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            client.starttls(context=context)
        if auth:
            client.login("acme", "secret")
        client.sendmail("b@acme.example", [NINE], mail("lib"))


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("auth", [False, True])
async def test_smtplib_hands_a_mail_in_and_is_answered(tls, auth):
    def adjust(options: Options) -> Options:
        return replace(options, tls=TLS if tls else None, auth="offered" if auth else "off")

    async with post_office(adjust=adjust) as office:
        await asyncio.to_thread(by_smtplib, office.door.port, tls=tls, auth=auth)
        await office.passes()
        (reply,) = await office.peer.mails(1)
        assert reply.text.strip() == "9"
        assert office.entries(Kind.MT_SUBMITTED)[0].account == ("acme" if auth else "mail")


async def test_aiosmtplib_keeps_its_connection_for_many_mails():
    async with post_office() as office:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=office.door.port, start_tls=False) as client:
            for number in range(20):
                await client.sendmail("b@acme.example", [NINE], mail(f"k{number}"))
        assert len(office.entries(Kind.MT_SUBMITTED)) == 20
        assert {entry.facts["session"] for entry in office.entries(Kind.MAIL_IN)} == {1}


async def test_what_the_door_can_do_stands_in_its_answer_to_ehlo():
    async with post_office(adjust=guarded) as office:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=office.door.port, start_tls=False)
        await client.connect()
        answer = await client.ehlo()
        words = set(answer.message.split("\n")[1:])
        assert {"SIZE 1048576", "8BITMIME", "SMTPUTF8", "PIPELINING", "STARTTLS"} <= words
        assert not any(word.startswith("AUTH") for word in words)
        await client.starttls(validate_certs=False)
        assert "AUTH LOGIN PLAIN" in (await client.ehlo()).message
        await client.quit()


async def test_an_address_beyond_ascii_is_taken_with_smtputf8_alone():
    async with post_office() as office:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=office.door.port, start_tls=False)
        await client.connect()
        with pytest.raises(aiosmtplib.SMTPSenderRefused, match=r"needs SMTPUTF8"):
            await client.mail("zoë@acme.example", encoding="utf-8")
        await client.mail("zoë@acme.example", encoding="utf-8", options=["SMTPUTF8"])
        assert (await client.rcpt("renée@belfort.test", encoding="utf-8")).code == 250
        await client.data(mail("utf8"))
        (entry,) = office.entries(Kind.MT_SUBMITTED)
        assert entry.address == "renée@belfort.test"
        await client.quit()
