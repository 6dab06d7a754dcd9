"""A real service on a free port, real HTTP, a real database in a temporary folder; no gateway in reach."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.app import Service
from service.config import Settings
from service.store.database import OutcomeUnknown, Trouble
from service.web.express import Express
from tests.service.web.caller import Caller
from tests.service.web.wire import Wire

NOWHERE = "http://127.0.0.1:9"
Opener = Callable[..., Any]


@pytest.fixture
def open_service(tmp_path: Path) -> Opener:
    """`async with open_service(send_burst=1000) as service`."""

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[Service]:
        chosen: dict[str, Any] = {
            "port": 0,
            "database": str(tmp_path / "x.sqlite3"),
            "gateway_url": NOWHERE,
        } | settings
        with (tmp_path / "log").open("ab") as log:
            service = await Service.start(Settings(**chosen), log_to=log)
            try:
                yield service
            finally:
                await service.stop()

    return opened


def leave_unanswered(service: Service, patch: pytest.MonkeyPatch) -> None:
    """The store commits, and nobody is told."""
    database = service.store._database
    commit = database.commit

    def unanswered(opened: Any, last: Any) -> None:
        commit(opened, last)
        raise sqlite3.OperationalError

    patch.setattr(database, "commit", unanswered)
    patch.setattr(database, "trouble", lambda _: Trouble.FAILING)
    patch.setattr(database, "translated", lambda _: OutcomeUnknown("the database does not say"))


@pytest.fixture
async def service(open_service: Opener) -> AsyncIterator[Service]:
    async with open_service() as running:
        yield running


@pytest.fixture
async def caller(service: Service) -> AsyncIterator[Caller]:
    """The first account's client."""
    async with Caller(service.url, await service.open_account("first", "first-secret")) as opened:
        yield opened


@pytest.fixture
async def stranger(service: Service) -> AsyncIterator[Caller]:
    """Another account's client."""
    async with Caller(service.url, await service.open_account("second", "second-secret")) as opened:
        yield opened


class Watch:
    """What went the express way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken = 0
        take = Express.take

        def watched(*given: Any) -> bool:
            came = take(*given)
            self.taken += came
            return came

        monkeypatch.setattr(Express, "take", watched)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@pytest.fixture
async def survey(caller: Caller) -> int:
    return await caller.survey()


@pytest.fixture
async def wire(service: Service) -> AsyncIterator[Wire]:
    async with Wire(service) as opened:
        yield opened
