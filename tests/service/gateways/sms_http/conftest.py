"""A gateway of the service beside an SMS gateway of somebody else's."""

from __future__ import annotations

import pytest

from tests.service.gateways.sms_http.client import gateway_of
from tests.service.rig import open_rig
from tests.service.sms_gateway import open_stub


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def stub():
    async with open_stub() as opened:
        yield opened


@pytest.fixture
async def gateway(rig, stub):
    opened = gateway_of(rig, stub.url)
    yield opened
    await opened.close()
