"""A send call: every reason, their order, and calls that are decided together."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service import accept as accepting
from service.accept import Accept, Accepted, Reason, SendItem, SendOrder
from service.domain.request import Channel, State, SurveyId
from service.store import surveys
from service.store.surveys import Draft
from tests.service.rig import NOON, Rig, until
from tests.service.sending import DAY, ONE, THREE, TWO, accept_of, opt_out, reasons, send, sms


async def test_an_accepted_request_is_due_at_once_sealed_and_closes_with_its_validity(rig):
    [decision] = await send(rig, sms("0472/30 67 05", "nl", "customer", "male"))
    assert isinstance(decision, Accepted)
    assert rig.facts(decision.request) == (State.ACCEPTED, None, None)
    envelope = rig.envelope(decision.request)
    assert (envelope["due_at"], envelope["closes_at"], envelope["handed_at"]) == (NOON, NOON + 2 * DAY, None)
    assert envelope["fingerprint"] == rig.vault.fingerprint(ONE)
    opened = await rig.store.write(
        lambda tx: rig.vault.opener(tx).unseal(envelope["day"], decision.request, envelope["sealed"])
    )
    assert opened == ONE


async def test_nothing_personal_stands_in_the_files(rig):
    await send(rig, *(sms(f"+3247230{n:04d}") for n in range(500)))
    content = b"".join(file.read_bytes() for file in rig.path.parent.iterdir())
    assert b"47230" not in content


async def test_decisions_come_in_the_order_of_the_requests(rig):
    decisions = await send(
        rig, sms("nonsense"), sms(ONE), sms("+33612345678"), sms(TWO, "fr"), sms(TWO), sms(ONE)
    )
    assert reasons(decisions) == [
        Reason.INVALID_DESTINATION,
        None,
        Reason.DESTINATION_NOT_SUPPORTED,
        Reason.NO_QUESTION_IN_LANGUAGE,
        None,
        Reason.CONTACTED_RECENTLY,
    ]


async def test_what_can_never_succeed_comes_before_what_only_has_to_wait(rig):
    await send(rig, sms(ONE), sms(TWO))
    await opt_out(rig, TWO)
    decisions = await send(rig, sms(TWO, "fr"), sms(TWO), sms(ONE, "fr"), sms(ONE), sms("x", "fr"))
    assert reasons(decisions) == [
        Reason.NO_QUESTION_IN_LANGUAGE,
        Reason.OPTED_OUT,
        Reason.NO_QUESTION_IN_LANGUAGE,
        Reason.CONTACTED_RECENTLY,
        Reason.INVALID_DESTINATION,
    ]


async def test_the_same_person_twice_in_a_call_is_asked_once_however_written(rig):
    decisions = await send(rig, sms("0472306705"), sms(TWO), sms("+32 472 30 67 05"), sms("0032472306705"))
    assert reasons(decisions) == [None, None, Reason.CONTACTED_RECENTLY, Reason.CONTACTED_RECENTLY]
    assert decisions[2].retry_after == NOON + DAY


def calls_of(rig: Rig, accept: Accept, *orders: tuple[SendItem, ...], survey=None):
    survey = survey or rig.survey.id
    return [accept.unit(SendOrder(items), rig.account, survey, rig.clock.now()) for items in orders]


async def test_calls_decided_together_come_to_what_they_come_to_one_after_the_other(rig):
    await send(rig, sms("+32470000009"))
    accept = accept_of(rig)
    known = calls_of(rig, accept, (sms(ONE), sms("x")), (sms(TWO, "fr"),), (sms(ONE), sms("+32470000001")))
    unknown = calls_of(rig, accept, (sms("+32470000002"),), survey=999)
    last = calls_of(rig, accept, (sms("+32470000009"), sms("+32470000003")))
    decided = await rig.store.write(lambda tx: accept.decide(tx, [*known, *unknown, *last]))
    assert [found and reasons(found) for found in decided] == [
        [None, Reason.INVALID_DESTINATION],
        [Reason.NO_QUESTION_IN_LANGUAGE],
        [Reason.CONTACTED_RECENTLY, None],
        None,
        [Reason.CONTACTED_RECENTLY, None],
    ]
    accepted = [one for found in decided for one in found or () if isinstance(one, Accepted)]
    assert rig.row("SELECT count(*) FROM request WHERE survey = ?", rig.survey.id) == (1 + len(accepted),)


async def test_without_an_interval_one_person_is_accepted_in_each_of_the_calls(rig):
    accept = accept_of(rig, interval=0)
    calls = calls_of(rig, accept, (sms(),), (sms(),))
    decided = await rig.store.write(lambda tx: accept.decide(tx, calls))
    assert [reasons(found) for found in decided] == [[None], [None]]


async def test_calls_that_wait_share_their_statements_and_a_commit(rig, monkeypatch):
    accept, sizes = accept_of(rig), []

    def counting(tx, calls):
        sizes.append(len(calls))
        return Accept.decide(accept, tx, calls)

    monkeypatch.setattr(accept, "decide", counting)
    orders = [(sms(f"+3247000{n:04d}"),) for n in range(50)]
    found = await asyncio.gather(*map(rig.store.write, calls_of(rig, accept, *orders)))
    assert [reasons(one) for one in found] == [[None]] * 50
    assert sum(sizes) == 50
    assert len(sizes) < 10


async def test_a_question_that_was_added_since_the_last_call_is_asked(rig):
    accept = accept_of(rig)
    assert reasons(await send(rig, sms(ONE, "pt"), accept=accept)) == [Reason.NO_QUESTION_IN_LANGUAGE]
    await rig.store.write(lambda tx: surveys.add_question(tx, rig.account, rig.survey.id, Draft("pt", "?")))
    [decision] = await send(rig, sms(ONE, "pt"), accept=accept)
    assert isinstance(decision, Accepted)
    assert rig.row("SELECT language FROM request") == ("pt",)


async def test_a_survey_that_was_deleted_since_the_last_call_takes_nobodys_interval(rig):
    accept = accept_of(rig)
    doomed = await rig.store.write(
        lambda tx: surveys.create(tx, rig.account, "doomed", "shop", [Draft("nl", "?")])
    )
    assert reasons(await send(rig, sms(ONE), survey=doomed, accept=accept)) == [None]
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, doomed.id, rig.clock.now()))
    calls = [send(rig, sms(TWO), survey=doomed, accept=accept), send(rig, sms(THREE), accept=accept)]
    gone, [decision] = await asyncio.gather(*calls)
    assert gone is None
    assert isinstance(decision, Accepted)
    assert reasons(await send(rig, sms(TWO), accept=accept)) == [None]


async def test_more_surveys_than_are_remembered_are_decided_together_all_the_same(rig, monkeypatch):
    monkeypatch.setattr(accepting, "MOST_REMEMBERED", 1)
    accept = accept_of(rig)
    other = await rig.store.write(
        lambda tx: surveys.create(tx, rig.account, "other", "shop", [Draft("nl", "?")])
    )
    await send(rig, sms(ONE), accept=accept)
    calls = [send(rig, sms(TWO), accept=accept), send(rig, sms(THREE), survey=other, accept=accept)]
    assert [reasons(decisions) for decisions in await asyncio.gather(*calls)] == [[None], [None]]
    assert rig.store.tally.repeats == 0


async def test_a_survey_that_changed_takes_no_group_apart(rig):
    """Else whoever keeps changing theirs would cost everybody else a commit for each send."""
    accept, reached, go = accept_of(rig), threading.Event(), threading.Event()
    await send(rig, sms(ONE), accept=accept)
    await rig.store.write(lambda tx: surveys.add_question(tx, rig.account, rig.survey.id, Draft("pt", "?")))
    before = rig.store.tally.commits
    first = asyncio.create_task(rig.store.write(lambda _: (reached.set(), go.wait(20))))
    await asyncio.to_thread(reached.wait, 20)
    calls = [asyncio.create_task(send(rig, sms(one, "pt"), accept=accept)) for one in (TWO, THREE)]
    await until(lambda: rig.store.waiting() == len(calls))
    go.set()
    assert [reasons(decisions) for decisions in await asyncio.gather(*calls)] == [[None], [None]]
    await first
    assert rig.store.tally.commits <= before + 2


async def test_a_channel_without_a_gateway_is_not_supported(rig):
    decisions = await send(rig, SendItem(Channel.VOICE, ONE), SendItem(Channel.EMAIL, "a@example.be"))
    assert reasons(decisions) == [Reason.DESTINATION_NOT_SUPPORTED] * 2
    assert reasons(await send(rig, SendItem(Channel.EMAIL, "a@"))) == [Reason.INVALID_DESTINATION]


async def test_a_survey_of_another_account_or_none_is_none(rig):
    theirs = await rig.other_survey()
    assert await send(rig, sms(), survey=theirs) is None
    unit = accept_of(rig).unit(SendOrder((sms(),)), rig.account, SurveyId(999), NOON)
    assert await rig.store.write(unit) is None
    assert rig.row("SELECT count(*) FROM contact") == (0,)


async def test_the_language_picks_the_question(rig):
    survey = await rig.store.write(
        lambda tx: surveys.create(
            tx, rig.account, "tones", "shop", [Draft("en-GB", "?"), Draft("nl-BE-x-formal", "?")]
        )
    )
    [first, formal] = await send(rig, sms(ONE), sms(TWO, "nl"), survey=survey)
    for decision, language in ((first, "en-GB"), (formal, "nl-BE-x-formal")):
        assert rig.row("SELECT language FROM request WHERE id = ?", decision.request.bytes) == (language,)


async def test_tags_are_kept_once_for_each_set(rig):
    [one, two, three, none] = await send(
        rig,
        sms("+32470000001", None, "b", "a"),
        sms("+32470000002", None, "a", "b", "a"),
        sms("+32470000003", None, "a"),
        sms("+32470000004"),
    )
    sets = [
        rig.row("SELECT segment_set FROM request WHERE id = ?", decision.request.bytes)[0]
        for decision in (one, two, three, none)
    ]
    assert sets[0] == sets[1] != sets[2]
    assert sets[3] == 0
    assert rig.row("SELECT count(*) FROM segment") == (3,)


async def test_a_call_that_cannot_be_kept_has_not_happened(rig):
    def fails(tx):
        accept_of(rig).unit(SendOrder((sms(),)), rig.account, rig.survey.id, NOON)(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await rig.store.write(fails)
    assert rig.row("SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM request)") == (0,)
    assert reasons(await send(rig, sms())) == [None]


def test_an_order_shows_no_destination():
    assert "472" not in repr(SendOrder((sms(),)))
