"""Lanes: a hundred people with the same habit behind each number that does things, one for each scenario."""

from __future__ import annotations

import hashlib
import re

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


def known_as(address: str) -> str:
    """A number or address as the gateway has it, however it was written: with its country and nothing between
    its digits; a mail address in small letters.
    """
    if "@" in address:
        return address.strip().lower()
    if address.lstrip().startswith(("+", "00")):
        address = address.replace("(0)", "")
    digits = re.sub(r"[^0-9A-Z+]", "", address)
    return re.sub(r"^(?:00|(0)(?!0))", lambda found: "+32" if found[1] else "+", digits)
