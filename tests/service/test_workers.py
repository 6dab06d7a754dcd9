"""Workers: which end first, and what becomes of one that breaks."""

from __future__ import annotations

import asyncio
import io
import json

from service.logs import open_log
from service.meters import Meters
from service.workers import Workers
from tests.service.rig import until


class Steady:
    """Finishes what it has begun once it is told to stop and allowed to."""

    def __init__(self, told: list[str]) -> None:
        self.told, self.may_end, self._stopping = told, asyncio.Event(), asyncio.Event()
        self.runs = 0

    async def run(self) -> None:
        self.runs += 1
        await self._stopping.wait()
        await self.may_end.wait()
        self.told.append("worker finished")

    def stop(self) -> None:
        self._stopping.set()


class Fragile(Steady):
    """Breaks the first time."""

    async def run(self) -> None:
        if not self.runs:
            self.runs += 1
            raise LookupError("+32470000000")
        await super().run()


async def test_what_fetches_is_cancelled_when_the_workers_have_finished():
    told: list[str] = []
    worker = Steady(told)
    workers = Workers(asyncio.Event(), open_log("error", lambda: 0.0, io.BytesIO()), Meters())

    async def fetch() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            told.append("fetch cancelled")

    workers.begin({"w": worker}, {"f": fetch})
    await until(lambda: worker.runs)
    finishing = asyncio.create_task(workers.finish())
    await asyncio.wait((finishing,), timeout=0.05)
    assert (told, finishing.done()) == ([], False)
    worker.may_end.set()
    await finishing
    assert told == ["worker finished", "fetch cancelled"]


async def test_one_that_breaks_is_noted_and_starts_again(monkeypatch):
    monkeypatch.setattr("service.workers.RESTART_SECONDS", 0.001)
    lines, meters, worker = io.BytesIO(), Meters(), Fragile([])
    workers = Workers(asyncio.Event(), open_log("error", lambda: 0.0, lines), meters)
    workers.begin({"submit_SMS": worker}, {})
    await until(lambda: worker.runs == 2)
    worker.may_end.set()
    await workers.finish()
    assert meters.registry.get_sample_value("survey_crashes_total", {"part": "submit_SMS"}) == 1
    event = json.loads(lines.getvalue())
    assert (event["event"], event["part"]) == ("crashed", "submit_SMS")
    assert "32470000000" not in lines.getvalue().decode()


async def test_those_that_never_began_are_finished_at_once():
    await Workers(asyncio.Event(), open_log("error", lambda: 0.0, io.BytesIO()), Meters()).finish()
