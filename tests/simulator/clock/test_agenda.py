"""What runs when, in which order, and what a crowd costs."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock
from tests.effort import in_proportion
from tests.simulator.clock.turns import NOON, at, frozen, turns


async def test_callbacks_run_by_moment_and_then_in_the_order_they_were_scheduled():
    clock, ran = frozen(), []
    for name, moment in [("c", 20), ("a", 10), ("d", 20), ("b", 10), ("e", 20)]:
        clock.call_at(at(moment), lambda name=name: ran.append((name, clock.now() - NOON)))
    await clock.advance(by=1)
    assert ran == [("a", 10), ("b", 10), ("c", 20), ("d", 20), ("e", 20)]
    assert clock.now() == at(1000)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_any_agenda_runs_sorted_and_stable(delays: list[int]):
    async def run() -> list[tuple[int, int]]:
        clock, ran = frozen(), []
        for place, delay in enumerate(delays):
            clock.call_at(at(delay), lambda entry=(delay, place): ran.append(entry))
        await clock.drain()
        return ran

    assert asyncio.run(run()) == sorted((delay, place) for place, delay in enumerate(delays))


async def test_a_past_moment_runs_at_the_next_turn_even_when_frozen():
    clock, ran = frozen(), []
    clock.call_at(at(-5000), lambda: ran.append("past"))
    assert ran == []
    await clock.settled()
    assert ran == ["past"]
    assert clock.now() == NOON


async def test_what_is_cancelled_never_runs_and_is_not_counted():
    clock, ran = frozen(), []
    first = clock.call_at(at(1), lambda: ran.append(1))
    clock.call_at(at(2), lambda: ran.append(2))
    first.cancel()
    first.cancel()
    assert (clock.due, clock.next_due()) == (1, at(2))
    await clock.advance(by=1)
    first.cancel()
    assert (ran, clock.due, clock.next_due()) == ([2], 0, None)


async def test_a_cancelled_crowd_does_not_stay_in_memory():
    clock = frozen()
    for handle in [clock.call_at(at(n), lambda: None) for n in range(10_000)]:
        handle.cancel()
    assert clock.due == 0
    assert len(clock._agenda._heap) < 2000


async def test_an_earlier_callback_overtakes_the_armed_timer():
    clock, ran = Clock(start=NOON), asyncio.Event()
    clock.call_later(3600, lambda: None)
    clock.call_later(0.01, ran.set)
    async with asyncio.timeout(2):
        await ran.wait()


async def test_an_error_in_a_callback_is_reported_and_raised_and_the_others_still_run():
    clock, ran, reported = frozen(), [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))

    def fail() -> None:
        raise ArithmeticError("broken promise")

    clock.call_at(at(1), fail)
    clock.call_at(at(1), lambda: ran.append("still"))
    with pytest.raises(ArithmeticError, match="broken promise"):
        await clock.advance(by=1)
    assert [type(error) for error in reported] == [ArithmeticError]
    await clock.advance(by=1)
    assert ran == ["still"]


async def test_drain_runs_everything_and_counts_it():
    clock = frozen()

    def chain(left: int) -> None:
        if left:
            clock.call_later(60, lambda: chain(left - 1))

    chain(10)
    assert await clock.drain() == 10
    assert (clock.due, clock.now()) == (0, at(600_000))


async def test_drain_keeps_to_its_bounds():
    clock = frozen()

    def for_ever() -> None:
        clock.call_later(60, for_ever)

    for_ever()
    assert await clock.drain(until=at(600_000)) == 10
    assert await clock.drain(limit=7) == 7
    assert clock.due == 1


async def test_a_crowd_at_one_instant_lets_others_have_their_turn():
    clock, ran, breaths = frozen(), [], 0
    for n in range(10_000):
        clock.call_at(at(1), lambda n=n: ran.append(n))
    advancing = asyncio.create_task(clock.advance(by=1))
    while not advancing.done():
        await asyncio.sleep(0)
        breaths += 0 < len(ran) < 10_000
    assert ran == list(range(10_000))
    assert breaths >= 20


def test_a_timer_costs_no_more_among_many():
    def run(count: int) -> None:
        clock, ran = frozen(), []
        for n in range(count):
            clock.call_at(at(n * 7919 % 1000), lambda n=n: ran.append(n))
        asyncio.run(clock.drain())
        assert len(ran) == count

    assert in_proportion(run, 20_000)


async def test_a_sleeper_that_is_cancelled_leaves_the_agenda():
    clock = frozen()
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    assert clock.due == 1
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)
    assert clock.due == 0


async def test_a_sleep_that_is_over_already_returns_at_once():
    clock = frozen()
    await clock.sleep_until(at(0))
    await clock.sleep_until(at(-1))
    assert clock.due == 0


def test_what_is_scheduled_before_the_loop_runs_waits_for_it():
    clock, ran = frozen(), []
    clock.call_at(at(5), lambda: ran.append("early"))
    asyncio.run(clock.advance(by=1))
    assert ran == ["early"]


async def test_close_drops_the_agenda():
    clock, ran = Clock(start=NOON), []
    clock.call_at(at(0), lambda: ran.append("never"))
    clock.close()
    await turns()
    assert (ran, clock.due) == ([], 0)
