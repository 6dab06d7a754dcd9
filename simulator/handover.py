"""What doors tell of the reports and replies they were given: taken by the peer, tried in vain, given up."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.clock import Clock
from simulator.delivery import Messages
from simulator.due import HANDED, HEARD, DueState, Heard, Reports, Said, reply_id
from simulator.entry import Fact
from simulator.journal import Journal, Kind
from simulator.world import MessageId, ReplyOut, ReportOut


class Handover:
    """From the doors to the timelines of messages, and to the journal."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock, self._journal = clock, journal
        self.begin(Messages(0))

    def begin(self, messages: Messages) -> None:
        """Serve another world's messages."""
        self._messages = messages

    def handed_reports(self, due: Sequence[DueState]) -> None:
        """The peer has taken these, which `BulkOutlet.report_all` handed to the door."""
        now = self._clock.now()
        last, line = None, (now, "", "")
        for message, state in due:
            if state is not last:
                last, line = state, (now, "report handed", state.cause.status.value)
            message.put(line)
        self._journal.enter(Reports(HANDED, due))

    def handed_replies(self, said: Sequence[Said]) -> None:
        """The peer has taken these, which `BulkOutlet.reply_all` handed to the door."""
        now = self._clock.now()
        for each in said:
            each[0].put((now, "reply handed", reply_id(each)))
        self._journal.enter(Heard(HEARD, said))

    def handed_report(self, report: ReportOut) -> None:
        """The peer has taken it."""
        self._tell(report.message, "report handed", report.status.value)
        self.note_report(Kind.REPORT_HANDED, report)

    def failed_report(self, report: ReportOut, why: str) -> None:
        """A try to hand it out was not acknowledged; the door tries again."""
        self._tell(report.message, "report not taken", why)
        self.note_report(Kind.REPORT_FAILED, report, why=why)

    def lost_report(self, report: ReportOut, why: str) -> None:
        """The door has given up."""
        self._tell(report.message, "report lost", why)
        self.note_report(Kind.REPORT_LOST, report, why=why)

    def handed_reply(self, reply: ReplyOut) -> None:
        """The peer has taken it."""
        self._tell(reply.answers, "reply handed", reply.id)
        self._note_reply(Kind.REPLY_HANDED, reply)

    def failed_reply(self, reply: ReplyOut, why: str) -> None:
        """A try to hand it out was not acknowledged; the door tries again."""
        self._tell(reply.answers, "reply not taken", why)
        self._note_reply(Kind.REPLY_FAILED, reply, why=why)

    def lost_reply(self, reply: ReplyOut, why: str) -> None:
        """The door has given up."""
        self._tell(reply.answers, "reply lost", why)
        self._note_reply(Kind.REPLY_LOST, reply, why=why)

    def _tell(self, identity: MessageId | None, what: str, detail: str) -> None:
        message = self._messages.get(identity) if identity else None
        if message is not None:
            message.note(self._clock.now(), what, detail)

    def note_report(self, kind: Kind, report: ReportOut, **facts: Fact) -> None:
        """Write down what happened to a report."""
        told: dict[str, Fact] = {
            "status": report.status.value,
            "cause": report.cause.name,
            "reference": report.reference,
            **facts,
        }
        self._journal.note(kind, report.message, report.to, report.account, told)

    def _note_reply(self, kind: Kind, reply: ReplyOut, **facts: Fact) -> None:
        self._journal.note(kind, reply.answers, reply.sender, reply.account, {"reply": reply.id, **facts})
