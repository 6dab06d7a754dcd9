"""What tests of the HTTP gateway share: an inbox that can fail, a gateway, a message, polling at work."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from service.domain.request import (
    Channel,
    DeliveryReport,
    MtMessage,
    Reply,
)
from service.gateways.sms_http import Peer, SmsHttp
from service.store import outbox
from service.store.engine import StoreUnavailable
from tests.service.rig import (
    HOUR,
    NOON,
    mark_submitted,
)

PERSON = "+32470000000"
SECRET, NEXT_SECRET = b"0123456789abcdefghijklmn", b"nmlkjihgfedcba9876543210"


class Inbox:
    """Takes everything, or fails for a while."""

    def __init__(self) -> None:
        self.reports: list[DeliveryReport] = []
        self.replies: list[Reply] = []
        self.down = False

    async def take_report(self, report: DeliveryReport) -> None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        self.reports.append(report)

    async def take_reply(self, reply: Reply) -> None:
        if self.down:
            raise StoreUnavailable("the disk is full")
        self.replies.append(reply)


def gateway_of(rig, url: str, **change) -> SmsHttp:
    peer = Peer(url=url, client_id="client", client_secret="hush", deadline=10.0, call_back_secrets=(SECRET,))
    return SmsHttp(replace(peer, **change), rig.store, rig.clock, rig.meters, rig.log)


def message(rig, destination: str = PERSON) -> MtMessage:
    return MtMessage(rig.dice.request_ids([NOON])[0], Channel.SMS, destination, "Een vraag? 😀", "nl")


async def out_with_people(rig, count: int = 1):
    """Requests that were handed over, to be asked about at once."""
    requests = await rig.queue_all([f"+3247000{number:04}" for number in range(count)])
    await rig.store.write(
        lambda tx: outbox.lease_due(tx, Channel.SMS, rig.clock.now(), rig.clock.now() + HOUR, count)
    )
    for request in requests:
        await rig.store.write(
            lambda tx, request=request: mark_submitted(
                tx,
                request,
                gateway_id=f"gw-{request}",
                now=rig.clock.now(),
                window_ms=72 * HOUR,
                poll_at=rig.clock.now(),
            )
        )
    return requests


class Running:
    """`gateway.run` as a task, ended properly."""

    def __init__(self, gateway, inbox) -> None:
        self._gateway, self._inbox = gateway, inbox

    async def __aenter__(self):
        self._task = asyncio.create_task(self._gateway.run(self._inbox))
        return self._task

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
