"""A reader with a mistake, for the fuzzer to find: behind the third parameter of one kind, of which the seeds
have none, it reads an octet without a look at the end."""

from __future__ import annotations

from random import Random

TAG, WANTED = 0x7E, 3


def seeds() -> list[bytes]:
    return [bytes((1, 1, 0)), bytes((2, 0))]


def check(octets: bytes, chance: Random) -> None:
    """Parameters of a tag, a length and a value."""
    at, found = 0, 0
    while at + 2 <= len(octets):
        tag, length = octets[at], octets[at + 1]
        at += 2 + length
        if at > len(octets):
            return
        if tag == TAG:
            found += 1
        if found == WANTED:
            octets[at]
