"""A whole little world for tests: clock, town, journal, faults, carrier, and a door that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.carrier import Carrier, Limits
from simulator.clock import Clock, Mode, Moment, Streams
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind, Match
from simulator.people.population import EVERYDAY, Population
from simulator.people.town import Town
from simulator.world import Accepted, Address, Channel, ReplyOut, ReportOut, Submission

NOON = Moment(1_700_046_000_000)
"""2023-11-15, 12:00 in Brussels."""
NO_LIMITS = Limits()
QUESTION = "Van 0 tot 10, hoe waarschijnlijk is het dat u ons aanbeveelt?"


@dataclass
class Door:
    """Writes down what comes and when, and acknowledges at once unless told not to."""

    clock: Clock
    acknowledges: bool = True
    carrier: Carrier | None = None
    reports: list[tuple[float, ReportOut]] = field(default_factory=list)
    replies: list[tuple[float, ReplyOut]] = field(default_factory=list)

    def report(self, report: ReportOut) -> None:
        self.reports.append((self._seconds(), report))
        if self.acknowledges:
            self.carrier.handed_report(report)

    def reply(self, reply: ReplyOut) -> None:
        self.replies.append((self._seconds(), reply))
        if self.acknowledges:
            self.carrier.handed_reply(reply)

    def _seconds(self) -> float:
        return (self.clock.now() - NOON) / 1000

    def said(self) -> list[tuple[float, str]]:
        return [(at, reply.text) for at, reply in self.replies]

    def told(self) -> list[tuple[float, str]]:
        return [(at, report.status.value) for at, report in self.reports]


class World:
    """Everything behind the doors, frozen at noon."""

    def __init__(
        self,
        population: Population = EVERYDAY,
        *,
        seed: int = 1,
        mode: Mode = Mode.FROZEN,
        limits: Limits = NO_LIMITS,
        people: dict | None = None,
    ) -> None:
        self.clock = Clock(mode, start=NOON)
        streams = Streams(seed)
        self.journal = Journal(self.clock)
        self.town = Town(streams, population, people)
        self.faults = FaultDesk(self.clock, streams, self.journal)
        self.carrier = Carrier(self.clock, self.town, self.journal, self.faults, limits)
        self.door = Door(self.clock)
        self.door.carrier = self.carrier
        self.carrier.attach(Channel.SMS, self.door)

    def submit(self, to: str, *, account: str = "acme", reference: str | None = None, text: str = QUESTION):
        return self.carrier.submit(Submission(account, Channel.SMS, Address(to), "8937", text, reference))

    def send(self, to: str, **more: str) -> Accepted:
        answer = self.submit(to, **more)
        assert isinstance(answer, Accepted), answer
        return answer

    def entries(self, *kinds: Kind, **conditions: str) -> list[Entry]:
        return list(self.journal.read(match=Match(kinds=frozenset(kinds), **conditions), limit=10**6).entries)

    def decisions(self) -> set[tuple]:
        """Everything that was decided, whatever the order and the message ids."""
        return {
            (entry.address, tuple(sorted(entry.facts.items(), key=lambda fact: fact[0])))
            for entry in self.entries(Kind.PERSON_DECIDED)
        }
