"""Somebody to send to: ordinary inhabitants in an order that never changes, and one of each number that does
things, by the channel they are to be reached on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from simulator.people import mailboxes, numbers
from simulator.people.mailboxes import HOME
from simulator.world import Address, Channel

ALL = 10_000_000
"""Numbers that begin with 047."""
STRIDE = 7_654_321
"""Shares no divisor with powers of ten, so that places far apart in the order have numbers all over."""
ZONES = ("2", "3", "4", "9", "50", "53", "10", "81")
"""Where landlines are: Brussels, Antwerp, Liège, Ghent, Bruges, Aalst, Wavre, Namur."""
SUBSCRIBERS = {1: "{place}22{number:05}", 2: "{place}2{number:05}"}
"""Numbers within a zone, by the length of its prefix: eight digits with it, and real everywhere."""
LANDLINE_EVERY = 4
EVERYWHERE = frozenset((0, 1, 2, 5, 6, 9))
"""Families that answer by voice as they do by SMS."""
VOICE_FAMILY = 8


def inhabitants(channel: Channel, count: int, after: int = 0) -> Iterator[Address]:
    """`count` ordinary inhabitants for `channel`, always the same ones and all different, after the first
    `after`."""
    return (Address(_ORDINARY[channel](place)) for place in range(after, after + count))


def doers(channel: Channel | None, lane: int) -> list[Address]:
    """One of each number, or mailbox, that does things on `channel`; None: every number there is."""
    if channel is Channel.EMAIL:
        return [mailboxes.mailbox(row.family, row.parameter, lane) for row in mailboxes.MAIL_ROWS]
    rows = (row for row in numbers.ROWS if channel is None or _does_things(row.family, channel))
    return [numbers.number(row.family, row.parameter, lane) for row in rows]


def _does_things(family: int, channel: Channel) -> bool:
    if channel is Channel.VOICE:
        return family in EVERYWHERE or family == VOICE_FAMILY
    return family != VOICE_FAMILY


def _mobile(place: int) -> str:
    return f"+3247{place * STRIDE % ALL:07}"


def _telephone(place: int) -> str:
    """Mostly mobile numbers, and landlines among them."""
    return _mobile(place) if place % LANDLINE_EVERY else _landline(place // LANDLINE_EVERY)


def _landline(place: int) -> str:
    zone = ZONES[place % len(ZONES)]
    number = place // len(ZONES) * STRIDE % 100_000
    return "+32" + SUBSCRIBERS[len(zone)].format(place=zone, number=number)


def _mailbox(place: int) -> str:
    return f"inhabitant{place}@{HOME}"


_ORDINARY: Mapping[Channel, Callable[[int], str]] = {
    Channel.SMS: _mobile,
    Channel.VOICE: _telephone,
    Channel.EMAIL: _mailbox,
}
