"""Replies and deliveries that the gateway pushes, signed."""

from __future__ import annotations

import json

import aiohttp
import pytest

from service.domain.request import (
    Channel,
    Delivery,
    DeliveryReport,
    Reply,
)
from service.wire.webhook import signature
from tests.service.gateways.sms_http.client import NEXT_SECRET, PERSON, SECRET, Inbox, gateway_of
from tests.service.rig import (
    NOON,
    serving,
)

REPLY = {"inboundSMSMessageNotification": {"inboundSMSMessage": {"messageId": "m", "senderAddress": PERSON}}}


class Door:
    """The call-back route behind a real server."""

    def __init__(self, rig, url: str, inbox: Inbox) -> None:
        self.rig, self.url, self.inbox = rig, url, inbox

    async def push(self, body: bytes, *, key=SECRET, apart: float = 0, message_id="id-1", **change) -> int:
        moment = int(self.rig.clock.wall() + apart)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(key, message_id, moment, body),
            "Content-Type": "application/json",
        }
        return await self.post(body, headers | change)

    async def post(self, body: bytes, headers=None) -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url + "/gateways/sms/notifications", data=body, headers=headers) as answer,
        ):
            if answer.status >= 400:
                assert answer.content_type == "application/problem+json"
                assert (await answer.json(content_type=None))["status"] == answer.status
            return answer.status


@pytest.fixture
async def door(rig):
    inbox = Inbox()
    secrets = (SECRET, NEXT_SECRET)
    gateway = gateway_of(rig, "http://127.0.0.1:1", pushes=True, polls=False, call_back_secrets=secrets)
    async with serving(gateway.routes(inbox)) as url:
        yield Door(rig, url, inbox)
    await gateway.close()
    assert rig.clock.held == 0


async def test_a_signed_reply_is_taken(rig, door):
    body = json.dumps(REPLY).encode()
    assert await door.push(body) == 204
    assert door.inbox.replies == [Reply("m", Channel.SMS, PERSON, "")]


async def test_a_signed_report_is_taken(rig, door):
    request = rig.dice.request_ids([NOON])[0]
    notice = {
        "callbackData": str(request),
        "resourceURL": "http://gw/x/gw-1",
        "deliveryInfo": {"address": f"tel:{PERSON}", "deliveryStatus": "DeliveredToTerminal"},
    }
    assert await door.push(json.dumps({"deliveryInfoNotification": notice}).encode()) == 204
    notice["callbackData"] = "not ours"
    assert await door.push(json.dumps({"deliveryInfoNotification": notice}).encode()) == 204
    assert door.inbox.reports == [
        DeliveryReport(Channel.SMS, Delivery.DELIVERED, request=request, gateway_id="gw-1"),
        DeliveryReport(Channel.SMS, Delivery.DELIVERED, request=None, gateway_id="gw-1"),
    ]


async def test_both_keys_open_during_a_rotation_and_no_other(rig, door):
    body = json.dumps(REPLY).encode()
    keys = (SECRET, NEXT_SECRET, b"z" * 24)
    assert [await door.push(body, key=key) for key in keys] == [204, 204, 401]
    assert rig.count("call_backs_refused", reason="wrong") == 1


@pytest.mark.parametrize(("apart", "status"), [(-301, 401), (-299, 204), (300, 204), (301, 401)])
async def test_five_minutes_and_no_second_more(door, apart, status):
    assert await door.push(json.dumps(REPLY).encode(), apart=apart) == status


async def test_a_changed_body_is_refused_before_it_is_read(door):
    body = json.dumps(REPLY).encode()
    headers = {"webhook-signature": signature(SECRET, "id-1", int(door.rig.clock.wall()), body)}
    assert await door.push(body.replace(b"+32", b"+33"), **headers) == 401
    assert await door.push(b"{not json", **headers) == 401
    assert door.inbox.replies == []


async def test_unsigned_is_refused_and_malformed_is_told(rig, door):
    assert await door.post(json.dumps(REPLY).encode()) == 401
    assert await door.push(b"{}") == 400
    assert await door.push(b"\xff") == 400
    assert await door.push(b"[" * 60_000) == 400
    assert rig.count("call_backs_refused", reason="unsigned") == 1
    assert rig.count("call_backs_refused", reason="malformed") == 3
    assert b"32470000000" not in rig.lines.getvalue()


async def test_a_body_beyond_the_limit_is_refused(door):
    assert await door.push(b"x" * 65_537) == 413


async def test_what_cannot_be_kept_is_not_acknowledged(door):
    door.inbox.down = True
    assert await door.push(json.dumps(REPLY).encode()) == 503
    door.inbox.down = False
    assert await door.push(json.dumps(REPLY).encode()) == 204


async def test_a_polled_gateway_has_no_call_back_door(rig, stub):
    assert gateway_of(rig, stub.url).routes(Inbox()) == []
