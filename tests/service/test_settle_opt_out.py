"""Opt-outs that are no replies: an unsubscription, a complaint."""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, OptOut, Reply, State
from service.settle import Settle
from service.store import closing, outbox
from tests.service.rig import HOUR, mark_submitted, open_rig

PERSON = "jan@belfort.test"
WINDOW = 72 * HOUR


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
def settle(rig):
    return Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000)


async def mailed(rig):
    request = await rig.queue(PERSON, channel=Channel.EMAIL)
    now = rig.clock.now()
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.EMAIL, now, Moment(now + HOUR), 100))
    await rig.store.write(lambda tx: mark_submitted(tx, request, gateway_id="1", now=now, window_ms=WINDOW))
    return request


async def test_while_the_request_is_open_it_concerns_whom_the_question_went_to(rig, settle):
    request = await mailed(rig)
    await settle.take_opt_out(OptOut(Channel.EMAIL, request, "somebody.else@belfort.test"))
    assert rig.opted_out(PERSON) == [rig.account]
    assert rig.opted_out("somebody.else@belfort.test") == []
    assert rig.facts(request) == (State.SUBMITTED, None, None)


async def test_the_request_stays_open_for_an_answer(rig, settle):
    request = await mailed(rig)
    await settle.take_opt_out(OptOut(Channel.EMAIL, request))
    await settle.take_reply(Reply("1", Channel.EMAIL, PERSON, "9", request=request))
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


async def test_later_it_concerns_who_says_so_if_anybody_wrote_to_them(rig, settle):
    request = await mailed(rig)
    await settle.take_reply(Reply("1", Channel.EMAIL, PERSON, "9", request=request))
    await settle.take_opt_out(OptOut(Channel.EMAIL, request, "stranger@belfort.test"))
    await settle.take_opt_out(OptOut(Channel.EMAIL, request))
    assert rig.opted_out(PERSON) == []
    assert rig.count("opt_outs", channel="EMAIL", outcome="unknown") == 2
    await settle.take_opt_out(OptOut(Channel.EMAIL, request, PERSON))
    assert rig.opted_out(PERSON) == [rig.account]
    assert rig.count("opt_outs", channel="EMAIL", outcome="heard") == 1


async def test_it_outlives_the_contact_interval(rig, settle):
    request = await mailed(rig)
    await settle.take_opt_out(OptOut(Channel.EMAIL, request))
    rig.clock.jump(rig.clock.now() + 30 * 24 * HOUR)
    await rig.store.write(lambda tx: closing.sweep(tx, rig.clock.now(), rig.clock.wall(), 100), erasing=True)
    assert rig.opted_out(PERSON) == [rig.account]
