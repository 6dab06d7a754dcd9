"""Faults by the control API: switched on, counted, switched off."""

from __future__ import annotations

from tests.simulator.servers.worlds import open_world

NINE = "+32450000901"


async def test_a_fault_is_switched_on_hits_and_is_switched_off():
    async with open_world() as world:
        order = {
            "fault": "error",
            "where": "sms.submit",
            "match": {"numbers": ["+32450*"]},
            "with": {"status": 503},
        }
        fault = await world.post("/faults", order)
        assert (fault["id"], fault["hits"], fault["with"]["status"]) == (1, 0, 503)
        assert (await world.send(NINE))[0] == 503
        assert (await world.send("+32470123456"))[0] == 201
        assert (await world.get("/faults/1"))["hits"] == 1
        status, removed = await world.ask("DELETE", "/faults/1")
        assert (status, removed["hits"]) == (200, 1)
        assert (await world.send(NINE))[0] == 201
        assert (await world.ask("GET", "/faults/1"))[0] == 404


async def test_a_fault_that_reached_its_limit_still_tells_its_hits():
    async with open_world() as world:
        made = await world.post("/faults", {"fault": "error", "where": "sms.submit", "limit": 1})
        assert [(await world.send(NINE))[0] for _ in range(2)] == [503, 201]
        assert (await world.get(f"/faults/{made['id']}"))["hits"] == 1
        told = await world.get("/faults")
        assert (told["faults"], [fault["hits"] for fault in told["over"]]) == ([], [1])
        assert (await world.ask("DELETE", f"/faults/{made['id']}"))[0] == 200
        assert (await world.get("/faults"))["over"] == []


async def test_all_faults_are_listed_beside_what_there_is_and_cleared_together():
    async with open_world() as world:
        await world.post("/faults", {"fault": "latency"})
        await world.post("/faults", {"fault": "report_lost", "limit": 3, "ttl": "10m"})
        told = await world.get("/faults")
        assert [fault["fault"] for fault in told["faults"]] == ["latency", "report_lost"]
        assert (told["faults"][1]["limit"], told["faults"][1]["ttl"]) == (3, 600)
        assert {"latency", "outage", "reply_first"} <= {kind["fault"] for kind in told["catalogue"]}
        assert (await world.ask("DELETE", "/faults"))[1] == {"cleared": 2}
        assert (await world.get("/faults"))["faults"] == []


async def test_every_mistake_in_an_order_is_named():
    async with open_world() as world:
        order = {"fault": "latensy", "when": {"probability": 2}, "limit": 0, "colour": "red"}
        status, told = await world.ask("POST", "/faults", order)
        assert status == 400
        errors = {each["pointer"]: each["detail"] for each in told["errors"]}
        assert errors.keys() == {"/fault", "/when/probability", "/limit", "/colour"}
        assert 'did you mean "latency"?' in errors["/fault"]


async def test_no_number_is_an_error_that_helps():
    async with open_world() as world:
        for number in ("7", "x", "٣", "9" * 40):
            status, told = await world.ask("DELETE", f"/faults/{number}")
            assert (status, "lists them" in told["detail"]) == (404, True)
