"""What the carrier remembers: messages and what became of them, repeats, conversations, allowances.

State only, no clock and no chance: moments are handed in. All of it is bounded; what is forgotten is the
view of a message, never its delivery, which stands on the agenda.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from simulator.world import Address, Cause, Channel, MessageId, Moment, Status, Submission

Key = TypeVar("Key")
Value = TypeVar("Value")

REPEATS_MS = 48 * 3_600_000
"""For so long a second submission under a reference is the same message again."""


CONVERSATION = 14 * 86_400.0
"""How long a reply still finds the account that wrote last, in seconds. The platform's own window is `very
short` and unpublished; two weeks let the numbers that answer after 8 days be heard and refused by the
service itself."""


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
    withdrawn: bool = False
    """Cancelled, or replaced by another under the same id: nothing more comes of this one."""
    _log: list[tuple[Moment, str, str | None]] | None = field(default=None, repr=False)

    @property
    def state(self) -> State:
        return _STATES.get(self.status, State.UNDERWAY)

    @property
    def events(self) -> list[Event]:
        """The timeline, from the acceptance on."""
        return [Event(self.at, "accepted"), *(Event(*line) for line in self._log or ())]

    def note(self, at: Moment, what: str, detail: str | None = None) -> None:
        """Add a line to the timeline."""
        if self._log is None:
            self._log = []
        if len(self._log) < MOST_EVENTS:
            self._log.append((at, what, detail))

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
        """Keep it; one of the same id is replaced and keeps its place."""
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
        self._known: OrderedDict[Correlation, tuple[Moment, MessageId]] = OrderedDict()

    def find(self, submission: Submission, now: Moment) -> MessageId | None:
        """The message that this submission is again."""
        key = _correlation(submission)
        known = self._known.get(key) if key else None
        return known[1] if known and now < known[0] + REPEATS_MS else None

    def add(self, message: Message) -> None:
        key, now = _correlation(message.submission), message.at
        if key is None:
            return
        self._known.pop(key, None)
        self._known[key] = (now, message.id)
        while len(self._known) > self._keep or now >= next(iter(self._known.values()))[0] + REPEATS_MS:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)


def _correlation(submission: Submission) -> Correlation | None:
    if not submission.reference or submission.channel is Channel.VOICE:  # who asks twice calls twice
        return None
    return (submission.account, submission.reference, submission.to)


Talk = tuple[str, str, MessageId, Moment]
"""Who wrote to somebody last: short number, account, message, moment. A plain tuple, of which the
collector of garbage keeps no track: there is one for every address."""


class Lines:
    """What is between the gateway and the `keep` addresses written to last. One that is forgotten begins
    anew with its first message."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._sent: OrderedDict[Address, int] = OrderedDict()
        self._last: OrderedDict[Address, Talk] = OrderedDict()
        self._talks: OrderedDict[tuple[Address, str], Talk] = OrderedDict()
        self._tries: OrderedDict[tuple[str, Address, str | None], int] = OrderedDict()

    def next_to(self, address: Address) -> int:
        """The ordinal that the next message to `address` will have."""
        return self._sent.get(address, 0) + 1

    def try_of(self, submission: Submission) -> int:
        """The ordinal of this try to submit, one more than those that failed."""
        return self._tries.get(_attempted(submission), 0) + 1

    def failed(self, submission: Submission) -> None:
        """A try did not end in an acceptance."""
        key = _attempted(submission)
        _put(self._tries, key, self._tries.pop(key, 0) + 1, self._keep)

    def accepted(self, message: Message) -> None:
        """A message goes to its address: it is counted, and its account is the one to answer to."""
        told = message.submission
        if self._tries:
            self._tries.pop(_attempted(told), None)
        talk = (told.sender, told.account, message.id, message.at)
        _put(self._sent, told.to, message.nth, self._keep)
        _put(self._last, told.to, talk, self._keep)
        _put(self._talks, (told.to, told.sender), talk, self._keep)

    def talk(self, address: Address, sender: str | None = None) -> Talk | None:
        """Who wrote to `address` last, from the short number `sender` or from any."""
        return self._last.get(address) if sender is None else self._talks.get((address, sender))


def _attempted(submission: Submission) -> tuple[str, Address, str | None]:
    return (submission.account, submission.to, submission.reference)


def _put(kept: OrderedDict[Key, Value], key: Key, value: Value, keep: int) -> None:
    """Keep it as the newest, and the newest `keep` only."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > keep:
        kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the carrier keeps, and how much each account may hand in. 0: no limit."""

    throughput: float = 0.0
    """Messages a second of the world."""
    queue: int = 0
    """Messages under way at a time."""
    keep_messages: int = 100_000
    keep_addresses: int = 1_000_000
    conversation: float = CONVERSATION


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
