"""From reports and replies to letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.faults.trouble import Trouble
from simulator.servers.smpp import outgoing
from simulator.servers.smpp.mailbox import Letter, Parcel
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.slips import PartSlip, slips_of
from simulator.wire.smpp.assembly import Incomplete
from simulator.wire.smpp.receipt import DIALECTS, STANDARD, Dialect
from simulator.world import CAUSE, MessageId, Moment, ReplyOut, ReportOut

NO_ID = replace(STANDARD, labels=STANDARD.labels[1:], id_tlv=False)
GARBLED = replace(STANDARD, labels=(("stat", "statt="), ("id", "Id;"), ("done", "when=")), id_tlv=False)


def receipts(report: ReportOut, now: Moment, options: Options, trouble: Trouble) -> list[Letter]:
    """A receipt for each part of the message whose sender wants to hear of this."""
    slips = [slip for slip in slips_of(report.slip) if slip.terms.tell(report.cause)]
    dialect = _dialect(options, trouble)
    bodies = [outgoing.receipt_body(slip, report, report.at, dialect, options.alphabet) for slip in slips]
    return letters(report, bodies, now)


def _dialect(options: Options, trouble: Trouble) -> Dialect:
    form = trouble.receipt_form
    if form is None:
        return options.dialect
    return {"no-id": NO_ID, "garbled": GARBLED}.get(form) or DIALECTS[form]


def parts_of(reply: ReplyOut, slip: object, options: Options) -> list[bytes]:
    """The parts of a reply, addressed as the peer writes its own number."""
    known = slips_of(slip)[:1]
    back = next((each.source for each in known if each.source.address.decode("latin-1") == reply.to), None)
    return outgoing.reply_bodies(reply, back, options.alphabet, options.way)


def letters(what: ReportOut | ReplyOut, bodies: Sequence[bytes], now: Moment) -> list[Letter]:
    """One parcel."""
    parcel = Parcel(what, len(bodies))
    return [Letter(body, parcel, now) for body in bodies]


def lose(some: Sequence[Letter]) -> None:
    """Whatever becomes of these, the parcel they belong to is lost."""
    for letter in some:
        letter.parcel.lost = True


def never_whole(incomplete: Incomplete, now: Moment) -> Iterator[ReportOut]:
    """What is reported on the parts that came of a message whose others never did: each was accepted under an
    id of its own."""
    cause = CAUSE["expired"]
    for token in incomplete.tokens:
        if isinstance(token, PartSlip) and token.slip.terms.tell(cause):
            slip, order, account, to = token
            yield ReportOut(MessageId(slip.id), account, to, order.reference, cause.status, cause, now, slip)
