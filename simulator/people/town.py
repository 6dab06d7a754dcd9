"""The town: who lives at an address. Remembers the inhabitants asked for last, and the people set by hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from simulator.clock import Streams
from simulator.people.addresses import channels_of
from simulator.people.identity import Identity, identity
from simulator.people.population import EVERYDAY, Population
from simulator.people.subscriber import NOBODY_IN_PARTICULAR, Person, Subscriber, subscriber
from simulator.world import Address

MOST_PEOPLE = 100_000
"""People that can be set by hand or by a file."""


class TooManyPeople(ValueError):
    """More people are set by hand than the town remembers."""


class Town:
    """Every Belgian telephone number has somebody. `keep` bounds memory, not the town."""

    def __init__(
        self,
        streams: Streams,
        population: Population = EVERYDAY,
        people: Mapping[Address, Person] | None = None,
        *,
        keep: int = 100_000,
    ) -> None:
        self._streams = streams
        self._population = population
        self._founders = dict(people or {})
        self._people = dict(self._founders)
        self._keep = keep
        self._known: OrderedDict[Address, Subscriber] = OrderedDict()
        self.age = 0
        """Grows whenever somebody may have become another."""

    @property
    def streams(self) -> Streams:
        return self._streams

    @property
    def population(self) -> Population:
        return self._population

    def subscriber(self, address: Address) -> Subscriber | None:
        """Who lives at `address`; None when it is no Belgian mobile or geographic number."""
        known = self._known.get(address)
        if known is not None:
            return known
        if not channels_of(address):
            return None
        person = self._people.get(address, NOBODY_IN_PARTICULAR)
        known = self._known[address] = subscriber(address, self._population, self._streams, person)
        if len(self._known) > self._keep:
            self._known.popitem(last=False)
        return known

    def identity(self, address: Address) -> Identity | None:
        """Name and place of who lives at `address`."""
        known = self.subscriber(address)
        return identity(known, self._streams) if known else None

    # People set by hand

    def people(self) -> Mapping[Address, Person]:
        """Everybody who was set by hand or by the file."""
        return dict(self._people)

    def set_person(self, address: Address, person: Person) -> None:
        """Settle how somebody is from now on. ValueError for an address where nobody can live."""
        if not channels_of(address):
            raise ValueError(f"{address} is no Belgian mobile number (+324 and eight digits), nor a landline")
        if len(self._people) >= MOST_PEOPLE and address not in self._people:
            raise TooManyPeople(f"{MOST_PEOPLE} people are set already; take some off first")
        self._people[address] = person
        self.age += 1
        self._known.pop(address, None)

    def forget_person(self, address: Address) -> bool:
        """Let the number and the seed decide again; False when nothing was set."""
        self.age += 1
        self._known.pop(address, None)
        return self._people.pop(address, None) is not None

    def settle(self, population: Population) -> None:
        """Another population moves in; people set by hand stay."""
        self._population = population
        self.age += 1
        self._known.clear()

    def reset(self, streams: Streams, population: Population | None = None) -> None:
        """Begin anew: another seed, and nobody set but the people the town was founded with."""
        self._streams = streams
        self._people = dict(self._founders)
        self.settle(population or self._population)
