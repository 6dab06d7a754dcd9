"""The world's clock: order, equal moments, work under way, jumps."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock, Mode, Moment, Streams

NOON = Moment(1_700_000_000_000)
FIRST_OF_STREAM = 0.5547865409804577
FIRST_FRACTION = 0.8030414048800778


def frozen() -> Clock:
    return Clock(Mode.FROZEN, start=NOON)


def at(milliseconds: int) -> Moment:
    return Moment(NOON + milliseconds)


async def turns(count: int = 200) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_real_clock_tells_this_machines_time():
    clock = Clock()
    assert abs(clock.now() - time.time() * 1000) < 1000
    assert abs(clock.wall() - time.time()) < 1


async def test_a_frozen_clock_stands_still():
    clock = frozen()
    await asyncio.sleep(0.005)
    assert clock.now() == NOON


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
    assert 0.015 < took < 2


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


async def test_a_hundred_thousand_timers_take_a_moment():
    clock, ran = frozen(), []
    began = time.perf_counter()
    for n in range(100_000):
        clock.call_at(at(n * 7919 % 1000), lambda n=n: ran.append(n))
    await clock.drain()
    assert len(ran) == 100_000
    assert time.perf_counter() - began < 5  # 0.3 s on a quiet machine


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


def test_a_stream_depends_on_seed_and_name_alone():
    one, other = Streams(1), Streams(1)
    other.of("somebody", "else").random()
    assert one.of("+32470000001", 1, "fate").random() == other.of("+32470000001", 1, "fate").random()
    names = [(1, "a", 1), (2, "a", 1), (1, "a", 2), (1, "b", 1)]
    assert len({Streams(seed).of(*name).random() for seed, *name in names}) == 4
    assert len({Streams(seed).fraction(*name) for seed, *name in names}) == 4


def test_the_streams_of_a_seed_are_the_same_next_year():
    streams = Streams(2026)
    assert streams.of("+32470000001", 1, "fate").random() == FIRST_OF_STREAM
    assert streams.fraction("+32470000001", 1, "fate") == FIRST_FRACTION


def test_fractions_are_spread_evenly():
    fractions = [Streams(7).fraction("somebody", n) for n in range(10_000)]
    assert 0 <= min(fractions) < 0.01
    assert 0.99 < max(fractions) < 1
    tenths = [sum(n / 10 <= f < (n + 1) / 10 for f in fractions) for n in range(10)]
    assert all(900 < count < 1100 for count in tenths)
