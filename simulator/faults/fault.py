"""One fault that is switched on: where it acts, on whom, when, how often, and how often it has.

A *visit* is one thing passing a place: a call at `sms.submit`, a report at `sms.report`. Visits are counted
for each person (for each account where nobody is named), so that a seed gives each person the same faults
whatever the order of arrival (gateway.md, "Faults"); `when.counted = all` counts all visits together instead.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase

from simulator.clock import Streams
from simulator.world import Moment

Parameter = float | int | str
VISITORS = 100_000
"""Visitors whose visits are counted for one fault; beyond it the one seen longest ago is forgotten."""


class Counted(Enum):
    """Whose visits `first` and `every` count."""

    PERSON = "person"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who passes which place. `nth` is the person's nth message where the place knows it."""

    where: str
    address: str | None = None
    account: str | None = None
    message: str | None = None
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """On whom a fault acts: shell patterns for numbers and accounts, any one of each; none: everybody."""

    numbers: Sequence[str] = ()
    accounts: Sequence[str] = ()

    def fits(self, visit: Visit) -> bool:
        return _any(self.numbers, visit.address) and _any(self.accounts, visit.account)


def _any(patterns: Sequence[str], value: str | None) -> bool:
    return not patterns or (value is not None and any(fnmatchcase(value, each) for each in patterns))


@dataclass(frozen=True, slots=True)
class When:
    """At which visits: all given conditions must hold. Moments are the world's, the second one excluded."""

    first: int | None = None
    every: int | None = None
    probability: float = 1.0
    counted: Counted = Counted.PERSON
    since: Moment | None = None
    until: Moment | None = None

    def covers(self, now: Moment) -> bool:
        """Whether `now` lies in the window."""
        return (self.since is None or now >= self.since) and (self.until is None or now < self.until)


@dataclass(slots=True)
class Fault:
    """A fault as it stands on the list. `expires` is a moment of the world; `limit` the most hits."""

    id: int
    name: str
    where: str
    given: Mapping[str, Parameter] = field(default_factory=dict)
    match: Match = Match()
    when: When = When()
    limit: int | None = None
    ttl: float | None = None
    expires: Moment | None = None
    hits: int = 0
    visits: OrderedDict[str, int] = field(default_factory=OrderedDict, repr=False)
    state: dict[str, float] = field(default_factory=dict, repr=False)
    """What a fault with a capacity remembers: levels of its buckets."""

    def is_over(self, now: Moment) -> bool:
        """Whether it can never hit again."""
        if self.limit is not None and self.hits >= self.limit:
            return True
        over = self.when.until is not None and now >= self.when.until
        return over or (self.expires is not None and now >= self.expires)

    def acts_at(self, place: str) -> bool:
        """`sms` acts at all of that door, `sms.submit` at that stage, `*` everywhere."""
        return self.where in ("*", place) or place.startswith(f"{self.where}.")

    def strikes(self, visit: Visit, now: Moment, streams: Streams) -> bool:
        """Whether this visit is hit. Counts the visit; the caller counts the hit once it has taken effect."""
        if self.is_over(now) or not self.acts_at(visit.where) or not self.match.fits(visit):
            return False
        count = self._count(visit)
        when = self.when
        if not when.covers(now):
            return False
        if when.first is not None and count > when.first:
            return False
        if when.every is not None and count % when.every:
            return False
        return when.probability >= 1 or self.chance(visit, streams, "hit") < when.probability

    def chance(self, visit: Visit, streams: Streams, decision: str) -> float:
        """0 ≤ number < 1, the same for this person's same visit whenever it comes."""
        who = _visitor(visit)
        count = self.visits.get(who, 0)
        nth = visit.nth if visit.nth is not None else count
        return streams.fraction(who, nth, f"{visit.where}:{self.name}:{decision}", count)

    def _count(self, visit: Visit) -> int:
        who = _visitor(visit)
        self.visits[who] = mine = self.visits.get(who, 0) + 1
        self.visits.move_to_end(who)
        if len(self.visits) > VISITORS:
            self.visits.popitem(last=False)
        if self.when.counted is Counted.PERSON:
            return mine
        self.state["visits"] = everyone = self.state.get("visits", 0) + 1
        return int(everyone)


def _visitor(visit: Visit) -> str:
    return visit.address or visit.account or "-"
