"""What came back finds its request. The rules of counting are tried with the verb that settles."""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.request import Channel, State
from service.store import responses, surveys
from service.store.open_requests import OpenRequests
from service.store.responses import Named, Person
from tests.service.rig import HOUR, NOON, count_bad, count_good, mark_submitted, open_rig

SMS, VOICE = Channel.SMS, Channel.VOICE
PERSON = "+32472306705"
WINDOW = 72 * HOUR


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


async def do(rig, function, *values, **named):
    return await rig.store.write(lambda tx: function(tx, *values, **named))


async def handed(rig, at=NOON, survey=None):
    request = await rig.queue(PERSON, survey=survey)
    await do(rig, mark_submitted, request, gateway_id=f"g-{request}", now=Moment(at), window_ms=WINDOW)
    return request


async def latest(rig, now=NOON, channel=SMS):
    person = Person(channel.value, rig.vault.fingerprint(PERSON))
    found = await do(rig, lambda tx: OpenRequests(tx, WINDOW).latest(person, Moment(now)))
    return None if found is None else found.request


async def fresh(rig, copies):
    return await do(rig, lambda tx: responses.first_copies(tx, copies)())


async def named(rig, channel, gateway_id):
    return await do(rig, lambda tx: OpenRequests(tx, WINDOW).named(Named(channel.value, gateway_id)))


async def test_the_latest_hand_over_gets_the_reply_whatever_its_account(rig):
    ours = await handed(rig, NOON)
    theirs = await handed(rig, NOON + 5, await rig.other_survey())
    assert await latest(rig, NOON + 9) == theirs
    await do(rig, count_good, theirs, 9)
    assert await latest(rig, NOON + 9) == ours


async def test_queued_closed_deleted_and_other_channels_get_none(rig):
    await rig.queue(PERSON)
    assert await latest(rig) is None
    request = await handed(rig)
    assert await latest(rig, NOON + WINDOW - 1) == request
    assert await latest(rig, NOON + WINDOW) is None
    assert await latest(rig, channel=VOICE) is None
    await do(rig, surveys.delete, rig.account, rig.survey.id, NOON)
    assert await latest(rig) is None
    assert await do(rig, responses.by_request, request) is None


async def test_a_request_is_found_by_its_own_id_and_by_the_gateways(rig):
    request = await handed(rig)
    by_own = await do(rig, responses.by_request, request)
    by_theirs = await named(rig, SMS, f"g-{request}")
    assert by_own == by_theirs
    assert (by_own.request, by_own.state, by_own.queued) == (request, State.SUBMITTED, False)
    assert await named(rig, VOICE, f"g-{request}") is None
    assert rig.vault.fingerprint(PERSON).hex() not in repr(by_own)
    assert "fingerprint" not in repr(by_own)


async def test_the_first_bad_verdict_is_kept_until_a_good_one_comes(rig):
    request = await handed(rig)
    await do(rig, count_bad, request, "ambiguous")
    await do(rig, count_bad, request, "empty")
    assert rig.facts(request) == (State.DELIVERED, "ambiguous", None)
    await do(rig, count_good, request, 0)
    assert rig.facts(request) == (State.ANSWERED, "good", 0)
    assert rig.envelope(request) is None


async def test_a_copy_of_a_reply_is_known(rig):
    one, other = b"a" * 32, b"b" * 32
    assert await fresh(rig, {one: NOON}) == {one}
    assert await fresh(rig, {other: NOON, one: NOON}) == {other}


async def test_an_opt_out_is_kept_also_for_a_person_without_an_interval(rig):
    fingerprint = rig.vault.fingerprint(PERSON)
    await do(rig, responses.opt_out, rig.account, fingerprint, NOON)
    assert rig.opted_out(PERSON) == [rig.account]


async def test_what_a_request_asks_is_known_until_its_survey_is_gone(rig):
    request = await handed(rig)
    asked = await do(rig, responses.asked, request, NOON)
    assert (asked.text, asked.language, asked.open) == (
        rig.survey.questions[0].body,
        rig.survey.questions[0].language,
        True,
    )
    assert not (await do(rig, responses.asked, request, Moment(NOON + WINDOW))).open
    await do(rig, count_good, request, 9)
    assert not (await do(rig, responses.asked, request, NOON)).open
    await do(rig, surveys.delete, rig.account, rig.survey.id, NOON)
    assert await do(rig, responses.asked, request, NOON) is None
