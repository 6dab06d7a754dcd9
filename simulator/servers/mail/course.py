"""What becomes of a mail from its acceptance on: lets the person decide and puts it on the agenda."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.correspondent import decide, notices
from simulator.delivery import Message
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal, Kind
from simulator.people.subscriber import Subscriber
from simulator.planning import Planning, later

Tell = Callable[[Message, str], None]


class MailCourse:
    """The carrier's course for e-mail; `tell` hears of an automatic mail when it is due."""

    def __init__(
        self, carrier: Carrier, clock: Clock, journal: Journal, faults: FaultDesk, tell: Tell
    ) -> None:
        self._carrier, self._clock, self._journal, self._tell = carrier, clock, journal, tell
        self._planning = Planning(clock, faults, carrier.returns, carrier)

    def __call__(self, message: Message, who: Subscriber) -> None:
        """Decide on `message` to `who` and plan it."""
        town = self._carrier.town
        decision = decide(who, town.population, message.nth, town.streams)
        due = notices(who, town.population, message.nth, town.streams)
        self._journal.record(
            Kind.PERSON_DECIDED,
            message=message.id,
            address=message.submission.to,
            account=message.submission.account,
            **decision.facts(),
            notices=", ".join(each.kind for each in due) or None,
        )
        self._planning.plan(message, decision, message.at, town.population.night)
        for each in due:
            step = partial(self._tell, message, each.kind)
            self._clock.call_at(later(message.at, each.after), step, self._carrier)
