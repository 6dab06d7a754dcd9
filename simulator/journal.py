"""The journal: everything that came in, that people did, and that went out, in order and with both clocks.

It is the witness (gateway.md, "Journal and truth"): it is told, it tells, it never influences what happens.
Memory holds the latest entries only; a `journal_file.JournalFile` listens in and keeps them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from simulator.world import Moment

Fact = str | int | float | bool | None


class Kind(StrEnum):
    """What happened. The part before the dot is the subject."""

    MT_SUBMITTED = "mt.submitted"
    MT_REPEATED = "mt.repeated"
    MT_REFUSED = "mt.refused"
    MT_BOTCHED = "mt.botched"
    MT_CANCELLED = "mt.cancelled"
    MT_REPLACED = "mt.replaced"
    MT_PART = "mt.part"
    PERSON_DECIDED = "person.decided"
    REPORT_DUE = "report.due"
    REPORT_HANDED = "report.handed"
    REPORT_LOST = "report.lost"
    REPORT_FAILED = "report.failed"
    REPLY_WRITTEN = "reply.written"
    REPLY_HANDED = "reply.handed"
    REPLY_LOST = "reply.lost"
    REPLY_FAILED = "reply.failed"
    FAULT_SET = "fault.set"
    FAULT_HIT = "fault.hit"
    FAULT_CLEARED = "fault.cleared"
    INPUT_MALFORMED = "input.malformed"
    DOOR_CALL = "door.call"
    DOOR_BOUND = "door.bound"
    DOOR_CLOSED = "door.closed"
    CALL_STATUS = "call.status"
    CALL_DOCUMENT = "call.document"
    CALL_HEARD = "call.heard"
    CALL_KEYS = "call.keys"
    CALL_GATHERED = "call.gathered"
    CALL_WARNING = "call.warning"
    CALL_BACK = "call.back"
    MAIL_IN = "mail.in"
    MAIL_REFUSED = "mail.refused"
    MAIL_AUTOMATIC = "mail.automatic"
    MAIL_HANDED = "mail.handed"
    MAIL_FAILED = "mail.failed"
    MAIL_LOST = "mail.lost"
    PDU_IN = "pdu.in"
    PDU_OUT = "pdu.out"
    CLOCK_SET = "clock.set"
    PEOPLE_SET = "people.set"
    WORLD_OPENED = "world.opened"
    WORLD_RESET = "world.reset"


class Timekeeper(Protocol):
    """What the journal asks of the clock."""

    def now(self) -> Moment: ...

    def wall(self) -> float: ...

    async def sleep_until(self, moment: Moment, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `seq` counts without gaps; `at` is the world's time, `wall` this machine's."""

    seq: int
    at: Moment
    wall: float
    kind: Kind
    message: str | None
    address: str | None
    account: str | None
    facts: Mapping[str, Fact] = field(repr=False)

    def as_json(self) -> dict[str, object]:
        """The entry as the control API and JSON Lines show it; moments as ISO 8601 in UTC."""
        return {
            "seq": self.seq,
            "at": iso(self.at),
            "wall": iso(int(self.wall * 1000)),
            "kind": self.kind.value,
            "message": self.message,
            "address": self.address,
            "account": self.account,
            "facts": dict(self.facts),
        }


def iso(milliseconds: int) -> str:
    """`2026-11-24T10:00:00.000Z`. Built from whole numbers, so that nothing is rounded."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


@dataclass(frozen=True, slots=True)
class Match:
    """Which entries are meant. What is left out matches all; `facts` must each be there with that value."""

    kinds: frozenset[Kind] = frozenset()
    message: str | None = None
    address: str | None = None
    account: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def fits(self, entry: Entry) -> bool:
        """Whether every condition holds for `entry`."""
        return (
            (not self.kinds or entry.kind in self.kinds)
            and (self.address is None or entry.address == self.address)
            and (self.message is None or entry.message == self.message)
            and (self.account is None or entry.account == self.account)
            and all(entry.facts.get(name) == value for name, value in self.facts.items())
        )

    def differences(self, entry: Entry) -> list[str]:
        """Every condition that `entry` breaks, in words."""
        found = []
        if self.kinds and entry.kind not in self.kinds:
            wanted = " or ".join(sorted(kind.value for kind in self.kinds))
            found.append(f"kind is {entry.kind.value}, not {wanted}")
        for name in ("address", "message", "account"):
            wanted, is_now = getattr(self, name), getattr(entry, name)
            if wanted is not None and wanted != is_now:
                found.append(f"{name} is {is_now}, not {wanted}")
        for name, value in self.facts.items():
            if entry.facts.get(name) != value:
                found.append(f"{name} is {entry.facts.get(name)!r}, not {value!r}")
        return found


ANYTHING = Match()


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


NEAR_MISSES = 5
NEAR_SEARCH = 5_000  # how far back a failed wait looks for near misses; bounded, as it blocks the loop


class Journal:
    """Append-only. Keeps the latest `keep` entries, numbered on from `first`."""

    def __init__(self, clock: Timekeeper, keep: int = 100_000, first: int = 1) -> None:
        self._clock = clock
        self._keep = keep
        self._first = first
        self._next = first
        self._ring: list[Entry] = []
        self._listeners: tuple[Callable[[Entry], None], ...] = ()

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
        entry = Entry(self._next, clock.now(), clock.wall(), kind, message, address, account, facts)
        if len(self._ring) < self._keep:
            self._ring.append(entry)
        else:
            self._ring[(entry.seq - self._first) % self._keep] = entry
        self._next += 1
        for listener in self._listeners:
            listener(entry)
        return entry

    def listen(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `listener` with every entry from now on, at once and on the loop. Returns how to stop."""
        self._listeners = (*self._listeners, listener)

        def stop() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return stop

    @property
    def last(self) -> int:
        """The number of the newest entry; one less than the first number before there is any."""
        return self._next - 1

    @property
    def oldest(self) -> int:
        """The number of the oldest entry in memory (the next one's while there is none)."""
        return self._next - len(self._ring)

    def read(self, after: int = 0, match: Match = ANYTHING, limit: int = 1_000) -> Page:
        """Up to `limit` matching entries with numbers over `after`, oldest first, from memory."""
        found: list[Entry] = []
        seq = max(after + 1, self.oldest)
        forgotten = max(0, self.oldest - max(after + 1, self._first))
        while seq < self._next and len(found) < limit:
            entry = self._entry(seq)
            if match.fits(entry):
                found.append(entry)
            seq += 1
        return Page(found, max(after, seq - 1), forgotten)

    def tail(self, count: int, match: Match = ANYTHING) -> list[Entry]:
        """The newest `count` matching entries in memory, oldest first."""
        found: list[Entry] = []
        seq = self.last
        while seq >= self.oldest and len(found) < count:
            entry = self._entry(seq)
            if match.fits(entry):
                found.append(entry)
            seq -= 1
        return found[::-1]

    def _entry(self, seq: int) -> Entry:
        return self._ring[(seq - self._first) % self._keep]

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

        stop = self.listen(hear)
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
