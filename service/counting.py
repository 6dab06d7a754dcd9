"""What a report or a reply does to its request: the rules of survey-api "From a request to a response", over
the open requests as those before it have left them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from service.clock import Moment
from service.domain.request import Delivery, DeliveryReport, Event, Reply, after
from service.domain.verdict import Reading, Verdict
from service.interfaces import KeyReader, Reader
from service.store.open_requests import Ahead, OpenRequests
from service.store.responses import Addressed, Named, OpenRequest, Person
from service.store.vault import Vault

MEMORY_BEYOND_WINDOW_MS = 7 * 86_400_000
"""A gateway that was cut off may offer a reply again for days; until then it is remembered."""
NO_LANGUAGE = "und"
"""BCP 47 for a reply without a question: only whether it is an opt-out matters then."""

EVENTS = {Delivery.DELIVERED: Event.DELIVERED, Delivery.UNDELIVERED: Event.UNDELIVERED}


class Stray(Enum):
    """Why something that came back changed no figure."""

    REPEATED_REPLY = "repeated_reply"
    UNKNOWN_REPLY = "unknown_reply"
    FURTHER_BAD_REPLY = "further_bad_reply"
    NO_KEYS = "no_keys"
    UNKNOWN_REPORT = "unknown_report"
    EARLY_REPORT = "early_report"
    LATE_REPORT = "late_report"
    FURTHER_REPORT = "further_report"
    REPORT_UNDER_WAY = "report_under_way"


@dataclass(frozen=True, slots=True)
class HeardReply:
    """A reply, and by which hashes it and its sender are known."""

    reply: Reply
    copy: bytes
    sender: Person = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeardReport:
    """A report. `messages`: all it may mean, for each person it names; empty when it names none."""

    report: DeliveryReport
    messages: tuple[tuple[Addressed, ...], ...] = field(repr=False)


Heard = HeardReply | HeardReport


class Counting:
    """`heard` makes ready what came back, `expect` says what it will ask for, `count` lets it happen."""

    def __init__(self, vault: Vault, reader: Reader, key_reader: KeyReader, window_ms: int) -> None:
        self._vault, self._read, self._read_keys = vault, reader, key_reader
        self._window_ms = window_ms

    def heard(self, came: DeliveryReport | Reply) -> Heard:
        """What came back, with the hashes of what is personal in it."""
        channel = came.channel.value
        if isinstance(came, Reply):
            copy = self._vault.hashed(f"{channel} {came.message_id}".encode())
            return HeardReply(came, copy, Person(channel, self._vault.fingerprint(came.sender)))
        if came.request is not None or came.gateway_id is None:
            return HeardReport(came, ())
        ids = (came.gateway_id, *came.other_ids)
        prints = [self._vault.fingerprint(person) for person in came.people]
        return HeardReport(
            came, tuple(tuple(Addressed(channel, one, each) for one in ids) for each in prints)
        )

    def expect(self, ahead: Ahead, heard: Heard, now: Moment) -> None:
        """Note what counting it will ask for."""
        if isinstance(heard, HeardReply):
            ends = Moment(now + self._window_ms + MEMORY_BEYOND_WINDOW_MS)
            ahead.copies.setdefault(heard.copy, ends)
            if heard.reply.request is None:
                ahead.people.setdefault(heard.sender, now)
            else:
                ahead.requests.add(heard.reply.request.bytes)
        elif heard.report.delivery in EVENTS:
            self._expect_report(ahead, heard)

    def _expect_report(self, ahead: Ahead, heard: HeardReport) -> None:
        report = heard.report
        if report.request is not None:
            ahead.requests.add(report.request.bytes)
            if report.gateway_id is not None:
                ahead.proofs.append((report.request.bytes, report.gateway_id))
        elif heard.messages:
            ahead.reports.append([one for messages in heard.messages for one in messages])
        elif report.gateway_id is not None:
            ahead.names.add(Named(report.channel.value, report.gateway_id))

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Verdict | Stray | None:
        """Let it happen. A reply that changed the figures has a verdict, a report that moved its request has
        none; else why not."""
        if isinstance(heard, HeardReply):
            return self._count_reply(known, heard, now)
        return self._count_report(known, heard, now)

    def _count_report(self, known: OpenRequests, heard: HeardReport, now: Moment) -> Stray | None:
        event = EVENTS.get(heard.report.delivery)
        if event is None:
            return Stray.REPORT_UNDER_WAY
        found = _reported(known, heard)
        if found is None:
            awaiting = [each for each in heard.messages if known.is_being_handed_over(each)]
            found = _reported(known, heard)  # another process may have written the id down meanwhile
            if found is None:
                return self._keep_early(known, awaiting, event, now)
        if found.closes_at <= now:
            return Stray.LATE_REPORT
        known.ask_no_more(found)
        if after(found.state, event) is found.state:
            return Stray.FURTHER_REPORT
        known.prove_taken(found, heard.report.gateway_id, now)
        known.happens(found, event)
        return None

    def _keep_early(
        self, known: OpenRequests, awaiting: Sequence[Sequence[Addressed]], event: Event, now: Moment
    ) -> Stray:
        """A report by an id that is not known: it may have overtaken the answer that tells the id, also one
        that a crash kept from us and that the repeat will bring."""
        for messages in awaiting:
            known.keep_early(messages, event, Moment(now + self._window_ms))
        return Stray.EARLY_REPORT if awaiting else Stray.UNKNOWN_REPORT

    def _count_reply(self, known: OpenRequests, heard: HeardReply, now: Moment) -> Verdict | Stray:
        if not known.is_first_copy(heard.copy):
            return Stray.REPEATED_REPLY
        found = answered(known, heard, now)
        if found is None:
            return self._count_unknown(known, heard)
        reading = self._reading(heard.reply, found.language)
        if reading is None:
            return Stray.NO_KEYS
        if reading.verdict is Verdict.OPT_OUT:
            known.opt_out(found, now)
        if reading.score is None:
            return self._count_bad(known, found, reading.verdict, now)
        known.count_good(found, reading.score)
        return reading.verdict

    def _count_bad(
        self, known: OpenRequests, found: OpenRequest, verdict: Verdict, now: Moment
    ) -> Verdict | Stray:
        first = found.verdict is None
        known.prove_taken(found, None, now)
        known.ask_no_more(found)
        known.count_bad(found, verdict.value)
        return verdict if first else Stray.FURTHER_BAD_REPLY

    def _count_unknown(self, known: OpenRequests, heard: HeardReply) -> Stray:
        """No request is open for it; but a STOP is heard all the same."""
        reading = self._reading(heard.reply, NO_LANGUAGE)
        if reading is not None and reading.verdict is Verdict.OPT_OUT:
            known.opt_out_everywhere(heard.sender.fingerprint)
        return Stray.UNKNOWN_REPLY

    def _reading(self, reply: Reply, language: str) -> Reading | None:
        return self._read_keys(reply.text) if reply.keyed else self._read(reply.text, language)


def answered(known: OpenRequests, heard: HeardReply, now: Moment) -> OpenRequest | None:
    """The open request that a reply is addressed to, else the latest to its sender."""
    if heard.reply.request is None:
        return known.latest(heard.sender, now)
    found = known.of(heard.reply.request)
    return found if found is not None and found.closes_at > now else None


def _reported(known: OpenRequests, heard: HeardReport) -> OpenRequest | None:
    """The request a report is about. An id alone may be spelled otherwise, or be given again to another
    message: where the report says to whom it went, that must be right too."""
    report = heard.report
    if report.request is not None:
        return known.of(report.request)
    if report.gateway_id is None:
        return None
    if not heard.messages:
        return known.named(Named(report.channel.value, report.gateway_id))
    return next(filter(None, map(known.addressed, heard.messages)), None)
