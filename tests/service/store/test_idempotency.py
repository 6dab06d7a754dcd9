"""First answers."""

from __future__ import annotations

import pytest

from service.clock import Moment
from service.domain.request import AccountId
from service.store import idempotency
from service.store.idempotency import LIFETIME_MS, Kept, Slot
from tests.service.rig import NOON, open_rig

SLOT = Slot(account=AccountId(1), path="/surveys/8/send", key_hash=b"k" * 32)
FIRST = Kept(b"b" * 32, 202, '{"accepted":1}', None)


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


async def test_an_answer_is_kept_for_a_day(rig):
    await rig.store.write(lambda tx: idempotency.record(tx, SLOT, FIRST, NOON))
    for late, expected in ((0, FIRST), (LIFETIME_MS - 1, FIRST), (LIFETIME_MS, None)):
        moment = Moment(NOON + late)
        assert await rig.store.read(lambda tx, at=moment: idempotency.lookup(tx, SLOT, at)) == expected


@pytest.mark.parametrize(
    "other",
    [
        Slot(AccountId(2), SLOT.path, SLOT.key_hash),
        Slot(AccountId(1), "/surveys/9/send", SLOT.key_hash),
        Slot(AccountId(1), SLOT.path, b"x" * 32),
    ],
)
async def test_another_account_path_or_key_is_another_slot(rig, other):
    await rig.store.write(lambda tx: idempotency.record(tx, SLOT, FIRST, NOON))
    assert await rig.store.read(lambda tx: idempotency.lookup(tx, other, NOON)) is None


async def test_an_expired_answer_gives_way(rig):
    later, second = Moment(NOON + LIFETIME_MS), Kept(b"c" * 32, 201, "{}", "/surveys/9")
    await rig.store.write(lambda tx: idempotency.record(tx, SLOT, FIRST, NOON))
    await rig.store.write(lambda tx: idempotency.record(tx, SLOT, second, later))
    assert await rig.store.read(lambda tx: idempotency.lookup(tx, SLOT, later)) == second
