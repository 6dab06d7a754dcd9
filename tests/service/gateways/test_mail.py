"""Questions go out as mail, and every answer of a relay is an outcome."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from uuid import UUID

import pytest

from service.domain.request import Channel, Deferred, MtMessage, Refused, Submitted
from service.gateways.mail import Mail, Peer
from service.store.tokens import Tokens
from service.wire.mail_question import Box, Sender
from tests.service.gateways.post_office import CUT, HANG, open_post_office
from tests.service.rig import open_rig

SENDER = Sender("Klantenpanel", "survey@survey.test", "survey.test")
REQUEST = UUID("01931a2b-0000-7000-8000-000000000001")


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def office():
    async with open_post_office() as opened:
        yield opened


def gateway_of(rig, office, **how):
    peer = Peer(
        host="127.0.0.1", port=office.port, us="survey.test", deadline=how.pop("deadline", 10.0), **how
    )
    return Mail(peer, SENDER, Tokens(rig.vault), rig.clock)


@pytest.fixture
async def gateway(rig, office):
    made = gateway_of(rig, office)
    yield made
    await made.close()


def question(
    to="f00p09.l01@belfort.test", text="Hoe waarschijnlijk is het?", request=REQUEST, language="nl-BE"
):
    return MtMessage(request, Channel.EMAIL, to, text, language)


async def test_a_question_is_a_whole_mail_whose_addresses_find_the_request_again(rig, office, gateway):
    assert await gateway.submit(question()) == Submitted(str(REQUEST))
    mail, envelope = office.mail(), office.taken[0]
    tokens = Tokens(rig.vault)
    assert envelope.rcpt_tos == ["f00p09.l01@belfort.test"] == [mail["To"]]
    for box, address in (
        (Box.REPLY, mail["Reply-To"].addresses[0].addr_spec),
        (Box.BOUNCE, envelope.mail_from),
        (Box.UNSUBSCRIBE, mail["List-Unsubscribe"].removeprefix("<mailto:").removesuffix(">")),
    ):
        found = SENDER.read_box(str(address))
        assert found is not None
        assert (found[0], tokens.request(Channel.EMAIL, found[1])) == (box, REQUEST)
    assert mail["Message-ID"] == f"<{REQUEST}@survey.test>"
    assert mail["Content-Language"] == "nl-BE"
    assert mail["From"] == "Klantenpanel <survey@survey.test>"
    assert mail["Subject"] == "Hoe waarschijnlijk is het?"
    assert parsedate_to_datetime(mail["Date"]).timestamp() * 1000 == rig.clock.now()
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert envelope.mail_options[1:] == ["RET=HDRS", f"ENVID={REQUEST}".upper()]


async def test_many_mails_go_over_few_connections(office, gateway):
    requests = [UUID(int=REQUEST.int + n) for n in range(40)]
    slots = asyncio.Semaphore(3)

    async def one(request):
        async with slots:
            return await gateway.submit(question(request=request))

    outcomes = await asyncio.gather(*map(one, requests))
    assert outcomes == [Submitted(str(request)) for request in requests]
    assert len(office.taken) == 40
    assert office.connections <= 3


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        ("MAIL", "451 4.3.0 busy for <f00p09.l01@belfort.test>", Deferred("451 4.3.0 at MAIL")),
        ("MAIL", "553 5.1.8 no such sender", Refused("553 5.1.8 at MAIL")),
        ("MAIL", "530 5.7.0 log in first", Deferred("530 5.7.0 at MAIL")),
        ("RCPT", "450 4.2.0 mailbox busy", Deferred("450 4.2.0 at RCPT")),
        ("RCPT", "452 4.5.3 too many", Deferred("452 4.5.3 at RCPT", throttled=True)),
        ("RCPT", "550 5.1.1 unknown", Refused("550 5.1.1 at RCPT")),
        ("RCPT", "550 f00p09.l01@belfort.test unknown", Refused("550 at RCPT")),
        ("RCPT", "450 4.7.1 Greylisted, try again in 00:04:59", Deferred("450 4.7.1 at RCPT", 299.0)),
        ("RCPT", "451 4.7.1 greylisting in action, wait 5 minutes", Deferred("451 4.7.1 at RCPT", 300.0)),
        ("RCPT", "450 4.2.0 Graylisted", Deferred("450 4.2.0 at RCPT", 60.0)),
        ("DATA", "451 4.3.2 overloaded", Deferred("451 4.3.2 at DATA", throttled=True)),
        ("DATA", "554 5.7.1 looks like spam", Refused("554 5.7.1 at DATA")),
        ("DATA", "421 4.3.2 shutting down", Deferred("421 4.3.2 at DATA", throttled=True)),
        ("DATA", "299 what?", Deferred("unclear reply at DATA", perhaps_taken=True)),
        ("RCPT", "299 what?", Deferred("unclear reply at RCPT")),
    ],
)
async def test_a_refusal_is_temporary_or_for_good_by_its_code_and_tells_nobodys_address(
    office, gateway, stage, answer, outcome
):
    office.on(stage, answer)
    assert await gateway.submit(question()) == outcome
    assert await gateway.submit(question()) == Submitted(str(REQUEST))
    assert len(office.taken) == 1


@pytest.mark.parametrize("what", [CUT, HANG])
async def test_no_answer_to_the_data_is_perhaps_taken_and_the_repeat_is_the_same_mail(rig, office, what):
    gateway = gateway_of(rig, office, deadline=0.4)
    office.on("DATA", what)
    outcome = await gateway.submit(question())
    assert isinstance(outcome, Deferred)
    assert outcome.perhaps_taken
    assert await gateway.submit(question()) == Submitted(str(REQUEST))
    assert office.seen == [f"<{REQUEST}@survey.test>"] * 2
    await gateway.close()


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
@pytest.mark.parametrize("what", [CUT, HANG])
async def test_silence_before_the_data_means_that_nothing_was_taken(rig, office, stage, what):
    gateway = gateway_of(rig, office, deadline=0.4)
    office.on(stage, what)
    outcome = await gateway.submit(question())
    assert isinstance(outcome, Deferred)
    assert not outcome.perhaps_taken
    assert office.seen == []
    await gateway.close()


async def test_a_relay_that_closed_an_idle_connection_costs_no_message_a_try(office, gateway):
    await gateway.submit(question())
    for transport in list(office.open):
        transport.abort()
    assert await gateway.submit(question()) == Submitted(str(REQUEST))
    office.on("MAIL", "421 4.4.2 idle for too long")
    assert await gateway.submit(question()) == Submitted(str(REQUEST))
    assert (office.connections, len(office.taken)) == (3, 3)


async def test_no_relay_at_all_is_temporary(rig, office):
    async with open_post_office() as gone:
        pass
    gateway = gateway_of(rig, gone)
    outcome = await gateway.submit(question())
    assert isinstance(outcome, Deferred)
    assert not outcome.perhaps_taken


@pytest.mark.parametrize(
    "address",
    ["a@b.be\r\nRCPT TO:<x@y.be>", "a@b.be\x00", "a b@c.be", "<a@b.be>\n", "", "é@x.be", "a@b.be\x85"],
)
async def test_an_address_with_a_control_character_reaches_no_client(office, gateway, address):
    assert await gateway.submit(question(to=address)) == Refused("not an address")
    assert office.connections == 0


async def test_who_we_are_is_told_to_a_relay_that_asks(rig):
    async with open_post_office(auth=True) as office:
        gateway = gateway_of(rig, office, username="belfort", password="right")
        assert await gateway.submit(question()) == Submitted(str(REQUEST))
        assert office.logins == [(b"belfort", b"right", False)]
        await gateway.close()
        wrong = gateway_of(rig, office, username="belfort", password="wrong")
        assert await wrong.submit(question()) == Deferred("535 5.7.8 connecting")
