"""Status call-backs: in order, signed, tried again, given up; and what faults make of calls."""

from __future__ import annotations

import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioRestException

from simulator.journal import Kind
from tests.simulator.servers.voice.studio import open_studio

NINE, BUSY, MACHINE = "+32450000901", "+32450080101", "+32450080301"


async def test_call_backs_come_in_order_numbered_and_signed():
    async with open_studio() as studio:
        call = await studio.survey(NINE)
        await studio.pass_(60)
        told = [each for each in studio.asked if each.path == "/status"]
        assert [each.told["CallStatus"] for each in told] == [
            "initiated",
            "ringing",
            "in-progress",
            "completed",
        ]
        assert [each.told["SequenceNumber"] for each in told] == ["0", "1", "2", "3"]
        assert {each.told["CallSid"] for each in told} == {call.sid}
        assert {each.told["CallbackSource"] for each in told} == {"call-progress-events"}
        assert (told[-1].told["CallDuration"], told[-1].told["Duration"]) == ("12", "1")
        assert all(each.valid for each in told)
        assert len({each.headers["I-Twilio-Idempotency-Token"] for each in told}) == 4


async def test_without_events_only_the_end_is_told_and_by_the_method_that_was_asked_for():
    async with open_studio() as studio:
        await studio.call(BUSY, status_callback=f"{studio.url}/status?mine=1", status_callback_method="GET")
        await studio.pass_(60)
        [told] = studio.asked
        assert (told.told["CallStatus"], told.told["mine"], told.told["SipResponseCode"]) == (
            "busy",
            "1",
            "486",
        )
        assert told.valid


async def test_a_server_that_is_away_is_told_later_and_in_order():
    async with open_studio() as studio:
        away = [True]
        studio.pages["/status"] = lambda told: web.Response(status=503 if away[0] else 204)
        await studio.survey(NINE)
        await studio.pass_(60)
        assert set(studio.statuses()) == {"initiated"}
        token = {
            each.headers["I-Twilio-Idempotency-Token"] for each in studio.asked if each.path == "/status"
        }
        assert len(token) == 1
        away[0] = False
        await studio.pass_(600)
        assert studio.statuses()[-4:] == ["initiated", "ringing", "in-progress", "completed"]
        assert (await studio.truth())["state"] == "ANSWERED"


async def test_a_server_that_does_not_want_them_is_left_alone():
    async with open_studio() as studio:
        studio.pages["/status"] = lambda told: web.Response(status=404)
        await studio.survey(BUSY)
        await studio.pass_(600)
        assert studio.statuses() == ["initiated", "busy"]
        assert [each.facts["why"] for each in studio.entries(Kind.REPORT_LOST)] == ["answered 404"]
        assert (await studio.truth())["state"] == "SUBMITTED"


async def test_what_is_not_taken_for_a_day_is_given_up():
    async with open_studio() as studio:
        studio.pages["/status"] = lambda told: web.Response(status=500)
        await studio.call(BUSY, status_callback=f"{studio.url}/status")
        await studio.pass_(25 * 3_600)
        assert [each.facts["why"] for each in studio.entries(Kind.REPORT_LOST)] == [
            "not taken within 24 hours"
        ]
        assert studio.world.simulator.voice.waiting == 0


@pytest.mark.parametrize(
    ("mode", "to", "answered_by"),
    [
        ("Enable", NINE, "human"),
        ("Enable", MACHINE, "machine_start"),
        ("DetectMessageEnd", MACHINE, "machine_end_beep"),
    ],
)
async def test_detection_is_waited_for_and_told_with_the_first_document(mode, to, answered_by):
    async with open_studio() as studio:
        call = await studio.survey(to, machine_detection=mode)
        await studio.pass_(200)
        first = next(each for each in studio.asked if each.path == "/voice")
        last = [each for each in studio.asked if each.path == "/status"][-1]
        assert (first.told["AnsweredBy"], last.told["AnsweredBy"]) == (answered_by, answered_by)
        assert (await studio.sdk(studio.client.calls(call.sid).fetch)).answered_by == answered_by


async def test_detection_in_the_background_does_not_keep_the_document_waiting():
    async with open_studio() as studio:
        await studio.survey(
            MACHINE,
            machine_detection="Enable",
            async_amd="true",
            async_amd_status_callback=f"{studio.url}/amd",
        )
        await studio.pass_(200)
        paths = [each.path for each in studio.asked if each.path != "/status"]
        assert paths == ["/voice", "/amd"]
        found = studio.asked[[each.path for each in studio.asked].index("/amd")]
        assert (found.told["AnsweredBy"], found.told["MachineDetectionDuration"]) == ("machine_start", "2400")


async def fault(studio, name: str, where: str, limit: int | None = None, **given) -> None:
    order = {"fault": name, "where": where, "with": given} | ({"limit": limit} if limit else {})
    await studio.world.post("/faults", order)


async def test_a_lost_report_is_lost_and_the_keys_are_not():
    async with open_studio() as studio:
        await fault(studio, "report_lost", "voice.report")
        await studio.survey(NINE)
        await studio.pass_(60)
        assert studio.statuses() == ["initiated", "ringing", "in-progress"]
        assert (await studio.truth())["score"] == 9


async def test_a_late_and_a_doubled_report_come_late_and_twice():
    async with open_studio() as studio:
        await fault(studio, "report_late", "voice.report", seconds=600)
        await fault(studio, "report_duplicated", "voice.report", times=1, gap=5)
        await studio.survey(BUSY)
        await studio.pass_(60)
        assert studio.statuses() == ["initiated"]
        await studio.pass_(600)
        assert studio.statuses() == ["initiated", "busy", "busy"]


async def test_lost_keys_never_arrive_and_are_nobodys_response():
    async with open_studio() as studio:
        await fault(studio, "reply_lost", "voice.reply")
        await studio.survey(NINE)
        await studio.pass_(60)
        assert studio.heard() == []
        truth = await studio.world.post("/truth", {"channel": "VOICE"})
        assert (truth["unheard"], truth["report"]["responseStatistics"]["totalResponses"]) == (0, 0)


async def test_doubled_keys_arrive_twice_and_count_once():
    async with open_studio() as studio:
        await fault(studio, "reply_duplicated", "voice.reply", times=1, gap=2)
        await studio.survey(NINE)
        await studio.pass_(60)
        assert studio.heard() == ["9", "9"]
        twice = [each for each in studio.asked if each.path == "/keys"]
        assert (
            twice[0].headers["I-Twilio-Idempotency-Token"] == twice[1].headers["I-Twilio-Idempotency-Token"]
        )
        assert (await studio.truth())["responseStatistics"]["totalResponses"] == 1


async def test_late_keys_arrive_late():
    async with open_studio() as studio:
        await fault(studio, "reply_late", "voice.reply", seconds=20)
        await studio.survey(NINE)
        await studio.pass_(20)
        assert studio.heard() == []
        await studio.pass_(40)
        assert studio.heard() == ["9"]


@pytest.mark.parametrize(("name", "arrives"), [("disconnect_before", 1), ("disconnect_after", 2)])
async def test_a_push_that_breaks_off_is_repeated(name, arrives):
    async with open_studio() as studio:
        await fault(studio, name, "voice.push", limit=1)
        await studio.survey(BUSY)
        await studio.pass_(60)
        assert studio.statuses() == ["initiated"] * arrives + ["busy"]


async def test_a_document_that_breaks_off_leads_to_the_fallback():
    async with open_studio() as studio:
        await fault(studio, "disconnect_before", "voice.document", limit=1)
        await studio.survey(NINE, fallback_url=f"{studio.url}/voice?again=1")
        await studio.pass_(60)
        assert studio.heard() == ["9"]


async def test_errors_of_the_gateway_are_errors_of_the_dialect():
    async with open_studio() as studio:
        await fault(studio, "error", "voice.call", status=503, limit=1)
        with pytest.raises(TwilioRestException) as refused:
            await studio.survey(NINE)
        assert (refused.value.status, refused.value.code) == (503, 20503)
        await fault(studio, "throttle", "voice.submit", rate=0.01, burst=1)
        await studio.survey(NINE)
        with pytest.raises(TwilioRestException) as refused:
            await studio.survey(BUSY)
        assert (refused.value.status, refused.value.code) == (429, 20429)


async def test_a_call_that_was_taken_before_the_connection_broke_is_made():
    async with open_studio() as studio:
        await fault(studio, "disconnect_after", "voice.call", limit=1)
        with pytest.raises(Exception, match=r"Connection|aborted|reset"):
            await studio.survey(NINE)
        await studio.pass_(60)
        assert studio.heard() == ["9"]
