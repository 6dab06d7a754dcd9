"""A call from our side: what is heard, what counts, and who is not listened to.

The service's own application answers; the exchange signs as the official SDK does.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from service.domain.answer import read
from service.domain.request import Channel, MtMessage, RequestId, State
from service.settle import Settle
from service.store import outbox, surveys
from tests.service.gateways.switchboard import Line, open_exchange
from tests.service.gateways.test_voice import voice_of
from tests.service.rig import HOUR, mark_submitted, open_rig, serving

QUESTION = "Hoe waarschijnlijk is het dat u ons aanbeveelt?"


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


class Telephone:
    """Orders calls and leads them."""

    def __init__(self, rig, gateway, exchange, session) -> None:
        self.rig, self.gateway, self.exchange, self.session = rig, gateway, exchange, session

    async def call(self, *, taken: bool = True, destination: str = "+32470000000") -> tuple[RequestId, Line]:
        """`taken`: the hand-over was written down, as it mostly is before anybody picks up."""
        rig = self.rig
        request, now = await rig.queue(destination, channel=Channel.VOICE), rig.clock.now()
        await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.VOICE, now, now + HOUR, 1))
        outcome = await self.gateway.submit(MtMessage(request, Channel.VOICE, destination, "", ""))
        if taken:
            await rig.store.write(
                lambda tx: mark_submitted(
                    tx, request, gateway_id=outcome.gateway_id, now=now, window_ms=72 * HOUR
                )
            )
        return request, Line(self.session, self.exchange.orders[-1], outcome.gateway_id)


@asynccontextmanager
async def telephone(rig, **settings: object):
    where = ""
    async with open_exchange() as exchange, aiohttp.ClientSession() as session:
        gateway = voice_of(rig, exchange.url, lambda: where, gateway_deadline=10.0, **settings).gateway
        inbox = Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=72 * 3600)
        async with serving(gateway.routes(inbox)) as where:
            yield Telephone(rig, gateway, exchange, session)
        await gateway.close()


@pytest.fixture
async def phone(rig):
    async with telephone(rig) as opened:
        yield opened


async def test_the_question_is_asked_in_its_language_and_two_keys_are_waited_for(phone):
    _, line = await phone.call()
    heard = await line.pick_up(AnsweredBy="human")
    assert heard.said == [("nl-BE", QUESTION)]
    assert heard.verbs == ["Gather", "Hangup"]
    assert (heard.gather["numDigits"], heard.gather["finishOnKey"], heard.gather["timeout"]) == (
        "2",
        "#",
        "5",
    )


@pytest.mark.parametrize("keys", [str(score) for score in range(11)] + ["7#"])
async def test_a_score_counts_and_is_thanked_for(rig, phone, keys):
    request, line = await phone.call()
    thanks = await line.press(await line.pick_up(), keys)
    assert rig.facts(request) == (State.ANSWERED, "good", int(keys.rstrip("#")))
    assert [language for language, _ in thanks.said] == ["nl-BE"]
    assert "Bedankt" in thanks.said[0][1]
    assert thanks.verbs == ["Say", "Hangup"]


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [("11", "out_of_range"), ("*", "no_score"), ("*9", "no_score"), ("05", "out_of_range")],
)
async def test_keys_that_are_no_score_count_as_bad_and_give_a_second_chance(rig, phone, keys, verdict):
    request, line = await phone.call()
    again = await line.press(await line.pick_up(), keys)
    assert rig.facts(request) == (State.DELIVERED, verdict, None)
    assert [text for _, text in again.said][1] == QUESTION
    assert "hekje" in again.said[0][1]
    await line.press(again, "9")
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


async def test_there_is_one_second_chance_and_no_more(rig, phone):
    request, line = await phone.call()
    again = await line.press(await line.pick_up(), "11")
    end = await line.press(again, "12")
    assert end.action is None
    assert rig.facts(request) == (State.DELIVERED, "out_of_range", None)


@pytest.mark.parametrize("chances", [0, 2])
async def test_how_many_chances_there_are_is_a_setting(rig, chances):
    async with telephone(rig, voice_second_chances=chances, voice_key_wait=7.0) as phone:
        _, line = await phone.call()
        heard = await line.pick_up()
        assert heard.gather["timeout"] == "7"
        asked = 0
        while heard.action is not None:
            heard, asked = await line.press(heard, "*"), asked + 1
    assert asked == 1 + chances


@pytest.mark.parametrize("machine", ["machine_start", "machine_end_beep", "fax"])
async def test_a_machine_is_not_asked_and_is_nobody(rig, phone, machine):
    request, line = await phone.call()
    heard = await line.pick_up(AnsweredBy=machine)
    assert (heard.said, heard.verbs) == ([], ["Hangup"])
    assert rig.facts(request) == (State.FAILED, None, None)
    assert await line.end("completed") == 204
    assert rig.facts(request) == (State.FAILED, None, None)


async def test_keys_from_behind_a_machine_are_a_person_after_all(rig, phone):
    """A wrong guess of the detection must not cost an answer that was given."""
    request, line = await phone.call()
    heard = await line.pick_up()
    await line.end("completed", AnsweredBy="machine_start")
    assert rig.facts(request)[0] is State.FAILED
    await line.press(heard, "9")
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("completed", State.DELIVERED), ("busy", State.FAILED), ("no-answer", State.FAILED),
        ("failed", State.FAILED), ("canceled", State.FAILED),
        ("ringing", State.SUBMITTED), ("in-progress", State.SUBMITTED), ("initiated", State.SUBMITTED),
        ("queued", State.SUBMITTED), ("dreaming", State.SUBMITTED),
    ],
)  # fmt: skip
async def test_every_final_status_moves_the_request(rig, phone, status, state):
    request, line = await phone.call()
    assert await line.end(status) == 204
    assert rig.facts(request)[0] is state


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["completed", "completed", "completed"], State.DELIVERED),
        (["completed", "ringing", "in-progress"], State.DELIVERED),
        (["busy", "completed"], State.FAILED),
        (["completed", "busy"], State.DELIVERED),
    ],
)
async def test_of_final_statuses_the_first_counts_whatever_follows(rig, phone, statuses, state):
    request, line = await phone.call()
    for status in statuses:
        assert await line.end(status) == 204
    assert rig.facts(request)[0] is state


async def test_a_status_after_the_answer_changes_nothing(rig, phone):
    request, line = await phone.call()
    await line.press(await line.pick_up(), "3")
    for status in ("completed", "failed"):
        assert await line.end(status) == 204
    assert rig.facts(request) == (State.ANSWERED, "good", 3)


async def test_the_same_keys_twice_count_once(rig, phone):
    request, line = await phone.call()
    heard = await line.pick_up()
    first, second = await asyncio.gather(line.press(heard, "9"), line.press(heard, "9"))
    assert rig.facts(request) == (State.ANSWERED, "good", 9)
    assert rig.count("replies", verdict="good") == 1
    assert "Bedankt" in first.said[0][1]
    assert "Bedankt" in second.said[0][1]


async def test_silence_hangs_up_and_is_no_response(rig, phone):
    """Nobody posts anything: the document falls through to its end, and the call is completed."""
    request, line = await phone.call()
    heard = await line.pick_up()
    assert heard.verbs[-1] == "Hangup"
    await line.end("completed", AnsweredBy="human")
    assert rig.facts(request) == (State.DELIVERED, None, None)


async def test_no_keys_at_all_are_no_response_either(rig, phone):
    request, line = await phone.call()
    heard = await line.press(await line.pick_up(), "")
    assert heard.verbs == ["Hangup"]
    assert rig.facts(request) == (State.SUBMITTED, None, None)


async def test_whoever_answered_is_not_asked_again_by_a_repeated_call(rig, phone):
    request, line = await phone.call()
    await line.press(await line.pick_up(), "9")
    repeat = Line(line.session, line.order, "CA-repeat")
    assert (await repeat.pick_up()).verbs == ["Hangup"]
    assert rig.facts(request) == (State.ANSWERED, "good", 9)


async def test_keys_of_two_calls_to_one_request_are_two_replies(rig, phone):
    request, line = await phone.call()
    repeat = Line(line.session, line.order, "CA-repeat")
    first, second = await line.pick_up(), await repeat.pick_up()
    await line.press(first, "*")
    await repeat.press(second, "8")
    assert rig.facts(request) == (State.ANSWERED, "good", 8)


async def test_keys_that_overtake_the_answer_to_the_order_prove_the_call(rig, phone):
    request, line = await phone.call(taken=False)
    await line.press(await line.pick_up(), "*")
    assert rig.facts(request) == (State.DELIVERED, "no_score", None)
    assert rig.envelope(request)["sealed"] is None


async def test_after_the_window_nobody_is_asked_and_nothing_counts(rig, phone):
    request, line = await phone.call()
    heard = await line.pick_up()
    rig.clock.jump(rig.clock.now() + 72 * HOUR)
    assert (await line.pick_up()).verbs == ["Hangup"]
    assert (await line.press(heard, "*")).action is None
    assert rig.facts(request) == (State.SUBMITTED, None, None)


async def test_the_question_of_a_deleted_survey_is_not_asked(rig, phone):
    _, line = await phone.call()
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, rig.survey.id, rig.clock.now()))
    assert (await line.pick_up()).verbs == ["Hangup"]


# Who is not listened to


async def test_what_is_not_signed_with_our_token_changes_nothing(rig, phone):
    request, line = await phone.call()
    heard = await line.pick_up()
    forged = Line(line.session, line.order, line.sid, token="another")
    for url in (line.order["Url"], line.order["StatusCallback"], heard.action):
        status, body = await forged.tell(url, CallStatus="busy", Digits="9")
        assert status == 403
        assert "470000000" not in body
    assert rig.facts(request) == (State.SUBMITTED, None, None)
    assert rig.count("call_backs_refused", reason="wrong") == 3


async def test_a_signature_holds_for_its_own_address_and_keys_alone(rig, phone):
    request, line = await phone.call()
    heard = await line.pick_up()
    signed = RequestValidator(line.token).compute_signature(heard.action, {"CallSid": "CA1", "Digits": "9"})
    for url, form in (
        (heard.action, {"CallSid": "CA1", "Digits": "10"}),
        (heard.action + "&x=1", {"CallSid": "CA1", "Digits": "9"}),
        (heard.action.replace("keys/1", "keys/2"), {"CallSid": "CA1", "Digits": "9"}),
    ):
        headers = {"X-Twilio-Signature": signed}
        async with line.session.post(url, data=form, headers=headers) as answer:
            assert answer.status == 403
    assert rig.facts(request)[2] is None


async def test_a_token_that_was_not_made_here_names_no_call(phone):
    _, line = await phone.call()
    token = line.order["Url"].split("/")[-2]
    other = ("b" if token[0] == "a" else "a") + token[1:]
    status, _ = await line.tell(line.order["Url"].replace(token, other), CallStatus="in-progress")
    assert status == 404


async def test_the_reference_beside_the_token_decides_nothing(rig, phone):
    one, line = await phone.call()
    other, _ = await phone.call(destination="+32470000001")
    url = line.order["StatusCallback"].replace(str(one), str(other))
    assert (await line.tell(url, CallStatus="busy"))[0] == 204
    assert [rig.facts(request)[0] for request in (one, other)] == [State.FAILED, State.SUBMITTED]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"\xff", 400), (b"Digits=9", 400), (b"CallSid=CA1&a=" + b"x" * 70_000, 413)],
)
async def test_what_makes_no_sense_is_told_so(phone, body, status):
    _, line = await phone.call()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with line.session.post(line.order["Url"], data=body, headers=headers) as answer:
        assert answer.status == status


async def test_keys_that_cannot_be_kept_are_not_thanked_for(rig, phone):
    request, line = await phone.call()
    heard = await line.pick_up()
    await rig.store.close()
    status, body = await line.tell(heard.action, Digits="9")
    assert status == 503
    assert "Bedankt" not in body
    assert rig.facts(request)[2] is None


async def test_nothing_personal_is_logged(rig, phone):
    _, line = await phone.call()
    again = await line.press(await line.pick_up(), "*77")
    await line.press(again, "9")
    await line.end("completed")
    await Line(line.session, line.order, line.sid, token="another").tell(line.order["Url"], Digits="9")
    for secret in (b"470000000", b"*77", b"aanbeveelt", b"belfort-voice"):
        assert secret not in rig.lines.getvalue()
