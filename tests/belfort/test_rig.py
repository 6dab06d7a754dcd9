"""The harness of a load test, as its users find it."""

from __future__ import annotations

from belfort.client import Caller, Credentials
from belfort.rig import rig

DAY = 86_400


async def test_the_token_that_users_begin_with_lasts_longer_than_any_load_test():
    with rig({}, None, 1) as told:
        basic = Credentials(told["client_id"], told["client_secret"]).basic()
        async with Caller(told["url"]) as caller:
            answer = await caller.call(
                "POST", "/token", query={"grant_type": "client_credentials"}, headers={"Authorization": basic}
            )
    assert answer["expires_in"] >= DAY
