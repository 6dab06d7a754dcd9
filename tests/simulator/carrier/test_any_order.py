"""Whatever the order and however many connections: the same decisions, nothing lost."""

from __future__ import annotations

import asyncio
import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.clock import Mode
from simulator.delivery import State
from simulator.journal import Kind
from simulator.people.numbers import number
from simulator.people.population import BAD_DAY, EVERYDAY
from simulator.people.script import Script, Step
from simulator.people.subscriber import Person
from simulator.world import Accepted, Botched
from tests.simulator.carrier.people import SILENT
from tests.simulator.town_hall import World


async def _delivered_by(connections: int, shuffled: int) -> tuple[set, set]:
    """Send to a thousand people over so many connections at a time, each answer taking its own while."""
    world = World(BAD_DAY, mode=Mode.AUTO, seed=5)
    chance = random.Random(shuffled)
    orders = [(f"+32470{n:06}", f"order-{n}") for n in range(1000)]
    chance.shuffle(orders)

    async def connection() -> None:
        while orders:
            address, reference = orders.pop()
            with world.clock.at_work():
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
                answers = (world.submit(address, reference=reference) for _ in range(20))
                assert any(isinstance(answer, Accepted) for answer in answers)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(connection())
    await world.clock.drain()
    return world.decisions(), {(reply.sender, reply.text) for _, reply in world.door.replies}


async def test_decisions_are_the_same_for_1_8_and_64_connections_in_any_order():
    alone = await _delivered_by(1, shuffled=1)
    assert len(alone[0]) == 1000
    assert await _delivered_by(8, shuffled=2) == alone
    assert await _delivered_by(64, shuffled=3) == alone


class AnythingGoes(RuleBasedStateMachine):
    """Submit, advance and break in any order: what was accepted is told in the end, or journalled as lost."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World(EVERYDAY)
        self.accepted: set[str] = set()

    def teardown(self) -> None:
        self.loop.run_until_complete(self.world.clock.drain())
        told = {report.message for _, report in self.world.door.reports if report.cause.final}
        lost = {entry.message for entry in self.world.entries(Kind.REPORT_LOST)}
        assert self.accepted <= told | lost
        written = {entry.facts["reply"] for entry in self.world.entries(Kind.REPLY_WRITTEN)}
        heard = {entry.facts["reply"] for entry in self.world.entries(Kind.REPLY_HANDED, Kind.REPLY_LOST)}
        assert written == heard
        self.loop.close()

    @rule(family=st.sampled_from([0, 3, 4, 5, 6, 7, 9]), parameter=st.integers(0, 9), lane=st.integers(0, 2),
          reference=st.sampled_from([None, "a", "b"]))  # fmt: skip
    def submit(self, family: int, parameter: int, lane: int, reference: str | None) -> None:
        match self.world.submit(number(family, parameter, lane), reference=reference):
            case Accepted(message) | Botched(_, Accepted(message)):
                self.accepted.add(message)

    @rule(seconds=st.sampled_from([0.1, 1, 60, 7200, 90_000]))
    def advance(self, seconds: float) -> None:
        self.loop.run_until_complete(self.world.clock.advance(by=seconds))

    @rule(name=st.sampled_from(["report_lost", "report_duplicated", "reply_lost", "reply_duplicated",
                                "reply_first", "report_reordered", "reply_late"]))  # fmt: skip
    def fault(self, name: str) -> None:
        where = "sms.report" if name.startswith("report") else "sms.reply"
        self.world.faults.add({"fault": name, "where": where, "limit": 3})

    @invariant()
    def every_accepted_message_was_journalled_once(self) -> None:
        submitted = [entry.message for entry in self.world.entries(Kind.MT_SUBMITTED)]
        assert len(submitted) == len(set(submitted))
        assert set(submitted) == self.accepted


AnythingGoes.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestNothingAcceptedIsLost = AnythingGoes.TestCase


async def test_a_script_may_keep_a_message_under_way_for_ever():
    world = World(people={SILENT: Person(Script(steps=(Step("absent"),)))})
    message = world.carrier.message(world.send(SILENT).message)
    await world.clock.drain()
    assert message.state is State.UNDERWAY
