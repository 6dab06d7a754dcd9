"""Sealing, recognising, and keys that end."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.clock import Dice
from service.store.vault import NONCE_BYTES, Vault, WrongMasterKey
from tests.service.rig import NOON, open_rig

DAY = 20_000
NUMBER = "+32472306705"


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


async def sealed(rig, request, day=DAY):
    return await rig.store.write(
        lambda tx: rig.vault.sealer(tx, day).seal(request, NUMBER, rig.dice.secret(NONCE_BYTES))
    )


async def test_what_was_sealed_opens_again_also_after_a_restart(rig):
    request = rig.dice.request_ids([NOON])[0]
    content = await sealed(rig, request)
    again = Vault.open(rig.path, "", Dice())
    for vault in (rig.vault, again):
        assert (
            await rig.store.write(lambda tx, vault=vault: vault.opener(tx).unseal(DAY, request, content))
            == NUMBER
        )
    assert NUMBER.encode() not in content


async def test_the_same_destination_never_looks_the_same_twice(rig):
    request = rig.dice.request_ids([NOON])[0]
    assert await sealed(rig, request) != await sealed(rig, request)


async def test_a_seal_is_bound_to_its_request_and_its_day(rig):
    request, other = rig.dice.request_ids([NOON])[0], rig.dice.request_ids([NOON])[0]
    content = await sealed(rig, request)
    await sealed(rig, other, DAY + 1)
    for day, who, what in (
        (DAY, other, content),
        (DAY + 1, request, content),
        (DAY, request, content[:-1] + bytes([content[-1] ^ 1])),
    ):
        with pytest.raises(WrongMasterKey):
            await rig.store.write(lambda tx, of=(day, who, what): rig.vault.opener(tx).unseal(*of))


async def test_without_the_days_key_nothing_opens_any_more(rig):
    request = rig.dice.request_ids([NOON])[0]
    content = await sealed(rig, request)
    assert await rig.store.write(lambda tx: tx.run("destroy_data_keys")) == 1
    with pytest.raises(WrongMasterKey, match="no data key"):
        await rig.store.write(lambda tx: rig.vault.opener(tx).unseal(DAY, request, content))


async def test_a_key_that_was_rolled_back_is_not_used(rig):
    request = rig.dice.request_ids([NOON])[0]

    def fails(tx):
        rig.vault.sealer(tx, DAY).seal(request, NUMBER, rig.dice.secret(NONCE_BYTES))
        raise LookupError

    with pytest.raises(LookupError):
        await rig.store.write(fails)
    content = await sealed(rig, request)
    again = Vault.open(rig.path, "", Dice())
    assert await rig.store.write(lambda tx: again.opener(tx).unseal(DAY, request, content)) == NUMBER


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    database = tmp_path / "survey.sqlite3"
    first = Vault.open(database, "", Dice())
    file = tmp_path / "survey.sqlite3.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Vault.open(database, "", Dice()).fingerprint(NUMBER) == first.fingerprint(NUMBER)
    assert [entry.name for entry in tmp_path.iterdir()] == ["survey.sqlite3.key"]


def test_instances_that_start_together_on_a_new_database_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault.open(tmp_path / "a", "", Dice()), range(32)))
    assert len({vault.fingerprint(NUMBER) for vault in vaults}) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.key"]


def test_the_key_that_is_given_comes_before_the_file(tmp_path):
    key = base64.b64encode(os.urandom(32)).decode()
    one, two = (Vault.open(tmp_path / name, key, Dice()) for name in ("a", "b"))
    assert one.fingerprint(NUMBER) == two.fingerprint(NUMBER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "é" * 44])
def test_a_broken_key_file_is_refused_by_name(tmp_path, text):
    (tmp_path / "a.key").write_text(text)
    with pytest.raises(WrongMasterKey, match=r"a\.key"):
        Vault.open(tmp_path / "a", "", Dice())


async def test_a_database_knows_its_master_key(rig):
    other = Vault.open(rig.path, base64.b64encode(os.urandom(32)).decode(), Dice())
    await rig.store.write(rig.vault.recognise)
    await rig.store.write(rig.vault.recognise)
    with pytest.raises(WrongMasterKey, match="another master key"):
        await rig.store.write(other.recognise)


def test_hashes_depend_on_the_key_and_on_their_purpose(tmp_path):
    one, two = (Vault.open(tmp_path / name, "", Dice()) for name in ("a", "b"))
    assert len({vault.fingerprint(NUMBER) for vault in (one, two)} | {one.hashed(NUMBER.encode())}) == 3
    assert len(one.fingerprint(NUMBER)) == 32
