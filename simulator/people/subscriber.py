"""One inhabitant as a pure function of seed and number: region, language, network, whether the number is in
use.

Nothing here depends on when, in which order or by how many connections a number is asked for. What a
subscriber does with one message stands in `respondent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.clock import Cast, Streams, number_in
from simulator.people import mailboxes
from simulator.people.addresses import MAILBOX, channels_of
from simulator.people.numbers import decode
from simulator.people.population import Population
from simulator.people.script import Script
from simulator.world import Address, Channel


@dataclass(frozen=True, slots=True)
class Person:
    """What a file or the control API says about one address; what is None is drawn as for everybody."""

    script: Script | None = None
    language: str | None = None
    network: str | None = None


NOBODY_IN_PARTICULAR = Person()


REGION, LANGUAGE, PORTED, NETWORK, REACH = range(5)
"""What is drawn about an inhabitant, by its place in the cast."""


class Subscriber:
    """Somebody with a number. What no message needs is worked out when it is asked for."""

    __slots__ = (
        "_cast",
        "_language",
        "_person",
        "_population",
        "address",
        "channels",
        "number",
        "out_of_reach",
        "routine",
        "script",
    )

    def __init__(self, address: Address, population: Population, cast: Cast, person: Person) -> None:
        self.address = address
        self._population, self._cast, self._person = population, cast, person
        self.channels: tuple[Channel, ...] = channels_of(address)
        """By which ways somebody can be reached here."""
        by_mail = self.channels == MAILBOX
        self.number = found = mailboxes.decode(address) if by_mail else decode(address)
        """Set for the numbers that do things."""
        self.script = person.script or (found.row.script if found and found.row else None)
        """What this number does, told beforehand; None: drawn from the population."""
        self.out_of_reach = None if self.script or by_mail else _out_of_reach(population, cast)
        """The cause why nothing ever reaches this number; None when messages can."""
        self.routine: object = None
        """For `respondent` to remember what this number does with every message alike."""
        self._language: str | None = person.language

    def reached(self, script: Script | None) -> Subscriber:
        """The same person, within reach, who does what `script` says if there is one."""
        other = Subscriber(self.address, self._population, self._cast, self._person)
        other.script, other.out_of_reach = script, None
        return other

    @property
    def region(self) -> str:
        return self._population.regions.pick(number_in(self._cast, REGION))

    @property
    def language(self) -> str:
        if self._language is None:
            shares = self._population.languages[self.region]
            self._language = shares.pick(number_in(self._cast, LANGUAGE))
        return self._language

    @property
    def network(self) -> str:
        if self._person.network is None and self.channels == MAILBOX:
            return "mail"
        return self._person.network or _network(self.address, self._population, self._cast)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subscriber) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self.address)

    def __repr__(self) -> str:
        return f"Subscriber({self.address})"

    def _all(self) -> tuple[object, ...]:
        return (self.address, self.region, self.language, self.network, self.out_of_reach, self.script)


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
    return Subscriber(address, population, streams.cast(address), person)


def _network(address: Address, population: Population, cast: Cast) -> str:
    """The prefix is not the network: numbers are ported since 2002."""
    holder = holder_of(address)
    if holder is not None and number_in(cast, PORTED) >= population.ported:
        return holder
    return population.networks.pick(number_in(cast, NETWORK))


def holder_of(address: Address) -> str | None:
    """The network that the prefix was first given to; None when none is listed."""
    national = address.removeprefix("+32")
    return next((PREFIXES[national[:n]] for n in (4, 3, 2) if national[:n] in PREFIXES), None)


def _out_of_reach(population: Population, cast: Cast) -> str | None:
    if not population.lost:
        return None
    fraction = number_in(cast, REACH)
    for cause, share in population.lost:
        fraction -= share
        if fraction < 0:
            return cause
    return None
