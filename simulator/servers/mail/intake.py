"""The way in: what is answered at each stage of SMTP, and from the data to the carrier.

A mail is taken, and answered 250, when the carrier has it for every recipient: from there on it is never
lost by the simulator. What a person's server says no to for good is said after the data, where the mail tells
which request it is; for several recipients such a no becomes a bounce, as the protocol has one answer only.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.correspondent import greylisted, refused_for_good
from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Trouble
from simulator.journal import Journal, Kind
from simulator.people.mailboxes import HOME
from simulator.servers.mail import mischief
from simulator.servers.mail.connection import Connection
from simulator.servers.mail.greylist import Greylist
from simulator.servers.mail.options import DOOR, HOST, Options
from simulator.servers.mail.slip import Slip
from simulator.wire.mail.incoming import Unreadable, read
from simulator.wire.mail.path import NULL, domain_of, normal
from simulator.world import (
    Accepted,
    Accident,
    Address,
    Botched,
    Channel,
    Refusal,
    Refused,
    Submission,
)

if TYPE_CHECKING:
    from simulator.servers.mail.door import MailDoor

REFUSALS: Mapping[Refusal, str] = {
    Refusal.REJECTED: "550 5.7.1 this mail is refused for good",
    Refusal.ADDRESS_INVALID: "550 5.1.1 there is no such mailbox here",
    Refusal.THROTTLED: "451 4.7.1 too many mails; slow down",
    Refusal.QUEUE_FULL: "452 4.3.1 no room for more mail now",
    Refusal.UNAVAILABLE: "421 4.3.2 closed for now; come back later",
}
Outcome = Accepted | Refused | Botched


class Intake:
    """aiosmtpd's handler, for every connection. Returned texts are the answers."""

    def __init__(
        self,
        door: MailDoor,
        carrier: Carrier,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        options: Options,
    ) -> None:
        self._door, self._carrier, self._clock, self._journal = door, carrier, clock, journal
        self._faults, self._options = faults, options
        self._greylist = Greylist()

    def begin(self) -> None:
        """Another world: nobody has tried before."""
        self._greylist.clear()

    # Stages

    async def greets(self, connection: Connection) -> bool:
        """Whether a new peer gets to speak at all."""
        refused = await self._meets("connect", connection)
        if refused is not None:
            await connection.push(refused)
            if connection.transport is not None:
                connection.transport.close()
        return refused is None

    async def handle_HELO(self, server: Connection, session: Session, envelope: Envelope, name: str) -> str:
        refused = await self._meets("helo", server)
        if refused is None:
            session.host_name = name
        return refused or f"250 {HOST}"

    async def handle_EHLO(
        self, server: Connection, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        refused = await self._meets("helo", server)
        if refused is not None:
            return [refused]
        session.host_name = name
        wanted = [each for each in answers if self._options.auth != "off" or not each.startswith("250-AUTH")]
        return [*wanted[:-1], "250-PIPELINING", wanted[-1]]

    async def handle_MAIL(
        self, server: Connection, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        if self._options.auth == "required" and not session.authenticated:
            return "530 5.7.0 authentication required"
        if not address.isascii() and not envelope.smtp_utf8:
            return "553 5.6.7 an address beyond ASCII needs SMTPUTF8"
        refused = await self._meets("mail", server)
        if refused is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refused or "250 2.1.0 sender ok"

    async def handle_RCPT(
        self, server: Connection, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        refused = self._judge(address, envelope)
        if refused is not None:
            return refused
        to = f"{address}@{HOME}" if "@" not in address else address
        refused = await self._meets("rcpt", server, normal(to)) or self._put_off(normal(to), envelope)
        if refused is None and normal(to) not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(normal(to))
        return refused or "250 2.1.5 recipient ok"

    def _judge(self, address: str, envelope: Envelope) -> str | None:
        if address == NULL:
            return "501 5.1.3 a mail needs somebody to go to"
        if not address.isascii() and not envelope.smtp_utf8:
            return "553 5.6.7 an address beyond ASCII needs SMTPUTF8"
        if "@" in address and domain_of(address) not in self._options.domains:
            return "550 5.7.1 relaying denied: no mailbox of that domain is here"
        if len(envelope.rcpt_tos) >= self._options.bounds.recipients:
            return f"452 4.5.3 too many recipients; at most {self._options.bounds.recipients} a mail"
        return None

    def _put_off(self, to: str, envelope: Envelope) -> str | None:
        """Greylisting: by the settings for everybody, or by this person's server."""
        who = self._carrier.town.subscriber(Address(to))
        if who is None:
            return "550 5.1.1 there is no such mailbox here"
        town = self._carrier.town
        own = greylisted(who, town.population, town.streams)
        wait = self._greylist.wait(
            envelope.mail_from or "", to, max(own, self._options.greylist), self._clock.now()
        )
        return f"451 4.7.1 greylisted; try again in {wait:.0f} seconds" if wait else None

    async def before_data(self, connection: Connection) -> str | None:
        """The no that a DATA command gets, if any."""
        recipients = connection.envelope.rcpt_tos if connection.envelope else []
        return await self._meets("data", connection, recipients[0]) if recipients else None

    # The mail

    async def handle_DATA(self, server: Connection, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        recipients = [Address(each) for each in envelope.rcpt_tos]
        trouble = self._trouble("submit", server, recipients[0])
        refused = await mischief.before(server, trouble)
        try:
            mail = read(content)
        except Unreadable as why:
            return f"550 {why}"
        slips = [Slip(mail, envelope.mail_from or NULL, to, self._clock.now()) for to in recipients]
        if refused is not None:
            return self._refuse_all(refused, server.account, slips)
        answer = await self._answer(server, slips, content)
        return await mischief.end(server, answer, trouble)

    async def _answer(self, server: Connection, slips: list[Slip], content: bytes) -> str:
        outcomes = [(slip, self._submit(slip, server.account)) for slip in slips]
        taken = [each for _, each in outcomes if _accepted(each) is not None]
        if taken:
            self._note(server, slips[0], content, [_accepted(each) for each in taken])
        accident = next((each.accident for _, each in outcomes if isinstance(each, Botched)), None)
        if accident is Accident.TIMES_OUT:
            await mischief.stay_silent(server, self._options.bounds.silence)
        if accident is Accident.CUT_AFTER_ACCEPTING:
            mischief.cut(server)
        return self._told([(slip, each) for slip, each in outcomes if isinstance(each, Refused)], taken)

    def _told(self, refused: list[tuple[Slip, Refused]], taken: list[Outcome]) -> str:
        """One answer for all recipients. Whoever is refused for now makes the peer send again: those who have
        the mail are known by its Message-ID. Whoever is refused for good gets a bounce, if others have it."""
        words = [(slip, REFUSALS[each.refusal]) for slip, each in refused]
        for_now = next((said for _, said in words if said.startswith("4")), None)
        if for_now is not None:
            return for_now
        if not taken:
            return words[0][1]
        for slip, said in words:
            self._door.bounce(slip, said)
        first = _accepted(taken[0])
        return f"250 2.0.0 taken as {first.message if first else ''}"

    def _submit(self, slip: Slip, account: str) -> Outcome:
        town = self._carrier.town
        submission = self._submission(slip, account)
        who = town.subscriber(submission.to)
        if who is not None and refused_for_good(who, town.population, town.streams):
            self._record_refusal(submission, Refusal.ADDRESS_INVALID.name, permanent=True)
            return Refused(Refusal.ADDRESS_INVALID)
        outcome = self._carrier.submit(submission)
        if isinstance(outcome, Accepted) and who is not None and who.script is not None:
            self._greylist.forget(slip.return_path, submission.to)
        return outcome

    def _submission(self, slip: Slip, account: str) -> Submission:
        return Submission(
            account,
            Channel.EMAIL,
            Address(slip.to),
            slip.answer_to or NULL,
            slip.mail.text,
            slip.mail.reference,
            slip=slip,
        )

    def _refuse_all(self, said: str, account: str, slips: list[Slip]) -> str:
        """A fault answers instead of the people: whom a final no concerns is known here."""
        for slip in slips:
            permanent = said.startswith("5")
            self._record_refusal(self._submission(slip, account), "FAULT", permanent=permanent)
        return said

    def _record_refusal(self, submission: Submission, refusal: str, *, permanent: bool) -> None:
        self._journal.record(
            Kind.MT_REFUSED,
            address=submission.to,
            account=submission.account,
            channel=submission.channel.value,
            sender=submission.sender,
            reference=submission.reference,
            text=submission.text,
            refusal=refusal,
            permanent=permanent,
        )

    def _note(self, server: Connection, slip: Slip, content: bytes, taken: Sequence[Accepted | None]) -> None:
        fresh = [each.message for each in taken if each is not None and not each.repeated]
        for message in fresh:
            self._door.kept.put(message, content)
        self._journal.record(
            Kind.MAIL_IN,
            message=fresh[0] if len(fresh) == 1 else None,
            address=slip.to,
            account=server.account,
            session=server.number,
            sender=slip.return_path,
            message_id=slip.mail.message_id,
            subject=slip.mail.subject,
            octets=len(content),
            recipients=len(taken),
            tls=server.session is not None and server.session.ssl is not None,
        )

    # Who is who

    def authenticate(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """PLAIN and LOGIN, against the accounts of the settings."""
        if self._options.auth == "off" or not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        known = self._options.accounts.get(data.login.decode("utf-8", "replace"), "")
        fits = hmac.compare_digest(known.encode(), data.password) and bool(known)
        return AuthResult(success=fits, handled=False, auth_data=data if fits else None)

    async def handle_exception(self, error: Exception) -> str:
        self._door.crashed(error)
        return "451 4.3.0 the simulator made a mistake; its log says where"

    # Faults

    def _trouble(self, stage: str, connection: Connection, address: str | None = None) -> Trouble:
        if not self._faults:
            return CALM
        return self._faults.meet(f"{DOOR}.{stage}", address=address, account=connection.account)

    async def _meets(self, stage: str, connection: Connection, address: str | None = None) -> str | None:
        """What a fault answers at a stage before the mail. Any ending but an error cuts the connection."""
        trouble = self._trouble(stage, connection, address)
        refused = await mischief.before(connection, trouble)
        if refused is None and trouble.ending is not None:
            await mischief.end(connection, "250 2.0.0 ok", trouble)
        return refused


def _accepted(outcome: Outcome) -> Accepted | None:
    if isinstance(outcome, Botched):
        return outcome.accepted
    return outcome if isinstance(outcome, Accepted) else None
