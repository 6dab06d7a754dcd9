"""Names and places of inhabitants, from Faker; made only when somebody asks, never for a message.

Faker is seeded by the subscriber's own stream, so an identity too is a function of seed and number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

from faker import Faker

from simulator.clock import Streams
from simulator.people.subscriber import Subscriber

LOCALES = {"nl": ("nl_BE",), "fr": ("fr_BE",), "de": ("de_DE", "de_AT"), "en": ("en_GB",)}
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is. Invented, yet kept out of every `repr`."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    place: str = field(repr=False)
    locale: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def identity(subscriber: Subscriber, streams: Streams) -> Identity:
    """The name and the place of a subscriber, in the locale of the language."""
    locales = LOCALES[subscriber.language]
    locale = locales[int(streams.fraction(subscriber.address, "locale") * len(locales))]
    return made(locale, int(streams.fraction(subscriber.address, "identity") * 2**53))


@lru_cache(KEPT)
def made(locale: str, seed: int) -> Identity:
    """An invented person, the same for the same seed."""
    faker = _faker(locale)
    faker.seed_instance(seed)
    return Identity(faker.first_name(), faker.last_name(), faker.city(), locale)


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale, use_weighting=False)
