"""What tests of reports and replies share."""

from __future__ import annotations

import itertools

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, RequestId
from service.settle import Settle
from service.store import outbox
from tests.service.rig import HOUR, Rig, mark_submitted

WINDOW = 72 * HOUR
PERSON = "+32470000000"
numbers = itertools.count()


def settle_of(rig: Rig, reader=read) -> Settle:
    return Settle(rig.store, rig.vault, rig.clock, rig.meters, reader=reader, response_window=WINDOW / 1000)


async def hand_over(rig: Rig, request: RequestId) -> None:
    """As the worker does: leased, then taken."""
    await lease(rig)
    await taken(rig, request)


async def lease(rig: Rig) -> None:
    now = rig.clock.now()
    await rig.store.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), 100))


async def taken(rig: Rig, request: RequestId) -> None:
    now = rig.clock.now()
    await rig.store.write(
        lambda tx: mark_submitted(tx, request, gateway_id=f"gw-{request}", now=now, window_ms=WINDOW)
    )


def reply(text: str, *, sender: str = PERSON, message_id: str | None = None) -> Reply:
    return Reply(message_id or f"mo-{next(numbers)}", Channel.SMS, sender, text)


def report(delivery: Delivery, request: RequestId) -> DeliveryReport:
    return DeliveryReport(Channel.SMS, delivery, request=request)
