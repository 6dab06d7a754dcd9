"""Puts the parts of long messages together, in whatever order they come, within bounds of number, octets and
age (the time is handed in)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from simulator.wire.smpp.parts import Piece


class Part(NamedTuple):
    """One part as it came; `token` is what the caller wants back with it."""

    octets: bytes
    token: object = None


class Incomplete(NamedTuple):
    """A message given up: too old, or pushed out by others."""

    key: Hashable
    total: int
    tokens: tuple[object, ...]
    """Of the parts that came, by number. Their octets are not kept."""


class _Open:
    """A message of which parts are missing."""

    __slots__ = ("octets", "parts", "since", "total")

    def __init__(self, total: int, since: float) -> None:
        self.total, self.since = total, since
        self.parts: dict[int, Part] = {}
        self.octets = 0


class Assembly:
    """Messages of which parts are missing, oldest first."""

    __slots__ = ("_age", "_given_up", "_most", "_most_octets", "_octets", "_open")

    def __init__(
        self, *, most: int = 10_000, most_octets: int = 16 * 1024 * 1024, age: float = 3600.0
    ) -> None:
        """At most `most` messages and `most_octets` octets, each for `age` seconds from its first part."""
        self._most, self._most_octets, self._age = most, most_octets, age
        self._open: dict[Hashable, _Open] = {}
        self._octets = 0
        self._given_up: list[Incomplete] = []

    def __len__(self) -> int:
        return len(self._open)

    @property
    def octets(self) -> int:
        """Kept at this moment."""
        return self._octets

    def add(self, who: Hashable, piece: Piece, part: Part, now: float) -> tuple[Part, ...] | None:
        """All parts in order when `part` was the last missing one, else None.

        `who` names sender, receiver and the like: references are the sender's own. A part that came before is
        taken for a repeat, and dropped.
        """
        key = (who, piece.reference, piece.total)
        message = self._open.get(key)
        if message is None:
            message = self._open[key] = _Open(piece.total, now)
        if piece.number not in message.parts:
            message.parts[piece.number] = part
            message.octets += len(part.octets)
            self._octets += len(part.octets)
        if len(message.parts) == message.total:
            return self._take(key)
        while len(self._open) > self._most or self._octets > self._most_octets:
            self._give_up(next(iter(self._open)))
        return None

    def expire(self, now: float) -> list[Incomplete]:
        """What was given up since the last call: at `now` too old, or pushed out before."""
        while self._open:
            key, oldest = next(iter(self._open.items()))
            if oldest.since + self._age > now:
                break
            self._give_up(key)
        given_up, self._given_up = self._given_up, []
        return given_up

    def next_due(self) -> float | None:
        """When the oldest message is too old, or None."""
        for oldest in self._open.values():
            return oldest.since + self._age
        return None

    def _give_up(self, key: Hashable) -> None:
        total = self._open[key].total
        tokens = tuple(part.token for part in self._take(key))
        self._given_up.append(Incomplete(key, total, tokens))
        del self._given_up[: -self._most]

    def _take(self, key: Hashable) -> tuple[Part, ...]:
        message = self._open.pop(key)
        self._octets -= message.octets
        return tuple(part for _, part in sorted(message.parts.items()))
