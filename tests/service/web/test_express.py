"""The express way answers as the general way does, and steps aside for it wherever a call is not ordinary."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from service.app import Service
from service.store import acceptance
from service.store.database import Contested, Trouble
from service.store.engine import StoreUnavailable
from service.web import access, answers, known
from service.web.sending import Sends
from tests.service.rig import until
from tests.service.web.caller import Caller, to
from tests.service.web.conftest import Opener, Watch, leave_unanswered
from tests.service.web.wire import Wire, at_the_door, body, call, meet, total

ACCEPTED = {"route": "/surveys/{id}/send", "method": "POST", "status": "202"}


async def test_what_is_ordinary_goes_the_express_way_and_is_answered_as_ever(
    wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    answers = []
    for number in (1, 2):
        await wire.say(call(caller, survey, body(to(number, referenceId="r"))))
        answers.append(await wire.answer())
    assert watch.taken == 1
    (status, general, first), (again, express, second) = answers
    assert (status, again) == (202, 202)
    assert [*general] == [*express]
    assert {name for name in general if general[name] != express[name]} <= {"RateLimit", "Date"}
    assert masked(first) == masked(second)


BODIES = {
    "one accepted": body(to(11)),
    "rejected": body(to(12), {"channel": "SMS", "destination": "+31612345678"}),
    "the same person twice": body(to(13), to(13)),
    "no such language": body(to(14, language="pt")),
    "references and tags": body(to(15, referenceId="ä", segments=["b", "a", "b"])),
    "a hundred": body(*[to(number) for number in range(100, 200)]),
    "a member too many": body(to(16, colour="red")),
    "a member twice": b'{"requests":[{"channel":"SMS","channel":"SMS","destination":"+32470000017"}]}',
    "not JSON": b'{"requests":',
    "blank": b"   ",
    "a mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"requests":[{"channel":"SMS","destination":NaN}]}',
    "no requests": b'{"requests":[]}',
    "more than a call may hold": body(*[to(number) for number in range(1_001)]),
}


@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES.keys())
async def test_both_ways_answer_any_body_alike(
    open_service: Opener, watch: Watch, sent: bytes, tmp_path: Path
) -> None:
    answers = []
    for met, database in ((False, "a"), (True, "b")):
        async with at_the_door(open_service, database=str(tmp_path / database)) as (_, caller, wire):
            survey = await caller.survey()
            await (meet(wire, caller, survey, sent) if met else caller.send(survey))
            before = watch.taken
            await wire.say(call(caller, survey, sent))
            status, headers, text = await wire.answer()
            for name in ("Date", "RateLimit"):
                headers.pop(name, None)
            answers.append((status, headers, masked(text)))
            if met:
                assert watch.taken - before == (status == 202)
    assert answers[0] == answers[1]


async def test_it_is_counted_and_logged_like_any_call(
    open_service: Opener, tmp_path: Path, watch: Watch
) -> None:
    async with at_the_door(open_service) as (service, caller, wire):
        survey = await caller.survey()
        for number in (1, 2, 3):
            await wire.say(call(caller, survey, body(to(number))))
            await wire.answer()
        sample = service.meters.registry.get_sample_value
        assert watch.taken == 2
        assert sample("survey_calls_total", ACCEPTED) == 3
        assert sample("survey_requests_accepted_total", {"channel": "SMS"}) == 3
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    sent = [{**line, "ms": 0, "at": ""} for line in lines if line.get("route") == ACCEPTED["route"]]
    assert len(sent) == 3
    assert sent[0] == sent[1] == sent[2]


async def test_a_stranger_makes_no_head_known(
    service: Service, wire: Wire, caller: Caller, survey: int
) -> None:
    for token, many in (("wrong", 0), (caller.token, 1)):
        guest = Caller(service.url, token)
        await wire.say(call(guest, survey, body(to(1))))
        await wire.answer()
        await wire.say(call(guest, survey, body(to(1))))
        await wire.answer()
        assert len(service._doors.express.heads._known) == many


async def test_a_mistake_before_the_store_is_asked_is_500(
    service: Service, wire: Wire, caller: Caller, survey: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meet(wire, caller, survey, body(to(1)))

    def broken(*_: object) -> None:
        raise ValueError("+32470000001")

    monkeypatch.setattr(Sends, "admit", broken)
    await wire.say(call(caller, survey, body(to(1))))
    assert (await wire.answer())[0] == 500


async def test_a_token_that_ends_ends_at_once(
    service: Service, wire: Wire, caller: Caller, survey: int, watch: Watch
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    assert await service.revoke("first")
    await wire.say(call(caller, survey, body(to(1))))
    assert ((await wire.answer())[0], watch.taken) == (401, 0)


async def delete_elsewhere(service: Service, _: pytest.MonkeyPatch) -> None:
    await service.store.write(lambda tx: tx.run("delete_survey", survey=1, account=1, now=1))


async def fill(service: Service, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(service.store._writer, "put", refuse)


async def lose_sight(service: Service, patch: pytest.MonkeyPatch) -> None:
    leave_unanswered(service, patch)


async def break_unit(_: Service, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(acceptance, "claim", broken)


async def break_answer(_: Service, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers, "receipt", broken)


HARM = {delete_elsewhere: 404, fill: 503, lose_sight: 503, break_unit: 500, break_answer: 500}


@pytest.mark.parametrize("harm", HARM)
async def test_what_goes_wrong_on_either_way_is_answered_counted_and_logged_alike(
    open_service: Opener, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Any
) -> None:
    seen = []
    for met, database in ((False, "a"), (True, "b")):
        (tmp_path / "log").unlink(missing_ok=True)
        async with at_the_door(open_service, database=str(tmp_path / database)) as (service, caller, wire):
            survey = await caller.survey()
            await (meet(wire, caller, survey, body(to(1))) if met else caller.send(survey))
            with monkeypatch.context() as patch:
                await harm(service, patch)
                await wire.say(call(caller, survey, body(to(1))))
                status, headers, text = await wire.answer()
            assert (status, watch.taken) == (HARM[harm], met)
            if status == 500:
                assert await wire.end() == b""
            seen.append(([*headers], {**headers, "Date": ""}, text, counted(service)))
        seen[-1] += (noted(tmp_path / "log"),)
    assert seen[0] == seen[1]


def counted(service: Service) -> list[tuple[str, dict[str, str], float]]:
    """What the meters say of calls, but for how long they took."""
    return [
        (sample.name, sample.labels, sample.value)
        for metric in service.meters.registry.collect()
        for sample in metric.samples
        if sample.name in ("survey_calls_total", "survey_crashes_total", "survey_store_refusals_total")
    ]


def noted(log: Path) -> list[dict[str, Any]]:
    """What the log says of calls, but for how long they took."""
    lines = map(json.loads, log.read_text().splitlines())
    events = ("call", "crashed", "store_unavailable")
    return [{**line, "at": "", "ms": 0} for line in lines if line["event"] in events]


async def test_a_call_that_the_store_refuses_is_not_done_again(
    service: Service, wire: Wire, caller: Caller, survey: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def fail(*_: Any) -> None:
        done.append(1)
        raise sqlite3.OperationalError

    await meet(wire, caller, survey, body(to(1)))
    monkeypatch.setattr(service.store._database, "trouble", lambda _: Trouble.FAILING)
    monkeypatch.setattr(service.store._database, "translated", lambda _: StoreUnavailable("gone"))
    monkeypatch.setattr(service.store._database, "commit", fail)
    await wire.say(call(caller, survey, body(to(1))))
    assert ((await wire.answer())[0], len(done)) == (503, 1)


async def test_what_is_answered_is_what_became_durable_not_what_was_tried_before(
    service: Service, wire: Wire, caller: Caller, survey: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others got in the way of the first commit, when the answer was already prepared."""
    await meet(wire, caller, survey, body(to(1)))
    database = service.store._database
    commit = database.commit

    def fail(_: Any, last: Any) -> None:
        last()
        monkeypatch.setattr(database, "commit", commit)
        raise Contested

    monkeypatch.setattr(database, "commit", fail)
    await wire.say(call(caller, survey, body(to(1))))
    told = UUID(json.loads((await wire.answer())[2])["requests"][0]["id"])
    kept = await service.store.read(
        lambda tx: tx._connection.execute(
            "SELECT count(*) FROM request WHERE id = ?", [told.bytes]
        ).fetchone()
    )
    assert kept[0] == 1


@pytest.mark.parametrize("harm", [None, *HARM])
async def test_the_clock_is_let_go_whatever_becomes_of_a_call(
    service: Service, wire: Wire, caller: Caller, survey: int, monkeypatch: pytest.MonkeyPatch, harm: Any
) -> None:
    await meet(wire, caller, survey, body(to(1)))
    held = Held()
    monkeypatch.setattr(service.clock, "at_work", lambda: held)
    if harm is not None:
        await harm(service, monkeypatch)
    await wire.say(call(caller, survey, body(to(1))))
    await wire.answer()
    await until(lambda: held.many == 0)
    assert held.ever


async def test_a_limit_that_is_reached_is_429(open_service: Opener, watch: Watch) -> None:
    async with at_the_door(open_service, send_burst=2, send_rate=0.001) as (_, caller, wire):
        survey = await caller.survey()
        await meet(wire, caller, survey, body(to(1)))
        statuses = []
        for number in (1, 2, 3):
            await wire.say(call(caller, survey, body(to(number))))
            statuses.append((await wire.answer())[0])
        assert (statuses, watch.taken) == ([202, 202, 429], 2)


async def test_a_store_that_cannot_write_is_503_and_costs_nothing(
    open_service: Opener, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_the_door(open_service, send_burst=10, send_rate=0.001) as (service, caller, wire):
        survey = await caller.survey()
        await meet(wire, caller, survey, body(to(1)))
        with monkeypatch.context() as full:
            full.setattr(service.store._writer, "put", refuse)
            await wire.say(call(caller, survey, body(to(1))))
            assert ((await wire.answer())[0], watch.taken) == (503, 1)
        await wire.say(call(caller, survey, body(to(1))))
        status, headers, _ = await wire.answer()
        assert (status, headers["RateLimit"].partition(";t")[0]) == (202, '"send";r=9')


async def test_a_hundred_connections_send_a_thousand(
    service: Service, caller: Caller, survey: int, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (access, known):
        monkeypatch.setattr(module, "KNOWN_SECONDS", 60.0)

    async def ten(first: int) -> None:
        async with Wire(service) as wire:
            for number in range(first, first + 10):
                await wire.say(call(caller, survey, body(to(number))))
                assert (await wire.answer())[0] == 202

    await ten(0)
    await asyncio.gather(*(ten(first) for first in range(10, 1_000, 10)))
    assert await total(caller) == 1_000
    assert watch.taken > 900


def masked(text: bytes) -> str:
    """Without what is new in every call."""
    return re.sub(r'"(id|retryAfter)":"[^"]*"', r'"\1":""', text.decode())


class Held:
    """A hold on the clock that is counted."""

    many, ever = 0, False

    def __enter__(self) -> None:
        self.many, self.ever = self.many + 1, True

    def __exit__(self, *_: object) -> None:
        self.many -= 1


def broken(*_: Any) -> None:
    raise ValueError


def refuse(*_: Any) -> None:
    raise StoreUnavailable("the disk is full")
