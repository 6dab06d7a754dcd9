"""A worker for tests of handing over."""

from __future__ import annotations

import asyncio

from service.clock import Moment
from service.gateways.sms_http import Peer, SmsHttp
from service.submit import Limits, Submit
from tests.service.rig import HOUR

PERSON = "+32470000000"
WINDOW = 72 * HOUR


class Worker:
    """A submitting worker that runs. `crash` ends it as a killed process would end."""

    def __init__(self, rig, stub, *, deadline: float = 10.0, **limits) -> None:
        self.rig = rig
        self.windows: list[Moment] = []
        peer = Peer(url=stub.url, client_id="client", client_secret="hush", deadline=deadline, polls=False)
        self.gateway = SmsHttp(peer, rig.store, rig.clock, rig.meters, rig.log)
        self.submit = Submit(
            self.gateway,
            rig.store,
            rig.vault,
            rig.clock,
            rig.dice,
            rig.meters,
            rig.log,
            Limits(**limits),
            on_window=self.windows.append,
        )

    async def __aenter__(self):
        self.task = asyncio.create_task(self.submit.run())
        return self

    async def __aexit__(self, *_):
        await self.crash()

    async def queue(self, *destinations: str, **how):
        requests = await self.rig.queue_all(list(destinations), **how)
        self.submit.bell.ring()
        return requests

    async def run_dry(self, limit: int | None = None) -> None:
        await self.rig.clock.run_until(lambda: False, limit)

    async def crash(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.gateway.close()


def flies(worker: Worker, count: int) -> bool:
    return worker.submit.in_flight == count
