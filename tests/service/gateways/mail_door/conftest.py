"""The door that the service opens for mail."""

from __future__ import annotations

import pytest

from tests.service.gateways.mail_door.letters import open_door
from tests.service.rig import open_rig


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def door(rig):
    async with open_door(rig) as opened:
        yield opened
