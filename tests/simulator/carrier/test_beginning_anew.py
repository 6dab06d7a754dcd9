"""A world that is emptied, and the same world again."""

from __future__ import annotations

from simulator.journal import Kind
from simulator.people.population import BAD_DAY, INSTANT
from simulator.people.subscriber import Person
from tests.simulator.carrier.people import LATE, SILENT
from tests.simulator.town_hall import World


async def test_a_reset_calls_off_everything_and_tells_the_journal():
    world = World()
    world.send(LATE, reference="r")
    world.town.set_person(SILENT, Person(language="de"))
    world.carrier.reset(7, INSTANT)
    assert (world.clock.due, world.carrier.accepted, world.town.people()) == (0, 0, {})
    assert world.town.streams.seed == 7
    assert not world.send(LATE, reference="r").repeated
    assert [entry.facts for entry in world.entries(Kind.WORLD_RESET)] == [{"seed": 7, "profile": "instant"}]


async def test_a_reset_touches_nobody_elses_timers():
    world, ran = World(), []
    world.clock.call_later(5, lambda: ran.append("mine"))
    world.send(LATE)
    world.carrier.reset(1)
    await world.clock.drain()
    assert ran == ["mine"]


def test_the_same_seed_is_the_same_world_again():
    world = World(BAD_DAY)
    numbers = [f"+3247012{n:04}" for n in range(200)]
    for _ in range(2):
        for each in numbers:
            world.submit(each)
        world.carrier.reset(1)
    decided = [(entry.address, entry.facts) for entry in world.entries(Kind.PERSON_DECIDED)]
    assert len(decided) > 200
    assert decided[: len(decided) // 2] == decided[len(decided) // 2 :]
