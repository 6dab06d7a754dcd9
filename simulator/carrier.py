"""The carrier: takes messages from doors, lets the town decide, and hands reports and replies out when
they are due.

A message answered with `Accepted` is never lost by the carrier itself: what is lost is lost by a person's
fate or by a fault, and the journal says by which. Everything here runs on the event loop and at once;
doors do the waiting, hold the clock while something is on its way, and tell the carrier when their peer
has taken it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from simulator.clock import Clock, Handle, Streams
from simulator.delivery import ALL, Allowance, Lines, Message, Messages, Repeats, Which
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal, Kind
from simulator.people.population import Population
from simulator.people.script import Telling
from simulator.people.subscriber import Subscriber
from simulator.people.town import Town
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.respondent import Answer, Decision, State, dated, decide, on_submit
from simulator.world import (
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
    ReplyOut,
    ReportOut,
    Submission,
)

CONVERSATION = 14 * 86_400.0
"""How long a reply still finds the account that wrote last, in seconds. The platform's own window is `very
short` and unpublished; two weeks let the numbers that answer after 8 days be heard and refused by the
service itself."""

RETRY_AFTER: Mapping[Refusal, float] = {
    Refusal.THROTTLED: 1.0,
    Refusal.QUEUE_FULL: 2.0,
    Refusal.UNAVAILABLE: 2.0,
}
PERMANENT = frozenset({Refusal.REJECTED, Refusal.ADDRESS_INVALID})
STAGES = {Channel.SMS: "sms", Channel.VOICE: "voice", Channel.EMAIL: "mail"}
"""What the faults call the doors."""


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


class Carrier:
    """The network beyond the doors."""

    def __init__(
        self, clock: Clock, town: Town, journal: Journal, faults: FaultDesk, limits: Limits = Limits()
    ) -> None:
        self._clock, self._town, self._journal, self._faults = clock, town, journal, faults
        self._limits = limits
        self._outlets: dict[tuple[Channel, str | None], Outlet] = {}
        self._keywords: dict[str, str] = {}
        self._worlds = 0
        self._begin()

    def _begin(self) -> None:
        """An empty world. Its name goes into every id, so that no id ever comes twice, after a restart
        either."""
        self._worlds += 1
        self._world = f"{int(self._clock.wall() * 1000):x}{self._worlds:02x}"
        self._accepted = self._by_hand = 0
        self._messages = Messages(self._limits.keep_messages)
        self._repeats = Repeats(self._limits.keep_addresses)
        self._lines = Lines(self._limits.keep_addresses)
        self._allowances: dict[str, Allowance] = {}
        self._due: set[Handle] = set()

    # Doors

    def attach(self, channel: Channel, outlet: Outlet, account: str | None = None) -> Callable[[], None]:
        """Hand what comes back on `channel` to `outlet`: for one account, or for all without one of their
        own. Returns how to stop. A door stays attached as long as anything may be due: LookupError
        otherwise."""
        self._outlets[channel, account] = outlet

        def detach() -> None:
            if self._outlets.get((channel, account)) is outlet:
                del self._outlets[channel, account]

        return detach

    def reserve(self, keyword: str, account: str) -> bool:
        """Texts beginning with `keyword` go to `account`; False when another has it."""
        return self._keywords.setdefault(keyword.casefold(), account) == account

    def release(self, keyword: str, account: str) -> bool:
        """Give a keyword back; False when the account does not have it."""
        if self._keywords.get(keyword.casefold()) != account:
            return False
        del self._keywords[keyword.casefold()]
        return True

    # Submitting

    def submit(self, submission: Submission) -> Accepted | Refused | Botched:
        """Take a message, or say why not. Journalled either way; once accepted its whole future is on the
        agenda."""
        now = self._clock.now()
        who = self._town.subscriber(submission.to)
        if who is None:
            return self._refuse(submission, Refused(Refusal.ADDRESS_INVALID))
        known = self._repeats.find(submission, now)
        if known is not None:
            self._record(Kind.MT_REPEATED, submission, known.message)
            return replace(known, repeated=True)
        refused = self._beyond_capacity(submission, now)
        if refused is not None:
            return self._refuse(submission, refused)
        return self._try(submission, who, now)

    def _try(self, submission: Submission, who: Subscriber, now: Moment) -> Accepted | Refused | Botched:
        nth, attempt = self._lines.next_to(submission.to), self._lines.try_of(submission)
        meets = on_submit(who, self._town.population, nth, attempt, self._town.streams)
        if isinstance(meets, Refusal):
            return self._refuse(submission, Refused(meets, RETRY_AFTER.get(meets)))
        if meets is Accident.TIMES_OUT:
            self._record(Kind.MT_BOTCHED, submission, None, accident=meets.name, accepted=False)
            return Botched(meets)
        accepted = self._accept(submission, who, nth, now)
        if meets is None:
            return accepted
        self._record(Kind.MT_BOTCHED, submission, accepted.message, accident=meets.name, accepted=True)
        return Botched(meets, accepted)

    def _beyond_capacity(self, submission: Submission, now: Moment) -> Refused | None:
        limits = self._limits
        if limits.queue or limits.throughput:
            allowance = self._allowance(submission.account, now)
            if limits.queue and allowance.under_way >= limits.queue:
                return Refused(Refusal.QUEUE_FULL, RETRY_AFTER[Refusal.QUEUE_FULL])
            wait = allowance.wait(now)
            if wait:
                return Refused(Refusal.THROTTLED, wait)
        where = f"{STAGES[submission.channel]}.submit"
        return self._faults.refusal(where, address=submission.to, account=submission.account)

    def _allowance(self, account: str, now: Moment) -> Allowance:
        allowance = self._allowances.get(account)
        if allowance is None:
            allowance = self._allowances[account] = Allowance(self._limits.throughput, now)
        return allowance

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
        self._accepted += 1
        message = Message(
            MessageId(f"{self._world}-{self._accepted:x}"), self._accepted, submission, now, nth
        )
        message.note(now, "accepted")
        self._messages.add(message)
        self._lines.accepted(message)
        accepted = Accepted(message.id, message.status)
        self._repeats.add(submission, accepted, now)
        self._record(Kind.MT_SUBMITTED, submission, message.id)
        decision = decide(who, self._town.population, nth, self._town.streams)
        self._journal.record(
            Kind.PERSON_DECIDED,
            message=message.id,
            address=submission.to,
            account=submission.account,
            **decision.facts(),
        )
        self._schedule(message, decision)
        return accepted

    # The agenda

    def _schedule(self, message: Message, decision: Decision) -> None:
        """Put every state and every reply on the agenda, as the faults arrange them."""
        submission, night = message.submission, self._town.population.night
        told = [state for state in decision.states if state.telling is Telling.TOLD]
        reports = [_later(message.at, state.after) for state in told]
        replies = [dated(answer, message.at, night) for answer in decision.answers]
        schedule = self._faults.arrange(
            STAGES[submission.channel],
            address=submission.to,
            account=submission.account,
            message=message.id,
            nth=message.nth,
            reports=reports,
            replies=replies,
        )
        for state in decision.states:
            if state.telling is not Telling.TOLD:
                self._at(_later(message.at, state.after), partial(self._untold, message, state))
        for state, at, times in zip(told, reports, schedule.reports, strict=True):
            self._plan_report(message, state, at, times)
        for place, (answer, at, times) in enumerate(
            zip(decision.answers, replies, schedule.replies, strict=True)
        ):
            reply = _Reply(f"{message.id}-{place + 1}", message, answer)
            self._plan_reply(reply, at, times)
        if self._limits.queue:
            self._occupy(message, decision)

    def _plan_report(self, message: Message, state: State, at: Moment, times: tuple[Moment, ...]) -> None:
        if times[:1] != (at,):
            self._at(at, partial(self._turn, message, state))
        if not times:
            self._at(at, partial(self._lose_report, message, state, "fault"))
        for each in times:
            self._at(each, partial(self._report, message, state, at))

    def _plan_reply(self, reply: _Reply, at: Moment, times: tuple[Moment, ...]) -> None:
        if not times:
            self._at(at, partial(self._lose_reply, reply))
        for place, each in enumerate(times):
            self._at(each, partial(self._hand_again if place else self._write, reply))

    def _occupy(self, message: Message, decision: Decision) -> None:
        """The message counts as under way until its last state."""
        allowance = self._allowance(message.submission.account, message.at)
        allowance.begun()
        ends = max(state.after for state in decision.states)
        self._at(_later(message.at, ends), allowance.ended)

    def _at(self, moment: Moment, step: Callable[[], None]) -> None:
        """Do `step` at `moment`, unless the world is reset before."""

        def due() -> None:
            self._due.discard(handle)
            step()

        handle = self._clock.call_at(moment, due)
        self._due.add(handle)

    # What falls due

    def _turn(self, message: Message, state: State) -> None:
        """The message takes on a state that nobody is told of."""
        message.become(state.cause)
        message.note(self._clock.now(), "became", state.cause.name)

    def _untold(self, message: Message, state: State) -> None:
        if state.telling is Telling.LOST:
            self._lose_report(message, state, "fate")
        else:
            self._turn(message, state)

    def _report(self, message: Message, state: State, at: Moment) -> None:
        submission = message.submission
        message.become(state.cause)
        message.note(self._clock.now(), "report due", state.cause.status.value)
        report = ReportOut(
            message=message.id,
            account=submission.account,
            to=submission.to,
            reference=submission.reference,
            status=state.cause.status,
            cause=state.cause,
            at=at,
        )
        self._note_report(Kind.REPORT_DUE, report)
        self._outlet(submission.channel, submission.account).report(report)

    def _lose_report(self, message: Message, state: State, why: str) -> None:
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

    def _write(self, reply: _Reply) -> None:
        """The person writes; the reply goes to whoever it belongs to."""
        out = self._written(reply)
        if out is None:
            self._record_reply(Kind.REPLY_LOST, reply, None, why="no conversation")
        else:
            reply.out = out
            self._outlet(reply.message.submission.channel, out.account).reply(out)

    def _hand_again(self, reply: _Reply) -> None:
        if reply.out is not None:
            self._outlet(reply.message.submission.channel, reply.out.account).reply(reply.out)

    def _lose_reply(self, reply: _Reply) -> None:
        out = self._written(reply)
        self._record_reply(Kind.REPLY_LOST, reply, out.account if out else None, why="fault")

    def _written(self, reply: _Reply) -> ReplyOut | None:
        message, said, now = reply.message, reply.answer.said, self._clock.now()
        submission = message.submission
        message.replies += 1
        message.note(now, "reply written", reply.id)
        account = self._addressee(submission.to, submission.sender, said.text, now)
        self._record_reply(
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
        return ReplyOut(
            id=reply.id,
            account=account,
            sender=submission.to,
            to=submission.sender,
            text=said.text,
            at=now,
            answers=message.id,
            parts_shuffled=reply.answer.parts_shuffled,
        )

    def _addressee(self, address: Address, sender: str, text: str, now: Moment) -> str | None:
        """The owner of the keyword that the text begins with, else who wrote last to that person from that
        number."""
        if self._keywords:
            first = text.split(maxsplit=1)[:1]
            owner = self._keywords.get(first[0].casefold()) if first else None
            if owner is not None:
                return owner
        talk = self._lines.talk(address, sender)
        if talk is None or now > _later(talk.at, self._limits.conversation):
            return None
        return talk.account

    def _outlet(self, channel: Channel, account: str) -> Outlet:
        outlet = self._outlets.get((channel, account)) or self._outlets.get((channel, None))
        if outlet is None:
            raise LookupError(f"no door hands out what comes back on {channel.value}; attach one first")
        return outlet

    # What doors tell

    def handed_report(self, report: ReportOut) -> None:
        """The peer has taken it."""
        self._note_report(Kind.REPORT_HANDED, report)
        self._note(report.message, "report handed", report.status.value)

    def failed_report(self, report: ReportOut, why: str) -> None:
        """A try to hand it out was not acknowledged; the door tries again."""
        self._note_report(Kind.REPORT_FAILED, report, why=why)
        self._note(report.message, "report not taken", why)

    def lost_report(self, report: ReportOut, why: str) -> None:
        """The door has given up."""
        self._note_report(Kind.REPORT_LOST, report, why=why)
        self._note(report.message, "report lost", why)

    def handed_reply(self, reply: ReplyOut) -> None:
        """The peer has taken it."""
        self._note_reply(Kind.REPLY_HANDED, reply)
        self._note(reply.answers, "reply handed", reply.id)

    def failed_reply(self, reply: ReplyOut, why: str) -> None:
        """A try to hand it out was not acknowledged; the door tries again."""
        self._note_reply(Kind.REPLY_FAILED, reply, why=why)
        self._note(reply.answers, "reply not taken", why)

    def lost_reply(self, reply: ReplyOut, why: str) -> None:
        """The door has given up."""
        self._note_reply(Kind.REPLY_LOST, reply, why=why)
        self._note(reply.answers, "reply lost", why)

    def _note(self, identity: MessageId | None, what: str, detail: str) -> None:
        message = self._messages.get(identity) if identity else None
        if message is not None:
            message.note(self._clock.now(), what, detail)

    def _note_report(self, kind: Kind, report: ReportOut, **facts: str) -> None:
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

    def _note_reply(self, kind: Kind, reply: ReplyOut, **facts: str) -> None:
        self._journal.record(
            kind,
            message=reply.answers,
            address=reply.sender,
            account=reply.account,
            reply=reply.id,
            **facts,
        )

    def _record_reply(
        self, kind: Kind, reply: _Reply, account: str | None, **facts: str | int | None
    ) -> None:
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
        told = _meant(meaning, score)
        talk = self._lines.talk(address)
        message = self._messages.get(talk.message) if talk else None
        if message is None:
            raise NobodyWrote(f"nobody has written to {address} yet, so there is nothing to answer")
        self._by_hand += 1
        said = Utterance(text, told or Meaning.NO_SCORE, score, "by hand")
        reply = _Reply(f"{message.id}-h{self._by_hand}", message, Answer(after, said), known=told is not None)
        self._at(_later(self._clock.now(), after), partial(self._write, reply))
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

    @property
    def accepted(self) -> int:
        """How many messages this world has accepted."""
        return self._accepted

    @property
    def town(self) -> Town:
        return self._town

    def reset(self, seed: int, population: Population | None = None) -> None:
        """Begin a new world: everything due is called off, people and faults set by hand are gone. The
        doors stay; they hear of it from the journal (`world.reset`)."""
        streams = Streams(seed)
        for handle in self._due:
            handle.cancel()
        self._town.reset(streams, population)
        self._faults.reset(streams)
        self._begin()
        self._journal.record(Kind.WORLD_RESET, seed=seed, profile=self._town.population.name)


class NobodyWrote(LookupError):
    """There is no message to answer."""


@dataclass(slots=True)
class _Reply:
    """A reply on its way: `out` once it is written."""

    id: str
    message: Message
    answer: Answer
    known: bool = True
    out: ReplyOut | None = None

    @property
    def meaning(self) -> str | None:
        return self.answer.said.meaning.value if self.known else None


def _later(moment: Moment, seconds: float) -> Moment:
    return Moment(moment + round(seconds * 1000))


def _meant(meaning: Meaning | None, score: int | None) -> Meaning | None:
    if score is None:
        if meaning is Meaning.GOOD:
            raise ValueError("a good reply needs its score, from 0 to 10")
        return meaning
    if not 0 <= score <= 10:
        raise ValueError(f"a score is from 0 to 10, not {score}")
    if meaning not in (None, Meaning.GOOD):
        raise ValueError("only a good reply has a score")
    return Meaning.GOOD
