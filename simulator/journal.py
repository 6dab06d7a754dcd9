"""The journal: everything that came in, that people did, and that went out, in order and with both clocks.

It is the witness (gateway.md, "Journal and truth"): it is told, it tells, it never influences what happens.
Memory holds the latest entries only; a `journal_file.JournalFile` listens in and keeps them all.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

from simulator.entry import ANYTHING as ANYTHING
from simulator.entry import Batch as Batch
from simulator.entry import Entry as Entry
from simulator.entry import Fact as Fact
from simulator.entry import Kind as Kind
from simulator.entry import Match as Match
from simulator.entry import iso as iso
from simulator.world import Moment

_tuple = tuple.__new__


class Timekeeper(Protocol):
    """What the journal asks of the clock."""

    def now(self) -> Moment: ...

    def wall(self) -> float: ...

    async def sleep_until(self, moment: Moment, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order. `after` is the next page's cursor; `forgotten` counts what memory no longer holds."""

    entries: Sequence[Entry]
    after: int
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An entry that all but fitted, and what kept it from fitting."""

    entry: Entry
    because: Sequence[str]


@dataclass(frozen=True, slots=True)
class Waited:
    """How a wait ended. `met` if enough entries came; otherwise `near` shows the closest others."""

    met: bool
    entries: Sequence[Entry]
    near: Sequence[NearMiss] = ()


SLACK = 1_000  # forgotten items that may stand before the lists are cut
NEAR_MISSES = 5
NEAR_SEARCH = 5_000  # how far back a failed wait looks for near misses; bounded, as it blocks the loop


class _Listener(NamedTuple):
    hear: Callable[[Entry], None]
    kinds: frozenset[Kind]
    """Empty: all."""
    take: Callable[[Batch], None] | None

    def taking(self, kinds: frozenset[Kind]) -> Callable[[Batch], None] | None:
        """How it hears of a batch of these kinds; None: not at all."""
        wanted = kinds & self.kinds if self.kinds else kinds
        if not wanted:
            return None
        return self.take or partial(self._hear_each, Match(wanted))

    def _hear_each(self, match: Match, batch: Batch) -> None:
        for entry in batch.read(match, batch.first, batch.first + len(batch)):
            self.hear(entry)


class Journal:
    """Append-only. Keeps the latest `keep` entries, numbered on from `first`."""

    def __init__(self, clock: Timekeeper, keep: int = 100_000, first: int = 1) -> None:
        self._clock = clock
        self._keep = keep
        self._first = first
        self._next = first
        self._firsts: list[int] = []
        self._items: list[Entry | Batch | None] = []
        self._gone = 0  # so many at the beginning of both lists are forgotten
        self.burden: Callable[[], int] = lambda: 0
        """How many entries a listener has yet to write somewhere: whoever can had better wait."""
        self._listeners: tuple[_Listener, ...] = ()
        self._hearing: dict[Kind, tuple[Callable[[Entry], None], ...]] = {}
        self._taking: dict[tuple[Kind, ...], Sequence[Callable[[Batch], None]]] = {}

    def record(
        self,
        kind: Kind,
        *,
        message: str | None = None,
        address: str | None = None,
        account: str | None = None,
        **facts: Fact,
    ) -> Entry:
        """Write one entry down and tell every listener, in the order in which they came."""
        return self.note(kind, message, address, account, facts)

    def note(
        self,
        kind: Kind,
        message: str | None,
        address: str | None,
        account: str | None,
        facts: Mapping[str, Fact],
    ) -> Entry:
        """`record`, with facts that may be worked out when they are read."""
        clock = self._clock
        entry = _tuple(Entry, (self._next, clock.now(), clock.wall(), kind, message, address, account, facts))
        self._keep_item(entry, 1)
        for hear in self._hearing.get(kind, ()):
            hear(entry)
        return entry

    def enter(self, batch: Batch) -> None:
        """Write many entries of one moment down at once; there must be some."""
        clock = self._clock
        batch.first, batch.at, batch.wall = self._next, clock.now(), clock.wall()
        self._keep_item(batch, len(batch.kinds) * len(batch.records))
        for take in self._taking.get(batch.kinds) or self._route(batch.kinds):
            take(batch)

    def _route(self, kinds: tuple[Kind, ...]) -> Sequence[Callable[[Batch], None]]:
        """Who takes batches of these kinds: worked out once, as long as nobody else listens."""
        found = [take for each in self._listeners if (take := each.taking(frozenset(kinds))) is not None]
        self._taking[kinds] = found
        return found

    def _keep_item(self, item: Entry | Batch, size: int) -> None:
        self._items.append(item)
        self._firsts.append(self._next)
        self._next += size
        oldest = self._next - self._keep
        while self._gone + 1 < len(self._firsts) and self._firsts[self._gone + 1] <= oldest:
            self._items[self._gone] = None
            self._gone += 1
        if self._gone > SLACK and 2 * self._gone > len(self._items):
            del self._items[: self._gone], self._firsts[: self._gone]
            self._gone = 0

    def listen(
        self,
        hear: Callable[[Entry], None],
        kinds: frozenset[Kind] = frozenset(),
        *,
        take: Callable[[Batch], None] | None = None,
    ) -> Callable[[], None]:
        """Call `hear` with every entry (of these kinds, when some are named) from now on, at once and on the
        loop; whoever can `take` batches as they are gets whole whichever has one of them. Returns how to
        stop."""
        mine = _Listener(hear, kinds, take)
        self._set_listeners((*self._listeners, mine))
        return lambda: self._set_listeners(tuple(each for each in self._listeners if each is not mine))

    def _set_listeners(self, listeners: tuple[_Listener, ...]) -> None:
        self._listeners = listeners
        self._taking = {}
        self._hearing = {
            kind: tuple(each.hear for each in listeners if not each.kinds or kind in each.kinds)
            for kind in Kind
        }

    @property
    def last(self) -> int:
        """The number of the newest entry; one less than the first number before there is any."""
        return self._next - 1

    @property
    def oldest(self) -> int:
        """The number of the oldest entry in memory (the next one's while there is none)."""
        return max(self._first, self._next - self._keep)

    def read(self, after: int = 0, match: Match = ANYTHING, limit: int = 1_000) -> Page:
        """Up to `limit` matching entries with numbers over `after`, oldest first, from memory."""
        start = max(after + 1, self.oldest)
        forgotten = max(0, self.oldest - max(after + 1, self._first))
        found = list(islice(self._onwards(start, match), limit))
        last = found[-1].seq if found and len(found) == limit else max(start, self._next) - 1
        return Page(found, max(after, last), forgotten)

    def tail(self, count: int, match: Match = ANYTHING) -> list[Entry]:
        """The newest `count` matching entries in memory, oldest first."""
        return list(islice(self._backwards(match), count))[::-1]

    def _onwards(self, start: int, match: Match) -> Iterator[Entry]:
        """Entries that fit, from number `start` on."""
        place = max(bisect_right(self._firsts, start) - 1, self._gone)
        for item in self._items[place:]:
            if isinstance(item, Batch):
                yield from item.read(match, max(start, item.first), item.first + len(item))
            elif item is not None and item.seq >= start and match.fits(item):
                yield item

    def _backwards(self, match: Match) -> Iterator[Entry]:
        oldest = self.oldest
        for item in islice(reversed(self._items), len(self._items) - self._gone):
            if isinstance(item, Batch):
                stop = max(oldest, item.first) - 1
                yield from item.read(match, item.first + len(item) - 1, stop, -1)
            elif item is not None and match.fits(item):
                yield item

    async def wait(
        self, match: Match, count: int = 1, within: float = 30.0, *, after: int = 0, wall: bool = False
    ) -> Waited:
        """Return as soon as `count` entries over number `after` fit, or `within` seconds are over.

        Seconds are the world's, or this machine's when `wall` is set.
        """
        found = list(self.read(after, match, count).entries)
        if len(found) < count:
            await self._gather(found, match, count, within, wall)
        if len(found) >= count:
            return Waited(True, found)
        return Waited(False, found, self._near(match))

    async def _gather(self, found: list[Entry], match: Match, count: int, within: float, wall: bool) -> None:
        enough = asyncio.get_running_loop().create_future()

        def hear(entry: Entry) -> None:
            if len(found) < count and match.fits(entry):
                found.append(entry)
                if len(found) == count and not enough.done():
                    enough.set_result(None)

        stop = self.listen(hear, match.kinds)
        try:
            if wall:
                await asyncio.wait((enough,), timeout=within)
            else:
                await self._first_of(enough, within)
        finally:
            stop()

    async def _first_of(self, enough: asyncio.Future[None], within: float) -> None:
        deadline = Moment(self._clock.now() + int(within * 1000))
        alarm = asyncio.ensure_future(self._clock.sleep_until(deadline))
        try:
            await asyncio.wait((enough, alarm), return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()

    def _near(self, match: Match) -> list[NearMiss]:
        """The entries that break the fewest conditions, newest first."""
        misses = [
            NearMiss(entry, because)
            for entry in self.tail(NEAR_SEARCH)
            if (because := match.differences(entry))
        ]
        misses.sort(key=lambda miss: (len(miss.because), -miss.entry.seq))
        fewest = len(misses[0].because) if misses else 0
        return [miss for miss in misses[:NEAR_MISSES] if len(miss.because) == fewest]
