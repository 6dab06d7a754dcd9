"""The whole service with a telephone exchange: from a send call to the report, by voice."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from service.app import Service
from tests.service.gateways.switchboard import ACCOUNT, CALLER, TOKEN, Line, cuts, hangs, open_exchange
from tests.service.rig import until
from tests.service.test_app import opened, program, settings
from tests.service.web.caller import Caller, to

LANDLINE = "02 412 00 00"


@pytest.fixture
async def exchange():
    async with open_exchange() as opened:
        yield opened


@asynccontextmanager
async def running(folder: Path, exchange, **more: object):
    own = {
        "voice_url": exchange.url,
        "voice_account_sid": ACCOUNT,
        "voice_auth_token": TOKEN,
        "voice_caller": CALLER,
        "gateway_deadline": 2.0,
    }
    service = await Service.start(settings(folder, **(own | more)))
    try:
        async with Caller(service.url, await service.open_account("a", "b")) as caller:
            yield service, caller
    finally:
        await service.stop()


def spoken(destination: str) -> dict[str, str]:
    return {"channel": "VOICE", "destination": destination}


async def figures(caller, query: str = "") -> dict[str, int]:
    found: dict[str, int] = (await caller.get(f"/report{query}")).json["responseStatistics"]
    return found


async def test_a_survey_by_voice_from_the_call_to_the_report(tmp_path, exchange):
    async with running(tmp_path, exchange) as (service, caller), aiohttp.ClientSession() as session:
        survey = await caller.survey()
        sent = (await caller.send(survey, spoken(LANDLINE), to(1), spoken("0470 00 00 02"))).json
        assert (sent["accepted"], sent["rejected"]) == (3, 0)
        await until(lambda: len(exchange.orders) == 2)
        lines = {
            order["To"]: Line(session, order, f"CA{number:032}")
            for number, order in enumerate(exchange.orders)
        }
        assert set(lines) == {"+3224120000", "+32470000002"}
        line = lines["+3224120000"]
        assert line.order["Url"].startswith(service.url)
        thanks = await line.press(await line.pick_up(AnsweredBy="human"), "10")
        assert thanks.said == [("en-GB", "Thank you for your answer. Goodbye.")]
        await line.end("completed", AnsweredBy="human")
        await lines["+32470000002"].end("no-answer")
        voice, details = await figures(caller, "?channel=VOICE"), await caller.get("/report?include=details")
        assert (voice["totalRequests"], voice["goodResponses"], voice["failed"]) == (2, 1, 1)
        assert (await figures(caller, "?channel=SMS"))["totalRequests"] == 1
        assert set(details.json["details"]["byChannel"]) == {"SMS", "VOICE"}


async def test_one_person_gets_one_survey_whatever_the_channel(tmp_path, exchange):
    async with running(tmp_path, exchange) as (_, caller):
        survey = await caller.survey()
        answer = (await caller.send(survey, to(1), spoken(to(1)["destination"]))).json
        again = (await caller.send(await caller.survey(), spoken(to(1)["destination"]))).json
    assert [each["status"] for each in answer["requests"]] == ["ACCEPTED", "REJECTED"]
    assert answer["requests"][1]["reason"] == again["requests"][0]["reason"] == "CONTACTED_RECENTLY"


async def test_a_public_address_is_where_the_exchange_calls_back(tmp_path, exchange):
    async with running(tmp_path, exchange, public_url="https://survey.example.be/x") as (_, caller):
        await caller.send(await caller.survey(), spoken(LANDLINE))
        await until(lambda: exchange.orders)
    assert exchange.orders[0]["Url"].startswith("https://survey.example.be/x/gateways/voice/")


@asynccontextmanager
async def program_with_exchange(folder: Path, exchange, port: int):
    """`python -m service`, at the same address each time."""
    environ = {
        "BELFORT_PORT": str(port), "BELFORT_VOICE_URL": exchange.url, "BELFORT_VOICE_ACCOUNT_SID": ACCOUNT,
        "BELFORT_VOICE_AUTH_TOKEN": TOKEN, "BELFORT_VOICE_CALLER": CALLER, "BELFORT_LOG_LEVEL": "error",
    }  # fmt: skip
    async with program(folder, **environ) as process, aiohttp.ClientSession() as session:
        url = await opened(process)
        yield process, url, session


def line_to(exchange, session, person: str) -> Line:
    """The call that was ordered last to a person."""
    number, order = max(
        (number, order) for number, order in enumerate(exchange.orders) if order["To"] == person
    )
    return Line(session, order, f"CA{number:032}")


async def test_a_kill_in_the_middle_of_calls_loses_nothing_and_counts_nothing_twice(tmp_path, exchange):
    """Killed while orders are under way, and between a bad key and the second chance."""
    people = [f"+3247000000{number}" for number in range(6)]
    service = await Service.start(settings(tmp_path))
    token = await service.open_account("a", "b")
    await service.stop()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    exchange.behaviours += [hangs, hangs, cuts]
    async with program_with_exchange(tmp_path, exchange, port) as (first, url, session):
        async with Caller(url, token) as caller:
            sent = await caller.send(await caller.survey(), *map(spoken, people))
            assert sent.json["accepted"] == 6
            await until(lambda: {order["To"] for order in exchange.orders} == set(people))
            line = line_to(exchange, session, people[5])
            again = await line.press(await line.pick_up(), "*")
            assert (await figures(caller))["badResponses"] == 1
        first.kill()
        await first.wait()
        before = len(exchange.orders)
    async with (
        program_with_exchange(tmp_path, exchange, port) as (_, url, session),
        Caller(url, token) as caller,
    ):
        await until(lambda: len(exchange.orders) >= before + 2)
        line.session = session
        await line.press(again, "8")
        await line.press(again, "8")
        for person in people[:5]:
            line = line_to(exchange, session, person)
            await line.press(await line.pick_up(), "9")
            await line.end("completed")
        counted = await figures(caller)
    assert counted == {
        "totalRequests": 6, "totalResponses": 6, "goodResponses": 6, "badResponses": 0, "failed": 0,
    }  # fmt: skip
    references = {(order["To"], order["Url"]) for order in exchange.orders}
    assert len(references) == 6, "a repeat carries the same reference"
