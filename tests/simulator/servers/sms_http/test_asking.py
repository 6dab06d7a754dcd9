"""Asking what became of messages, and fetching replies."""

from simulator.journal import Kind
from simulator.truth import Selection, Truth
from tests.simulator.servers.gateway import CLIENT, opened
from tests.simulator.servers.sms_http.forms import SILENT, UNKNOWN


async def test_the_delivery_status_follows_the_message_and_asking_counts_as_being_told():
    async with opened() as gateway:
        answer = await gateway.send(UNKNOWN, clientCorrelator="r")
        path = answer.json["resourceURL"].removeprefix(gateway.door.url)
        assert (await gateway.get(path)).json == answer.json
        await gateway.clock.advance(by=30 * 3_600)
        assert not gateway.entries(Kind.REPORT_HANDED)
        for _ in range(2):
            told = (await gateway.get(path)).json
            assert told["deliveryInfo"] == [{"address": UNKNOWN, "deliveryStatus": "DeliveryImpossible"}]
        [handed] = gateway.entries(Kind.REPORT_HANDED)
        assert (handed.facts["status"], handed.facts["reference"]) == ("DeliveryImpossible", "r")


async def test_another_clients_message_is_not_shown():
    async with opened() as gateway:
        path = (await gateway.send(SILENT)).json["resourceURL"].removeprefix(gateway.door.url)
        stranger = gateway.door.access.permanent_token("other")
        request = f"GET {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {stranger}"
        assert (await gateway.ask(request)).status == 404


async def replied(gateway, count: int) -> None:
    for n in range(count):
        await gateway.send(f"+324500007{n:02}")
    await gateway.clock.advance(by=48 * 3_600)


def listed(answer) -> list[str]:
    return [each["senderAddress"] for each in answer.json["inboundSMSMessageList"]["inboundSMSMessage"]]


async def test_polling_without_after_takes_what_it_is_handed():
    async with opened() as gateway:
        await replied(gateway, 3)
        first = await gateway.get("/sms/1.0.0/sms/inboundmessages/shared?limit=2")
        second = await gateway.get("/sms/1.0.0/sms/inboundmessages/8937")
        assert (len(listed(first)), len(listed(second))) == (2, 1)
        inner = first.json["inboundSMSMessageList"]
        assert (inner["numberOfMessagesInThisBatch"], inner["totalNumberOfPendingMessages"]) == (2, 1)
        shown = inner["inboundSMSMessage"][0]
        assert set(shown) == {
            "messageId", "senderAddress", "destinationAddress", "message", "dateTime", "resourceURL"
        }  # fmt: skip
        assert (shown["destinationAddress"], shown["dateTime"][-6:]) == ("8937", "+00:00")
        assert listed(await gateway.get("/sms/1.0.0/sms/inboundmessages/shared")) == []
        assert len(gateway.entries(Kind.REPLY_HANDED)) == 3


async def test_polling_with_after_loses_nothing_until_it_is_confirmed():
    async with opened() as gateway:
        await replied(gateway, 3)
        path = "/sms/1.0.0/sms/inboundmessages/shared?limit=2&after="
        first = await gateway.get(path)
        assert listed(await gateway.get(path)) == listed(first)
        last = first.json["inboundSMSMessageList"]["inboundSMSMessage"][-1]["messageId"]
        rest = await gateway.get(path + last)
        assert len({*listed(first), *listed(rest)}) == 3
        assert listed(await gateway.get(path + "unheard-of")) == listed(rest)
        final = rest.json["inboundSMSMessageList"]["inboundSMSMessage"][-1]["messageId"]
        assert listed(await gateway.get(path + final)) == []


async def test_asking_in_vain_is_no_event():
    async with opened() as gateway:
        path = (await gateway.send(UNKNOWN)).json["resourceURL"].removeprefix(gateway.door.url)
        await gateway.clock.advance(by=30 * 3_600)
        for _ in range(3):
            await gateway.get(path)
            await gateway.get("/sms/1.0.0/sms/inboundmessages/shared?after=")
        assert [entry.facts["path"] for entry in gateway.entries(Kind.DOOR_CALL)] == [path]


async def test_replies_are_fetched_by_whom_they_are_for():
    async with opened() as gateway:
        await replied(gateway, 1)
        stranger = gateway.door.access.permanent_token("other")
        request = (
            f"GET /sms/1.0.0/sms/inboundmessages/shared HTTP/1.1\nHost: x\nAuthorization: Bearer {stranger}"
        )
        assert listed(await gateway.ask(request)) == []
        assert len(listed(await gateway.get("/sms/1.0.0/sms/inboundmessages/shared"))) == 1


async def test_truth_is_told_from_what_came_through_the_door():
    async with opened() as gateway:
        await replied(gateway, 4)
        await gateway.get("/sms/1.0.0/sms/inboundmessages/shared")
        truth = gateway.truth.tell(Selection(), gateway.clock.now())
        assert isinstance(truth, Truth)
        assert (truth.figures.requests, truth.figures.passives) == (4, 4)


async def test_the_log_shows_the_clients_own_traffic():
    async with opened() as gateway:
        await gateway.send(SILENT)
        logs = (await gateway.get("/sms/1.0.0/logs")).json["logs"]
        assert [each["address"] for each in logs] == [SILENT]


KEYWORD = """
{method} /sms/1.0.0/sms/keywords/{word} HTTP/1.1
Host: x
Authorization: Bearer {owner}
"""


async def test_a_keyword_leads_to_whoever_reserved_it():
    async with opened() as gateway:
        other = gateway.door.access.permanent_token("other")

        async def keyword(method: str, word: str, owner: str) -> int:
            return (await gateway.ask(KEYWORD, method=method, word=word, owner=owner)).status

        await gateway.send(SILENT)
        assert [await keyword("PUT", "WAFEL", owner) for owner in (other, other, gateway.token)] == [
            201,
            201,
            409,
        ]
        gateway.carrier.reply_by_hand(SILENT, "Wafel 9")
        gateway.carrier.reply_by_hand(SILENT, "9 wafels")
        await gateway.clock.advance(by=1)
        assert [entry.account for entry in gateway.entries(Kind.REPLY_WRITTEN)] == ["other", CLIENT]
        assert [await keyword("DELETE", "wafel", owner) for owner in (gateway.token, other)] == [404, 204]
        assert await keyword("PUT", "two%20words", other) == 400
