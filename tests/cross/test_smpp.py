"""The service's half of SMPP against the simulator's: two programs that share no code and one standard."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from service.clock import Dice
from service.config import Settings as ServiceSettings
from service.domain.answer import read
from service.domain.request import Channel, Deferred, Delivery, MtMessage, Refused, Reply, Submitted
from service.gateways.choice import Means, chosen
from service.logs import open_log
from service.meters import Meters
from service.store.tokens import Tokens
from service.store.vault import Vault
from simulator.app import Simulator
from simulator.config import Settings as SimulatorSettings

ANSWERS_TEN, REFUSED, THROTTLED = "+32450001001", "+32450070001", "+32450070101"
DEADLINE = 20


class Inbox:
    def __init__(self):
        self.reports, self.replies = [], []

    async def take_report(self, report):
        self.reports.append(report)

    async def take_all(self, came):
        for each in came:
            await (self.take_reply if isinstance(each, Reply) else self.take_report)(each)

    async def take_reply(self, reply):
        self.replies.append(reply)


@asynccontextmanager
async def both(own=None, **more):
    """A simulator whose time jumps, our gateway bound to it, and its inbox; `own` are settings of ours."""
    simulator = await Simulator.start(
        SimulatorSettings(
            control_port=0, gateway_port=0, smpp_port=0, clock="auto", log_level="error", **more
        )
    )
    host, _, port = simulator.smpp_address.rpartition(":")
    theirs = simulator.settings
    settings = ServiceSettings(
        gateway="smpp",
        smpp_host=host,
        smpp_port=int(port),
        smpp_system_id=theirs.smpp_system_id,
        smpp_password=theirs.smpp_password,
        **(own or {}),
    )
    log = open_log("error", simulator.clock.wall)
    dice = Dice(1)
    tokens = Tokens(Vault(b"k" * 32, dice))
    means = Means(None, simulator.clock, dice, Meters(), log, tokens, lambda: "")
    (made,) = chosen(settings, means)
    inbox = Inbox()
    work = asyncio.create_task(made.gateway.run(inbox))
    try:
        yield simulator, made.gateway, inbox
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await made.gateway.close()
        await simulator.stop()


def question(destination: str, text: str = "0-10?") -> MtMessage:
    return MtMessage(Dice().request_ids([0])[0], Channel.SMS, destination, text, "nl-BE")


async def come(fact):
    async with asyncio.timeout(DEADLINE):
        while not fact():  # noqa: ASYNC110 - the other program's doing
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("receipts", ["standard", "hex", "decimal", "padded", "text-only"])
async def test_a_question_gets_its_report_and_its_answer(receipts):
    async with both(smpp_receipts=receipts) as (_, gateway, inbox):
        sent = question(ANSWERS_TEN)
        outcome = await gateway.submit(sent)
        assert isinstance(outcome, Submitted)
        await come(lambda: inbox.replies and any(r.delivery is Delivery.DELIVERED for r in inbox.reports))
    (reply,) = inbox.replies
    assert (reply.sender, read(reply.text, "nl-BE").score) == (ANSWERS_TEN, 10)
    delivered = [report for report in inbox.reports if report.delivery is Delivery.DELIVERED]
    known = {outcome.gateway_id}
    assert all(known & {one.gateway_id, *one.other_ids} for one in delivered)


@pytest.mark.parametrize("text", ["x" * 400, "Ça va bien? 😀 " * 20, "[€]" * 60])
async def test_a_long_question_arrives_as_it_left(text):
    async with both() as (simulator, gateway, _):
        assert isinstance(await gateway.submit(question(ANSWERS_TEN, text)), Submitted)
        await come(lambda: list(simulator.carrier.messages(limit=10)))
        (message,) = simulator.carrier.messages(limit=10)
    assert message.submission.text == text


async def test_a_repeat_under_the_same_reference_is_the_same_message():
    async with both() as (simulator, gateway, _):
        sent = question(ANSWERS_TEN)
        first = await gateway.submit(sent)
        assert await gateway.submit(sent) == first
        assert len(list(simulator.carrier.messages(limit=10))) == 1


async def test_a_refusal_is_for_good_and_throttling_is_not():
    async with both() as (_, gateway, _):
        assert isinstance(await gateway.submit(question(REFUSED)), Refused)
        outcome = await gateway.submit(question(THROTTLED))
        assert isinstance(outcome, Deferred)
        assert outcome.throttled
