"""The same seed and the same messages give each person the same fate, however the messages arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp

from tests.simulator.servers.worlds import World, open_world

PEOPLE = [f"+3247{place * 7_654_321 % 10_000_000:07}" for place in range(230)]
MAGIC = [
    f"+32450{family:02}{parameter:02}{lane:02}"
    for family in (0, 1, 2, 3, 4, 5, 6, 7, 9)
    for parameter in (1, 2, 4)
    for lane in (7,)
]
MESSAGES = [*PEOPLE, *PEOPLE, *MAGIC, *PEOPLE[:13]]
"""Two messages to each of 230 people, a third to some, and one to a few numbers of every family: 500."""
FAULTS = (
    {"fault": "error", "where": "sms.submit", "when": {"probability": 0.2}},
    {"fault": "report_late", "where": "sms.report", "when": {"probability": 0.3}},
    {"fault": "reply_lost", "where": "sms.reply", "when": {"every": 2}},
)
Decision = tuple[str, int, str]


async def submit(world: World, to: str, number: int) -> None:
    """Hand a message in as a service does: again until it is taken, or refused for good."""
    told: object = None
    for _ in range(20):
        try:
            status, told = await world.send(to, f"Vraag {number}", reference=f"r{number}")
        except aiohttp.ClientError:
            continue
        if status == 201:
            return
    raise AssertionError(f"{to} was never taken: {told}")


async def run(
    connections: int, messages: Sequence[str], *, seed: int = 11
) -> tuple[list[Decision], list[Decision]]:
    """The decisions of everybody, and the faults that hit, in an order of their own."""
    async with open_world(seed=seed, connections=connections) as world:
        for fault in FAULTS:
            await world.post("/faults", fault)
        await world.token()
        left = list(enumerate(messages))[::-1]

        async def work() -> None:
            while left:
                number, to = left.pop()
                await submit(world, to, number)

        await asyncio.gather(*(work() for _ in range(connections)))
        await world.post("/clock/drain")
        decided = (await world.get("/journal", kind="person.decided", limit="10000"))["entries"]
        hit = (await world.get("/journal", kind="fault.hit", limit="10000"))["entries"]
        decisions = sorted(
            (e["address"], e["facts"]["nth"], repr(sorted(e["facts"].items()))) for e in decided
        )
        hits = sorted((e["address"], e["facts"]["fault"], e["facts"]["where"]) for e in hit)
        return decisions, hits


async def test_500_messages_over_1_8_and_64_connections_give_the_same_journal_of_decisions():
    assert len(MESSAGES) == 500
    alone = await run(1, MESSAGES)
    assert 495 < len(alone[0]) <= 500
    assert len(alone[1]) > 50
    for connections in (8, 64):
        assert await run(connections, MESSAGES) == alone


async def test_the_order_of_arrival_changes_nothing():
    assert await run(8, MESSAGES[:120]) == await run(8, MESSAGES[:120][::-1])


async def test_another_seed_decides_otherwise():
    one, other = await run(8, PEOPLE[:50], seed=1), await run(8, PEOPLE[:50], seed=2)
    assert one != other
