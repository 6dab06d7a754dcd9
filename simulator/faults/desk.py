"""The faults that are on, and the three questions that doors and carrier ask about them.

meet      what a call at a door goes through             (`trouble`)
refusal   whether one more message exceeds a capacity    (`capacity`)
arrange   when reports and replies go out                (`timing`)
Every hit is counted and journalled. With nothing switched on a question costs one comparison.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial

from simulator.clock import Streams
from simulator.faults import capacity, timing, trouble
from simulator.faults.fault import Fault, Visit
from simulator.faults.order import BadOrder, Mistake, read_order
from simulator.faults.timing import Schedule
from simulator.faults.trouble import CALM, Trouble
from simulator.journal import Journal, Kind, Timekeeper
from simulator.world import Moment, Refused

MOST_FAULTS = 1_000


class FaultDesk:
    """The list of faults. Those that are over leave it by themselves, and are remembered with their hits."""

    def __init__(self, clock: Timekeeper, streams: Streams, journal: Journal) -> None:
        self._clock, self._streams, self._journal = clock, streams, journal
        self._faults: dict[int, Fault] = {}
        self._over: dict[int, Fault] = {}
        self._next = 1

    # The list

    def add(self, order: object) -> Fault:
        """Switch on what `order` (parsed JSON, see `order`) asks for; BadOrder names every mistake in it."""
        self._sweep()
        if len(self._faults) >= MOST_FAULTS:
            raise BadOrder([Mistake("", f"{MOST_FAULTS} faults are on already; take some off first")])
        fault = read_order(order, self._next, self._clock.now())
        self._next += 1
        self._faults[fault.id] = fault
        self._journal.record(Kind.FAULT_SET, fault=fault.id, name=fault.name, where=fault.where)
        return fault

    def faults(self) -> list[Fault]:
        """What is on, oldest first."""
        self._sweep()
        return list(self._faults.values())

    def over(self) -> list[Fault]:
        """The latest that came to their end by themselves, oldest first."""
        self._sweep()
        return list(self._over.values())

    def find(self, number: int) -> Fault | None:
        """The one of that number, on or over."""
        self._sweep()
        return self._faults.get(number) or self._over.get(number)

    def remove(self, number: int) -> bool:
        """Switch one off; False if there is none of that number."""
        fault = self._faults.pop(number, None)
        if fault is not None:
            self._cleared(fault)
        return fault is not None or self._over.pop(number, None) is not None

    def clear(self) -> int:
        """Switch all off and forget those that are over; returns how many were on."""
        count = len(self._faults)
        for number in list(self._faults):
            self.remove(number)
        self._over.clear()
        return count

    def reset(self, streams: Streams) -> None:
        """Begin anew under another seed: nothing on, numbers from 1."""
        self.clear()
        self._streams, self._next = streams, 1

    def __bool__(self) -> bool:
        """Whether anything is on. What is over makes nobody take the long way any more."""
        if self._faults:
            self._sweep()
        return bool(self._faults)

    # The questions

    def meet(
        self, where: str, *, address: str | None = None, account: str | None = None, nth: int | None = None
    ) -> Trouble:
        """What a call at the stage `where` ("sms.submit") goes through."""
        if not self._faults:
            return CALM
        return self._meet(Visit(where, address, account, nth=nth))

    def refusal(
        self, where: str, *, address: str | None = None, account: str | None = None
    ) -> Refused | None:
        """What capacity says to one more message; None takes it."""
        if not self._faults:
            return None
        visit = Visit(where, address, account)
        for fault in self._of(capacity.RULES):
            refused = self._strikes(fault, visit) and capacity.refuse(fault, visit, self._clock.now())
            if refused:
                self._hit(fault, visit)
                return refused
        return None

    def arrange(
        self,
        door: str,
        *,
        address: str,
        account: str,
        message: str,
        nth: int,
        reports: Sequence[Moment],
        replies: Sequence[Moment],
    ) -> Schedule:
        """When the reports and replies of one message go out: for each the moments, none if it is lost."""
        schedule = Schedule(tuple((at,) for at in reports), tuple((at,) for at in replies))
        if not self._faults:
            return schedule
        for fault in self._of(timing.RULES):
            stage, subjects = ("report", reports) if fault.name.startswith("report") else ("reply", replies)
            visit = Visit(f"{door}.{stage}", address, account, message, nth)
            if subjects and self._strikes(fault, visit):
                schedule = timing.change(schedule, fault, partial(fault.chance, visit, self._streams))
                self._hit(fault, visit)
        return schedule

    def parts(self, door: str, count: int, *, address: str, account: str) -> list[int]:
        """In which order the parts of a long reply go out; those that are missing are lost."""
        order = list(range(count))
        visit = Visit(f"{door}.reply", address, account)
        for fault in self._of(("parts_lost", "parts_reordered")) if count > 1 else ():
            if not self._strikes(fault, visit):
                continue
            if fault.name == "parts_lost":
                order.pop(int(fault.chance(visit, self._streams, "part") * len(order)))
            else:
                order.reverse()
            self._hit(fault, visit)
        return order

    def _meet(self, visit: Visit) -> Trouble:
        met = CALM
        for fault in self._of(trouble.EFFECTS):
            if self._strikes(fault, visit):
                met = trouble.add(met, fault, partial(fault.chance, visit, self._streams))
                self._hit(fault, visit)
        return met

    def _of(self, names: Container[str]) -> list[Fault]:
        return [fault for fault in self._faults.values() if fault.name in names]

    def _strikes(self, fault: Fault, visit: Visit) -> bool:
        return fault.strikes(visit, self._clock.now(), self._streams)

    def _hit(self, fault: Fault, visit: Visit) -> None:
        fault.hits += 1
        self._journal.record(
            Kind.FAULT_HIT,
            message=visit.message,
            address=visit.address,
            account=visit.account,
            fault=fault.id,
            name=fault.name,
            where=visit.where,
        )

    def _sweep(self) -> None:
        now = self._clock.now()
        for fault in [each for each in self._faults.values() if each.is_over(now)]:
            del self._faults[fault.id]
            self._over[fault.id] = fault
            self._cleared(fault)
        while len(self._over) > MOST_FAULTS:
            del self._over[next(iter(self._over))]

    def _cleared(self, fault: Fault) -> None:
        self._journal.record(
            Kind.FAULT_CLEARED, fault=fault.id, name=fault.name, where=fault.where, hits=fault.hits
        )
