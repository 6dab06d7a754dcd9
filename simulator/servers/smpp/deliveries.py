"""From reports and replies to letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

from simulator.delivery import Message
from simulator.due import DueState, Said
from simulator.faults.trouble import Trouble
from simulator.servers.smpp import outgoing
from simulator.servers.smpp.mailbox import Letter, Parcel
from simulator.servers.smpp.numbers import Party
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.pattern import TEXT, Pattern
from simulator.servers.smpp.slips import PartSlip, slips_of
from simulator.wire.smpp import alphabets, parts, receipt
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.assembly import Incomplete
from simulator.wire.smpp.receipt import DIALECTS, STANDARD, Dialect
from simulator.world import CAUSE, Cause, MessageId, Moment, ReplyOut, ReportOut

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


def parts_of(reply: ReplyOut, asked: Message | None, options: Options) -> list[bytes]:
    """The parts of a reply, addressed as the peer writes its own number."""
    pattern = asked.told if asked is not None and asked.raw else None
    if isinstance(pattern, Pattern):
        own = Party(pattern.back[0], pattern.back[1], pattern.back[2:-1])
        back = own if own.address.decode("latin-1") == reply.to else None
    else:
        known = slips_of(asked.submission.slip)[:1] if asked is not None else []
        sources = (each.source for each in known)
        back = next((each for each in sources if each.address.decode("latin-1") == reply.to), None)
    return outgoing.reply_bodies(reply, back, options.alphabet, options.way)


# What comes back on messages that came in patterns


def is_usual(options: Options) -> bool:
    """Whether receipts are written as most are."""
    return options.dialect is STANDARD and options.alphabet is not Alphabet.PACKED


def usual_receipts(due: Sequence[DueState], at: Moment, now: Moment) -> list[Letter]:
    """The same octets as `receipts` in the standard dialect, for many at a time."""
    found: list[Letter] = []
    last: tuple[object, object, int] = (None, None, -1)
    form, length, said, text = b"", 0, b"", b""
    for each in due:
        message, state = each
        raw, pattern, number = message.raw, cast(Pattern, message.told), message.number
        if state.cause is not last[0] or pattern is not last[1] or message.at // 60_000 != last[2]:
            last = (state.cause, pattern, message.at // 60_000)
            form, length = _form(state.cause, message.at, at, pattern)
            said, text = b"", b""
        target = raw.find(0, pattern.source + 3)
        start = target + TEXT
        octets = raw[start : start + raw[start - 1]]
        if octets != said:
            said, text = octets, pattern.excerpt(octets)
        digits = (number.bit_length() + 3) // 4
        to = raw[pattern.source + 1 : target + 1]
        body = form % (to, length + digits + len(text), number, text, digits + 1, number)
        found.append(Letter(body, None, now, each))
    return found


def usual_reply(said: Said, now: Moment, options: Options) -> Letter | None:
    """The same octets as `parts_of` when one part is enough; None when it is not."""
    message, answer = said[0], said[1]
    written = _short(answer.said.text, options.alphabet)
    if written is None:
        return None
    coding, octets = written
    pattern = cast(Pattern, message.told)
    sender = message.who.address[1:].encode()
    return Letter(REPLY % (sender, pattern.answers_to, coding, len(octets), octets), None, now, said)


@lru_cache(8_192)
def _short(text: str, alphabet: Alphabet) -> tuple[int, bytes] | None:
    """data_coding and octets of a text that fits into one message."""
    written = alphabets.choose(text, (alphabet, Alphabet.UCS2))
    if written.bits > parts.AIR_BITS or written.alphabet is Alphabet.PACKED:
        return None
    return 0 if written.alphabet is alphabet else written.data_coding, written.octets


REPLY = b"\0\1\1%b\0%b\0\0\0\0\0\0\0%c\0%c%b"
"""A deliver_sm behind its header, from a person (`numbers.person`)."""
RECEIPT = b"\0%%b%b%c\0\0\0\0\0\0\0\0%%cid:%%x%b%%b\0\x1e\0%%c%%x\0\x04\x27\0\1%c"
"""A deliver_sm behind its header, with receipted_message_id and message_state (`hot.message_body`)."""


def _form(cause: Cause, submitted: Moment, done: Moment, pattern: Pattern) -> tuple[bytes, int]:
    """What receipts of one pattern, cause and minute share, and how long their text is but for the id and the
    excerpt: receiver, length of the text, id, excerpt, length of the id, and the id are left out."""
    state = receipt.MessageState(cause.message_state)
    text = receipt.write(receipt.Receipt(b"", state, submitted, done, cause.map_error))
    esm_class = receipt.INTERMEDIATE if not cause.final and pattern.terms.interim else receipt.RECEIPT
    words = text.removeprefix(b"id:").replace(b"%", b"%%")
    return RECEIPT % (pattern.back.replace(b"%", b"%%"), esm_class, words, int(state)), len(text)


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
