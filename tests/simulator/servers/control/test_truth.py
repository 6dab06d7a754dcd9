"""The truth by the control API, by body and by query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from simulator.bulk import Submitted
from simulator.message import Message
from simulator.truth import Ledger
from simulator.world import Address, Channel, Moment, Submission
from tests.simulator.servers.worlds import open_world

NINE, THREE, BAD, UNKNOWN, SILENT = (
    "+32450000901",
    "+32450000301",
    "+32450020301",
    "+32450040101",
    "+32450030001",
)
SENT = Submission("acme", Channel.SMS, Address(NINE), "8937", "0-10?")


async def test_the_truth_is_the_documented_report_and_names_the_people():
    async with open_world() as world:
        for place, to in enumerate((NINE, THREE, BAD, UNKNOWN, SILENT)):
            await world.send(to, reference=f"r{place}")
        await world.post("/clock/drain")
        await world.fetch()
        truth = await world.post("/truth", {"evidence": True})
        statistics = truth["report"]["responseStatistics"]
        assert (statistics["totalRequests"], statistics["totalResponses"]) == (5, 3)
        assert (statistics["goodResponses"], statistics["badResponses"]) == (2, 1)
        assert truth["report"]["nps"] == {"promoters": 1, "detractors": 1, "score": 0}
        assert [person["address"] for person in truth["people"]] == [NINE, THREE, BAD, UNKNOWN, SILENT]
        assert truth["people"][0]["wrote"] == ["9"]
        assert truth["people"][0]["meant"] == {"verdict": "good", "score": 9}
        assert truth["people"][0]["counted"] == {"response": "good", "score": 9}
        assert (await world.post("/truth", {}))["people"] == []


async def test_a_selection_may_be_made_by_number_reference_message_text_and_period():
    async with open_world() as world:
        await world.send(NINE, "A", reference="r1")
        await world.post("/clock/advance", {"by": "1d"})
        between = (await world.get("/clock"))["now"]
        await world.post("/clock/advance", {"by": "1s"})
        await world.send(THREE, "B", reference="r2")
        await world.post("/clock/drain")
        await world.fetch()
        identity = (await world.get("/messages", to=THREE))["messages"][0]["id"]
        whole = [
            {"destinations": ["0450 00 03 01"]},
            {"references": ["r2", "unknown"]},
            {"messages": [identity]},
            {"question": "B"},
            {"from": between},
            {"channel": "SMS", "account": "belfort", "from": between},
        ]
        for selection in whole:
            report = (await world.post("/truth", selection))["report"]
            assert report["nps"]["score"] == -100, selection
            assert report["responseStatistics"]["totalRequests"] == 1, selection
        asked = {"destinations": f"{NINE},{THREE}", "to": between, "evidence": "true"}
        told = await world.get("/truth", **asked)
        assert told["report"]["nps"]["score"] == 100
        assert [p["state"] for p in told["people"]] == ["ANSWERED", "NEVER_SUBMITTED"]


async def test_what_is_no_longer_known_is_said_so_instead_of_guessed():
    async with open_world(keep_messages=2) as world:
        for place, to in enumerate((NINE, THREE, BAD)):
            await world.send(to, reference=f"r{place}")
        status, told = await world.ask("POST", "/truth", {})
        assert (status, "latest 2" in told["detail"], "before" in told) == (409, True, True)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"destinations": ["112"]}, "/destinations"),
        ({"destinations": NINE + "x"}, "/destinations"),
        ({"references": [5]}, "/references"),
        ({"channel": "sms"}, "/channel"),
        ({"from": "yesterday"}, "/from"),
        ({"window": "long"}, "/window"),
        ({"zone": "Europe/Gent"}, "/zone"),
        ({"zone": "../../etc/passwd"}, "/zone"),
        ({"evidence": "maybe"}, "/evidence"),
        ({"refs": []}, "/refs"),
    ],
)
async def test_a_wrong_selection_is_refused_with_what_is_wrong(body, pointer):
    async with open_world() as world:
        status, told = await world.ask("POST", "/truth", body)
        assert (status, [each["pointer"] for each in told["errors"]]) == (400, [pointer])


async def test_others_have_the_loop_while_much_is_read_for_the_first_time(monkeypatch):
    monkeypatch.setattr(Ledger.catch_up, "__defaults__", (1,))
    turns: list[int] = []
    monkeypatch.setattr("simulator.servers.control.truth.turn", counted(turns))
    async with open_world() as world:
        simulator = world.simulator
        for number in range(5):
            who = simulator.town.subscriber(Address(f"+3247000000{number}"))
            message = Message(number, number, SENT, Moment(0), 1, who)
            simulator.journal.enter(Submitted([message], simulator.town.population, simulator.town.streams))
        truth = await world.post("/truth", {})
    assert truth["report"]["responseStatistics"]["totalRequests"] == 5
    assert len(turns) == 4


def counted(turns: list[int]) -> Callable[[], Awaitable[None]]:
    async def turn() -> None:
        turns.append(1)

    return turn
