"""Takes ordinary messages by the hundred: what `Carrier.submit` does with each, without what cannot happen to
them.

A door that reads a hundred messages at once hands them over together. They are ordinary when nothing stands
in their way: no fault, no limit, no repeat, a person who refuses nothing. What was submitted and decided is
written down as one batch; a decision is a function of what the batch knows, so it is worked out again when
somebody reads. A test holds this way and `submit` together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from simulator.clock import Clock, Streams
from simulator.delivery import Lines, Messages, Repeats
from simulator.entry import Batch, Fact, Kind, LateFacts, Line
from simulator.journal import Journal
from simulator.message import Message, Pattern, Register
from simulator.people.population import Population
from simulator.people.subscriber import Subscriber
from simulator.people.town import Town
from simulator.planning import Planning
from simulator.respondent import Decision, decide

KINDS = (Kind.MT_SUBMITTED, Kind.PERSON_DECIDED)
Ordinary = tuple[Subscriber, Pattern, bytes, str]
"""To whom, in which pattern, the octets, and the reference or nothing."""


class Submitted(Batch):
    """Messages that were accepted, and what their persons decided."""

    __slots__ = ("_population", "_streams")

    def __init__(self, messages: Sequence[Message], population: Population, streams: Streams) -> None:
        super().__init__(KINDS, messages)
        self._population, self._streams = population, streams

    def message_of(self, record: object) -> str | None:
        return cast(Message, record).id

    def lines(self, record: object) -> Sequence[Line]:
        message = cast(Message, record)
        names = (message.id, message.to, message.account)
        submitted = LateFacts(lambda: submitted_facts(message))
        decided = LateFacts(lambda: self._decided(message).facts())
        return Line(*names, submitted), Line(*names, decided)

    def _decided(self, message: Message) -> Decision:
        return decide(message.who, self._population, message.nth, self._streams)


def submitted_facts(message: Message) -> dict[str, Fact]:
    """The facts of `mt.submitted`."""
    told = message.submission
    return {
        "channel": told.channel.value,
        "sender": told.sender,
        "reference": told.reference,
        "text": told.text,
    }


class Bulk:
    """The carrier's way for many."""

    def __init__(self, clock: Clock, town: Town, journal: Journal, planning: Planning) -> None:
        self._clock, self._town, self._journal, self._planning = clock, town, journal, planning

    def begin(self, register: Register, messages: Messages, lines: Lines, repeats: Repeats) -> None:
        """Another world."""
        self._register, self._messages, self._lines, self._repeats = register, messages, lines, repeats

    def take(self, found: Sequence[Ordinary]) -> list[Message]:
        """Accept all of them."""
        now, town, register = self._clock.now(), self._town, self._register
        population, streams = town.population, town.streams
        number, order = register.number, register.order
        kept, sent = self._messages.by_number, self._lines.sent
        messages: list[Message] = []
        decisions: list[Decision] = []
        for who, pattern, raw, reference in found:
            number += 1
            order += 1
            nth = sent(who.address, pattern.sender, pattern.account, number, now)
            kept[number] = message = Message(number, order, pattern, now, nth, who, raw)
            messages.append(message)
            if reference:
                self._repeats.keep((pattern.account, reference, who.address), message)
            decisions.append(decide(who, population, nth, streams))
        register.number, register.order = number, order
        self._messages.bound()
        self._journal.enter(Submitted(messages, population, streams))
        self._planning.plan_all(messages, decisions, now, population.night)
        return messages
