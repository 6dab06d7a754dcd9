"""The world's clock by the control API."""

from __future__ import annotations

import asyncio

import pytest

from tests.simulator.servers.worlds import open_world

AFTER_2_HOURS, AFTER_8_DAYS = "+32450050301", "+32450050501"


async def test_the_clock_is_read_and_set():
    async with open_world() as world:
        shown = await world.get("/clock")
        assert shown.keys() == {"mode", "rate", "now", "nowMs", "nextDue", "due", "holding"}
        assert (shown["mode"], shown["rate"], shown["nextDue"], shown["due"]) == ("frozen", 0, None, 0)
        status, shown = await world.ask("PUT", "/clock", {"mode": "scaled", "rate": 60})
        assert (status, shown["mode"], shown["rate"]) == (200, "scaled", 60)
        assert (await world.ask("PUT", "/clock", {"mode": "scaled"}))[1]["rate"] == 60
        assert (await world.ask("PUT", "/clock", {"mode": "real"}))[1]["rate"] == 1


async def test_advancing_runs_what_is_due_and_nothing_else():
    async with open_world() as world:
        await world.send(AFTER_2_HOURS)
        before = (await world.get("/clock"))["nowMs"]
        await world.post("/clock/advance", {"by": "119m"})
        assert [m["replies"] for m in (await world.get("/messages"))["messages"]] == [0]
        shown = await world.post("/clock/advance", {"by": 60})
        assert shown["nowMs"] == before + 7_200_000
        assert [m["replies"] for m in (await world.get("/messages"))["messages"]] == [1]


async def test_advancing_to_an_instant_lands_there():
    async with open_world() as world:
        shown = await world.post("/clock/advance", {"to": "2031-01-01T00:00:00+01:00"})
        assert shown["now"] == "2030-12-31T23:00:00.000Z"


async def test_draining_runs_until_nothing_is_due_and_keeps_the_mode():
    async with open_world() as world:
        await world.send(AFTER_8_DAYS)
        before = (await world.get("/clock"))["nowMs"]
        shown = await world.post("/clock/drain", {})
        assert (shown["mode"], shown["due"], shown["nextDue"]) == ("frozen", 0, None)
        assert shown["nowMs"] == before + 8 * 86_400_000
        assert shown["ran"] >= 2


async def test_draining_ends_although_somebody_sweeps_for_ever():
    async with open_world() as world:
        clock = world.simulator.clock

        async def sweep() -> None:
            while True:
                await clock.sleep(600)

        sweeping = asyncio.create_task(sweep())
        try:
            await world.send(AFTER_8_DAYS)
            before = clock.now()
            shown = await world.post("/clock/drain", {"within": "20s"})
            assert [m["replies"] for m in (await world.get("/messages"))["messages"]] == [1]
            assert 8 * 86_400_000 < shown["nowMs"] - before < 12 * 86_400_000
        finally:
            sweeping.cancel()


async def test_draining_gives_up_when_work_never_ends():
    async with open_world() as world:
        with world.simulator.clock.at_work():
            status, told = await world.ask("POST", "/clock/drain", {"within": 0.05})
        assert (status, told["clock"]["holding"]) == (408, 1)
        assert "0.05 s" in told["detail"]
        assert (await world.post("/clock/drain"))["due"] == 0


async def test_what_was_done_to_the_clock_stands_in_the_journal():
    async with open_world() as world:
        await world.ask("PUT", "/clock", {"mode": "auto"})
        await world.post("/clock/advance", {"by": "1h"})
        entries = (await world.get("/journal", kind="clock.set"))["entries"]
        assert [entry["facts"]["mode"] for entry in entries] == ["auto", "auto"]


@pytest.mark.parametrize(
    ("path", "body", "pointer", "detail"),
    [
        ("/clock", {}, "/mode", "is required"),
        ("/clock", {"mode": "froze"}, "/mode", 'did you mean "frozen"?'),
        ("/clock", {"mode": "frozen", "rate": 5}, "/rate", "scaled"),
        ("/clock", {"mode": "scaled", "rate": 0}, "/rate", "from 0.001"),
        ("/clock/advance", {}, "/by", "say either"),
        ("/clock/advance", {"by": 1, "to": "2031-01-01T00:00:00Z"}, "/by", "say either"),
        ("/clock/advance", {"by": "-5s"}, "/by", "allowed"),
        ("/clock/advance", {"to": "2001-01-01T00:00:00Z"}, "/to", "only moves forward"),
        ("/clock/advance", {"to": "3001-01-01T00:00:00Z"}, "/to", "year 3000"),
        ("/clock/advance", {"by": "99999999999h"}, "/by", "hundred years"),
        ("/clock/advance", {"to": "2031-01-01T00:00:00"}, "/to", "offset"),
        ("/clock/drain", {"whitin": 5}, "/whitin", 'did you mean "within"?'),
    ],
)
async def test_wrong_orders_are_refused_with_what_is_right(path, body, pointer, detail):
    async with open_world() as world:
        method = "PUT" if path == "/clock" else "POST"
        status, told = await world.ask(method, path, body)
        assert status == 400
        assert detail in {each["pointer"]: each["detail"] for each in told["errors"]}[pointer]
        assert (await world.get("/clock"))["mode"] == "frozen"
