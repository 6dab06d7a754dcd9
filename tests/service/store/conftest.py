"""A store on SQLite, in a real file."""

from __future__ import annotations

import pytest

from service.store.engine import Store


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(tmp_path / "survey.sqlite3")
    yield opened
    await opened.close()
