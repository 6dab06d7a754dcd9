"""What the carrier remembers: messages and what became of them, repeats, conversations, allowances.

State only, no clock and no chance: moments are handed in. All of it is bounded; what is forgotten is the
view of a message, never its delivery, which stands on the agenda.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from simulator.world import Accepted, Address, Cause, Channel, MessageId, Moment, Status, Submission

REPEATS_MS = 48 * 3_600_000
"""For so long a second submission under a reference is the same message again."""


class State(Enum):
    """What became of a message, in one word."""

    UNDERWAY = "underway"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNCERTAIN = "uncertain"


_STATES = {
    Status.DELIVERED_TO_TERMINAL: State.DELIVERED,
    Status.DELIVERY_IMPOSSIBLE: State.UNDELIVERED,
    Status.ADDRESS_INVALID: State.UNDELIVERED,
    Status.DELIVERY_UNCERTAIN: State.UNCERTAIN,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a message's timeline. `detail` is a status, a cause or the id of a reply."""

    at: Moment
    what: str
    detail: str | None = None


MOST_EVENTS = 64
"""Lines of one timeline: a peer that never acknowledges must not make it grow for ever."""


@dataclass(slots=True)
class Message:
    """A message that was accepted, and what became of it so far."""

    id: MessageId
    order: int
    """Counts the accepted messages of this world."""
    submission: Submission
    at: Moment
    nth: int
    """It is the nth message to that address."""
    status: Status = Status.DELIVERED_TO_NETWORK
    cause: Cause | None = None
    replies: int = 0
    events: list[Event] = field(default_factory=list)

    @property
    def state(self) -> State:
        return _STATES.get(self.status, State.UNDERWAY)

    def note(self, at: Moment, what: str, detail: str | None = None) -> None:
        """Add a line to the timeline."""
        if len(self.events) < MOST_EVENTS:
            self.events.append(Event(at, what, detail))

    def become(self, cause: Cause) -> None:
        """Take on a state; one that is final stays."""
        if self.cause is None or not self.cause.final:
            self.cause, self.status = cause, cause.status


@dataclass(frozen=True, slots=True)
class Which:
    """Which messages are meant; what is None means all."""

    to: Address | None = None
    account: str | None = None
    channel: Channel | None = None
    state: State | None = None
    replied: bool | None = None
    reference: str | None = None
    text: str | None = None
    """Part of the text, in any case."""

    def takes(self, message: Message) -> bool:
        """Whether `message` is meant."""
        told = message.submission
        return (
            (self.to is None or told.to == self.to)
            and (self.account is None or told.account == self.account)
            and (self.channel is None or told.channel is self.channel)
            and (self.state is None or message.state is self.state)
            and (self.replied is None or (message.replies > 0) is self.replied)
            and (self.reference is None or told.reference == self.reference)
            and (self.text is None or self.text.casefold() in told.text.casefold())
        )


ALL = Which()


class Messages:
    """The messages accepted last, in the order of their acceptance."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._by_id: OrderedDict[MessageId, Message] = OrderedDict()

    def add(self, message: Message) -> None:
        self._by_id[message.id] = message
        if len(self._by_id) > self._keep:
            self._by_id.popitem(last=False)

    def get(self, identity: MessageId) -> Message | None:
        return self._by_id.get(identity)

    def find(self, which: Which = ALL, *, after: int = 0, limit: int = 100) -> list[Message]:
        """Up to `limit` messages with an order above `after`, oldest first."""
        found: list[Message] = []
        for message in self._from(after):
            if len(found) >= limit:
                break
            if which.takes(message):
                found.append(message)
        return found

    def newest(self, which: Which = ALL, limit: int = 100) -> list[Message]:
        """Up to `limit` messages, newest first."""
        found: list[Message] = []
        for message in reversed(self._by_id.values()):
            if len(found) >= limit:
                break
            if which.takes(message):
                found.append(message)
        return found

    def _from(self, after: int) -> Iterator[Message]:
        return (message for message in self._by_id.values() if message.order > after)

    def __len__(self) -> int:
        return len(self._by_id)


Correlation = tuple[str, str, Address]
"""Account, its own reference, and the address: one call may carry a reference to several."""


class Repeats:
    """Submissions known by the peer's reference, for two days and at most `keep` of them."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._known: OrderedDict[Correlation, tuple[Moment, Accepted]] = OrderedDict()

    def find(self, submission: Submission, now: Moment) -> Accepted | None:
        """How that submission was answered the first time."""
        key = _correlation(submission)
        known = self._known.get(key) if key else None
        return known[1] if known and now < known[0] + REPEATS_MS else None

    def add(self, submission: Submission, accepted: Accepted, now: Moment) -> None:
        key = _correlation(submission)
        if key is None:
            return
        self._known.pop(key, None)
        self._known[key] = (now, accepted)
        while len(self._known) > self._keep or now >= next(iter(self._known.values()))[0] + REPEATS_MS:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)


def _correlation(submission: Submission) -> Correlation | None:
    if not submission.reference:
        return None
    return (submission.account, submission.reference, submission.to)


@dataclass(frozen=True, slots=True)
class Talk:
    """Who wrote to somebody last from one short number."""

    sender: str
    account: str
    message: MessageId
    at: Moment


@dataclass(slots=True)
class Line:
    """What is between the gateway and one address."""

    sent: int = 0
    last: Talk | None = None
    talks: dict[str, Talk] = field(default_factory=dict)
    """By short number."""


class Lines:
    """The lines to the `keep` addresses written to last; one that is forgotten begins anew with its first
    message."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._lines: OrderedDict[Address, Line] = OrderedDict()
        self._tries: OrderedDict[tuple[str, Address, str | None], int] = OrderedDict()

    def next_to(self, address: Address) -> int:
        """The ordinal that the next message to `address` will have."""
        line = self._lines.get(address)
        return line.sent + 1 if line else 1

    def try_of(self, submission: Submission) -> int:
        """The ordinal of this try to submit, counted until one is accepted."""
        key = (submission.account, submission.to, submission.reference)
        attempt = self._tries.pop(key, 0) + 1
        self._tries[key] = attempt
        if len(self._tries) > self._keep:
            self._tries.popitem(last=False)
        return attempt

    def accepted(self, message: Message) -> None:
        """A message goes to its address: it is counted, and its account is the one to answer to."""
        told = message.submission
        self._tries.pop((told.account, told.to, told.reference), None)
        line = self._lines.pop(told.to, None) or Line()
        self._lines[told.to] = line
        line.sent = message.nth
        line.last = line.talks[told.sender] = Talk(told.sender, told.account, message.id, message.at)
        if len(self._lines) > self._keep:
            self._lines.popitem(last=False)

    def talk(self, address: Address, sender: str | None = None) -> Talk | None:
        """Who wrote to `address` last, from the short number `sender` or from any."""
        line = self._lines.get(address)
        if line is None:
            return None
        return line.last if sender is None else line.talks.get(sender)


class Allowance:
    """How much one account may hand in: so many a second (the burst is one second's worth), so many under
    way."""

    __slots__ = ("_left", "_per_second", "_since", "_under_way")

    def __init__(self, per_second: float, now: Moment) -> None:
        self._per_second = per_second
        self._left = max(1.0, per_second)
        self._since = now
        self._under_way = 0

    def wait(self, now: Moment) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        if not self._per_second:
            return 0.0
        most = max(1.0, self._per_second)
        self._left = min(most, self._left + (now - self._since) / 1000 * self._per_second)
        self._since = now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0

    @property
    def under_way(self) -> int:
        return self._under_way

    def begun(self) -> None:
        self._under_way += 1

    def ended(self) -> None:
        self._under_way -= 1
