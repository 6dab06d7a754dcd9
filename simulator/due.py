"""What falls due by the hundred, as slim records, and how they read in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeGuard, cast

from simulator.entry import Batch, Fact, Kind, Line
from simulator.message import Message
from simulator.people.script import Telling
from simulator.respondent import Answer, State
from simulator.world import Moment, Outlet, ReplyOut, ReportOut, Terms

DueState = tuple[Message, State]
"""A message and the state it takes on."""
DueAnswer = tuple[Message, Answer, int]
"""A message, what its person answers, and which of the answers it is, from 1 on."""
Said = tuple[Message, Answer, int, str]
"""An answer that was written, and the account it goes to."""


class BulkOutlet(Protocol):
    """An outlet that takes reports and replies by the hundred, to messages it knows by their octets."""

    def report_all(self, due: Sequence[DueState], at: Moment) -> None: ...

    def reply_all(self, said: Sequence[Said]) -> None: ...


def is_bulk(outlet: Outlet) -> TypeGuard[BulkOutlet]:
    """Whether a door takes reports and replies by the hundred."""
    return hasattr(outlet, "report_all")


def is_told(state: State, terms: Terms) -> bool:
    """Whether the peer is told of `state`; what is quiet is for those who asked for it."""
    if state.telling is Telling.TOLD:
        return terms.tell(state.cause)
    return terms.interim and state.telling is Telling.QUIET and not state.cause.final


def reply_id(said: Said | DueAnswer) -> str:
    """Unique for each reply."""
    return f"{said[0].number:x}-{said[2]}"


def report_of(due: DueState, at: Moment) -> ReportOut:
    """The report as any door gets it."""
    message, state = due
    told, cause = message.submission, state.cause
    return ReportOut(message.id, told.account, told.to, told.reference, cause.status, cause, at, told.slip)


def reply_of(said: Said, at: Moment) -> ReplyOut:
    """The reply as any door gets it."""
    message, answer, _, account = said
    sender, text, shuffled = message.told.sender, answer.said.text, answer.parts_shuffled
    return ReplyOut(reply_id(said), account, message.to, sender, text, at, message.id, shuffled, message)


class Reports(Batch):
    """What happened to reports on many messages."""

    def message_of(self, record: object) -> str | None:
        message, _ = cast(DueState, record)
        return message.id

    def lines(self, record: object) -> Sequence[Line]:
        message, state = cast(DueState, record)
        cause = state.cause
        facts = {"status": cause.status.value, "cause": cause.name, "reference": message.reference}
        return (Line(message.id, message.to, message.account, facts),)


DUE, HANDED = (Kind.REPORT_DUE,), (Kind.REPORT_HANDED,)


class Written(Batch):
    """Replies that were written."""

    def message_of(self, record: object) -> str | None:
        return cast(Said, record)[0].id

    def lines(self, record: object) -> Sequence[Line]:
        written = cast(Said, record)
        message, answer, _, account = written
        said = answer.said
        facts: dict[str, Fact] = {
            "channel": message.channel.value,
            "reply": reply_id(written),
            "text": said.text,
            "meaning": said.meaning.value,
            "score": said.score,
            "phenomenon": said.phenomenon,
            "answers": message.id,
        }
        return (Line(message.id, message.to, account, facts),)


class Heard(Batch):
    """Replies that the peer has taken."""

    def message_of(self, record: object) -> str | None:
        return cast(Said, record)[0].id

    def lines(self, record: object) -> Sequence[Line]:
        said = cast(Said, record)
        message = said[0]
        return (Line(message.id, message.to, said[3], {"reply": reply_id(said)}),)


WRITTEN, HEARD = (Kind.REPLY_WRITTEN,), (Kind.REPLY_HANDED,)
