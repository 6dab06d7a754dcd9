"""What comes back: delivery reports and replies, from the moment they fall due to the doors that hand them
out.

A reply goes to whoever wrote to that person last from the short number it answers, or to the owner of the
keyword it begins with: the platform shares its number among all accounts (domain facts, inbound routing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from simulator.clock import Clock
from simulator.delivery import Lines, Messages
from simulator.due import (
    DUE,
    WRITTEN,
    DueAnswer,
    DueState,
    Reports,
    Said,
    Written,
    is_bulk,
    is_told,
    reply_id,
    reply_of,
)
from simulator.entry import Fact
from simulator.handover import Handover
from simulator.journal import Journal, Kind
from simulator.message import Message, Noted
from simulator.outlets import Keywords, Outlets
from simulator.people.script import Telling
from simulator.respondent import Answer, State
from simulator.world import Address, Channel, Moment, Outlet, ReplyOut, ReportOut

_tuple = tuple.__new__


class Reply:
    """A reply on its way: `out` once it is written. `known` is whether its meaning is."""

    __slots__ = ("answer", "id", "known", "message", "out")

    def __init__(self, identity: str, message: Message, answer: Answer, known: bool = True) -> None:
        self.id, self.message, self.answer, self.known = identity, message, answer, known
        self.out: ReplyOut | None = None

    @property
    def meaning(self) -> str | None:
        return self.answer.said.meaning.value if self.known else None


class Returns:
    """The way back."""

    def __init__(self, clock: Clock, journal: Journal, conversation: float) -> None:
        self._clock, self._journal = clock, journal
        self._conversation_ms = round(conversation * 1000)
        self.outlets, self.keywords = Outlets(), Keywords()
        self.handover = Handover(clock, journal)
        """For doors to tell what became of what they were given."""
        self.begin(Messages(0), Lines(0))

    def begin(self, messages: Messages, lines: Lines) -> None:
        """Serve another world's messages and lines."""
        self._lines = lines
        self.handover.begin(messages)

    def _addressee(self, address: Address, sender: str, text: str, now: Moment) -> str | None:
        """The account that a text to the short number `sender` belongs to; None when there is none."""
        owner = self.keywords.owner(text) if self.keywords else None
        if owner is not None:
            return owner
        return self._lines.owner(address, sender, now - self._conversation_ms)

    # Reports that fall due

    def turn(self, message: Message, state: State) -> None:
        """The message takes on a state that its peer is not told of."""
        if not message.withdrawn:
            message.become(state.cause)
            message.note(self._clock.now(), "became", state.cause.name)

    def untold(self, message: Message, state: State, became: Noted | None = None) -> None:
        """A state that is only seen by who asks, or whose report fate has lost."""
        if message.withdrawn:
            return
        if state.telling is Telling.LOST:
            self.lose(message, state, "fate")
        elif became is not None:
            message.become(state.cause)
            message.put(became)
        else:
            self.turn(message, state)

    def take_on(self, due: Sequence[DueState], at: Moment) -> None:
        """Messages take on their states; of those that are told, many are handed out together."""
        now = self._clock.now()
        together: dict[str, list[DueState]] = {}
        last: tuple[object, object, bool] = (None, None, False)
        became: Noted | None = None
        for each in due:
            message, state = each
            if message.withdrawn:
                continue
            terms = message.told.terms
            if state is not last[0] or terms is not last[1]:
                last = (state, terms, is_told(state, terms))
                became = (now, "became", state.cause.name)
            if not last[2]:
                self.untold(message, state, became)
            elif message.raw:
                together.setdefault(message.told.account, []).append(each)
            else:
                self._report_together(together, at, now)
                self.report(message, state, at)
        self._report_together(together, at, now)

    def _report_together(self, together: dict[str, list[DueState]], at: Moment, now: Moment) -> None:
        for account, some in together.items():
            self._report_all(account, some, at, now)
        together.clear()

    def _report_all(self, account: str, due: list[DueState], at: Moment, now: Moment) -> None:
        outlet = self.outlets.of(Channel.SMS, account)
        if not is_bulk(outlet):
            for message, state in due:
                self.report(message, state, at)
            return
        last, line = None, (now, "", "")
        for message, state in due:
            if state is not last:
                last, line = state, (now, "report due", state.cause.status.value)
            message.take_on(state.cause, line)
        self._journal.enter(Reports(DUE, due))
        outlet.report_all(due, at)

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
        self.handover.note_report(Kind.REPORT_DUE, report)
        self.outlets.of(submission.channel, submission.account).report(report)

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

    def write_all(self, due: Sequence[DueAnswer]) -> None:
        """Persons write; of what goes to one account, much is handed out together."""
        now = self._clock.now()
        owner, oldest = self._lines.owner, now - self._conversation_ms
        together = defaultdict[str, list[Said]](list)
        for each in due:
            message, answer, place = each
            account = owner(message.who.address, message.told.sender, oldest) if message.raw else None
            if account is None or self.keywords:
                self._reply_together(together, now)  # whoever answers twice at once is heard in that order
                self.write(Reply(reply_id(each), message, answer))
            elif not message.withdrawn:
                message.replies += 1
                message.put((now, "reply written", reply_id(each)))
                together[account].append((message, answer, place, account))
        self._reply_together(together, now)

    def _reply_together(self, together: dict[str, list[Said]], now: Moment) -> None:
        for account, some in together.items():
            self._journal.enter(Written(WRITTEN, some))
            self._reply_all(self.outlets.of(Channel.SMS, account), some, now)
        together.clear()

    def _reply_all(self, outlet: Outlet, said: list[Said], now: Moment) -> None:
        if is_bulk(outlet):
            outlet.reply_all(said)
            return
        for each in said:
            outlet.reply(reply_of(each, now))

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
            self.outlets.of(reply.message.channel, reply.out.account).reply(reply.out)

    def write_in_vain(self, reply: Reply) -> None:
        """The person writes, and a fault loses it."""
        if reply.message.withdrawn:
            return
        out = self._written(reply)
        self._note(Kind.REPLY_LOST, reply, out.account if out else None, why="fault")

    def _written(self, reply: Reply) -> ReplyOut | None:
        message, said, now = reply.message, reply.answer.said, self._clock.now()
        told, to, identity = message.told, message.who.address, reply.id
        message.replies += 1
        message.put((now, "reply written", identity))
        account: str | None = told.account
        if message.channel is Channel.SMS:  # the others answer on the spot, or to an address of their own
            account = self._addressee(to, told.sender, said.text, now)
        facts: dict[str, Fact] = {
            "channel": message.channel.value,
            "reply": identity,
            "text": said.text,
            "meaning": reply.meaning,
            "score": said.score,
            "phenomenon": said.phenomenon,
            "answers": message.id,
        }
        self._journal.note(Kind.REPLY_WRITTEN, message.id, to, account, facts)
        if account is None:
            return None
        shuffled = reply.answer.parts_shuffled
        return _tuple(
            ReplyOut,
            (identity, account, to, told.sender, said.text, now, message.id, shuffled, message),
        )

    def _note(self, kind: Kind, reply: Reply, account: str | None, why: str) -> None:
        message = reply.message
        facts: dict[str, Fact] = {"channel": message.channel.value, "reply": reply.id, "why": why}
        self._journal.note(kind, message.id, message.to, account, facts)
