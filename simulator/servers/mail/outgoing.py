"""What goes out: replies, bounces, notices of delay and automatic mail, as octets with their envelopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime

from simulator import correspondent
from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Message
from simulator.journal import Journal, Kind
from simulator.people.mail_causes import SPELLINGS
from simulator.people.mail_script import COMPLAINT, MailScript
from simulator.people.town import Town
from simulator.phrasebook.mail.away import MARKS, away
from simulator.phrasebook.mail.dress import PLAIN, Dress
from simulator.phrasebook.mail.furniture import Writer
from simulator.phrasebook.mail.reply import reply as written
from simulator.servers.mail.options import HOST
from simulator.servers.mail.slip import Slip, local
from simulator.wire.mail.compose import Headers
from simulator.wire.mail.path import is_address
from simulator.wire.mail.report import Returned, Verdict, complaint, delivery_status
from simulator.world import Address, MessageId, Moment, ReplyOut, ReportOut

DAEMON = f"MAILER-DAEMON@{HOST}"
FEEDBACK = f"feedback@{HOST}"
NOWHERE = "the mail names no address to write to"
NO_HUMAN = "no human wrote the mail, and polite machines do not answer machines (RFC 3834 §2)"
POLITE = frozenset(MARKS) - {"bare"}
"""Out-of-office replies of programs that keep to the standard; mailboxes that do things send them always."""
NULL_PATH = "the return path is null: nobody is to be told (RFC 5321 §4.5.5)"


@dataclass(slots=True, eq=False)
class Parcel:
    """A mail on its way out, and whom to tell how it went. `sender` is the envelope's; empty: null."""

    identity: str
    account: str
    sender: str
    to: str
    mail: bytes = field(repr=False)
    handed: Callable[[], None]
    failed: Callable[[str], None]
    lost: Callable[[str], None]
    about: str = ""
    """The simulated person it comes from or speaks of."""
    since: int = 0
    tries: int = 0


class Unaddressed(ValueError):
    """There is nobody to write to; the message says why."""


class Outgoing:
    """Writes parcels. It knows the town and the carrier; the postman knows the way."""

    def __init__(self, carrier: Carrier, clock: Clock, journal: Journal, domains: frozenset[str]) -> None:
        self._carrier, self._clock, self._journal, self._domains = carrier, clock, journal, domains

    # People

    def reply(self, reply: ReplyOut, by_hand: bool) -> tuple[Parcel, int]:
        """What somebody writes, and how often it is delivered. Unaddressed when nobody can be written to."""
        message = self._carrier.message(reply.answers) if reply.answers else None
        slip = _slip(message)
        if slip is None:
            raise Unaddressed("the mail it answers is forgotten")
        to = self._outside(slip.answer_to)
        town, place = self._town, (reply.sender, reply.id.rpartition("-")[2])
        who = town.subscriber(reply.sender)
        nth = message.nth if message else 0
        dress: Dress = PLAIN
        copies = 1
        if who is not None and not by_hand:
            dress = correspondent.dress(who, town.population, not reply.text.strip(), town.streams)
            copies = who.script.copies if isinstance(who.script, MailScript) else 1
        mail = written(
            reply.text,
            identity=reply.id,
            dress=dress,
            question=slip.question,
            writer=self._writer(reply.sender),
            thread=slip.thread,
            at=local(reply.at),
            chance=town.streams.of(place[0], nth, "letter", place[1]),
        )
        carrier = self._carrier
        parcel = Parcel(
            reply.id,
            reply.account,
            str(reply.sender),
            to,
            mail,
            handed=lambda: carrier.handed_reply(reply),
            failed=lambda why: carrier.failed_reply(reply, why),
            lost=lambda why: carrier.lost_reply(reply, why),
            about=reply.sender,
        )
        return parcel, copies

    def automatic(self, message: Message, kind: str) -> Parcel:
        """An out-of-office reply or a complaint. Unaddressed when nobody can be written to."""
        slip = _slip(message)
        if slip is None:
            raise Unaddressed("the mail it is about is forgotten")
        to = self._outside(slip.bounce_to, NULL_PATH)
        who = self._town.subscriber(Address(slip.to))
        if slip.mail.automatic and kind in POLITE and not (who and who.script):
            raise Unaddressed(NO_HUMAN)
        identity = f"{message.id}-{kind}"
        at = self._clock.now()
        mail = (
            self._complaint(slip, to, identity, at)
            if kind == COMPLAINT
            else self._away(message, slip, kind, at)
        )
        return self._noted(identity, kind, message.id, slip, message.submission.account, to, mail)

    def _away(self, message: Message, slip: Slip, kind: str, at: Moment) -> bytes:
        identity = f"{message.id}-{kind}"
        return away(
            kind,
            identity=identity,
            question=slip.question,
            writer=self._writer(Address(slip.to)),
            thread=slip.thread,
            at=local(at),
            chance=self._town.streams.of(slip.to, message.nth, "away"),
        )

    def _complaint(self, slip: Slip, to: str, identity: str, at: Moment) -> bytes:
        headers = _headers(FEEDBACK, to, f"Complaint about a mail to {slip.to}", identity, at)
        return complaint(headers, _returned(slip), identity, HOST)

    # Servers

    def report(self, report: ReportOut) -> Parcel:
        """A bounce, or a notice of delay. Unaddressed when the return path is null."""
        slip = report.slip
        if not isinstance(slip, Slip):
            raise Unaddressed("the mail it is about is forgotten")
        to = self._outside(slip.bounce_to, NULL_PATH)
        spelling = SPELLINGS[report.cause.name]
        verdict = Verdict(
            spelling.status,
            spelling.diagnostic.format(address=slip.to),
            delayed=not report.cause.final,
        )
        carrier = self._carrier
        identity = f"{report.message}-{report.cause.name.replace(' ', '-')}"
        return Parcel(
            identity,
            report.account,
            "",
            to,
            _status(slip, to, verdict, identity, self._clock.now()),
            handed=lambda: carrier.handed_report(report),
            failed=lambda why: carrier.failed_report(report, why),
            lost=lambda why: carrier.lost_report(report, why),
            about=slip.to,
        )

    def bounce(self, slip: Slip, said: str) -> Parcel:
        """A bounce for one of several recipients, refused at once with the answer `said`."""
        to = self._outside(slip.bounce_to, NULL_PATH)
        status = said.split(" ")[1]
        identity = f"{slip.at:x}-{slip.to.partition('@')[0]}-refused"
        verdict = Verdict(status, said)
        mail = _status(slip, to, verdict, identity, self._clock.now())
        return self._noted(identity, "bounce", None, slip, "", to, mail)

    def _noted(
        self,
        identity: str,
        kind: str,
        message: MessageId | None,
        slip: Slip,
        account: str,
        to: str,
        mail: bytes,
    ) -> Parcel:
        """A mail of which only the journal keeps account: it carries no reply."""

        def note(entry: Kind, **facts: str) -> None:
            self._journal.record(
                entry, message=message, address=slip.to, account=account, mail=identity, what=kind, **facts
            )

        note(Kind.MAIL_AUTOMATIC, to=to)
        return Parcel(
            identity,
            account,
            "",
            to,
            mail,
            handed=lambda: note(Kind.MAIL_HANDED),
            failed=lambda why: note(Kind.MAIL_FAILED, why=why),
            lost=lambda why: note(Kind.MAIL_LOST, why=why),
            about=slip.to,
        )

    # What all share

    @property
    def _town(self) -> Town:
        return self._carrier.town

    def _writer(self, address: Address) -> Writer:
        town = self._carrier.town
        who, identity = town.subscriber(address), town.identity(address)
        if who is None or identity is None:
            return Writer("", "", address, "nl")
        return Writer(identity.name, identity.place, address, who.language)

    def _outside(self, address: str | None, otherwise: str = NOWHERE) -> str:
        """An address that may be written to: none of the town's own, so that no mail goes round."""
        if address is None or not is_address(address):
            raise Unaddressed(otherwise)
        if address.rpartition("@")[2].lower() in self._domains:
            raise Unaddressed("its address is one of the town's own, so it would go round for ever")
        return address


def _slip(message: Message | None) -> Slip | None:
    slip = message.submission.slip if message else None
    return slip if isinstance(slip, Slip) else None


def _status(slip: Slip, to: str, verdict: Verdict, identity: str, at: Moment) -> bytes:
    word = "delayed" if verdict.delayed else "Undelivered Mail Returned to Sender"
    subject = f"Delivery {word}: {slip.mail.subject}" if verdict.delayed else word
    return delivery_status(
        _headers(DAEMON, to, subject, identity, at), _returned(slip), verdict, identity, HOST
    )


def _headers(sender: str, to: str, subject: str, identity: str, at: Moment) -> Headers:
    return [
        ("From", f"Mail Delivery System <{sender}>"),
        ("To", to),
        ("Subject", subject),
        ("Date", format_datetime(local(at))),
        ("Message-ID", f"<{identity}@{HOST}>"),
    ]


def _returned(slip: Slip) -> Returned:
    return Returned(slip.to, slip.return_path, format_datetime(local(slip.at)), slip.mail.head)
