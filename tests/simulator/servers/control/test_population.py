"""Populations and people set by hand, by the control API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from simulator.app import Simulator
from simulator.config import Settings, SettingsError
from tests.simulator.servers.worlds import World, open_world

OWN = "+32450900101"


def leaves(tree: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value with its path; shares to six digits, as they are made to add up to one again."""
    if isinstance(tree, dict | list):
        for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(item, f"{path}/{key}")
    else:
        yield path, round(tree, 6) if isinstance(tree, float) else tree


async def put_yaml(world: World, text: str) -> tuple[int, dict[str, Any]]:
    url = world.simulator.control_url + "/control/v1/population"
    async with world.session.put(
        url, data=text.encode(), headers={"Content-Type": "application/yaml"}
    ) as answer:
        return answer.status, json.loads(await answer.text())


async def test_what_is_shown_can_be_put_back_as_json_and_as_yaml():
    async with open_world() as world:
        shown = await world.get("/population")
        assert (shown["profile"], len(shown["population"]["scores"]["nl"])) == ("everyday", 11)
        status, again = await world.ask("PUT", "/population", shown)
        assert (status, list(leaves(again))) == (200, list(leaves(shown)))
        _, text = await world.ask("GET", "/population", format="yaml")
        assert yaml.safe_load(text) == again
        status, again = await put_yaml(world, text)
        assert (status, list(leaves(again))) == (200, list(leaves(shown)))


async def test_another_population_behaves_otherwise():
    async with open_world() as world:
        order = {
            "profile": "instant",
            "population": {"answers": {"rate": 1}, "scores": {"9-10": 1}, "bad": {}},
        }
        status, shown = await world.ask("PUT", "/population", order)
        assert (status, shown["profile"], shown["population"]["answers"]["rate"]) == (200, "instant", 1)
        for place in range(20):
            await world.send(f"+3247000{place:04}")
        await world.post("/clock/drain")
        await world.fetch()
        figures = (await world.post("/truth", {}))["report"]
        assert figures["nps"]["score"] == 100
        assert figures["responseStatistics"]["goodResponses"] == 20
        entries = (await world.get("/journal", kind="people.set"))["entries"]
        assert entries[0]["facts"]["profile"] == "instant"


async def test_people_of_a_sheet_move_in_too():
    async with open_world() as world:
        status, _ = await put_yaml(world, f'people:\n  - {{number: "{OWN}", says: [7]}}\n')
        assert status == 200
        assert (await world.get("/people"))["set"] == [OWN]


async def test_every_mistake_is_named_with_its_place():
    async with open_world() as world:
        order = {"population": {"answers": {"rate": 2}, "reech": {}}, "profil": "x"}
        status, told = await world.ask("PUT", "/population", order)
        assert status == 400
        assert {each["pointer"] for each in told["errors"]} == {
            "/population/answers/rate",
            "/population/reech",
            "/profil",
        }
        status, told = await put_yaml(world, "population:\n  answers: {rate: 2}\n")
        assert (status, told["errors"][0]["place"]) == (400, "line 2, column 19")
        status, told = await put_yaml(world, "a: &x [*x]")
        assert status == 400
        assert (await world.get("/population"))["profile"] == "everyday"


async def test_somebody_is_set_by_hand_and_let_go():
    async with open_world() as world:
        body = {"language": "fr-BE", "says": [{"text": "neuf", "score": 9, "after": "10s"}]}
        status, person = await world.ask("PUT", f"/people/{OWN}", body)
        assert (status, person["set"], person["language"]) == (200, True, "fr-BE")
        await world.send(OWN)
        await world.post("/clock/advance", {"by": "10s"})
        assert [reply["message"] for reply in await world.fetch()] == ["neuf"]
        assert (await world.ask("DELETE", f"/people/{OWN}"))[1]["set"] is False
        assert (await world.ask("DELETE", f"/people/{OWN}"))[0] == 404
        assert len((await world.get("/journal", kind="people.set"))["entries"]) == 2


@pytest.mark.parametrize(
    ("address", "body", "where"),
    [
        (OWN, {"says": [{"text": "hmm"}]}, "/says/0"),
        (OWN, {"fate": "eaten"}, "/fate"),
        (OWN, {"langauge": "nl"}, "/langauge"),
        ("+33612345678", {"language": "nl"}, "address"),
    ],
)
async def test_nobody_is_set_wrongly(address, body, where):
    async with open_world() as world:
        status, told = await world.ask("PUT", f"/people/{address}", body)
        [error] = told["errors"]
        assert (status, error.get("pointer", error.get("parameter"))) == (400, where)
        assert (await world.get("/people"))["set"] == []


async def test_a_file_of_people_is_there_from_the_start_and_after_a_reset(tmp_path):
    sheet = tmp_path / "people.yaml"
    sheet.write_text(f'profile: clean-list\npeople:\n  - {{number: "{OWN}", says: [7]}}\n')
    async with open_world(people_file=str(sheet)) as world:
        assert (await world.get("/seed"))["profile"] == "clean-list"
        await world.ask("PUT", "/people/+32450900202", {"says": [3]})
        await world.post("/reset", {"seed": 5})
        assert (await world.get("/people"))["set"] == [OWN]


@pytest.mark.parametrize("text", ["people: 5", "people:\n - {number: x}", "\t", None])
async def test_a_file_that_cannot_be_used_stops_the_start(tmp_path, text):
    sheet = tmp_path / "people.yaml"
    if text is not None:
        sheet.write_text(text)
    with pytest.raises(SettingsError, match="BELFORT_PEOPLE_FILE"):
        await Simulator.start(Settings(control_port=0, gateway_port=0, smpp_port=0, people_file=str(sheet)))
