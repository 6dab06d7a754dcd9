"""Clocks that stand still, and turns of the loop."""

from __future__ import annotations

import asyncio

from simulator.clock import Clock, Mode, Moment

NOON = Moment(1_700_000_000_000)


def frozen() -> Clock:
    return Clock(Mode.FROZEN, start=NOON)


def at(milliseconds: int) -> Moment:
    return Moment(NOON + milliseconds)


async def turns(count: int = 200) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
