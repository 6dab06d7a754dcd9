"""The same tests on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from service.store.database import Database
from service.store.postgres import Postgres
from tests.service.rig import Rig, open_rig
from tests.service.server import Server, serving
from tests.service.sms_gateway import Stub, open_stub


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for the tests of this process."""
    with serving() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Callable[[], Database | None]:
    """Gives an empty database: None stands for SQLite in a file of the test's own."""
    if request.param == "sqlite":
        return lambda: None
    server: Server = request.getfixturevalue("postgres")
    return lambda: Postgres(server.new_database())


@pytest.fixture
async def rig(tmp_path: Path, engine: Callable[[], Database | None]) -> AsyncIterator[Rig]:
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    """An SMS gateway that does as it is told."""
    async with open_stub() as opened:
        yield opened
