"""A call: its states and the ways between them, and what is known of it.

The statuses are Twilio's. `RINGING` may be left out: a line that is engaged does not ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.wire.calls_order import CallOrder
from simulator.world import CALL_CAUSE, Cause, MessageId, Moment


class Status(StrEnum):
    """How far a call is."""

    QUEUED = "queued"
    INITIATED = "initiated"
    """The platform dials; a `Call` that is asked for still says `queued`."""
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


_ENDS_UNANSWERED = frozenset({Status.BUSY, Status.NO_ANSWER, Status.FAILED, Status.CANCELED})
WAYS: Mapping[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.INITIATED, Status.CANCELED, Status.FAILED}),
    Status.INITIATED: _ENDS_UNANSWERED | {Status.RINGING},
    Status.RINGING: _ENDS_UNANSWERED | {Status.IN_PROGRESS},
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.FAILED}),
}
"""From each status that is not the last, to which others."""
FINAL = frozenset(Status) - WAYS.keys()

CAUSES: Mapping[Status, Cause] = {
    Status.COMPLETED: CALL_CAUSE["call answered"],
    Status.BUSY: CALL_CAUSE["line busy"],
    Status.NO_ANSWER: CALL_CAUSE["no answer"],
    Status.FAILED: CALL_CAUSE["call failed"],
    Status.CANCELED: CALL_CAUSE["call canceled"],
}
MACHINES = ("machine", "fax")
"""How `AnsweredBy` begins when it was no human."""


class WrongWay(ValueError):
    """A call cannot come from its status to that one."""


@dataclass(slots=True)
class Call:
    """One call. Moments are the world's."""

    sid: str
    message: MessageId
    order: CallOrder
    created: Moment
    updated: Moment
    number: int
    """Counts the calls of this world; a redirected call keeps its own."""
    status: Status = Status.QUEUED
    rang: Moment | None = None
    answered: Moment | None = None
    ended: Moment | None = None
    answered_by: str | None = None

    def become(self, status: Status, now: Moment) -> None:
        """Take a status on; WrongWay unless it follows from the present one."""
        if status not in WAYS.get(self.status, ()):
            raise WrongWay(f"a call that is {self.status} cannot become {status}")
        self.status, self.updated = status, now
        if status is Status.RINGING:
            self.rang = now
        elif status is Status.IN_PROGRESS:
            self.answered = now
        elif status in FINAL:
            self.ended = now

    @property
    def is_over(self) -> bool:
        return self.status in FINAL

    @property
    def cause(self) -> Cause:
        """How it ended, for the delivery report."""
        if self.status is Status.COMPLETED and (self.answered_by or "").startswith(MACHINES):
            return CALL_CAUSE["answered by a machine"]
        return CAUSES[self.status]

    @property
    def duration(self) -> int | None:
        """Whole seconds from the answer to the end, 0 when nobody answered; None while it lasts."""
        if self.ended is None:
            return None
        return (self.ended - self.answered + 500) // 1000 if self.answered is not None else 0
