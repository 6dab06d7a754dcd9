"""The official Python SDK, unchanged but for its base address, does with calls what its pages say."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import VoiceResponse

from simulator.journal import Kind
from tests.simulator.servers.voice.studio import open_studio

SILENT, NINE = "+32450080701", "+32450000901"


async def test_the_sdk_makes_reads_and_lists_calls():
    async with open_studio() as studio:
        made = await studio.survey(NINE)
        assert made.sid.startswith("CA")
        assert len(made.sid) == 34
        assert (made.status, made.direction, made.to, made._from) == (
            "queued",
            "outbound-api",
            NINE,
            "+3228889999",
        )
        assert made.date_created.tzinfo is not None
        await studio.pass_(60)
        read = await studio.sdk(studio.client.calls(made.sid).fetch)
        assert (read.status, read.duration) == ("completed", "12")
        assert read.end_time - read.start_time in (timedelta(seconds=12), timedelta(seconds=13))  # whole ones
        [listed] = await studio.sdk(studio.client.calls.list)
        assert listed.sid == made.sid


async def test_lists_come_in_pages_and_by_filters():
    async with open_studio() as studio:
        for lane in range(7):
            await studio.survey(f"+324500801{lane:02}")
        await studio.survey(NINE)
        await studio.pass_(60)
        calls = studio.client.calls
        assert len(await studio.sdk(calls.list, page_size=3)) == 8
        assert len(await studio.sdk(calls.list, limit=2, page_size=2)) == 2
        assert len(await studio.sdk(calls.list, status="busy")) == 7
        assert len(await studio.sdk(calls.list, to=NINE)) == 1
        now = datetime.now(UTC)
        assert len(await studio.sdk(calls.list, start_time_after=now - timedelta(days=1))) == 8
        assert len(await studio.sdk(calls.list, start_time_before=now - timedelta(days=1))) == 0
        assert len(await studio.sdk(calls.list, start_time=now)) in (0, 8)  # midnight may pass
        page = await studio.sdk(calls.page, page_size=5)
        assert len(list(page)) == 5
        following = await studio.sdk(page.next_page)
        assert len(list(following)) == 3
        assert await studio.sdk(following.next_page) is None


async def test_the_sdk_ends_a_call_in_progress_and_cancels_one_that_rings():
    async with open_studio() as studio:
        talking = await studio.survey(SILENT)
        await studio.pass_(10)
        ringing = await studio.survey(NINE)
        ended = await studio.sdk(studio.client.calls(talking.sid).update, status="completed")
        canceled = await studio.sdk(studio.client.calls(ringing.sid).update, status="canceled")
        assert (ended.status, canceled.status) == ("completed", "canceled")
        await studio.pass_(60)
        assert studio.heard() == []
        final = [each.told["CallStatus"] for each in studio.asked if each.path == "/status"][-2:]
        assert sorted(final) == ["canceled", "completed"]


async def test_the_sdk_redirects_a_call_in_progress():
    async with open_studio() as studio:
        call = await studio.survey(SILENT)
        await studio.pass_(6)
        await studio.sdk(
            studio.client.calls(call.sid).update, url=f"{studio.url}/keys?chance=9", method="GET"
        )
        await studio.pass_(30)
        assert [each.path for each in studio.asked if each.path != "/status"] == ["/voice", "/keys"]
        assert studio.asked[-2].valid
        assert (await studio.sdk(studio.client.calls(call.sid).fetch)).status == "completed"


class Slow:
    """A document that is given when it is told to."""

    def __init__(self, studio) -> None:
        self.asked, self.given = asyncio.Event(), asyncio.Event()
        studio.pages["/slow"] = self.page

    async def page(self, told) -> str:
        self.asked.set()
        await self.given.wait()
        return "<Response><Say>slow</Say></Response>"


@pytest.mark.parametrize(
    "change",
    [{"status": "completed"}, {"twiml": "<Response><Pause/></Response>"}],
    ids=["ended", "redirected"],
)
async def test_a_document_that_comes_too_late_is_not_performed(change):
    async with open_studio(clock_mode="real") as studio:
        slow = Slow(studio)
        await studio.world.ask("PUT", "/people/+32450900101", {"call": {"rings": 0}})
        call = await studio.call("+32450900101", path="/slow")
        await slow.asked.wait()
        await studio.sdk(studio.client.calls(call.sid).update, **change)
        slow.given.set()
        await studio.until(Kind.CALL_STATUS, status="completed")
        await studio.world.simulator.clock.settled()
        assert "slow" not in [each.facts["said"] for each in studio.entries(Kind.CALL_HEARD)]


async def test_a_document_may_come_with_the_order_or_with_a_change():
    async with open_studio() as studio:
        first, second = VoiceResponse(), VoiceResponse()
        first.pause(length=30)
        second.say("Bedankt.", language="nl-BE")
        call = await studio.call(SILENT, twiml=str(first))
        await studio.pass_(6)
        await studio.sdk(studio.client.calls(call.sid).update, twiml=str(second))
        await studio.pass_(5)
        assert (await studio.sdk(studio.client.calls(call.sid).fetch)).status == "completed"
        assert [each.facts["said"] for each in studio.entries(Kind.CALL_HEARD)] == [None, "Bedankt."]


async def test_the_sdk_forgets_a_call_that_is_over_and_no_other():
    async with open_studio() as studio:
        call = await studio.survey(NINE)
        with pytest.raises(TwilioRestException) as refused:
            await studio.sdk(studio.client.calls(call.sid).delete)
        assert (refused.value.status, refused.value.code) == (409, 20009)
        await studio.pass_(60)
        assert await studio.sdk(studio.client.calls(call.sid).delete)
        assert await studio.sdk(studio.client.calls.list) == []


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"to": "nobody"}, 400, 21211),
        ({"to": "+33612345678"}, 400, 21211),
        ({"from_": "client:anna"}, 400, 21212),
        ({"url": "ftp://127.0.0.1/x"}, 400, 21205),
        ({"timeout": 9_999}, 400, 20001),
        ({"to": "+32450070001"}, 400, 21216),
        ({"to": "+32450070101"}, 429, 20429),
        ({"to": "+32450070501"}, 503, 20503),
    ],
)
async def test_errors_are_the_sdks_exceptions(given, status, code):
    async with open_studio() as studio:
        with pytest.raises(TwilioRestException) as refused:
            await studio.call(**({"to": NINE} | given))
        assert (refused.value.status, refused.value.code) == (status, code)
        assert refused.value.uri.endswith("/Calls.json")
        assert (await studio.world.get("/calls"))["calls"] == []


async def test_a_number_that_is_throttled_twice_is_called_in_the_end():
    async with open_studio() as studio:
        for _ in range(2):
            with pytest.raises(TwilioRestException, match="Too Many Requests"):
                await studio.survey("+32450070101")
        await studio.survey("+32450070101")
        await studio.pass_(60)
        assert (await studio.truth())["score"] == 9


async def test_an_order_without_an_answer_was_not_taken_and_one_that_was_cut_off_was():
    async with open_studio() as studio:
        for to, calls in (("+32450070301", 0), ("+32450070401", 1)):
            form = {"To": to, "From": "+3228889999", "Url": f"{studio.url}/voice?reference={to[1:]}"}
            with pytest.raises((aiohttp.ClientError, TimeoutError)):
                await studio.world.session.post(
                    f"{studio.api}/Calls.json",
                    data=form,
                    headers=studio.authorization,
                    timeout=aiohttp.ClientTimeout(total=0.5),
                )
            assert len((await studio.world.get("/calls", to=to))["calls"]) == calls
        await studio.survey("+32450070301", path="/voice?reference=32450070301")  # the same again
        await studio.pass_(60)
        assert studio.heard() == ["9", "9"]


async def test_a_caller_that_asks_is_told_how_it_ended():
    async with open_studio() as studio:
        call = await studio.call("+32450080101")
        await studio.pass_(30)
        assert (await studio.truth())["state"] == "SUBMITTED"
        assert (await studio.sdk(studio.client.calls(call.sid).fetch)).status == "busy"
        assert (await studio.truth())["state"] == "FAILED"


async def test_two_calls_under_one_reference_are_two_calls_and_one_question():
    async with open_studio() as studio:
        await studio.survey(SILENT)
        await studio.pass_(60)
        await studio.survey(SILENT)
        await studio.pass_(10)
        await studio.world.post(f"/calls/{SILENT}/keys", {"keys": "9"})
        await studio.pass_(60)
        assert len(await studio.sdk(studio.client.calls.list)) == 2
        assert (await studio.truth())["score"] == 9


async def raw(studio, method: str, path: str, **more) -> tuple[int, dict]:
    headers = studio.authorization | more.pop("headers", {})
    async with studio.world.session.request(method, studio.api + path, headers=headers, **more) as response:
        return response.status, await response.json()


async def test_what_is_no_form_no_page_and_no_method_is_an_error_of_the_dialect():
    async with open_studio() as studio:
        for method, path, more, status in (
            ("POST", "/Calls.json", {"json": {"To": NINE}}, 415),
            ("POST", "/Calls.json", {"data": b"x" * 70_000, "headers": {"Content-Type": FORM}}, 413),
            ("POST", "/Calls.json", {"data": b"To=%FF", "headers": {"Content-Type": FORM}}, 400),
            ("GET", "/Calls.json?PageSize=none", {}, 400),
            ("GET", "/Calls.json?StartTime=never", {}, 400),
            ("GET", "/Messages.json", {}, 404),
            ("PUT", "/Calls.json", {}, 405),
        ):
            told_status, told = await raw(studio, method, path, **more)
            assert (told_status, told["status"], set(told)) == (
                status, status, {"code", "message", "more_info", "status"},
            )  # fmt: skip


async def test_the_sms_gateway_beside_answers_in_its_own_words():
    async with open_studio() as studio:
        response = await studio.world.session.get(f"{studio.world.simulator.gateway_url}/nowhere")
        assert "fault" in await response.json()


FORM = "application/x-www-form-urlencoded"


async def test_many_calls_at_once_come_through():
    async with open_studio() as studio:
        base, headers = f"{studio.api}/Calls.json", studio.authorization

        async def one(lane: int) -> int:
            form = {
                "To": f"+324500009{lane:02}",
                "From": "+3228889999",
                "Url": f"{studio.url}/voice?reference=r{lane}",
            }
            async with studio.world.session.post(base, data=form, headers=headers) as response:
                return response.status

        assert set(await asyncio.gather(*map(one, range(100)))) == {201}
        await studio.pass_(60)
        truth = await studio.world.post("/truth", {"channel": "VOICE"})
        assert truth["report"]["nps"] == {"promoters": 100, "detractors": 0, "score": 100}
        assert all(each.valid for each in studio.asked)
