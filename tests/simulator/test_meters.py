"""Figures are read when somebody asks, in a registry of each simulator's own."""

from __future__ import annotations

import asyncio
import time

from prometheus_client.parser import text_string_to_metric_families

from simulator.meters import LoopLag, Meters
from tests.simulator.servers.doors import until


def samples(meters: Meters) -> dict[tuple[str, tuple[str, ...]], float]:
    """All but what is told of the process."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(meters.text().decode())
        for sample in family.samples
        if not sample.name.startswith("process_")
    }


def test_figures_are_those_of_the_moment():
    meters, rows = Meters(), {"a": 1.0}
    meters.gauge("due", "what is due", lambda: len(rows))
    meters.table("seen", "what was seen", "kind", lambda: rows, grows=True)
    meters.table("open", "what is open", "door", lambda: rows)
    assert samples(meters) == {("due", ()): 1, ("seen_total", ("a",)): 1, ("open", ("a",)): 1}
    rows["b"] = 5.0
    assert samples(meters)["seen_total", ("b",)] == 5
    assert samples(meters)["due", ()] == 2


def test_two_simulators_may_have_the_same_names():
    one, other = Meters(), Meters()
    one.gauge("due", "what is due", lambda: 1)
    other.gauge("due", "what is due", lambda: 2)
    assert (samples(one)["due", ()], samples(other)["due", ()]) == (1, 2)


async def test_a_loop_that_is_held_up_shows_its_lag():
    lag = LoopLag(asyncio.get_running_loop())
    try:
        time.sleep(0.45)  # noqa: ASYNC251  # holding the loop up is the point
        await until(lambda: lag.seconds > 0)
        assert 0.1 < lag.seconds < 5
    finally:
        lag.close()
