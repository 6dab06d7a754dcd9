"""What comes back: delivery reports and replies, from the moment they fall due to the doors that hand them
out.

A reply goes to whoever wrote to that person last from the short number it answers, or to the owner of the
keyword it begins with: the platform shares its number among all accounts (domain facts, inbound routing).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.delivery import Lines, Message, Messages
from simulator.journal import Journal, Kind
from simulator.people.script import Telling
from simulator.respondent import Answer, State
from simulator.world import Address, Channel, MessageId, Moment, Outlet, ReplyOut, ReportOut

Fact = str | int | None


@dataclass(slots=True, eq=False)
class Reply:
    """A reply on its way: `out` once it is written. `known` is whether its meaning is."""

    id: str
    message: Message
    answer: Answer
    known: bool = True
    out: ReplyOut | None = None

    @property
    def meaning(self) -> str | None:
        return self.answer.said.meaning.value if self.known else None


class Returns:
    """The way back. Knows the doors' outlets and the keywords; both outlive a reset."""

    def __init__(self, clock: Clock, journal: Journal, conversation: float) -> None:
        self._clock, self._journal = clock, journal
        self._conversation_ms = round(conversation * 1000)
        self._outlets: dict[tuple[Channel, str | None], Outlet] = {}
        self._keywords: dict[str, str] = {}
        self.begin(Messages(0), Lines(0))

    def begin(self, messages: Messages, lines: Lines) -> None:
        """Serve another world's messages and lines."""
        self._messages, self._lines = messages, lines

    # Doors and keywords

    def attach(self, channel: Channel, outlet: Outlet, account: str | None) -> Callable[[], None]:
        """See `Carrier.attach`."""
        self._outlets[channel, account] = outlet

        def detach() -> None:
            if self._outlets.get((channel, account)) is outlet:
                del self._outlets[channel, account]

        return detach

    def _outlet(self, channel: Channel, account: str) -> Outlet:
        outlet = self._outlets.get((channel, account)) or self._outlets.get((channel, None))
        if outlet is None:
            raise LookupError(f"no door hands out what comes back on {channel.value}; attach one first")
        return outlet

    def reserve(self, keyword: str, account: str) -> bool:
        """See `Carrier.reserve`."""
        return self._keywords.setdefault(keyword.casefold(), account) == account

    def release(self, keyword: str, account: str) -> bool:
        """See `Carrier.release`."""
        if self._keywords.get(keyword.casefold()) != account:
            return False
        del self._keywords[keyword.casefold()]
        return True

    def _addressee(self, address: Address, sender: str, text: str, now: Moment) -> str | None:
        """The account that a text to the short number `sender` belongs to; None when there is none."""
        if self._keywords:
            first = text.split(maxsplit=1)[:1]
            owner = self._keywords.get(first[0].casefold()) if first else None
            if owner is not None:
                return owner
        talk = self._lines.talk(address, sender)
        if talk is None or now > talk[3] + self._conversation_ms:
            return None
        return talk[1]

    # Reports that fall due

    def turn(self, message: Message, state: State) -> None:
        """The message takes on a state that its peer is not told of."""
        if message.withdrawn:
            return
        message.become(state.cause)
        message.note(self._clock.now(), "became", state.cause.name)

    def untold(self, message: Message, state: State) -> None:
        """A state that is only seen by who asks, or whose report fate has lost."""
        if message.withdrawn:
            return
        if state.telling is Telling.LOST:
            self.lose(message, state, "fate")
        else:
            self.turn(message, state)

    def report(self, message: Message, state: State, at: Moment) -> None:
        """Report a state that the message took on at `at`."""
        if message.withdrawn:
            return
        submission = message.submission
        message.become(state.cause)
        message.note(self._clock.now(), "report due", state.cause.status.value)
        report = ReportOut(
            message.id,
            submission.account,
            submission.to,
            submission.reference,
            state.cause.status,
            state.cause,
            at,
            submission.slip,
        )
        self._note_report(Kind.REPORT_DUE, report)
        self._outlet(submission.channel, submission.account).report(report)

    def lose(self, message: Message, state: State, why: str) -> None:
        """The report is lost before any door has it."""
        if message.withdrawn:
            return
        submission = message.submission
        message.note(self._clock.now(), "report lost", why)
        self._journal.record(
            Kind.REPORT_LOST,
            message=message.id,
            address=submission.to,
            account=submission.account,
            status=state.cause.status.value,
            cause=state.cause.name,
            reference=submission.reference,
            why=why,
        )

    # Replies that fall due

    def write(self, reply: Reply) -> None:
        """The person writes, and a door gets the reply."""
        if reply.message.withdrawn:
            return
        reply.out = self._written(reply)
        if reply.out is None:
            self._note(Kind.REPLY_LOST, reply, None, why="no conversation")
        else:
            self.hand_again(reply)

    def hand_again(self, reply: Reply) -> None:
        """A door gets a reply that was written."""
        if reply.out is not None:
            self._outlet(reply.message.submission.channel, reply.out.account).reply(reply.out)

    def write_in_vain(self, reply: Reply) -> None:
        """The person writes, and a fault loses it."""
        if reply.message.withdrawn:
            return
        out = self._written(reply)
        self._note(Kind.REPLY_LOST, reply, out.account if out else None, why="fault")

    def _written(self, reply: Reply) -> ReplyOut | None:
        message, said, now = reply.message, reply.answer.said, self._clock.now()
        submission = message.submission
        message.replies += 1
        message.note(now, "reply written", reply.id)
        account: str | None = submission.account
        if submission.channel is Channel.SMS:  # the others answer on the spot, or to an address of their own
            account = self._addressee(submission.to, submission.sender, said.text, now)
        self._note(
            Kind.REPLY_WRITTEN,
            reply,
            account,
            text=said.text,
            meaning=reply.meaning,
            score=said.score,
            phenomenon=said.phenomenon,
            answers=message.id,
        )
        if account is None:
            return None
        shuffled = reply.answer.parts_shuffled
        return ReplyOut(
            reply.id, account, submission.to, submission.sender, said.text, now, message.id, shuffled
        )

    def _note(self, kind: Kind, reply: Reply, account: str | None, **facts: Fact) -> None:
        submission = reply.message.submission
        self._journal.record(
            kind,
            message=reply.message.id,
            address=submission.to,
            account=account,
            channel=submission.channel.value,
            reply=reply.id,
            **facts,
        )

    # What doors tell

    def handed_report(self, report: ReportOut) -> None:
        """The peer has taken it."""
        self._tell(report.message, "report handed", report.status.value)
        self._note_report(Kind.REPORT_HANDED, report)

    def failed_report(self, report: ReportOut, why: str) -> None:
        """A try to hand it out was not acknowledged; the door tries again."""
        self._tell(report.message, "report not taken", why)
        self._note_report(Kind.REPORT_FAILED, report, why=why)

    def lost_report(self, report: ReportOut, why: str) -> None:
        """The door has given up."""
        self._tell(report.message, "report lost", why)
        self._note_report(Kind.REPORT_LOST, report, why=why)

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

    def _note_report(self, kind: Kind, report: ReportOut, **facts: Fact) -> None:
        self._journal.record(
            kind,
            message=report.message,
            address=report.to,
            account=report.account,
            status=report.status.value,
            cause=report.cause.name,
            reference=report.reference,
            **facts,
        )

    def _note_reply(self, kind: Kind, reply: ReplyOut, **facts: Fact) -> None:
        self._journal.record(
            kind, message=reply.answers, address=reply.sender, account=reply.account, reply=reply.id, **facts
        )
