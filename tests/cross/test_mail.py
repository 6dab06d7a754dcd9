"""The service's half of e-mail against the simulator's, over real SMTP: two programs that share no code."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import aiohttp
import pytest

from service.app import Service
from service.config import Settings as ServiceSettings
from service.domain import answer
from service.domain.request import Channel
from service.store import outbox
from service.wire import mail_reply
from service.wire.mail_message import body, parse
from service.wire.mail_question import Box, Sender, question
from service.wire.mail_reply import Automatic, Reported, Written
from service.wire.mail_reports import Report
from simulator.app import Simulator
from simulator.config import Settings as SimulatorSettings
from simulator.people import specimens
from simulator.phrasebook.books import QUESTIONS
from simulator.phrasebook.mail.furniture import Question

TAGS = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-BE", "en": "en-GB"}
SENDER = Sender("Klantenpanel", "survey@survey.test", "survey.test")
REPLIES, MACHINES = 1_000, 300
DEADLINE = 60


def our_question(number: int, language: str) -> Question:
    """The mail that the service really writes, as its reader sees it."""
    usual = specimens.usual_question(number, language)
    content = question(
        SENDER,
        request=UUID(int=number),
        token="a" * 42,
        to=usual.to,
        text=QUESTIONS[language],
        language=TAGS[language],
        at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    )
    return Question(
        name=SENDER.name,
        address=SENDER.box(Box.REPLY, "a" * 42),
        to=usual.to,
        subject=QUESTIONS[language][:60],
        text=body(parse(content)).plain.strip(),
        at=usual.at,
    )


@pytest.mark.parametrize("asked", [specimens.usual_question, our_question])
def test_a_thousand_replies_in_four_languages_are_read_as_they_were_meant(asked):
    misread = []
    for one in specimens.replies(REPLIES, 1, asked):
        found = mail_reply.read(one.raw, from_nobody=not one.sender)
        reading = answer.read(found.text, TAGS[one.language]) if isinstance(found, Written) else None
        if reading is None or (reading.verdict.value, reading.score) != (one.meaning, one.score):
            misread.append(
                f"{one.number} {one.made_as}: {one.words!r} meant {one.meaning} {one.score}: {reading}"
            )
    assert not misread, "\n".join(misread[:20]) + f"\n{len(misread)} of {REPLIES}"


def test_no_machine_is_taken_for_a_person_and_only_what_was_given_up_is_a_failure():
    kinds = {}
    for one in specimens.machines(MACHINES, 1, our_question):
        found = mail_reply.read(one.raw, from_nobody=not one.sender)
        assert isinstance(found, Automatic | Reported), one.made_as
        said = found.report if isinstance(found, Reported) else None
        kinds.setdefault(one.made_as, set()).add(said)
    assert all(len(said) == 1 for said in kinds.values()), kinds
    assert {said for kind in kinds.values() for said in kind} == {
        None, Report.FAILED, Report.DELAYED, Report.COMPLAINT
    }  # fmt: skip


@asynccontextmanager
async def house(tmp_path, *, service=None, **more):
    """Both programs on one clock that jumps, joined by SMTP alone; gives the service, the simulator, a
    caller."""
    simulator = await Simulator.start(
        SimulatorSettings(
            control_port=0, gateway_port=0, smpp_port=0, smtp_port=0, clock="auto", log_level="error", **more
        )
    )
    host, _, port = simulator.smtp_address.rpartition(":")
    settings = ServiceSettings(
        port=0,
        database=str(tmp_path / "survey.sqlite3"),
        gateway_url=simulator.gateway_url,
        mail_host=host,
        mail_port=int(port),
        mail_in_port=0,
        log_level="error",
        **(service or {}),
    )
    running = await Service.start(settings, clock=simulator.clock)
    try:
        back, _, door = running.mail_in.rpartition(":")
        simulator.mail_to(back, int(door))
        token = await running.open_account("waffles", "waffle-secret")
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(f"{running.url}/survey/1.0.0/", headers=headers) as caller:
            yield running, simulator, caller
    finally:
        await running.stop()
        await simulator.stop()


async def asked(caller, people, text="Hoe waarschijnlijk is het, van 0 tot 10?"):
    survey = {"name": "n", "interactionType": "i", "questions": [{"body": text, "language": "nl-BE"}]}
    async with caller.post("surveys", json=survey) as made:
        number = (await made.json())["id"]
    requests = [{"channel": "EMAIL", "destination": one} for one in people]
    async with caller.post(f"surveys/{number}/send", json={"requests": requests}) as sent:
        told = await sent.json()
        assert sent.status == 202, told
    return number, told


def queued(tx):
    return outbox.queued(tx, Channel.EMAIL)


async def settled(service, simulator):
    """Nothing waits to be handed over, and nothing more will come back."""
    async with asyncio.timeout(DEADLINE):
        while await service.store.read(queued) or simulator.pending:  # noqa: ASYNC110 - two programs
            await asyncio.sleep(0.02)


async def report_of(caller, survey):
    async with caller.get(f"surveys/{survey}/report?channel=EMAIL") as answered:
        return await answered.json()


async def truth_of(simulator):
    async with aiohttp.ClientSession() as asking:
        selection = {"channel": "EMAIL"}
        async with asking.post(f"{simulator.control_url}/control/v1/truth", json=selection) as answered:
            return (await answered.json())["report"]


def figures(report):
    return report["nps"], report["responseStatistics"]


async def test_the_report_of_forty_people_asked_by_mail_is_the_truth(tmp_path):
    scores = [f"f00p{score:02}.l01@belfort.test" for score in range(11)]
    clothes = [f"f01p{kind:02}.l02@belfort.test" for kind in range(12)]
    bad = [f"f02p{kind:02}.l03@belfort.test" for kind in range(10)]
    silent = [f"f03p{kind:02}.l04@belfort.test" for kind in range(3)]
    gone = [f"f04p{kind:02}.l05@belfort.test" for kind in (1, 2, 4)]
    twice = [f"f06p{kind:02}.l06@belfort.test" for kind in (1, 2, 3, 7, 8)]
    people = [*scores, *clothes, *bad, *silent, *gone, *twice]
    async with house(tmp_path) as (service, simulator, caller):
        survey, told = await asked(caller, people)
        assert told["accepted"] == len(people)
        await settled(service, simulator)
        report, truth = await report_of(caller, survey), await truth_of(simulator)
        assert figures(report) == figures(truth)


async def test_no_question_and_no_name_makes_a_second_mail_or_recipient(tmp_path):
    body = "Hoe waarschijnlijk?\r\nBcc: f00p05.l09@belfort.test\r\n.\r\nMAIL FROM:<x@y.test>"
    encoded = "=?utf-8?q?Score=0D=0ABcc:_f00p05.l08@belfort.test?="
    service = {"mail_from_name": encoded, "mail_subject": encoded}
    async with house(tmp_path, service=service) as (running, simulator, caller):
        for number, text in enumerate((body, encoded)):
            await asked(caller, [f"f00p09.l0{number}@belfort.test"], text=text)
        await settled(running, simulator)
        sent = [str(message.submission.to) for message in simulator.carrier.messages(limit=10)]
        assert sorted(sent) == ["f00p09.l00@belfort.test", "f00p09.l01@belfort.test"]


async def test_greylisting_costs_time_and_nothing_else(tmp_path):
    people = [f"f00p0{score}.l07@belfort.test" for score in range(10)]
    async with house(tmp_path, smtp_greylist=300.0) as (service, simulator, caller):
        survey, _ = await asked(caller, people)
        await settled(service, simulator)
        report = await report_of(caller, survey)
        assert figures(report) == figures(await truth_of(simulator))
        assert report["responseStatistics"]["goodResponses"] == len(people)


@pytest.mark.parametrize(("tls", "auth"), [("required", "required"), ("offered", "off")])
async def test_both_speak_over_starttls_and_auth(tmp_path, tls, auth):
    (account, *_) = SimulatorSettings().smtp_accounts
    service = {"mail_tls": "on", "mail_username": account[0], "mail_password": account[1]}
    service = service if auth == "required" else {"mail_tls": "on"}
    async with house(tmp_path, service=service, smtp_tls=tls, smtp_auth=auth) as (running, simulator, caller):
        survey, _ = await asked(caller, ["f00p10.l05@belfort.test"])
        await settled(running, simulator)
        assert (await report_of(caller, survey))["nps"]["promoters"] == 1
