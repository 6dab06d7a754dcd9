"""What exists in the simulated world: messages, their fates, and the words for them. Values only.

Delivery causes carry their GSM MAP, SMPP and EnCo spellings (3GPP TS 29.002, SMPP 3.4 §5.2.28, OneAPI
delivery status).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, NewType, Protocol

from simulator.clock import Moment as Moment

Address = NewType("Address", str)
"""An MSISDN in E.164 with `+`, or a mail address."""

MessageId = NewType("MessageId", str)


class Channel(Enum):
    """How something travels."""

    SMS = "SMS"
    VOICE = "VOICE"
    EMAIL = "EMAIL"


class Status(Enum):
    """What a delivery report says, in OneAPI's words (the EnCo SMS API speaks them)."""

    DELIVERED_TO_TERMINAL = "DeliveredToTerminal"
    DELIVERED_TO_NETWORK = "DeliveredToNetwork"
    DELIVERY_UNCERTAIN = "DeliveryUncertain"
    DELIVERY_IMPOSSIBLE = "DeliveryImpossible"
    MESSAGE_WAITING = "MessageWaiting"
    ADDRESS_INVALID = "AddressInvalid"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a message was or was not delivered, and how each protocol spells it."""

    name: str
    map_error: int  # GSM MAP user error, 3GPP TS 29.002 §17.6.6; 0 when delivered
    stat: str  # SMPP 3.4 appendix B: the seven letters of a receipt
    message_state: int  # SMPP 3.4 §5.2.28
    status: Status
    final: bool = True


CAUSES = tuple(
    Cause(*row)
    for row in (
        # name, MAP user error, receipt, message_state, OneAPI
        ("delivered", 0, "DELIVRD", 2, Status.DELIVERED_TO_TERMINAL),
        ("unknown subscriber", 1, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        ("teleservice not provisioned", 11, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        ("call barred", 13, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        ("not sms capable", 32, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        ("absent until expiry", 27, "EXPIRED", 3, Status.DELIVERY_IMPOSSIBLE),
        ("memory full until expiry", 32, "EXPIRED", 3, Status.DELIVERY_IMPOSSIBLE),
        ("message waiting list full", 33, "EXPIRED", 3, Status.DELIVERY_IMPOSSIBLE),
        ("system failure", 34, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        ("rejected by the operator", 0, "REJECTD", 8, Status.DELIVERY_IMPOSSIBLE),
        ("absent", 27, "ENROUTE", 1, Status.MESSAGE_WAITING, False),
        ("memory full", 32, "ENROUTE", 1, Status.MESSAGE_WAITING, False),
        ("under way", 0, "ENROUTE", 1, Status.DELIVERED_TO_NETWORK, False),
        ("no report", 0, "UNKNOWN", 7, Status.DELIVERY_UNCERTAIN),
        ("lost without a report", 0, "UNKNOWN", 7, Status.DELIVERY_UNCERTAIN),
        ("expired", 0, "EXPIRED", 3, Status.DELIVERY_IMPOSSIBLE),
        ("deleted by the sender", 0, "DELETED", 4, Status.DELIVERY_IMPOSSIBLE),
    )
)
"""Causes of delivery and of its failure (domain facts: vendors' error lists agree on the MAP numbers; an
operator's filter and a missing report have none). What is not `final` is reported while the centre still
tries."""

CALL_CAUSE: Mapping[str, Cause] = {
    cause.name: cause
    for cause in (
        Cause("call answered", 0, "DELIVRD", 2, Status.DELIVERED_TO_TERMINAL),
        Cause("answered by a machine", 0, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        Cause("line busy", 0, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        Cause("no answer", 0, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        Cause("call failed", 0, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE),
        Cause("call canceled", 0, "DELETED", 4, Status.DELIVERY_IMPOSSIBLE),
    )
}
"""How a call can end, in the words of a delivery report."""

CAUSE: Mapping[str, Cause] = {cause.name: cause for cause in CAUSES}


class Wish(Enum):
    """Which final states a peer asked to be told of (SMPP 3.4 §5.2.17, registered_delivery)."""

    ALL = "all"
    FAILURE = "failures"
    SUCCESS = "successes"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a message is to be carried, where the peer may say so. Moments are the world's."""

    stage: str | None = None
    """What the faults call the door it came through; None: the channel's first."""
    reports: Wish = Wish.ALL
    interim: bool = False
    """Whether the peer asked to be told of states that are not final."""
    not_before: Moment | None = None
    expires: Moment | None = None

    def tell(self, cause: Cause) -> bool:
        """Whether the peer wants to hear of `cause`, which the network reports."""
        if self.reports is Wish.ALL:
            return True
        if not cause.final:
            return self.interim
        return self.reports is not Wish.NONE and (cause.stat == "DELIVRD") == (self.reports is Wish.SUCCESS)


USUAL = Terms()


@dataclass(frozen=True, slots=True)
class Submission:
    """An MT as a door took it from its peer."""

    account: str
    channel: Channel
    to: Address
    sender: str
    text: str = field(repr=False)
    reference: str | None = None
    """The peer's own reference; a second submission under it is the same message again (OneAPI
    `clientCorrelator`)."""
    terms: Terms = USUAL
    slip: object = field(default=None, repr=False, compare=False)
    """What the door wants back with every report."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway keeps the message from here on."""

    message: MessageId
    status: Status
    repeated: bool = False


class Refusal(Enum):
    """Why a submission is not taken. Each door spells it in its own protocol."""

    REJECTED = "rejected for good"
    ADDRESS_INVALID = "not an address of this network"
    THROTTLED = "too fast"
    QUEUE_FULL = "queue full"
    UNAVAILABLE = "temporarily unavailable"


class Accident(Enum):
    """What goes wrong with the connection while a submission is answered."""

    TIMES_OUT = "no answer at all"
    CUT_AFTER_ACCEPTING = "accepted, then the connection is cut before the answer"


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway did not take it."""

    refusal: Refusal
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Botched:
    """The door must let the connection fail in this way; `accepted` if the message was taken all the same."""

    accident: Accident
    accepted: Accepted | None = None


class ReportOut(NamedTuple):
    """A delivery report on its way to the peer."""

    message: MessageId
    account: str
    to: Address
    reference: str | None
    status: Status
    cause: Cause
    at: Moment
    slip: object = None
    """What came with the submission."""


class ReplyOut(NamedTuple):
    """An MO on its way to the peer. `id` is unique for each reply; a duplicated hand-out repeats it."""

    id: str
    account: str
    sender: Address
    to: str
    text: str
    at: Moment
    answers: MessageId | None
    parts_shuffled: bool = False
    """A long text's parts travel out of order, on a door that carries parts."""
    about: object = None
    """The message it answers, for the door that took it."""

    def __repr__(self) -> str:
        """Without the text."""
        return f"ReplyOut(id={self.id!r}, account={self.account!r}, at={self.at}, answers={self.answers!r})"


class Outlet(Protocol):
    """The door's side of what comes back. A door queues at once and tells the carrier when the peer has
    taken it."""

    def report(self, report: ReportOut) -> None: ...

    def reply(self, reply: ReplyOut) -> None: ...
