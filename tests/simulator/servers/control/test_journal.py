"""The journal by the control API: pages, filters, files, and from disk what memory has forgotten."""

from __future__ import annotations

import asyncio
import csv
import io
import json

import pytest

from tests.simulator.servers.worlds import open_world

NINE, THREE = "+32450000901", "+32450000301"


async def test_the_journal_is_paged_and_filtered():
    async with open_world() as world:
        await world.send(NINE)
        await world.send(THREE)
        await world.post("/clock/drain")
        whole = await world.get("/journal")
        numbers = [entry["seq"] for entry in whole["entries"]]
        assert numbers == list(range(1, whole["last"] + 1))
        first = await world.get("/journal", limit="2")
        rest = await world.get("/journal", after=str(first["after"]))
        assert first["entries"] + rest["entries"] == whole["entries"]
        assert {e["address"] for e in (await world.get("/journal", address=NINE))["entries"]} == {NINE}
        assert {e["kind"] for e in (await world.get("/journal", kind="mt,reply.written"))["entries"]} == {
            "mt.submitted",
            "reply.written",
        }


async def test_the_whole_journal_comes_as_json_lines_and_as_csv():
    async with open_world() as world:
        await world.send(NINE, '=HYPERLINK("x")\r\n"', reference="r")
        await world.post("/clock/drain")
        entries = (await world.get("/journal"))["entries"]
        status, lines = await world.ask("GET", "/journal", format="jsonl")
        assert status == 200
        assert [json.loads(line) for line in lines.splitlines()] == entries
        status, table = await world.ask("GET", "/journal", format="csv")
        rows = list(csv.DictReader(io.StringIO(table, newline="")))
        assert [int(row["seq"]) for row in rows] == [entry["seq"] for entry in entries]
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


async def test_an_export_goes_over_many_pages_and_has_one_heading():
    async with open_world() as world:
        for _ in range(2_500):
            world.simulator.journal.record(next(iter(world.simulator.journal.tail(1))).kind)
        _, table = await world.ask("GET", "/journal", format="csv")
        rows = list(csv.DictReader(io.StringIO(table, newline="")))
        assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
        assert len(rows) > 2_500
        _, lines = await world.ask("GET", "/journal", format="jsonl", limit="1200", kind="world")
        assert len(lines.splitlines()) == 1_200


async def test_what_memory_has_forgotten_is_read_from_the_file(tmp_path):
    async with open_world(keep_entries=5, journal=str(tmp_path / "journal.sqlite3")) as world:
        for _ in range(5):
            await world.send(NINE)
        last = world.simulator.journal.last
        assert last > 10
        told = await world.get("/journal")
        assert [entry["seq"] for entry in told["entries"]] == list(range(1, last + 1))
        _, lines = await world.ask("GET", "/journal", format="jsonl")
        assert len(lines.splitlines()) == last


async def test_without_a_file_it_says_how_much_is_forgotten():
    async with open_world(keep_entries=5) as world:
        for _ in range(5):
            await world.send(NINE)
        told = await world.get("/journal")
        assert (len(told["entries"]), told["forgotten"]) == (5, told["last"] - 5)


async def test_events_are_followed_and_resumed():
    async with open_world() as world:
        url = f"{world.simulator.control_url}/control/v1/events"

        async def follow(count: int, headers: dict[str, str], **query: str) -> list[dict[str, object]]:
            found: list[dict[str, object]] = []
            async with asyncio.timeout(5), world.session.get(url, headers=headers, params=query) as stream:
                async for line in stream.content:
                    if line.startswith(b"data: "):
                        found.append(json.loads(line[6:]))
                        if len(found) == count:
                            break
            return found

        await world.send(NINE)
        entries = (await world.get("/journal"))["entries"]
        assert await follow(3, {"Last-Event-ID": "1"}) == entries[1:4]
        assert await follow(1, {}, after="0", kind="person") == [
            e for e in entries if e["kind"] == "person.decided"
        ]


@pytest.mark.parametrize(
    ("query", "headers", "parameter"),
    [
        ({"kind": "mt.submited"}, {}, "kind"),
        ({"after": "-1"}, {}, "after"),
        ({"address": "nobody"}, {}, "address"),
        ({}, {"Last-Event-ID": "abc"}, "Last-Event-ID"),
        ({"knid": "x"}, {}, "knid"),
    ],
)
async def test_wrong_filters_are_named(query, headers, parameter):
    async with open_world() as world:
        status, told = await world.ask("GET", "/events", headers=headers, **query)
        assert (status, [each["parameter"] for each in told["errors"]]) == (400, [parameter])
