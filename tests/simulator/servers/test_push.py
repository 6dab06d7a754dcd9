import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from simulator.clock import Mode
from simulator.journal import Kind
from simulator.servers.push import Target, permitted
from simulator.wire import webhook
from tests.simulator.servers.gateway import Gateway, opened

ANSWERS_7 = "+32450000700"
UNKNOWN = "+32450040100"
KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


class Peer:
    """A service's call-back address that answers as it is told, and remembers what came."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.headers: dict[str, str] = {}
        self.open_at_once = self.most_at_once = 0
        self.gate: asyncio.Event | None = None
        self.third = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        self.open_at_once += 1
        self.most_at_once = max(self.most_at_once, self.open_at_once)
        self.calls.append((dict(request.headers), await request.read()))
        if len(self.calls) == 3:
            self.third.set()
        if self.gate is not None:
            await self.gate.wait()
        self.open_at_once -= 1
        status = self.statuses.pop(0) if self.statuses else 204
        return web.Response(status=status, headers=self.headers)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.calls]

    @property
    def replies(self) -> list[Any]:
        found = [body.get("inboundSMSMessageNotification") for body in self.bodies]
        return [each["inboundSMSMessage"] for each in found if each]

    @property
    def reports(self) -> list[Any]:
        return [
            body["deliveryInfoNotification"] for body in self.bodies if "deliveryInfoNotification" in body
        ]


@asynccontextmanager
async def listening(port: int = 0) -> AsyncIterator[tuple[Peer, int]]:
    peer = Peer()
    app = web.Application()
    app.router.add_post("/back", peer.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield peer, runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def pushing(**options: Any) -> AsyncIterator[tuple[Gateway, Peer]]:
    async with listening() as (peer, port), opened(**options) as gateway:
        gateway.door.call_back(Target(f"http://127.0.0.1:{port}/back", webhook.key(SECRET)))
        yield gateway, peer


async def test_a_report_and_a_reply_are_pushed_signed_and_in_shape():
    async with pushing() as (gateway, peer):
        sent = await gateway.send(ANSWERS_7, clientCorrelator="r-1", callbackData="r-1")
        await gateway.clock.advance(by=48 * 3_600)
        assert [report["deliveryInfo"] for report in peer.reports] == [
            {"address": ANSWERS_7, "deliveryStatus": "DeliveredToTerminal"}
        ]
        assert peer.reports[0]["callbackData"] == "r-1"
        assert peer.reports[0]["resourceURL"] == sent.json["resourceURL"]
        assert [reply["senderAddress"] for reply in peer.replies] == [ANSWERS_7]
        for headers, body in peer.calls:
            lower = {name.lower(): value for name, value in headers.items()}
            signed = f"{lower['webhook-id']}.{lower['webhook-timestamp']}.".encode() + body
            digest = hmac.new(KEY, signed, hashlib.sha256).digest()
            assert lower["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
            assert abs(int(lower["webhook-timestamp"]) - gateway.clock.wall()) < 60
            assert lower["content-type"] == "application/json"
        kinds = [entry.kind for entry in gateway.entries(Kind.REPORT_HANDED, Kind.REPLY_HANDED)]
        assert kinds == [Kind.REPORT_HANDED, Kind.REPLY_HANDED]


async def test_call_back_data_comes_back_as_it_was_given():
    async with pushing() as (gateway, peer):
        await gateway.send(UNKNOWN, callbackData="mine")
        body = {"message": "x", "destinations": [UNKNOWN, "+32450040101"], "callbackData": "both"}
        group = await gateway.ask(SEND_, json.dumps(body))
        await gateway.clock.advance(by=30 * 3_600)
        assert sorted(report["callbackData"] for report in peer.reports) == ["both", "both", "mine"]
        urls = [report["resourceURL"] for report in peer.reports if report["callbackData"] == "both"]
        assert urls == [group.json["resourceURL"]] * 2


SEND_ = "POST /sms/1.0.0/sms/outboundmessages HTTP/1.1\nHost: x\nAuthorization: Bearer {token}"


@pytest.mark.parametrize("status", [500, 503, 429, 404, 401, 301])
async def test_what_is_not_taken_comes_again_under_its_id_with_a_fresh_time(status):
    async with pushing() as (gateway, peer):
        peer.statuses, peer.headers = [status, status], {"Location": "http://127.0.0.1:1/"}
        await gateway.send(UNKNOWN)
        await gateway.clock.advance(by=30 * 3_600)
        assert len(peer.calls) == 3
        assert len({headers["webhook-id"] for headers, _ in peer.calls}) == 1
        tries = gateway.entries(Kind.REPORT_FAILED, Kind.REPORT_HANDED)
        assert [entry.kind for entry in tries] == [Kind.REPORT_FAILED] * 2 + [Kind.REPORT_HANDED]
        assert tries[0].facts["why"] == f"answered {status}"
        waits = [later.at - earlier.at for earlier, later in pairwise(tries)]
        assert waits == [1_000, 2_000]


async def test_a_peer_may_say_how_long_it_wants_to_be_left_alone():
    async with pushing() as (gateway, peer):
        peer.statuses, peer.headers = [429], {"Retry-After": "60"}
        await gateway.send(UNKNOWN)
        await gateway.clock.advance(by=30 * 3_600)
        failed, handed = gateway.entries(Kind.REPORT_FAILED, Kind.REPORT_HANDED)
        assert handed.at - failed.at == 60_000


async def test_while_nobody_listens_little_is_tried_and_after_a_day_all_is_lost():
    async with opened() as gateway:
        gateway.door.call_back(Target("http://127.0.0.1:9/back", KEY))
        for n in range(20):
            await gateway.send(f"+324500007{n:02}")
        await gateway.clock.advance(by=96 * 3_600)
        failed = gateway.entries(Kind.REPORT_FAILED, Kind.REPLY_FAILED)
        lost = gateway.entries(Kind.REPORT_LOST, Kind.REPLY_LOST)
        assert len(lost) == 40
        # every 10 minutes one post asks whether somebody is back, whatever else waits
        assert len(failed) < 96 * 6 + 40
        assert {entry.facts["why"] for entry in lost} == {"not taken within 24 hours"}
        assert gateway.door.waiting == 0


async def test_a_peer_that_comes_back_gets_everything():
    async with opened() as gateway:
        async with listening() as (_, port):
            pass
        gateway.door.call_back(Target(f"http://127.0.0.1:{port}/back", KEY))
        for n in range(20):
            await gateway.send(f"+324500301{n:02}")
        await gateway.clock.advance(by=3_600)
        assert not gateway.entries(Kind.REPORT_HANDED)
        async with listening(port) as (peer, _):
            await gateway.clock.advance(by=1_200)
            assert len(peer.reports) == 20
        assert len(gateway.entries(Kind.REPORT_HANDED)) == 20


async def test_no_more_than_the_window_is_in_flight_and_the_clock_is_held_meanwhile():
    async with pushing(callback_window=3) as (gateway, peer):
        peer.gate = asyncio.Event()
        for n in range(10):
            await gateway.send(f"+324500301{n:02}")
        advance = asyncio.ensure_future(gateway.clock.advance(by=3_600))
        async with asyncio.timeout(10):
            await peer.third.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not advance.done()
        assert gateway.clock.holding == 1
        peer.gate.set()
        await advance
        assert gateway.clock.holding == 0
        assert (peer.most_at_once, len(peer.reports)) == (3, 10)


async def test_an_auto_clock_does_not_jump_past_a_delivery():
    async with pushing(mode=Mode.AUTO) as (gateway, peer):
        await gateway.send(ANSWERS_7)
        [reply] = await gateway.until(Kind.REPLY_HANDED)
        [written] = gateway.entries(Kind.REPLY_WRITTEN)
        assert reply.at - written.at < 1_000
        assert len(peer.replies) == 1


async def test_a_new_world_forgets_what_waited():
    async with opened() as gateway:
        gateway.door.call_back(Target("http://127.0.0.1:9/back", KEY))
        await gateway.send(UNKNOWN)
        await gateway.clock.advance(by=60)
        assert gateway.door.waiting == 1
        gateway.carrier.reset(seed=2)
        assert (gateway.door.waiting, gateway.clock.holding) == (0, 0)


async def test_an_account_may_have_an_address_of_its_own():
    async with listening() as (other, port), pushing() as (gateway, peer):
        gateway.door.call_back(Target(f"http://127.0.0.1:{port}/back", KEY), account="other")
        stranger = gateway.door.access.permanent_token("other")
        await gateway.ask(
            SEND_.replace("{token}", stranger), f'{{"message":"x","destinations":["{ANSWERS_7}"]}}'
        )
        await gateway.clock.advance(by=48 * 3_600)
        assert (len(other.calls), len(peer.calls)) == (2, 0)


async def test_an_address_that_may_not_be_called_is_refused():
    async with opened(callback_origins=frozenset({"https://surveys.example"})) as gateway:
        gateway.door.call_back(Target("https://surveys.example/back", KEY))
        with pytest.raises(ValueError, match="only this machine"):
            gateway.door.call_back(Target("http://10.0.0.1/back", KEY))


async def test_faults_on_the_way_out_are_played():
    async with pushing() as (gateway, peer):
        gateway.faults.add({"fault": "disconnect_before", "where": "sms.push", "limit": 1})
        gateway.faults.add({"fault": "error", "where": "sms.push", "limit": 1})
        gateway.faults.add({"fault": "disconnect_after", "where": "sms.push", "limit": 2})
        await gateway.send(UNKNOWN)
        await gateway.clock.advance(by=30 * 3_600)
        # the first is answered by the error, the second reaches the peer and its answer is lost
        assert len(peer.calls) == 2
        assert len(gateway.entries(Kind.REPORT_FAILED)) == 2
        assert len(gateway.entries(Kind.REPORT_HANDED)) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8032/x", True),
        ("http://[::1]:8032/x", True),
        ("http://localhost/x", True),
        ("https://surveys.example:8443/x", True),
        ("https://surveys.example/x", False),
        ("http://surveys.example:8443/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://10.0.0.1/x", False),
        ("http://169.254.169.254/latest", False),
        ("http://user@127.0.0.1/x", False),
        ("ftp://127.0.0.1/x", False),
        ("http://[::1", False),
        ("http://127.0.0.1:99999/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_this_machine_and_allowed_origins_may_be_called(url, expected):
    assert permitted(url, {"https://surveys.example:8443"}) is expected


async def test_a_new_address_takes_over_and_none_goes_back_to_polling():
    async with listening() as (second, port), pushing() as (gateway, first):
        await gateway.send("+32450030100")
        gateway.door.call_back(Target(f"http://127.0.0.1:{port}/back", KEY))
        await gateway.clock.advance(by=3_600)
        assert (len(first.calls), len(second.calls)) == (0, 1)
        gateway.door.call_back(None)
        await gateway.send(ANSWERS_7)
        await gateway.clock.advance(by=48 * 3_600)
        polled = await gateway.get("/sms/1.0.0/sms/inboundmessages/shared")
        assert polled.json["inboundSMSMessageList"]["numberOfMessagesInThisBatch"] == 1
        assert len(second.calls) == 1
