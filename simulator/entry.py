"""What the journal holds: entries one by one, and batches, which become entries when somebody reads them.

A door that takes a hundred thousand messages a second cannot write several facts of each into a dictionary
that hardly anybody ever opens. So what happened to many messages at one moment is written down as one batch:
the records themselves, and how a record reads as entries. A record holds only what does not change any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

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


class Entry(NamedTuple):
    """One thing that happened. `seq` counts without gaps; `at` is the world's time, `wall` this machine's."""

    seq: int
    at: Moment
    wall: float
    kind: Kind
    message: str | None
    address: str | None
    account: str | None
    facts: Mapping[str, Fact]

    def __repr__(self) -> str:
        """Without the facts: they hold what people wrote."""
        told = zip(self._fields[:-1], self[:-1], strict=True)
        return f"Entry({', '.join(f'{name}={value!r}' for name, value in told)})"

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


class LateFacts(Mapping[str, Fact]):
    """Facts that are worked out when they are first read."""

    __slots__ = ("_facts", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Fact]]) -> None:
        self._make = make
        self._facts: Mapping[str, Fact] | None = None

    def _read(self) -> Mapping[str, Fact]:
        if self._facts is None:
            self._facts = self._make()
        return self._facts

    def __getitem__(self, name: str) -> Fact:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class Line(NamedTuple):
    """One entry of a record, without what the batch knows: its number, its moment, its kind."""

    message: str | None
    address: str | None
    account: str | None
    facts: Mapping[str, Fact]


class Batch:
    """Records of one moment, each of which reads as one entry of each of `kinds`, in that order."""

    __slots__ = ("at", "first", "kinds", "records", "wall")

    def __init__(self, kinds: tuple[Kind, ...], records: Sequence[object]) -> None:
        self.kinds, self.records = kinds, records
        self.first, self.at, self.wall = 0, Moment(0), 0.0

    def message_of(self, record: object) -> str | None:
        """The message that all entries of a record are about."""
        raise NotImplementedError

    def lines(self, record: object) -> Sequence[Line]:
        """One line for each of `kinds`."""
        raise NotImplementedError

    def __len__(self) -> int:
        """How many entries it stands for."""
        return len(self.kinds) * len(self.records)

    def read(self, match: Match, start: int, stop: int, step: int = 1) -> Iterator[Entry]:
        """The entries that fit, of those with numbers from `start` up to but not including `stop`."""
        per = len(self.kinds)
        seen, lines = -1, ()  # type: tuple[int, Sequence[Line]]
        for place in range(start - self.first, stop - self.first, step):
            number, which = divmod(place, per)
            kind = self.kinds[which]
            if match.kinds and kind not in match.kinds:
                continue
            record = self.records[number]
            if match.message is not None and match.message != self.message_of(record):
                continue
            if number != seen:
                seen, lines = number, self.lines(record)
            entry = Entry(self.first + place, self.at, self.wall, kind, *lines[which])
            if match.fits(entry):
                yield entry

    def entries(self) -> Iterator[Entry]:
        """All of them."""
        return self.read(ANYTHING, self.first, self.first + len(self))


class Match(NamedTuple):
    """Which entries are meant. What is left out matches all; `facts` must each be there with that value."""

    kinds: frozenset[Kind] = frozenset()
    message: str | None = None
    address: str | None = None
    account: str | None = None
    facts: Mapping[str, Fact] = {}

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
