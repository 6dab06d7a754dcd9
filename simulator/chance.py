"""Chance in named streams: every random decision is drawn under the name of what it decides (gateway.md).

A name is a path, `seed/number/nth message/decision`, so a decision depends on nothing that others decide,
nor on their order. The page's "same next year" rests on hash functions and on `Random.random` alone.

Where several decisions about one thing are always needed together, one hash gives eight numbers, a *cast*:
the place in it is the decision's name. That is several times cheaper than a hash for each.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable, Sequence

Chance = random.Random
"""A generator of one stream. Only `random()` is used where a decision must be the same next year: Python
promises its sequence for a seed, and not that of the methods built on it."""


class Draws:
    """The decisions about one thing: a number from 0 up to but not including 1 for each decision's name."""

    __slots__ = ("_names",)

    def __init__(self, names: hashlib.blake2b) -> None:
        self._names = names

    def fraction(self, decision: str) -> float:
        """The same number whenever it is asked for, whatever else was asked before."""
        digest = self._names.copy()
        digest.update(decision.encode())
        return (int.from_bytes(digest.digest()) >> 11) * 2.0**-53


Cast = bytes
"""Eight numbers of eight octets."""


def number_in(cast: Cast, place: int) -> float:
    """The number at `place` (0 to 7), from 0 up to but not including 1."""
    return (_AT[place](cast)[0] >> 11) * 2.0**-53


def numbers_in(cast: Cast) -> list[float]:
    """All eight: cheaper than one by one from the sixth on."""
    return [(number >> 11) * 2.0**-53 for number in _EIGHT(cast)]


_EIGHT = struct.Struct(">8Q").unpack
_AT: Sequence[Callable[[bytes], tuple[int]]] = tuple(
    struct.Struct(f">{8 * place}xQ").unpack_from for place in range(8)
)


class Streams:
    """The only chance in the simulator: generators named by what they decide (`seed/number/nth/decision`)."""

    __slots__ = ("_key", "_wide", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = hashlib.blake2b(f"{seed}/".encode(), digest_size=8)
        self._wide = hashlib.blake2b(f"{seed}/".encode(), digest_size=64)

    def cast(self, name: str) -> Cast:
        """Eight numbers about the thing of that name."""
        names = self._wide.copy()
        names.update(name.encode())
        return names.digest()

    def of(self, *names: object) -> Chance:
        """The generator of that name, always from its beginning."""
        return random.Random(f"{self.seed}/{'/'.join(map(str, names))}")

    def about(self, *names: object) -> Draws:
        """Single numbers about one thing: cheaper than a generator for each decision."""
        names_so_far = self._key.copy()
        names_so_far.update(("/".join(map(str, names)) + "/").encode())
        return Draws(names_so_far)

    def fraction(self, *names: object) -> float:
        """One number about a thing: `about(a, b).fraction("c")` is `fraction(a, b, "c")`."""
        return Draws(self._key).fraction("/".join(map(str, names)))
