"""Journals for tests."""

from collections.abc import Iterable

from simulator.clock import Clock, Mode, Moment
from simulator.entry import LateFacts, Line
from simulator.journal import Batch, Entry, Journal, Kind, Match

START = Moment(1_800_000_000_000)
SENT = Match(kinds=frozenset({Kind.MT_SUBMITTED}))


def frozen() -> Clock:
    return Clock(Mode.FROZEN, start=START)


def filled(count: int, keep: int = 100) -> Journal:
    journal = Journal(frozen(), keep)
    for n in range(count):
        journal.record(Kind.MT_SUBMITTED, message=f"m{n}", address=f"+3247000000{n % 3}", account="a", nth=n)
    return journal


class Pairs(Batch):
    """Each record reads as two entries."""

    def message_of(self, record: int) -> str:
        return f"m{record}"

    def lines(self, record: int) -> tuple[Line, Line]:
        names = (f"m{record}", f"+3247000000{record % 3}", "a")
        return Line(*names, LateFacts(lambda: {"nth": record})), Line(*names, {"nth": record, "fate": "x"})


PAIR = (Kind.MT_SUBMITTED, Kind.PERSON_DECIDED)


def told(sizes: list[int], keep: int, *, batched: bool) -> tuple[Journal, list[object]]:
    """The same entries, one by one or in batches between single ones; and what a listener heard."""
    journal, heard, number = Journal(frozen(), keep), [], 0
    journal.listen(heard.append)
    for size in sizes:
        journal.record(Kind.DOOR_CALL, nth=-size)
        numbers = range(number, number := number + size)
        if batched and size:
            journal.enter(Pairs(PAIR, list(numbers)))
            continue
        for each in numbers:
            names = {"message": f"m{each}", "address": f"+3247000000{each % 3}", "account": "a"}
            journal.record(Kind.MT_SUBMITTED, **names, nth=each)
            journal.record(Kind.PERSON_DECIDED, **names, nth=each, fate="x")
    return journal, heard


def bare(entries: Iterable[Entry]) -> list[object]:
    return [(*each[:2], *each[3:7], dict(each.facts)) for each in entries]
