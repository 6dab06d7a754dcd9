"""The carrier: takes messages from doors, lets the town decide, and hands reports and replies out when
they are due.

A message answered with `Accepted` is never lost by the carrier itself: what is lost is lost by a person's
fate or by a fault, and the journal says by which. Everything here runs on the event loop and at once;
doors do the waiting, hold the clock while something is on its way, and tell the carrier when their peer
has taken it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from simulator.allowances import RETRY_AFTER, Allowances
from simulator.allowances import Limits as Limits
from simulator.bulk import Bulk, Ordinary
from simulator.clock import Clock, Streams
from simulator.delivery import ALL, Correlation, Lines, Message, Messages, Repeats, Which
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal, Kind
from simulator.message import Register
from simulator.outlets import Keywords
from simulator.people.population import Population
from simulator.people.script import Telling
from simulator.people.subscriber import Subscriber
from simulator.people.town import Town
from simulator.phrasebook.phrase import Meaning, Utterance, meant
from simulator.planning import Planning, later, stage_of
from simulator.respondent import Answer, Decision, State, decide, on_submit, within
from simulator.returns import Reply, Returns
from simulator.world import (
    CAUSE,
    Accepted,
    Accident,
    Address,
    Botched,
    Channel,
    MessageId,
    Moment,
    Outlet,
    Refusal,
    Refused,
    Status,
    Submission,
    Terms,
)

PERMANENT = frozenset({Refusal.REJECTED, Refusal.ADDRESS_INVALID})
FIRST_STATUS = Status.DELIVERED_TO_NETWORK
"""What a peer hears of a good number at once: real clients take anything else for a failure."""
NO_LIMITS = Limits()
Course = Callable[[Message, Subscriber], None]
"""What becomes of a message to somebody, from its acceptance on."""


class Carrier:
    """The network beyond the doors."""

    def __init__(
        self, clock: Clock, town: Town, journal: Journal, faults: FaultDesk, limits: Limits = NO_LIMITS
    ) -> None:
        self._clock, self._town, self._journal, self._faults = clock, town, journal, faults
        self._limits = limits
        self._returns = back = Returns(clock, journal, limits.conversation)
        told = back.handover
        self.handed_report, self.handed_reply = told.handed_report, told.handed_reply
        self.failed_report, self.failed_reply = told.failed_report, told.failed_reply
        self.lost_report, self.lost_reply = told.lost_report, told.lost_reply
        self.handed_reports, self.handed_replies = told.handed_reports, told.handed_replies
        self._planning = Planning(clock, faults, back, self)
        self.go_on = self._planning.go_on
        self._courses: dict[Channel, Course] = {}
        self._bulk = Bulk(clock, town, journal, self._planning)
        self._register = Register(0)
        self._begin()

    def _begin(self) -> None:
        """An empty world. Ids are whole numbers in hexadecimal, below 2**63, and go on from the milliseconds
        of this machine's clock, so that none ever comes twice, after a restart either."""
        self._register = Register(max(int(self._clock.wall() * 1000) << 20, self._register.number))
        self._by_hand = 0
        self._messages = Messages(self._limits.keep_messages)
        self._lines = Lines(self._limits.keep_addresses)
        self._repeats = Repeats(self._limits.keep_addresses)
        self._allowances = Allowances(self._limits)
        self._returns.begin(self._messages, self._lines)
        self._planning.begin()
        self._bulk.begin(self._register, self._messages, self._lines, self._repeats)

    # Doors

    def attach(self, channel: Channel, outlet: Outlet, account: str | None = None) -> Callable[[], None]:
        """Hand what comes back on `channel` to `outlet`: for one account, or for all without one of their
        own. Returns how to stop. A door stays attached as long as anything may be due: LookupError
        otherwise."""
        return self._returns.outlets.attach(channel, outlet, account)

    def entrust(self, channel: Channel, course: Course) -> None:
        """Let `course` decide and perform what becomes of a message accepted on `channel`, at once and on the
        loop, instead of the plan of reports and replies that is made for an SMS. What comes of it is told
        through `returns`."""
        self._courses[channel] = course

    @property
    def returns(self) -> Returns:
        """The way back, for a course that finds out by itself when something falls due."""
        return self._returns

    @property
    def keywords(self) -> Keywords:
        """Which texts go to whom, whoever wrote to the person last."""
        return self._returns.keywords

    # Submitting

    def submit(self, submission: Submission) -> Accepted | Refused | Botched:
        """Take a message, or say why not. Journalled either way; once accepted its whole future is on the
        agenda."""
        now = self._clock.now()
        who = self._town.subscriber(submission.to)
        if who is None or submission.channel not in who.channels:
            return self._refuse(submission, Refused(Refusal.ADDRESS_INVALID))
        known = self._repeats.find(submission, now)
        if known is not None:
            self._record(Kind.MT_REPEATED, submission, known)
            return Accepted(known, FIRST_STATUS, repeated=True)
        refused = self._beyond_capacity(submission, now)
        if refused is not None:
            return self._refuse(submission, refused)
        return self._try(submission, who, now)

    @property
    def ordinary(self) -> bool:
        """Whether nothing stands in the way of ordinary messages, so that `take_all` may be called."""
        limits = self._limits
        return not (
            self._faults
            or limits.queue
            or limits.throughput
            or self._lines.tries
            or self._town.population.throttled
            or Channel.SMS in self._courses
        )

    def take_all(self, found: Sequence[Ordinary]) -> list[Message]:
        """Accept messages at once while `ordinary`. Each is an SMS to somebody without a script of failing
        tries, under no reference that it `knows`, to be sent at once and without end. Call `go_on` when they
        are answered."""
        return self._bulk.take(found)

    def knows(self, correlation: Correlation) -> bool:
        """Whether a submission under this reference would be a repeat."""
        return self._repeats.known(correlation, self._clock.now()) is not None

    def _try(self, submission: Submission, who: Subscriber, now: Moment) -> Accepted | Refused | Botched:
        nth, attempt = self._lines.next_to(submission.to), self._lines.try_of(submission)
        meets = on_submit(who, self._town.population, nth, attempt, self._town.streams)
        if isinstance(meets, Refusal):
            self._lines.failed(submission)
            return self._refuse(submission, Refused(meets, RETRY_AFTER.get(meets)))
        if meets is Accident.TIMES_OUT:
            self._lines.failed(submission)
            self._record(Kind.MT_BOTCHED, submission, None, accident=meets.name, accepted=False)
            return Botched(meets)
        accepted = self._accept(submission, who, nth, now)
        if meets is None:
            return accepted
        self._record(Kind.MT_BOTCHED, submission, accepted.message, accident=meets.name, accepted=True)
        return Botched(meets, accepted)

    def _beyond_capacity(self, submission: Submission, now: Moment) -> Refused | None:
        refused = self._allowances.refusal(submission.account, now)
        if refused is not None:
            return refused
        where = f"{stage_of(submission)}.submit"
        return self._faults.refusal(where, address=submission.to, account=submission.account)

    def _refuse(self, submission: Submission, refused: Refused) -> Refused:
        refusal = refused.refusal
        self._record(Kind.MT_REFUSED, submission, None, refusal=refusal.name, permanent=refusal in PERMANENT)
        return refused

    def _record(
        self, kind: Kind, submission: Submission, message: MessageId | None, **facts: str | bool
    ) -> None:
        self._journal.record(
            kind,
            message=message,
            address=submission.to,
            account=submission.account,
            channel=submission.channel.value,
            sender=submission.sender,
            reference=submission.reference,
            text=submission.text,
            **facts,
        )

    def _accept(self, submission: Submission, who: Subscriber, nth: int, now: Moment) -> Accepted:
        register = self._register
        register.number += 1
        register.order += 1
        message = Message(register.number, register.order, submission, now, nth, who)
        self._messages.add(message)
        self._lines.accepted(message)
        self._repeats.add(message)
        self._record(Kind.MT_SUBMITTED, submission, message.id)
        self._courses.get(submission.channel, self._decide)(message, who)
        return Accepted(message.id, FIRST_STATUS)

    def new_id(self) -> MessageId:
        """An id that no other message has or will have."""
        self._register.number += 1
        return MessageId(f"{self._register.number:x}")

    def _decide(self, message: Message, who: Subscriber) -> None:
        """Let the person decide, and put what comes of it on the agenda."""
        submission, terms = message.submission, message.submission.terms
        decision = decide(who, self._town.population, message.nth, self._town.streams)
        begins = message.at if terms.not_before is None else max(message.at, terms.not_before)
        if terms.expires is not None:
            decision = within(decision, (terms.expires - begins) / 1000)
        names = (message.id, submission.to, submission.account)
        self._journal.note(Kind.PERSON_DECIDED, *names, decision.facts())
        self._planning.plan(message, decision, begins, self._town.population.night)
        if self._limits.queue:
            self._occupy(message, decision, begins)

    def _occupy(self, message: Message, decision: Decision, begins: Moment) -> None:
        """The message counts as under way until its last state."""
        allowance = self._allowances.of(message.submission.account, message.at)
        allowance.begun(message)
        ends = max(state.after for state in decision.states)
        self._clock.call_at(later(begins, ends), partial(allowance.ended, message), self)

    def _withdraw(self, message: Message) -> None:
        """Nothing comes of it any more, and it makes room for another."""
        message.withdrawn = True
        self._allowances.of(message.account, message.at).ended(message)

    # Changed by the sender

    def cancel(self, message: Message) -> bool:
        """The sender withdraws a message; False when it is past that. Reports on it say so, where wanted."""
        if not _is_under_way(message):
            return False
        deleted = State(0.0, CAUSE["deleted by the sender"], Telling.TOLD)
        now = self._clock.now()
        self._note_change(Kind.MT_CANCELLED, message)
        if message.submission.terms.tell(deleted.cause):
            self._returns.report(message, deleted, now)
        else:
            self._returns.turn(message, deleted)
        self._withdraw(message)
        return True

    def replace(self, message: Message, text: str, terms: Terms) -> Message | None:
        """Another text and other terms under the same id; None when the message is past that."""
        who = self._town.subscriber(message.submission.to)
        if who is None or not _is_under_way(message):
            return None
        self._withdraw(message)
        submission = replace(message.submission, text=text, terms=terms)
        new = Message(message.number, message.order, submission, self._clock.now(), message.nth, who)
        new.note(new.at, "replaced", None)
        self._messages.add(new)
        self._note_change(Kind.MT_REPLACED, new)
        self._decide(new, who)
        return new

    def _note_change(self, kind: Kind, message: Message) -> None:
        self._record(kind, message.submission, message.id)

    # By hand

    def reply_by_hand(
        self,
        address: Address,
        text: str,
        *,
        meaning: Meaning | None = None,
        score: int | None = None,
        after: float = 0.0,
    ) -> str:
        """Let somebody answer the message that came last, `after` seconds from now; returns the reply's id.

        What was meant is taken as told, and stays unknown when it is not. NobodyWrote if no message came to
        `address`; ValueError if meaning and score contradict each other.
        """
        told = meant(meaning, score)
        talk = self._lines.talk(address)
        message = self._messages.get(talk[2]) if talk else None
        if message is None:
            raise NobodyWrote(f"nobody has written to {address} yet, so there is nothing to answer")
        if message.submission.channel is Channel.VOICE:
            raise NobodyWrote(f"what came to {address} last was a call: press keys in it")
        self._by_hand += 1
        said = Utterance(text, told or Meaning.NO_SCORE, score, "by hand")
        reply = Reply(f"{message.id}-h{self._by_hand}", message, Answer(after, said), known=told is not None)
        self._clock.call_at(later(self._clock.now(), after), partial(self._returns.write, reply), self)
        return reply.id

    # Views

    def message(self, identity: MessageId) -> Message | None:
        """One message and its timeline; None when there is none, or it is forgotten."""
        return self._messages.get(identity)

    def messages(self, which: Which = ALL, *, after: int = 0, limit: int = 100) -> list[Message]:
        """Up to `limit` messages whose order is above `after`, oldest first."""
        return self._messages.find(which, after=after, limit=limit)

    def newest(self, which: Which = ALL, limit: int = 100) -> list[Message]:
        """Up to `limit` messages, newest first."""
        return self._messages.newest(which, limit)

    def last_to(self, address: Address, sender: str) -> MessageId | None:
        """The message that went to `address` last from `sender`."""
        talk = self._lines.talk(address, sender)
        return talk[2] if talk else None

    @property
    def accepted(self) -> int:
        """How many messages this world has accepted."""
        return self._register.order

    @property
    def due(self) -> int:
        """How much is due, at whatever moment."""
        return self._clock.due_of(self) + self._planning.due

    @property
    def town(self) -> Town:
        return self._town

    def reset(self, seed: int, population: Population | None = None) -> None:
        """Begin a new world: everything due is called off, people and faults set by hand are gone. The
        doors stay; they hear of it from the journal (`world.reset`)."""
        streams = Streams(seed)
        self._clock.call_off(self)
        self._town.reset(streams, population)
        self._faults.reset(streams)
        self._begin()
        self._journal.record(Kind.WORLD_RESET, seed=seed, profile=self._town.population.name)

    def close(self) -> None:
        """Nothing falls due any more, and what comes of late submissions goes nowhere: the doors may go."""
        self._clock.call_off(self)
        self._returns.outlets.close()


class NobodyWrote(LookupError):
    """There is no message to answer."""


def _is_under_way(message: Message) -> bool:
    return not message.withdrawn and (message.cause is None or not message.cause.final)
