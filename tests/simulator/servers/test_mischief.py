import asyncio

import pytest

from simulator.clock import Mode
from simulator.journal import Kind
from simulator.truth import Selection, Truth
from tests.simulator.servers.gateway import Gateway, opened

SILENT = "+32450030000"
ANSWERS_7 = "+32450000700"
POLL = "/sms/1.0.0/sms/inboundmessages/shared"


async def seconds(work) -> float:
    loop = asyncio.get_running_loop()
    start = loop.time()
    await work
    return loop.time() - start


def submitted(gateway: Gateway) -> int:
    return len(gateway.entries(Kind.MT_SUBMITTED))


async def test_latency_delays_the_answer_though_the_world_stands_still():
    async with opened() as gateway:
        gateway.faults.add({"fault": "latency", "where": "sms.submit", "with": {"seconds": 0.2}})
        assert await seconds(gateway.send(SILENT)) >= 0.2
        assert submitted(gateway) == 1


async def test_a_slow_reader_takes_time_for_each_byte_up_to_a_cap():
    async with opened() as gateway:
        slow = {"fault": "slow_reader", "where": "sms.submit", "with": {"rate": 10, "cap": 0.2}}
        gateway.faults.add(slow)
        assert await seconds(gateway.send(SILENT)) >= 0.2


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [({}, 503, 101503), ({"status": 500}, 500, 900900), ({"status": 429}, 429, 900800),
     ({"status": 503, "code": 700700}, 503, 700700), ({"status": 418}, 418, 418)],
)  # fmt: skip
async def test_an_error_is_answered_and_nothing_is_accepted(given, status, code):
    async with opened() as gateway:
        gateway.faults.add(
            {"fault": "error", "where": "sms.submit", "with": {**given, "retry_after": 1.5}, "limit": 1}
        )
        answer = await gateway.send(SILENT)
        assert (answer.status, answer.json["fault"]["code"]) == (status, code)
        assert answer.headers["retry-after"] == "2"
        assert submitted(gateway) == 0
        assert (await gateway.send(SILENT)).status == 201


@pytest.mark.parametrize(("name", "accepted"), [("disconnect_before", 0), ("disconnect_after", 1)])
async def test_a_connection_is_cut_before_or_after_accepting(name, accepted):
    async with opened() as gateway:
        gateway.faults.add({"fault": name, "where": "sms.submit"})
        with pytest.raises(ConnectionResetError):
            await gateway.send(SILENT)
        assert submitted(gateway) == accepted
        assert len(gateway.entries(Kind.FAULT_HIT)) == 1


async def test_a_half_open_connection_never_answers():
    async with opened() as gateway:
        gateway.faults.add({"fault": "half_open", "where": "sms.submit", "with": {"seconds": 0.3}})
        loop = asyncio.get_running_loop()
        start = loop.time()
        with pytest.raises(ConnectionResetError):
            await gateway.send(SILENT)
        assert loop.time() - start >= 0.3
        assert submitted(gateway) == 1


async def test_garbage_comes_instead_of_an_answer():
    async with opened() as gateway:
        gateway.faults.add({"fault": "garbage", "where": "sms.poll", "with": {"bytes": 50}})
        head = f"GET {POLL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.token}\r\n\r\n"
        answer = await gateway.raw(head.encode())
        assert len(answer) == 50
        assert not answer.startswith(b"HTTP")


async def test_half_an_answer_comes():
    async with opened() as gateway:
        gateway.faults.add({"fault": "truncated", "where": "sms.submit"})
        answer = await gateway.send(SILENT)
        assert answer.status == 201
        assert len(answer.body) == int(answer.headers["content-length"]) // 2
        assert submitted(gateway) == 1


async def test_an_outage_is_everywhere_on_the_door_for_a_while():
    async with opened() as gateway:
        gateway.faults.add({"fault": "outage", "where": "sms", "ttl": "1m"})
        token = "POST /token?client_id=acme&client_secret=not-a-real-secret HTTP/1.1"
        answers = [
            await gateway.send(SILENT),
            await gateway.get(POLL),
            await gateway.ask(f"{token}\nHost: x"),
        ]
        assert [(answer.status, answer.json["fault"]["code"]) for answer in answers] == [(503, 101503)] * 3
        await gateway.clock.advance(by=60)
        assert (await gateway.send(SILENT)).status == 201


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"fault": "throttle", "with": {"rate": 0.5, "burst": 2}}, 429, 900800),
        ({"fault": "queue", "with": {"rate": 0.5, "length": 2}}, 503, 700700),
    ],
)
async def test_capacity_refuses_what_is_too_much_until_there_is_room(order, status, code):
    async with opened() as gateway:
        gateway.faults.add({**order, "where": "sms.submit"})
        answers = [await gateway.send(f"+324500300{n:02}") for n in range(3)]
        assert [answer.status for answer in answers] == [201, 201, status]
        assert answers[2].json["fault"]["code"] == code
        await gateway.clock.advance(by=int(answers[2].headers["retry-after"]))
        assert (await gateway.send("+32450030002")).status == 201


async def test_a_poll_whose_answer_is_cut_loses_what_it_took_and_says_so():
    async with opened() as gateway:
        await gateway.send(ANSWERS_7)
        await gateway.clock.advance(by=48 * 3_600)
        gateway.faults.add({"fault": "disconnect_after", "where": "sms.poll", "when": {"first": 2}})
        for path in (f"{POLL}?after=", POLL):
            with pytest.raises(ConnectionResetError):
                await gateway.get(path)
        assert not gateway.entries(Kind.REPLY_HANDED)
        [lost] = gateway.entries(Kind.REPLY_LOST)
        assert "fault" in str(lost.facts["why"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("report_lost", Kind.REPORT_LOST), ("reply_lost", Kind.REPLY_LOST)],
)
async def test_what_a_fault_loses_is_journalled(name, expected):
    async with opened() as gateway:
        gateway.faults.add({"fault": name})
        await gateway.send(ANSWERS_7)
        await gateway.clock.advance(by=48 * 3_600)
        [lost] = gateway.entries(expected)
        assert lost.facts["why"] == "fault"


async def test_a_duplicated_reply_is_fetched_twice_under_one_id_and_counts_once():
    async with opened() as gateway:
        gateway.faults.add({"fault": "reply_duplicated", "with": {"times": 2}})
        await gateway.send(ANSWERS_7)
        await gateway.clock.advance(by=48 * 3_600)
        listed = (await gateway.get(POLL)).json["inboundSMSMessageList"]["inboundSMSMessage"]
        assert (len(listed), len({each["messageId"] for each in listed})) == (3, 1)
        truth = gateway.truth.tell(Selection(), gateway.clock.now())
        assert isinstance(truth, Truth)
        assert (truth.figures.requests, truth.figures.good, truth.figures.bad) == (1, 1, 0)


async def test_faults_fall_on_the_same_people_whatever_the_order_and_the_concurrency():
    async def hit(numbers: list[str], at_once: bool) -> set[str]:
        async with opened(seed=5, mode=Mode.FROZEN) as gateway:
            gateway.faults.add({"fault": "error", "where": "sms.submit", "when": {"probability": 0.4}})
            calls = [gateway.send(number) for number in numbers]
            answers = await asyncio.gather(*calls) if at_once else [await call for call in calls]
            return {number for number, each in zip(numbers, answers, strict=True) if each.status != 201}

    numbers = [f"+324500300{n:02}" for n in range(40)]
    hits = await hit(numbers, at_once=False)
    assert 5 < len(hits) < 30
    assert await hit(numbers[::-1], at_once=True) == hits
