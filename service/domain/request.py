"""One survey to one person, from ACCEPTED to its end, and what gateways say about it on the way.

The life of a request is `spec` survey-api "From a request to a response", as a table of (state, event) →
state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", int)
SurveyId = NewType("SurveyId", int)
RequestId = UUID


class Channel(Enum):
    """How a question travels."""

    SMS = "SMS"
    VOICE = "VOICE"
    EMAIL = "EMAIL"

    # There is one object for each; Enum would hash its name anew at every look-up.
    __hash__ = object.__hash__


class State(IntEnum):
    """Where a request is in its life. The numbers are what the store keeps."""

    ACCEPTED = 1
    SUBMITTED = 2
    DELIVERED = 3
    ANSWERED = 4
    FAILED = 5
    CLOSED = 6


class Event(Enum):
    """What can happen to a request."""

    SUBMITTED = "the gateway took it"
    REFUSED = "the gateway refused it for good"
    OUTLIVED = "it stayed queued beyond its validity"
    DELIVERED = "a report says delivered"
    UNDELIVERED = "a report says undeliverable or expired"
    BAD_REPLY = "a reply without a score"
    GOOD_REPLY = "a reply with a score"
    WINDOW_ENDED = "the response window ended"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.ACCEPTED, Event.SUBMITTED): State.SUBMITTED,
    (State.ACCEPTED, Event.REFUSED): State.FAILED,
    (State.ACCEPTED, Event.OUTLIVED): State.FAILED,
    # A report or a reply can overtake the gateway's answer to the submission.
    (State.ACCEPTED, Event.DELIVERED): State.DELIVERED,
    (State.ACCEPTED, Event.UNDELIVERED): State.FAILED,
    (State.ACCEPTED, Event.BAD_REPLY): State.DELIVERED,
    (State.ACCEPTED, Event.GOOD_REPLY): State.ANSWERED,
    (State.SUBMITTED, Event.DELIVERED): State.DELIVERED,
    (State.SUBMITTED, Event.UNDELIVERED): State.FAILED,
    (State.SUBMITTED, Event.BAD_REPLY): State.DELIVERED,
    (State.SUBMITTED, Event.GOOD_REPLY): State.ANSWERED,
    (State.SUBMITTED, Event.WINDOW_ENDED): State.CLOSED,
    (State.DELIVERED, Event.GOOD_REPLY): State.ANSWERED,
    (State.DELIVERED, Event.WINDOW_ENDED): State.CLOSED,
    # A reply proves delivery and undoes a failure that was only reported.
    (State.FAILED, Event.BAD_REPLY): State.DELIVERED,
    (State.FAILED, Event.GOOD_REPLY): State.ANSWERED,
}
"""What is not in this table changes nothing."""


def after(state: State, event: Event) -> State:
    """The state that `event` leads to from `state`."""
    return TRANSITIONS.get((state, event), state)


@dataclass(frozen=True, slots=True)
class MtMessage:
    """A question on its way to a person. The destination exists only in memory and never in a repr."""

    request: RequestId
    channel: Channel
    destination: str = field(repr=False)
    text: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The gateway took the message under an id of its own."""

    gateway_id: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: throttled, queue full, connection lost, 5xx. `retry_after` in seconds where the gateway said
    so.

    `perhaps_taken`: no clear answer came, so the gateway may have the message all the same and a reply may
    follow.
    """

    reason: str
    retry_after: float | None = None
    throttled: bool = False
    perhaps_taken: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: the gateway refused it for good."""

    reason: str


Outcome = Submitted | Deferred | Refused


class Delivery(Enum):
    """What a delivery report says. Only final states move a request."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNDERWAY = "underway"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of an MT. Known by our own reference, else by the gateway's id, unique within its
    channel.

    `other_ids`: how else the gateway may have spelled that id; these count only for one of `people`, to whom
    the MT went as far as the report says.
    """

    channel: Channel
    delivery: Delivery
    request: RequestId | None = None
    gateway_id: str | None = None
    other_ids: tuple[str, ...] = ()
    people: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a person. `message_id` is the gateway's, unique for each reply on its channel.

    `request`: to which it is addressed, by a token that nobody can guess; None for a reply that belongs to
    its sender's latest open request. `sender` may be empty when it is addressed. `keyed`: the text is the
    keys pressed in a call.
    """

    message_id: str
    channel: Channel
    sender: str = field(repr=False)
    text: str = field(repr=False)
    request: RequestId | None = None
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """Part `number` of `total` of a reply. `message`: what its parts have in common, and no other reply's.
    `reply` makes the whole of all their octets, one part's behind the other's."""

    message: bytes = field(repr=False)
    number: int
    total: int
    octets: bytes = field(repr=False)
    reply: Callable[[bytes], Reply] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OptOut:
    """A person wants no more surveys and said so otherwise than by a reply: it is no response.

    `sender`: who says so, where that is known; it counts when the request is no longer open.
    """

    channel: Channel
    request: RequestId
    sender: str = field(default="", repr=False)
