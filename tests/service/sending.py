"""What tests of send calls share: people, calls, what was decided."""

from __future__ import annotations

from service.accept import Accept, Reason, Rejected, SendItem, SendOrder
from service.domain.request import Channel
from service.store import responses
from tests.service.rig import HOUR, Rig

DAY = 24 * HOUR
ONE, TWO, THREE = "+32472306705", "+32472306706", "+32472306707"


def accept_of(rig: Rig, *, interval: int = DAY, channels=(Channel.SMS,)) -> Accept:
    return Accept(rig.vault, rig.dice, channels=channels, contact_interval_ms=interval, validity_ms=2 * DAY)


def sms(destination: str = ONE, language: str | None = None, *segments: str) -> SendItem:
    return SendItem(Channel.SMS, destination, language, segments)


async def send(rig: Rig, *items: SendItem, accept: Accept | None = None, survey=None, account=None):
    survey = survey or rig.survey
    unit = (accept or accept_of(rig)).unit(
        SendOrder(items), account or rig.account, survey.id, rig.clock.now()
    )
    return await rig.store.write(unit)


def reasons(decisions) -> list[Reason | None]:
    return [decision.reason if isinstance(decision, Rejected) else None for decision in decisions]


def later(rig: Rig, by: int) -> None:
    rig.clock.jump(rig.clock.now() + by)


async def opt_out(rig: Rig, destination: str) -> None:
    fingerprint = rig.vault.fingerprint(destination)
    await rig.store.write(lambda tx: responses.opt_out(tx, rig.account, fingerprint, rig.clock.now()))
