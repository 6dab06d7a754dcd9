"""A gateway of the service, bound to a message centre that speaks raw bytes."""

from __future__ import annotations

import pytest

from tests.service.gateways import centre as stub
from tests.service.gateways.smpp.esme import Inbox, gateway_of, running
from tests.service.rig import open_rig, until


@pytest.fixture
async def rig(tmp_path):
    async with open_rig(tmp_path) as opened:
        yield opened


@pytest.fixture
async def centre():
    async with stub.open_centre() as opened:
        yield opened


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
async def gateway(rig, centre, inbox):
    async with running(gateway_of(rig, centre.port), inbox) as opened:
        # The centre knows of the session before we do, who must read its answer first.
        await until(lambda: centre.sessions and rig.clock.held == 0)
        yield opened
