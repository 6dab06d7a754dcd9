"""Calls that are right and refused: too many, or a store that cannot be written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from service.app import Service
from tests.service.web.caller import Caller, to
from tests.service.web.conftest import Opener


async def test_a_call_is_admitted_or_refused_whole_and_told_the_limit(open_service: Opener) -> None:
    async with (
        open_service(send_rate=0.1, send_burst=1000) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
    ):
        survey = await caller.survey()
        sent = await caller.send(survey, *[to(n) for n in range(900)])
        assert (sent.status, sent.headers["RateLimit-Policy"]) == (202, '"send";q=1000;w=10000')
        refused = await caller.send(survey, *[to(n) for n in range(900, 1100)])
        assert refused.status == 429
        assert 900 < int(refused.headers["Retry-After"]) <= 1000
        assert refused.headers["RateLimit"].startswith('"send";r=100;t=')
        assert refused.json["fault"]["code"] == 900800
        assert (await caller.send(survey, *[to(n) for n in range(900, 1000)])).status == 202
        assert (await caller.get("/report")).status == 200


async def test_other_calls_have_a_limit_of_their_own(open_service: Opener) -> None:
    async with (
        open_service(call_rate=0.01, call_burst=3) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
    ):
        survey = await caller.survey()
        await caller.get("/surveys")
        assert (await caller.post(f"/surveys/{survey}/send", b"faulty sends count as well")).status == 400
        refused = await caller.get("/surveys")
        assert (refused.status, refused.headers["RateLimit-Policy"]) == (429, '"calls";q=3;w=300')
        assert (await caller.send(survey, to(1))).status == 202


@contextmanager
def locked(service: Service) -> Iterator[None]:
    """Somebody else writes the database and does not end."""
    other = sqlite3.connect(service.settings.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_store_that_cannot_be_written_is_503_and_nothing_happens(
    service: Service, caller: Caller
) -> None:
    survey = await caller.survey()
    with locked(service):
        refused = await caller.send(survey, to(1))
        async with caller.session.get("/health/ready") as ready, caller.session.get("/health/live") as live:
            assert (ready.status, live.status) == (503, 200)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    assert (await caller.send(survey, to(1))).json["accepted"] == 1
    async with caller.session.get("/health/ready") as ready:
        assert ready.status == 200


async def test_what_the_store_refused_is_not_charged(open_service: Opener) -> None:
    async with (
        open_service(send_rate=0.1, send_burst=1000) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
    ):
        survey = await caller.survey()
        requests = [to(n) for n in range(1000)]
        with locked(service):
            assert (await caller.send(survey, *requests)).status == 503
        assert (await caller.send(survey, *requests)).status == 202
