"""A whole town is called: everybody does the same in any order, and the truth is what was handed over."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from simulator.journal import Kind
from tests.simulator.servers.voice.studio import SCORES, Studio, open_studio

PEOPLE = [f"+3247{n * 7_919 % 10_000_000:07}" for n in range(150)]


async def called(studio: Studio, people: list[str], at_once: int) -> None:
    """Everybody is called with detection, so many orders at a time, and the calls come to their ends."""
    gate = asyncio.Semaphore(at_once)

    async def one(to: str) -> None:
        form = {
            "To": to,
            "From": "+3228889999",
            "Url": f"{studio.url}/voice?reference=r{to[1:]}",
            "StatusCallback": f"{studio.url}/status",
            "MachineDetection": "Enable",
        }
        async with (
            gate,
            studio.world.session.post(
                f"{studio.api}/Calls.json", data=form, headers=studio.authorization
            ) as response,
        ):
            assert response.status == 201, await response.text()

    await asyncio.gather(*map(one, people))
    await studio.pass_(300)


def decisions(studio: Studio) -> set[tuple]:
    return {(each.address, tuple(sorted(each.facts.items()))) for each in studio.entries(Kind.PERSON_DECIDED)}


async def report(studio: Studio) -> dict:
    told = await studio.world.post("/truth", {"channel": "VOICE"})
    assert (told["unheard"], told["doubts"]) == (0, 0)
    return {name: told["report"][name] for name in ("nps", "responseStatistics")}


async def test_a_town_answers_the_same_in_any_order_and_the_truth_is_what_the_caller_was_given():
    async with open_studio() as studio:
        await called(studio, PEOPLE, at_once=1)
        first, told = decisions(studio), await report(studio)
        answered: dict[str, list[str]] = {}
        for each in studio.asked:
            if each.path == "/keys":
                answered.setdefault(each.told["To"], []).append(each.told["Digits"])
        good = {to: next((keys for keys in said if keys in SCORES), None) for to, said in answered.items()}
        ended = Counter(
            "failed"
            if each.told["CallStatus"] != "completed" or "machine" in each.told.get("AnsweredBy", "")
            else "reached"
            for each in studio.asked
            if each.path == "/status"
        )
        assert told["responseStatistics"] == {
            "totalRequests": len(PEOPLE),
            "totalResponses": len(answered),
            "goodResponses": sum(score is not None for score in good.values()),
            "badResponses": sum(score is None for score in good.values()),
            "failed": ended["failed"],
        }
        assert told["nps"]["promoters"] == sum(score in ("9", "10") for score in good.values())
        assert told["responseStatistics"]["goodResponses"] > 10
        assert studio.world.simulator.voice.waiting == 0
    shuffled = list(PEOPLE)
    random.Random(5).shuffle(shuffled)
    async with open_studio() as studio:
        await called(studio, shuffled, at_once=32)
        assert decisions(studio) == first
        assert await report(studio) == told


async def test_a_call_has_a_longest_time():
    async with open_studio() as studio:
        await studio.survey("+32450080701", time_limit=3)
        await studio.pass_(60)
        [over] = studio.entries(Kind.CALL_STATUS, status="completed")
        [begun] = studio.entries(Kind.CALL_STATUS, status="in-progress")
        assert over.at - begun.at == 3_000


async def test_a_machine_that_nobody_looks_for_hears_the_survey_and_presses_nothing():
    async with open_studio() as studio:
        await studio.survey("+32450080301")
        await studio.pass_(300)
        assert studio.heard() == []
        assert (await studio.truth())["state"] == "DELIVERED"
