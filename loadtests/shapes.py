"""How many users there are, minute by minute: smoke, load, stress, spike, soak.

A shape says only how the load comes and goes. `-u` sets how many users its top is, `-t` how long it takes,
`-r` how fast users come. `BELFORT_SHAPE` chooses one; without it Locust's own options rule alone.
"""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any, ClassVar

from locust import LoadTestShape

CHOSEN = "BELFORT_SHAPE"


class Course(LoadTestShape):
    """Straight lines between `points`: the part of the time, and the part of the top, both 0 to 1."""

    abstract = True
    use_common_options = True
    points: ClassVar[tuple[tuple[float, float], ...]] = ((0, 1), (1, 1))
    users: ClassVar[int] = 20
    seconds: ClassVar[float] = 60
    spawn_rate: ClassVar[float] = 1

    @classmethod
    def ask(cls, options: Any) -> None:
        """Take Locust's own options, before it fills in those that were not given."""
        cls.users = getattr(options, "num_users", None) or cls.users
        cls.seconds = getattr(options, "run_time", None) or cls.seconds
        cls.spawn_rate = getattr(options, "spawn_rate", None) or cls.users

    def tick(self) -> tuple[int, float] | None:
        now = self.get_run_time() / self.seconds
        return None if now >= 1 else (max(1, round(self.users * self.height(now))), self.spawn_rate)

    @classmethod
    def height(cls, now: float) -> float:
        """The part of the top at the part `now` of the time."""
        for (begun, low), (ended, high) in pairwise(cls.points):
            if begun <= now < ended:
                return low + (high - low) * (now - begun) / (ended - begun)
        return cls.points[-1][1]


class Smoke(Course):
    """A minute of a little: does it work at all?"""

    abstract = False


class Load(Course):
    """Ten minutes of a usual day: up, level, down."""

    abstract = False
    points = ((0, 0), (0.1, 1), (0.9, 1), (1, 0.1))
    users, seconds = 60, 600


class Stress(Course):
    """Steps up to more than is bearable: where does it bend?"""

    abstract = False
    points = (
        (0, 0.1), (0.18, 0.1), (0.2, 0.25), (0.38, 0.25), (0.4, 0.5), (0.58, 0.5),
        (0.6, 0.75), (0.78, 0.75), (0.8, 1), (1, 1),
    )  # fmt: skip
    users, seconds = 200, 600


class Spike(Course):
    """Calm, a sudden rush, calm: does it come back?"""

    abstract = False
    points = ((0, 0.1), (0.4, 0.1), (0.42, 1), (0.58, 1), (0.6, 0.1), (1, 0.1))
    users, seconds = 200, 180


class Soak(Course):
    """Half an hour at half the load: does anything grow?"""

    abstract = False
    users, seconds = 30, 1_800


SHAPES = {shape.__name__.lower(): shape for shape in (Smoke, Load, Stress, Spike, Soak)}


def chosen() -> type[Course] | None:
    """The shape that was asked for. `ValueError` for a name that there is not."""
    name = os.environ.get(CHOSEN)
    if not name:
        return None
    if name not in SHAPES:
        raise ValueError(f"{CHOSEN}={name}: there is no such shape; there are {', '.join(SHAPES)}")
    return SHAPES[name]
