"""Whom the demo asks, and by which channel: everybody once, since one person gets one survey whatever the
channel.
"""

from __future__ import annotations

from collections.abc import Sequence

from belfort.campaign import Customer, segments_of
from belfort.client import Control, Json

SHARES = {"SMS": 60, "VOICE": 25, "EMAIL": 15}
"""Parts of a hundred inhabitants, by the channel that they are asked on."""
LANES = {"SMS": 1, "VOICE": 2, "EMAIL": 3}
"""Of the numbers that do things each channel has a lane of its own: others with the same habits."""


async def customers(
    control: Control, people: int, channels: Sequence[str], *, hard_cases: bool
) -> list[Customer]:
    """`people` inhabitants shared out among `channels`, and one of each number that does things on each; in
    an order that mixes channels, and that is always the same."""
    found: list[tuple[str, Json]] = []
    asked = 0
    for channel, count in shares(people, channels).items():
        query = {"channel": channel, "count": str(count), "after": str(asked)}
        known = await control.ask("GET", "/people", query=query)
        found += [(channel, person) for person in known["people"]]
        asked += count
        if hard_cases:
            query = {"channel": channel, "lane": str(LANES[channel])}
            known = await control.ask("GET", "/numbers", query=query)
            found += [(channel, person) for person in known["people"]]
    return [
        Customer(person["address"], person["language"], segments_of(number), channel=channel)
        for number, (channel, person) in enumerate(found)
    ]


def shares(people: int, channels: Sequence[str]) -> dict[str, int]:
    """How many of `people` are asked on each channel; together they are all."""
    whole = sum(SHARES[channel] for channel in channels)
    parts = {channel: people * SHARES[channel] // whole for channel in channels}
    parts[channels[0]] += people - sum(parts.values())
    return parts
