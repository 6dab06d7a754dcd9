"""A message that was accepted, and what became of it so far: slim, as there are a hundred thousand of them.

One that came in a pattern (`Pattern`) keeps its octets, and shows its submission when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from simulator.people.subscriber import Subscriber
from simulator.world import Address, Cause, Channel, MessageId, Moment, Status, Submission, Terms


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


class Register:
    """Counts messages: `number` is the latest id, `order` how many this world has accepted."""

    __slots__ = ("number", "order")

    def __init__(self, number: int) -> None:
        self.number, self.order = number, 0


class Pattern(Protocol):
    """What the messages of a session have in common but for whom they are to and what they say: with the
    octets of one of them it gives the submission, when somebody wants to see it."""

    @property
    def account(self) -> str: ...

    @property
    def sender(self) -> str: ...

    @property
    def terms(self) -> Terms: ...

    def submission(self, message: Message) -> Submission: ...

    def reference(self, message: Message) -> str | None: ...


Noted = tuple[Moment, str, str | None]
"""A line of a timeline: when, what, and which."""


class Message:
    """A message that was accepted, and what became of it so far.

    `id` is `number` in hexadecimal. `told` is the submission, or the pattern that makes it of `raw`.
    """

    __slots__ = (
        "_log", "at", "cause", "nth", "number", "order", "raw", "replies", "told", "who", "withdrawn",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        order: int,
        told: Submission | Pattern,
        at: Moment,
        nth: int,
        who: Subscriber,
        raw: bytes = b"",
    ) -> None:
        self.number = number
        self.order = order
        """Counts the accepted messages of this world."""
        self.told, self.raw = told, raw
        self.at = at
        self.nth = nth
        """It is the nth message to that address."""
        self.who = who
        """Whom it is to, as they were then."""
        self.cause: Cause | None = None
        self.replies = 0
        self.withdrawn = False
        """Cancelled, or replaced by another under the same id: nothing more comes of this one."""
        self._log: tuple[Noted, ...] = ()

    @property
    def id(self) -> MessageId:
        return MessageId(f"{self.number:x}")

    @property
    def submission(self) -> Submission:
        told = self.told
        return told if isinstance(told, Submission) else told.submission(self)

    @property
    def to(self) -> Address:
        return self.who.address

    @property
    def account(self) -> str:
        return self.told.account

    @property
    def channel(self) -> Channel:
        return self.told.channel if isinstance(self.told, Submission) else Channel.SMS

    @property
    def reference(self) -> str | None:
        told = self.told
        return told.reference if isinstance(told, Submission) else told.reference(self)

    @property
    def status(self) -> Status:
        return Status.DELIVERED_TO_NETWORK if self.cause is None else self.cause.status

    @property
    def state(self) -> State:
        return _STATES.get(self.status, State.UNDERWAY)

    @property
    def events(self) -> list[Event]:
        """The timeline, from the acceptance on."""
        return [Event(self.at, "accepted"), *(Event(*line) for line in self._log)]

    def note(self, at: Moment, what: str, detail: str | None = None) -> None:
        """Add a line to the timeline."""
        self.put((at, what, detail))

    def become_at_once(self, cause: Cause, lines: tuple[Noted]) -> None:
        """The first thing that comes of it."""
        self.cause, self._log = cause, lines

    def take_on(self, cause: Cause, line: Noted) -> None:
        """`become` and `put` in one."""
        if self.cause is None or not self.cause.final:
            self.cause = cause
        if len(self._log) < MOST_EVENTS:
            self._log = (*self._log, line)

    def put(self, line: Noted) -> None:
        """`note` a line that many messages share."""
        if len(self._log) < MOST_EVENTS:
            self._log = (*self._log, line)

    def become(self, cause: Cause) -> None:
        """Take on a state; one that is final stays."""
        if self.cause is None or not self.cause.final:
            self.cause = cause
