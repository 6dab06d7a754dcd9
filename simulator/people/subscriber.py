"""One inhabitant as a pure function of seed and number: region, language, network, whether the number is in
use.

Nothing here depends on when, in which order or by how many connections a number is asked for. What a
subscriber does with one message stands in `respondent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.clock import Draws, Streams
from simulator.people import mailboxes
from simulator.people.addresses import MAILBOX, TELEPHONE, channels_of
from simulator.people.numbers import Number, decode
from simulator.people.population import PERMANENT, Population
from simulator.people.script import Script
from simulator.people.shares import Shares
from simulator.world import Address, Channel


@dataclass(frozen=True, slots=True)
class Person:
    """What a file or the control API says about one address; what is None is drawn as for everybody."""

    script: Script | None = None
    language: str | None = None
    network: str | None = None


NOBODY_IN_PARTICULAR = Person()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody with a number."""

    address: Address
    region: str
    language: str
    network: str
    out_of_reach: str | None
    """The cause why nothing ever reaches this number; None when messages can."""
    number: Number | None
    """Set for the numbers that do things."""
    script: Script | None
    """What this number does, told beforehand; None: drawn from the population."""
    channels: tuple[Channel, ...] = TELEPHONE
    """By which ways somebody can be reached here."""


# First holders by prefix without the 0 (libphonenumber's carrier data); the longest that fits counts.
PREFIXES: Mapping[str, str] = {
    **dict.fromkeys(("47", "460", "456"), "proximus"),
    **dict.fromkeys(("49", "455"), "orange"),
    **dict.fromkeys(
        ("483", "484", "485", "486", "487", "488", "489", "468", "469", "4650", "4670", "4806"), "telenet"
    ),
    **dict.fromkeys(("4510", "4511", "458", "465", "466", "467", "480", "461", "463"), "other"),
}


def subscriber(address: Address, population: Population, streams: Streams, person: Person) -> Subscriber:
    """Who lives at `address`; a function of its arguments alone."""
    channels = channels_of(address)
    found = mailboxes.decode(address) if channels == MAILBOX else decode(address)
    script = person.script or (found.row.script if found and found.row else None)
    draws = streams.about(address)
    region = population.regions.pick(draws.fraction("region"))
    language = person.language or population.languages[region].pick(draws.fraction("language"))
    if channels == MAILBOX:
        return Subscriber(address, region, language, person.network or "mail", None, found, script, channels)
    network = person.network or _network(address, population, draws)
    out_of_reach = None if script else _out_of_reach(population.reach, draws.fraction("reach"))
    return Subscriber(address, region, language, network, out_of_reach, found, script, channels)


def _network(address: Address, population: Population, draws: Draws) -> str:
    """The prefix is not the network: numbers are ported since 2002."""
    holder = holder_of(address)
    if holder is not None and draws.fraction("ported") >= population.ported:
        return holder
    return population.networks.pick(draws.fraction("network"))


def holder_of(address: Address) -> str | None:
    """The network that the prefix was first given to; None when none is listed."""
    national = address.removeprefix("+32")
    return next((PREFIXES[national[:n]] for n in (4, 3, 2) if national[:n] in PREFIXES), None)


def _out_of_reach(reach: Shares[str], fraction: float) -> str | None:
    for cause in PERMANENT:
        fraction -= reach.share(cause)
        if fraction < 0:
            return cause
    return None
