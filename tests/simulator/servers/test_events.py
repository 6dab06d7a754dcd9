"""The stream of events: live, resumed, filtered, and never held up by a slow reader."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from simulator.clock import Clock
from simulator.journal import Journal, Kind, Match
from simulator.servers.events import Events
from tests.simulator.servers.doors import Door, open_door, parsed, until


@asynccontextmanager
async def stream_door(*, keep: int = 10_000, match: Match | None = None, **options):
    journal = Journal(Clock(), keep)
    events = Events(journal, **options)

    async def follow(request: web.Request) -> web.StreamResponse:
        given = request.query.get("after")
        return await events.stream(request, None if given is None else int(given), match or Match())

    async with open_door(web.get("/events", follow), journal=lambda clock: journal) as door:
        try:
            yield door, events
        finally:
            events.close()


class Reader:
    """A client of the stream that reads on demand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ready: list[str] = []
        self._begun = ""

    @classmethod
    async def of(cls, door: Door, path: str = "/events") -> Reader:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port, limit=2**17)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{door.listener.port}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5.0)
        status, headers, _ = parsed(head)
        assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        return cls(reader, writer)

    async def blocks(self, count: int) -> list[str]:
        """The next blocks of the stream, chunk sizes taken out."""
        while len(self._ready) < count:
            text = self._begun + await asyncio.wait_for(self._chunk(), 5.0)
            *whole, self._begun = text.split("\n\n")
            self._ready += whole
        found, self._ready = self._ready[:count], self._ready[count:]
        return found

    async def _chunk(self) -> str:
        size = int((await self._reader.readline()).strip() or b"0", 16)
        data = await self._reader.readexactly(size)
        await self._reader.readline()
        if size == 0:
            raise EOFError("the stream ended")
        return data.decode()

    async def to_the_end(self) -> bytes:
        return await asyncio.wait_for(self._reader.read(), 5.0)

    def close(self) -> None:
        self._writer.close()


def data_of(block: str) -> dict[str, Any]:
    return dict(json.loads(next(line for line in block.split("\n") if line.startswith("data: "))[6:]))


async def test_what_happens_from_now_on_is_told_at_once_with_its_number():
    async with stream_door() as (door, _):
        door.journal.record(Kind.WORLD_OPENED)
        reader = await Reader.of(door)
        assert await reader.blocks(1) == ["retry: 2000"]
        door.journal.record(Kind.MT_SUBMITTED, address="+32470000001", text="één\nregel")
        [block] = await reader.blocks(1)
        assert block.startswith("id: 2\n")
        assert data_of(block)["kind"] == "mt.submitted"
        assert data_of(block)["facts"] == {"text": "één\nregel"}
        reader.close()


async def test_a_reader_that_comes_back_gets_what_it_missed():
    async with stream_door() as (door, _):
        for number in range(1_200):
            door.journal.record(Kind.DOOR_CALL, number=number)
        reader = await Reader.of(door, "/events?after=3")
        blocks = await reader.blocks(1_198)
        assert [data_of(block)["seq"] for block in blocks[1:]] == list(range(4, 1_201))
        reader.close()


async def test_a_reader_that_hangs_up_is_no_mistake_of_ours():
    async with stream_door() as (door, events):
        reader = await Reader.of(door, "/events?after=0")
        await reader.blocks(1)
        reader.close()
        while events.readers:
            door.journal.record(Kind.DOOR_CALL, path="x" * 10_000)
            await asyncio.sleep(0)
        assert "crash" not in door.log.getvalue()


async def test_a_number_from_another_life_begins_at_the_beginning():
    async with stream_door() as (door, _):
        door.journal.record(Kind.WORLD_OPENED)
        reader = await Reader.of(door, "/events?after=99")
        assert data_of((await reader.blocks(2))[1])["seq"] == 1
        reader.close()


async def test_what_memory_has_forgotten_is_a_gap_that_is_told():
    async with stream_door(keep=10) as (door, _):
        for _ in range(25):
            door.journal.record(Kind.DOOR_CALL)
        reader = await Reader.of(door, "/events?after=0")
        _, gap, first = await reader.blocks(3)
        assert gap.startswith("id: 0\nevent: gap\n")
        assert data_of(gap)["forgotten"] == 15
        assert data_of(first)["seq"] == 16
        reader.close()


async def test_only_what_was_asked_for_is_told():
    async with stream_door(match=Match(kinds=frozenset({Kind.CLOCK_SET}))) as (door, _):
        reader = await Reader.of(door)
        await reader.blocks(1)
        door.journal.record(Kind.DOOR_CALL)
        door.journal.record(Kind.CLOCK_SET)
        assert data_of((await reader.blocks(1))[0])["seq"] == 2
        reader.close()


async def test_a_quiet_stream_beats():
    async with stream_door(beat_seconds=0.05) as (door, _):
        reader = await Reader.of(door)
        assert await reader.blocks(3) == ["retry: 2000", ": still here", ": still here"]
        reader.close()


async def test_a_reader_that_lags_is_dropped_with_a_notice_and_holds_nobody_up():
    async with stream_door(keep=100_000, backlog=50) as (door, events):
        slow, fast = await Reader.of(door), await Reader.of(door)
        await slow.blocks(1)
        await fast.blocks(1)
        for total in range(40, 2_001, 40):
            for _ in range(40):
                door.journal.record(Kind.DOOR_CALL, padding="x" * 10_000)
            told = await fast.blocks(40)
            assert data_of(told[-1])["seq"] == total
        rest = await slow.to_the_end()
        notice = json.loads(rest.partition(b"event: dropped\ndata: ")[2].partition(b"\n")[0])
        assert 0 < notice["after"] < 2_000
        assert events.dropped == 1
        assert "Last-Event-ID" in notice["detail"]
        slow.close()
        fast.close()


async def test_a_reader_that_takes_nothing_is_cut():
    async with stream_door(keep=100_000, backlog=90_000, stall_seconds=0.1) as (door, events):
        stuck = await Reader.of(door)
        for _ in range(3_000):
            door.journal.record(Kind.DOOR_CALL, padding="x" * 10_000)
        await until(lambda: events.dropped == 1)
        assert events.readers == 0
        stuck.close()


async def test_readers_have_a_most_and_leave_room_when_they_go():
    async with stream_door(most=1, beat_seconds=0.05) as (door, events):
        first = await Reader.of(door)
        status, headers, _ = await door.ask("GET", "/events")
        assert (status, headers["retry-after"]) == (503, "5")
        first.close()
        await until(lambda: events.readers == 0)
        second = await Reader.of(door)
        second.close()


async def test_closing_ends_every_stream():
    async with stream_door() as (door, events):
        reader = await Reader.of(door)
        await reader.blocks(1)
        events.close()
        assert (await reader.to_the_end()) == b"0\r\n\r\n"
        reader.close()
