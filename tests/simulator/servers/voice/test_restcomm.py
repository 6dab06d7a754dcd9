"""RestComm's dialect, as its code is and not as its manual says (domain facts, section 3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.servers.voice.studio import Studio, open_studio

NINE, BUSY, NOBODY = "+32450000901", "+32450080101", "+32450080201"


class Restcomm:
    """A caller who writes the forms by hand."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.base = studio.api.replace("/2010-04-01/", "/restcomm/2012-04-24/")

    async def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        headers = self.studio.authorization
        async with self.studio.world.session.request(
            method, self.base + path, data=form or None, headers=headers
        ) as response:
            return response.status, await response.text()

    async def json(self, method: str, path: str, **form: str) -> tuple[int, dict[str, Any]]:
        import json

        status, text = await self.ask(method, path, **form)
        return status, json.loads(text)

    async def call(self, to: str, **more: str) -> dict[str, Any]:
        form = {"To": to, "From": "+3228889999", "Url": f"{self.studio.url}/voice?reference=r1"} | more
        status, told = await self.json("POST", "/Calls.json", **form)
        assert status == 200, told
        return told


async def test_a_call_is_made_with_200_and_told_in_json_or_xml():
    async with open_studio() as studio:
        restcomm = Restcomm(studio)
        made = await restcomm.call(NINE)
        assert (made["status"], made["api_version"]) == ("queued", "2012-04-24")
        assert "InstanceId" in made
        status, text = await restcomm.ask("GET", f"/Calls/{made['sid']}")
        assert status == 200
        assert text.startswith("<RestcommResponse><Call><Sid>CA")
        assert "<DateCreated>" in text


async def test_the_survey_runs_over_it_all_the_same():
    async with open_studio() as studio:
        await Restcomm(studio).call(NINE)
        await studio.pass_(60)
        assert studio.heard() == ["9"]
        first = next(each for each in studio.asked if each.path == "/voice")
        assert (first.told["CallerName"], first.told["ForwardedFrom"]) == ("null", "null")
        assert (await studio.truth())["score"] == 9


async def test_all_four_events_come_and_name_themselves_as_the_status():
    async with open_studio() as studio:
        restcomm = Restcomm(studio)
        hook = {"StatusCallback": f"{studio.url}/status", "StatusCallbackEvent": "completed"}
        await restcomm.call(NINE, **hook)
        await studio.pass_(60)
        assert studio.statuses() == ["initiated", "ringing", "answered", "completed"]
        await restcomm.call(BUSY, **hook)
        await studio.pass_(60)
        told = [each.told for each in studio.asked if each.path == "/status"][4:]
        assert [(each["CallStatus"], each["SequenceNumber"]) for each in told] == [
            ("initiated", "0"),
            ("completed", "3"),
        ]


async def test_nobody_who_answers_is_told_by_no_call_back_but_to_who_asks():
    async with open_studio() as studio:
        restcomm = Restcomm(studio)
        made = await restcomm.call(NOBODY, StatusCallback=f"{studio.url}/status")
        await studio.pass_(29)
        assert (await restcomm.json("GET", f"/Calls/{made['sid']}.json"))[1]["status"] == "RINGING"
        await studio.pass_(60)
        assert studio.statuses() == ["initiated", "ringing"]
        assert (await restcomm.json("GET", f"/Calls/{made['sid']}.json"))[1]["status"] == "NO_ANSWER"
        assert (await studio.truth())["state"] == "FAILED"


async def test_a_call_back_that_is_not_taken_is_not_repeated():
    from aiohttp import web

    async with open_studio() as studio:
        studio.pages["/status"] = lambda told: web.Response(status=503)
        await Restcomm(studio).call(BUSY, StatusCallback=f"{studio.url}/status")
        await studio.pass_(600)
        assert studio.statuses() == ["initiated", "completed"]


@pytest.mark.parametrize(
    ("method", "path", "form", "status", "words"),
    [
        ("POST", "/Calls.json", {"To": NINE, "Url": "http://127.0.0.1/x"}, 400, "No 'From' number"),
        ("GET", "/Calls/CA1.json", {}, 406, "was not found"),
        ("POST", "/Calls/CA1.json", {"Status": "completed"}, 406, "was not found"),
    ],
)
async def test_errors_are_a_line_of_text(method, path, form, status, words):
    async with open_studio() as studio:
        told_status, text = await Restcomm(studio).ask(method, path, **form)
        assert told_status == status
        assert words in text
        assert not text.startswith(("{", "<"))


async def test_a_call_that_is_over_is_gone():
    async with open_studio() as studio:
        restcomm = Restcomm(studio)
        made = await restcomm.call(BUSY)
        await studio.pass_(60)
        assert (await restcomm.ask("POST", f"/Calls/{made['sid']}.json", Status="completed"))[0] == 410


async def test_nothing_is_detected_and_a_gather_without_an_action_asks_nobody():
    async with open_studio() as studio:
        studio.pages["/voice"] = lambda told: '<Response><Gather numDigits="1"/></Response>'
        await Restcomm(studio).call(NINE, MachineDetection="Enable")
        await studio.pass_(60)
        first, *others = [each for each in studio.asked if each.path == "/voice"]
        assert first.told["AnsweredBy"] == "null"
        assert others == []


async def test_the_dialects_do_not_list_each_others_calls():
    async with open_studio() as studio:
        restcomm = Restcomm(studio)
        await restcomm.call(BUSY)
        await studio.survey(NINE)
        assert len((await restcomm.json("GET", "/Calls.json"))[1]["calls"]) == 1
        assert len(await studio.sdk(studio.client.calls.list)) == 1
