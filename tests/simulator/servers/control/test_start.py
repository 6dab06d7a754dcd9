"""Version, seed and reset: beginning anew leaves nothing of the old world but its journal."""

from __future__ import annotations

import pytest

from tests.simulator.servers.worlds import open_world

NINE, LATER = "+32450000901", "+32450050301"


async def test_the_version_tells_the_product():
    async with open_world() as world:
        assert (await world.get("/version")).keys() == {"product", "version", "protocol"}


async def test_a_reset_empties_the_world_and_the_journal_notes_it():
    async with open_world(seed=3) as world:
        await world.send(NINE, reference="r1")
        await world.send(LATER)
        await world.post("/faults", {"fault": "latency", "where": "sms.poll"})
        assert (await world.get("/clock"))["due"] > 0
        assert await world.post("/reset", {"seed": 9, "profile": "instant"}) == {
            "seed": 9,
            "profile": "instant",
        }
        assert (await world.get("/messages"))["messages"] == []
        assert (await world.get("/faults"))["faults"] == []
        assert (await world.get("/clock"))["due"] == 0
        truth = await world.post("/truth", {})
        assert truth["report"]["responseStatistics"]["totalRequests"] == 0
        kinds = [entry["kind"] for entry in (await world.get("/journal"))["entries"]]
        assert kinds.count("mt.submitted") == 2
        assert kinds.index("world.reset") > kinds.index("mt.submitted")
        assert (await world.send(NINE, reference="r1"))[0] == 201
        [again] = (await world.get("/messages"))["messages"]
        assert again["nth"] == 1


async def test_a_reset_without_a_word_keeps_seed_and_profile():
    async with open_world(seed=3, profile="clean-list") as world:
        assert await world.post("/reset") == {"seed": 3, "profile": "clean-list"}


async def test_another_seed_is_another_town_and_the_first_comes_back():
    async with open_world(seed=3) as world:
        town = await world.get("/people", count="50")
        assert (await world.ask("PUT", "/seed", {"seed": 4}))[1]["seed"] == 4
        assert await world.get("/people", count="50") != town
        await world.ask("PUT", "/seed", {"seed": 3})
        assert await world.get("/people", count="50") == town
        assert (await world.get("/seed"))["seed"] == 3


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("POST", "/reset", {"seed": -1}, "/seed"),
        ("POST", "/reset", {"seed": 1.5}, "/seed"),
        ("POST", "/reset", {"profile": "every-day"}, "/profile"),
        ("POST", "/reset", {"sead": 1}, "/sead"),
        ("PUT", "/seed", {}, "/seed"),
    ],
)
async def test_wrong_orders_change_nothing(method, path, body, pointer):
    async with open_world(seed=3) as world:
        await world.send(NINE)
        status, told = await world.ask(method, path, body)
        assert (status, [each["pointer"] for each in told["errors"]]) == (400, [pointer])
        assert len((await world.get("/messages"))["messages"]) == 1
