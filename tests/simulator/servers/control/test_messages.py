"""Messages by the control API: listed, looked at, and waited for."""

from __future__ import annotations

import asyncio

import pytest

from tests.simulator.servers.doors import until
from tests.simulator.servers.worlds import open_world

NINE, BAD, SILENT, UNKNOWN = "+32450000901", "+32450020301", "+32450030001", "+32450040101"


async def test_messages_are_listed_filtered_and_paged():
    async with open_world() as world:
        for number, to in enumerate((NINE, BAD, UNKNOWN, NINE)):
            await world.send(to, f"Vraag {number}", reference=f"r{number}")
        await world.post("/clock/drain")
        shown = (await world.get("/messages"))["messages"]
        assert [(m["to"], m["nth"], m["state"], m["replies"]) for m in shown] == [
            (NINE, 1, "delivered", 1),
            (BAD, 1, "delivered", 1),
            (UNKNOWN, 1, "undelivered", 0),
            (NINE, 2, "delivered", 1),
        ]
        first = await world.get("/messages", limit="3")
        second = await world.get("/messages", limit="3", after=str(first["after"]))
        assert [m["reference"] for m in first["messages"] + second["messages"]] == ["r0", "r1", "r2", "r3"]
        assert [
            m["reference"] for m in (await world.get("/messages", newest="true", limit="2"))["messages"]
        ] == ["r3", "r2"]

        async def references(**query: str) -> list[str]:
            return [m["reference"] for m in (await world.get("/messages", **query))["messages"]]

        assert await references(to=NINE) == ["r0", "r3"]
        assert await references(to="0450 00 09 01") == ["r0", "r3"]
        assert await references(state="failed") == await references(state="undelivered") == ["r2"]
        assert await references(state="replied") == ["r0", "r1", "r3"]
        assert await references(state="heard") == []
        assert await references(q="VRAAG 1") == ["r1"]
        assert await references(reference="r3", channel="SMS", account="belfort") == ["r3"]
        await world.fetch()
        assert await references(state="heard") == ["r0", "r1", "r3"]


async def test_one_message_is_shown_in_full():
    async with open_world() as world:
        await world.send(NINE, "één vraag")
        await world.post("/clock/drain")
        await world.fetch()
        [brief] = (await world.get("/messages"))["messages"]
        shown = await world.get(f"/messages/{brief['id']}")
        assert {name: shown[name] for name in brief} == brief
        assert [event["what"] for event in shown["timeline"]] == [
            "accepted",
            "report due",
            "reply written",
            "reply handed",
        ]
        assert [(w["text"], w["meaning"], w["score"]) for w in shown["wrote"]] == [("9", "good", 9)]
        assert bytes.fromhex(shown["raw"]["utf8"]).decode() == "één vraag"
        assert {"mt.submitted", "person.decided", "reply.handed"} <= {
            entry["kind"] for entry in shown["journal"]
        }
        status, told = await world.ask("GET", "/messages/none")
        assert (status, "no such message" in told["detail"]) == (404, True)


async def test_a_wait_ends_as_soon_as_enough_messages_match():
    async with open_world() as world:
        waiting = asyncio.create_task(
            world.ask("GET", "/messages/wait", state="replied", count="2", within="30s")
        )
        await world.send(NINE)
        await world.send(SILENT)
        await world.post("/clock/drain")
        assert not waiting.done()
        await world.send(BAD)
        await world.post("/clock/drain")
        status, told = await asyncio.wait_for(waiting, 5.0)
        assert (status, [m["to"] for m in told["messages"]], told["after"]) == (200, [NINE, BAD], 3)


async def test_what_matches_already_is_not_waited_for():
    async with open_world() as world:
        await world.send(NINE)
        await world.post("/clock/drain")
        told = await world.get("/messages/wait", to=NINE, reply="9", within="0s")
        assert len(told["messages"]) == 1
        status, _ = await world.ask("GET", "/messages/wait", to=NINE, after=str(told["after"]), within="0s")
        assert status == 408


async def test_who_was_asked_about_is_nearer_than_others_who_do_what_was_asked():
    async with open_world() as world:
        for to in (SILENT, UNKNOWN, NINE, UNKNOWN):
            await world.send(to)
        await world.post("/clock/drain")
        _, told = await world.ask("GET", "/messages/wait", to=SILENT, state="undelivered", within="10ms")
        assert [(near["message"]["to"], near["because"]) for near in told["near"]] == [
            (SILENT, ["state is delivered, not undelivered"])
        ]
        _, told = await world.ask("GET", "/messages/wait", to=BAD, within="10ms")
        assert len(told["near"]) == 4


async def test_a_wait_in_vain_tells_the_near_misses():
    async with open_world() as world:
        await world.send(SILENT, reference="a")
        await world.send(NINE, "Een andere vraag", reference="b")
        await world.post("/clock/drain")
        status, told = await world.ask("GET", "/messages/wait", to=NINE, reply="8", within="10ms")
        assert (status, told["title"], told["found"]) == (408, "Request Timeout", [])
        assert [(near["message"]["to"], near["because"]) for near in told["near"]] == [
            (NINE, ["wrote ['9'], which does not hold '8'"])
        ]
        status, told = await world.ask(
            "GET", "/messages/wait", to=SILENT, state="replied", count="3", within="10ms"
        )
        assert told["detail"] == "0 of 3 came about within 0.01 s"
        assert told["near"][0]["because"] in (
            ["the person has not written"],
            [f"to is {NINE}, not {SILENT}"],
        )


@pytest.mark.parametrize("mode", ["auto", "real"])
async def test_a_wait_is_over_when_the_worlds_time_is(mode):
    async with open_world(clock_mode=mode) as world:
        await world.send("+32450050301")
        before = world.simulator.clock.now()
        within = "1h" if mode == "auto" else "50ms"
        status, _ = await asyncio.wait_for(
            world.ask("GET", "/messages/wait", state="replied", within=within), 10.0
        )
        assert status == 408
        passed = world.simulator.clock.now() - before
        assert (3_600_000 <= passed < 3_700_000) if mode == "auto" else (50 <= passed < 5_000)


async def test_only_so_many_may_wait():
    async with open_world(max_waits=1, clock_mode="real") as world:
        waiting = asyncio.create_task(world.ask("GET", "/messages/wait", within="60s"))
        await until(lambda: world.simulator.clock.due == 1)
        status, told = await world.ask("GET", "/messages/wait", within="0s")
        assert (status, told["detail"]) == (503, "1 callers wait already")
        await world.send(SILENT)
        assert (await waiting)[0] == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"state": "repliedd"}, "state"),
        ({"to": "nobody"}, "to"),
        ({"count": "0"}, "count"),
        ({"within": "soon"}, "within"),
        ({"tu": "x"}, "tu"),
        ({"channel": "sms"}, "channel"),
    ],
)
async def test_wrong_filters_are_named(query, parameter):
    async with open_world() as world:
        status, told = await world.ask("GET", "/messages/wait", **query)
        assert (status, [each["parameter"] for each in told["errors"]]) == (400, [parameter])
