"""Accounts, secrets, tokens."""

from __future__ import annotations

import pytest

from service.store.accounts import Accounts, Client, ClientTaken
from tests.service.rig import open_rig


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


@pytest.fixture
def accounts(rig):
    return Accounts(rig.store, rig.clock, rig.dice, token_lifetime=3600)


async def test_a_client_is_known_by_its_secret_alone(accounts):
    made = await accounts.create("ours")
    right = await accounts.authenticate(made.client_id, made.client_secret)
    assert right == Client(made.client_id, made.account)
    assert await accounts.authenticate(made.client_id, made.client_secret + "x") is None
    assert await accounts.authenticate("nobody", made.client_secret) is None
    assert await accounts.authenticate(made.client_id, "") is None


async def test_well_known_credentials_make_one_account_however_often(accounts):
    one = await accounts.create("a", client_id="well-known", client_secret="s3cret")
    two = await accounts.create("a", client_id="well-known", client_secret="s3cret")
    assert one == two
    with pytest.raises(ClientTaken):
        await accounts.create("b", client_id="well-known", client_secret="other")


async def account_of(accounts, token):
    known = await accounts.lookup(token)
    return None if known is None else known[0]


async def test_a_token_tells_its_account_until_it_expires(accounts, rig):
    made = await accounts.create("ours")
    token = await accounts.issue(Client(made.client_id, made.account))
    assert token.expires_in == 3600
    assert await account_of(accounts, token.value) == made.account
    assert await account_of(accounts, token.value + "x") is None
    rig.clock.wall_seconds += 3599
    assert await account_of(accounts, token.value) == made.account
    rig.clock.wall_seconds += 1
    assert await account_of(accounts, token.value) is None


async def test_expired_tokens_go_when_new_ones_are_issued(accounts, rig):
    made = await accounts.create("ours")
    client = Client(made.client_id, made.account)
    for _ in range(5):
        await accounts.issue(client)
    rig.clock.wall_seconds += 3600
    await accounts.issue(client)
    assert rig.row("SELECT count(*) FROM token") == (1,)


async def test_a_token_can_be_ended(accounts):
    made = await accounts.create("ours")
    one, two = [await accounts.issue(Client(made.client_id, made.account)) for _ in range(2)]
    assert await accounts.revoke_token(one.value)
    assert not await accounts.revoke_token(one.value)
    assert await account_of(accounts, one.value) is None
    assert await account_of(accounts, two.value) == made.account


async def test_a_revoked_client_and_its_tokens_are_worth_nothing(accounts):
    made = await accounts.create("ours", client_id="ours", client_secret="s")
    client = Client(made.client_id, made.account)
    token = await accounts.issue(client)
    assert await accounts.revoke("ours")
    assert not await accounts.revoke("ours")
    assert await account_of(accounts, token.value) is None
    assert await accounts.authenticate("ours", "s") is None
    assert await accounts.issue(client) is None
    with pytest.raises(ClientTaken):
        await accounts.create("ours", client_id="ours", client_secret="s")


async def test_an_account_can_have_several_clients(accounts):
    made = await accounts.create("ours")
    more = await accounts.add_client(made.account)
    assert (await accounts.authenticate(more.client_id, more.client_secret)).account == made.account
    assert await accounts.add_client(999) is None
    await accounts.revoke(made.client_id)
    card = (await accounts.cards())[-1]
    assert (card.name, card.clients, card.revoked) == ("ours", (more.client_id,), (made.client_id,))


async def test_neither_secrets_nor_tokens_stand_in_the_files(accounts, rig):
    made = await accounts.create("ours")
    token = await accounts.issue(Client(made.client_id, made.account))
    content = b"".join(file.read_bytes() for file in rig.path.parent.iterdir())
    assert made.client_secret.encode() not in content
    assert token.value.encode() not in content
    assert made.client_secret not in repr(made)
    assert token.value not in repr(token)


async def test_odd_secrets_are_wrong_and_nothing_worse(accounts):
    made = await accounts.create("ours")
    for secret in ("\ud800", "\x00", "x" * 100_000):
        assert await accounts.authenticate(made.client_id, secret) is None
        assert await account_of(accounts, secret) is None
