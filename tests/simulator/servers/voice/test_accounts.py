"""Who may call, how much at a time, and that nobody sees another's calls."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.journal import Kind
from tests.simulator.servers.voice.studio import open_studio

SILENT, NINE = "+32450080701", "+32450000901"


async def test_the_sdk_reads_its_account():
    async with open_studio() as studio:
        account = await studio.sdk(studio.client.api.accounts(studio.client.username).fetch)
        assert (account.sid, account.status) == (studio.client.username, "active")


async def test_nobody_calls_in_the_name_of_another():
    other = "ACbe1f0000000000000000000000000002"
    async with open_studio(voice_accounts=((other, "another-token"),)) as studio:
        path = studio.api.replace(studio.client.username, other)
        async with studio.world.session.get(f"{path}/Calls.json", headers=studio.authorization) as response:
            assert response.status == 401


@pytest.mark.parametrize(
    ("sid", "token"),
    [
        ("ACbe1f0000000000000000000000000001", "wrong"),
        ("AC00000000000000000000000000000000", "belfort-voice-token"),
    ],
)
async def test_strangers_are_not_let_in(sid, token):
    async with open_studio() as studio:
        client = Client(sid, token)
        client.api.base_url = studio.world.simulator.voice_url
        for method in (client.api.accounts(sid).fetch, client.calls("CA1").fetch):
            with pytest.raises(TwilioRestException) as refused:
                await studio.sdk(method)
            assert (refused.value.status, refused.value.code) == (401, 20003)


async def test_accounts_do_not_see_each_others_calls():
    other = "ACbe1f0000000000000000000000000002"
    async with open_studio(voice_accounts=((other, "another-token"),)) as studio:
        call = await studio.survey(NINE)
        client = Client(other, "another-token")
        client.api.base_url = studio.world.simulator.voice_url
        assert await studio.sdk(client.calls.list) == []
        with pytest.raises(TwilioRestException) as refused:
            await studio.sdk(client.calls(call.sid).fetch)
        assert (refused.value.status, refused.value.code) == (404, 20404)


async def test_an_account_has_no_more_calls_under_way_than_it_may():
    async with open_studio(voice_at_once=2) as studio:
        await studio.survey(SILENT)
        await studio.survey(SILENT)
        with pytest.raises(TwilioRestException) as refused:
            await studio.survey(NINE)
        assert (refused.value.status, refused.value.code) == (429, 20429)
        await studio.pass_(120)
        await studio.survey(NINE)


async def test_calls_beyond_the_rate_wait_in_the_queue():
    async with open_studio(voice_per_second=0.5) as studio:
        for lane in range(3):
            await studio.survey(f"+324500801{lane:02}")
        await studio.pass_(60)
        begun = [each.at for each in studio.entries(Kind.CALL_STATUS, status="initiated")]
        assert [later - begun[0] for later in begun] == [0, 2_000, 4_000]
