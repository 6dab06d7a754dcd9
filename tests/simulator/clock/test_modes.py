"""Real, frozen, scaled, auto, and what an advance does."""

from __future__ import annotations

import asyncio
import time

import pytest

from simulator.clock import Clock, Mode
from tests.simulator.clock.turns import NOON, at, frozen, turns


async def test_a_real_clock_tells_this_machines_time():
    clock = Clock()
    assert abs(clock.now() - time.time() * 1000) < 1000
    assert abs(clock.wall() - time.time()) < 1


async def test_a_frozen_clock_stands_still():
    clock = frozen()
    await asyncio.sleep(0.005)
    assert clock.now() == NOON


async def test_advance_stops_at_its_target_and_leaves_what_is_later():
    clock, ran = frozen(), []
    for seconds in (1, 2, 3):
        clock.call_later(seconds, lambda s=seconds: ran.append(s))
    await clock.advance(to=at(2000))
    assert (ran, clock.now(), clock.next_due()) == ([1, 2], at(2000), at(3000))


async def test_sleeping_tasks_that_schedule_more_work_are_followed_instant_by_instant():
    clock, seen = frozen(), []

    async def walker(name: str, step: float) -> None:
        for _ in range(3):
            await clock.sleep(step)
            seen.append((name, clock.now() - NOON))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(walker("slow", 3))
        tasks.create_task(walker("fast", 2))
        await asyncio.sleep(0)
        await clock.advance(by=10)
    assert seen == [
        ("fast", 2000), ("slow", 3000), ("fast", 4000), ("slow", 6000), ("fast", 6000), ("slow", 9000),
    ] or seen == [
        ("fast", 2000), ("slow", 3000), ("fast", 4000), ("fast", 6000), ("slow", 6000), ("slow", 9000),
    ]  # fmt: skip


async def test_advance_waits_for_work_under_way_before_its_next_step():
    clock, seen = frozen(), []

    async def deliver() -> None:
        with clock.at_work():
            await asyncio.sleep(0.02)  # real input and output
            seen.append(("delivered", clock.now() - NOON))

    started: list[asyncio.Task[None]] = []
    clock.call_at(at(1000), lambda: started.append(asyncio.create_task(deliver())))
    clock.call_at(at(2000), lambda: seen.append(("next", clock.now() - NOON)))
    await clock.advance(by=5)
    assert seen == [("delivered", 1000), ("next", 2000)]
    await asyncio.gather(*started)


async def test_time_only_moves_forward():
    clock = frozen()
    with pytest.raises(ValueError, match="only moves forward"):
        await clock.advance(to=at(-1))
    with pytest.raises(ValueError, match="only moves forward"):
        await clock.advance(by=-1)
    with pytest.raises(ValueError, match="either"):
        await clock.advance()
    with pytest.raises(ValueError, match="either"):
        await clock.advance(by=1, to=at(1))


async def test_auto_jumps_from_one_event_to_the_next():
    clock, seen = Clock(Mode.AUTO, start=NOON), []
    days = 90
    done = asyncio.Event()

    def next_day(day: int) -> None:
        seen.append(day)
        if day == days:
            done.set()
        else:
            clock.call_later(86_400, lambda: next_day(day + 1))

    clock.call_later(86_400, lambda: next_day(1))
    async with asyncio.timeout(5):
        await done.wait()
    assert seen == list(range(1, days + 1))
    assert 0 <= clock.now() - NOON - days * 86_400_000 < 5000


async def test_auto_does_not_jump_while_something_is_at_work():
    clock, ran = Clock(Mode.AUTO, start=NOON), []
    with clock.at_work():
        clock.call_later(3600, lambda: ran.append("hour"))
        with clock.at_work():
            await turns()
        await turns()
        assert (ran, clock.holding) == ([], 1)
        assert clock.now() - NOON < 5000
    await turns()
    assert (ran, clock.holding) == (["hour"], 0)


async def test_auto_stops_counting_as_soon_as_work_begins():
    clock, ran = Clock(Mode.AUTO, start=NOON), []
    clock.call_later(3600, lambda: ran.append("hour"))
    await turns(4)
    with clock.at_work():
        await turns()
        assert ran == []
    await turns()
    assert ran == ["hour"]


async def test_auto_jumps_only_after_several_quiet_turns():
    clock, ran = Clock(Mode.AUTO, start=NOON), []
    clock.call_later(3600, lambda: ran.append("hour"))
    for _ in range(40):  # a task that takes hold again after a few turns keeps the clock where it is
        await turns(8)
        with clock.at_work():
            await turns(2)
    assert ran == []
    await turns()
    assert ran == ["hour"]


async def test_auto_runs_like_real_between_jumps_so_that_held_work_can_time_out():
    clock, ran = Clock(Mode.AUTO, start=NOON), asyncio.Event()
    with clock.at_work():
        clock.call_later(0.02, ran.set)
        async with asyncio.timeout(2):
            await ran.wait()
    assert clock.now() >= at(20)


async def test_auto_goes_on_for_what_is_scheduled_after_it_came_to_rest():
    clock, ran = Clock(Mode.AUTO, start=NOON), []
    await turns()
    for hour in (1, 2):
        clock.call_later(3600, lambda hour=hour: ran.append(hour))
        await turns()
        assert ran[-1] == hour


async def test_an_advance_to_now_is_no_step_back_while_the_clock_runs():
    """A moment goes by between the question and the deed, or while another drives."""
    clock = Clock(Mode.SCALED, rate=1_000_000)
    for _ in range(50):
        await asyncio.gather(
            clock.advance(to=clock.now()), clock.advance(by=0), clock.advance(to=clock.now())
        )


async def test_auto_does_not_overtake_an_advance():
    clock, ran = Clock(Mode.FROZEN, start=NOON), []
    clock.call_at(at(10_000), lambda: ran.append("later"))
    advancing = asyncio.create_task(clock.advance(by=5))
    await asyncio.sleep(0)
    clock.set_mode(Mode.AUTO)
    await advancing
    assert ran == []
    await turns()
    assert ran == ["later"]


async def test_an_advance_in_auto_goes_no_further_than_its_target():
    clock, ran = Clock(Mode.AUTO, start=NOON), []
    for seconds in (1, 2, 10):
        clock.call_later(seconds, lambda seconds=seconds: ran.append(seconds))
    await clock.advance(by=5)
    assert ran == [1, 2]
    await turns()
    assert ran == [1, 2, 10]


async def test_a_scaled_clock_goes_faster():
    clock = Clock(Mode.SCALED, rate=1000, start=NOON)
    began = time.monotonic()
    await clock.sleep(20)
    took = time.monotonic() - began
    assert clock.now() >= at(20_000)
    assert 0.015 < took < 20


@pytest.mark.parametrize(("mode", "rate"), [(Mode.SCALED, None), (Mode.SCALED, 0), (Mode.SCALED, -1),
                                            (Mode.SCALED, float("nan")), (Mode.SCALED, float("inf")),
                                            (Mode.REAL, 2), (Mode.FROZEN, 60)])  # fmt: skip
def test_a_rate_that_makes_no_sense_is_refused(mode: Mode, rate: float | None):
    with pytest.raises(ValueError, match="rate"):
        Clock(mode, rate=rate)
    with pytest.raises(ValueError, match="rate"):
        Clock().set_mode(mode, rate)


async def test_now_is_continuous_over_every_change_of_mode():
    clock = Clock(start=NOON)
    last = clock.now()
    for mode, rate in [(Mode.SCALED, 2.0), (Mode.FROZEN, None), (Mode.AUTO, None), (Mode.REAL, None)] * 5:
        clock.set_mode(mode, rate)
        assert clock.mode is mode
        assert 0 <= clock.now() - last < 2000
        last = clock.now()


async def test_a_change_of_mode_arms_the_timer_anew():
    clock, ran = frozen(), asyncio.Event()
    clock.call_later(30, ran.set)
    clock.set_mode(Mode.SCALED, 10_000)
    async with asyncio.timeout(2):
        await ran.wait()
