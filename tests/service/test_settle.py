"""Replies: any order, any number of copies, the same figures."""

from __future__ import annotations

import asyncio

import pytest

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, State
from service.store import outbox
from tests.service.rig import NOON
from tests.service.settling import PERSON, WINDOW, hand_over, lease, reply, report, settle_of, taken


async def test_a_good_reply_answers_and_lets_go_of_everything_personal(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    await settle_of(rig).take_reply(reply("een dikke 9!"))
    assert rig.facts(request) == (State.ANSWERED, "good", 9)
    assert rig.envelope(request) is None
    assert rig.count("replies", verdict="good") == 1


async def test_a_bad_reply_counts_until_a_good_one_comes(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    settle = settle_of(rig)
    await settle.take_reply(reply("7-8"))
    await settle.take_reply(reply("11"))
    assert rig.facts(request) == (State.DELIVERED, "ambiguous", None)
    await settle.take_reply(reply("8 dan"))
    assert rig.facts(request) == (State.ANSWERED, "good", 8)
    assert rig.count("strays", kind="further_bad_reply") == 1


async def test_after_the_good_reply_nothing_changes_any_more(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    settle = settle_of(rig)
    for text in ("3", "9", "STOP", "slecht"):
        await settle.take_reply(reply(text))
    await settle.take_report(report(Delivery.UNDELIVERED, request))
    assert rig.facts(request) == (State.ANSWERED, "good", 3)
    assert rig.count("strays", kind="unknown_reply") == 3
    assert rig.count("strays", kind="unknown_report") == 1


async def test_a_copy_of_a_reply_changes_nothing(rig):
    first, second = await rig.queue(), await rig.queue(survey=await rig.other_survey())
    await hand_over(rig, first)
    rig.clock.jump(NOON + 1000)
    await hand_over(rig, second)
    settle = settle_of(rig)
    for _ in range(3):
        await settle.take_reply(reply("9", message_id="mo-same"))
    assert rig.facts(second) == (State.ANSWERED, "good", 9)
    assert rig.facts(first) == (State.SUBMITTED, None, None)
    assert rig.count("strays", kind="repeated_reply") == 2


async def test_a_reply_belongs_to_the_latest_open_request_whatever_its_account(rig):
    older = await rig.queue()
    await hand_over(rig, older)
    rig.clock.jump(NOON + 1000)
    newer = await rig.queue(survey=await rig.other_survey())
    await hand_over(rig, newer)
    settle = settle_of(rig)
    await settle.take_reply(reply("7"))
    assert (rig.facts(newer)[2], rig.facts(older)[2]) == (7, None)
    await settle.take_reply(reply("2"))
    assert rig.facts(older) == (State.ANSWERED, "good", 2)


async def test_what_still_waits_in_the_queue_gets_no_reply(rig):
    older = await rig.queue()
    await hand_over(rig, older)
    rig.clock.jump(NOON + 1000)
    newer = await rig.queue(survey=await rig.other_survey())
    await settle_of(rig).take_reply(reply("7"))
    assert rig.facts(older) == (State.ANSWERED, "good", 7)
    assert rig.facts(newer) == (State.ACCEPTED, None, None)


@pytest.mark.parametrize(("late", "state"), [(-1, State.ANSWERED), (0, State.SUBMITTED)])
async def test_the_window_is_open_until_its_last_millisecond(rig, late, state):
    request = await rig.queue()
    await hand_over(rig, request)
    rig.clock.jump(NOON + WINDOW + late)
    await settle_of(rig).take_reply(reply("9"))
    assert rig.facts(request)[0] is state


async def test_reports_and_replies_for_nothing_known_are_only_counted(rig):
    settle = settle_of(rig)
    await settle.take_report(report(Delivery.DELIVERED, rig.dice.request_ids([NOON])[0]))
    await settle.take_report(DeliveryReport(Channel.SMS, Delivery.DELIVERED, gateway_id="gw-x"))
    await settle.take_report(DeliveryReport(Channel.SMS, Delivery.DELIVERED))
    await settle.take_reply(reply("9"))
    assert rig.count("strays", kind="unknown_report") == 3
    assert rig.count("strays", kind="unknown_reply") == 1


@pytest.mark.parametrize("text", ["9", "wat?"])
async def test_a_reply_that_overtakes_the_gateways_answer_counts(rig, text):
    request = await rig.queue()
    await lease(rig)
    await settle_of(rig).take_reply(reply(text))
    before = rig.facts(request)
    assert before[0] is (State.ANSWERED if text == "9" else State.DELIVERED)
    await taken(rig, request)
    assert rig.facts(request) == before


async def test_what_came_back_proves_that_the_message_must_not_be_sent_again(rig):
    request = await rig.queue()
    await lease(rig)
    rig.clock.jump(NOON + 5000)
    await settle_of(rig).take_report(report(Delivery.DELIVERED, request))
    later = Moment(NOON + 9000)
    await rig.store.write(lambda tx: outbox.defer(tx, request, due_at=later, taken=True))
    envelope = rig.envelope(request)
    assert envelope is not None
    assert (envelope["due_at"], envelope["sealed"]) == (None, None)
    assert envelope["closes_at"] == NOON + WINDOW
    assert rig.facts(request)[0] is State.DELIVERED


async def test_stop_counts_as_a_bad_response_and_is_remembered(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    await settle_of(rig).take_reply(reply("Stop aub"))
    assert rig.facts(request) == (State.DELIVERED, "opt_out", None)
    assert rig.opted_out(PERSON) == [rig.account]


async def test_a_stop_without_an_open_request_is_heard_by_every_account_that_wrote(rig):
    request, other = await rig.queue(), await rig.other_survey()
    await rig.queue(survey=other)
    await hand_over(rig, request)
    rig.clock.jump(NOON + WINDOW)
    await settle_of(rig).take_reply(reply("STOP"))
    assert rig.opted_out(PERSON) == [rig.account, rig.account + 1]
    await settle_of(rig).take_reply(reply("STOP", sender="+32499999999"))
    assert rig.opted_out("+32499999999") == []


async def test_a_deleted_survey_takes_no_replies(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    await rig.store.write(
        lambda tx: tx.run("delete_survey", account=rig.account, survey=rig.survey.id, now=NOON)
    )
    await settle_of(rig).take_reply(reply("9"))
    await settle_of(rig).take_report(report(Delivery.DELIVERED, request))
    assert rig.facts(request) == (State.SUBMITTED, None, None)


async def test_neither_text_nor_sender_is_written_anywhere(rig):
    await hand_over(rig, await rig.queue())
    settle = settle_of(rig)
    for text in ("onuitwisbaar verhaal", "zeer onuitwisbaar 9"):
        await settle.take_reply(reply(text, message_id=f"id-{text[:4]}"))
    await rig.store.truncate_log()
    for file in rig.path.parent.iterdir():
        content = file.read_bytes()
        assert b"onuitwisbaar" not in content
        assert b"32470000000" not in content
    assert b"onuitwisbaar" not in rig.lines.getvalue()


async def test_what_comes_while_others_are_settled_shares_one_unit_and_its_order(rig):
    request = await rig.queue()
    await hand_over(rig, request)
    settle, before = settle_of(rig), rig.store.tally.units
    texts = ["7-8", "een 9", *["2"] * 20]
    await asyncio.gather(*[settle.take_reply(reply(text)) for text in texts])
    assert rig.store.tally.units == before + 1
    assert rig.facts(request) == (State.ANSWERED, "good", 9)
    assert (rig.count("replies", verdict="ambiguous"), rig.count("strays", kind="unknown_reply")) == (1, 20)


async def test_one_that_breaks_is_told_so_and_takes_nothing_of_its_company_along(rig):
    def breaks(text, language):
        return 1 / 0 if text == "break" else read(text, language)

    request = await rig.queue()
    await hand_over(rig, request)
    settle = settle_of(rig, reader=breaks)
    told = await asyncio.gather(
        *[settle.take_reply(reply(text)) for text in ("break", "9")], return_exceptions=True
    )
    assert (type(told[0]), told[1]) == (ZeroDivisionError, None)
    assert rig.facts(request) == (State.ANSWERED, "good", 9)
