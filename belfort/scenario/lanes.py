"""Lanes: a hundred people with the same habit behind each number that does things, one for each scenario."""

from __future__ import annotations

import hashlib

LANE = "LL"
LANES = 100
INHABITANTS_OF_A_LANE = 100_000
"""Of the ordinary people of the town, too, each lane has its own."""


def lane_of(title: str) -> int:
    """The lane of a scenario: always the same for the same name."""
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4]) % LANES


def addresses(pattern: str, lane: int) -> str:
    """A number or address as it is dialled: `LL` is the lane, blanks are none."""
    return pattern.replace(LANE, f"{lane:02}").replace(" ", "")
