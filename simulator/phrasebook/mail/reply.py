"""A reply as octets: head, threading, and the letter in the form, charset and encoding of its dress."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import format_datetime

from simulator.phrasebook.mail.dress import Dress
from simulator.phrasebook.mail.furniture import Question, Writer
from simulator.phrasebook.mail.letter import Letter
from simulator.phrasebook.phrase import Chance
from simulator.wire.mail.compose import Headers, Mailbox, mail, octets_part, several, text_part

AGENTS = {
    "gmail": None,
    "apple": ("X-Mailer", "iPhone Mail (21G93)"),
    "thunderbird": ("User-Agent", "Mozilla Thunderbird"),
    "outlook": ("Thread-Topic", "survey"),
    "original": ("X-Mailer", "Microsoft Outlook 16.0"),
}
PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)
"""The smallest GIF there is."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a reply belongs (RFC 5322 §3.6.4)."""

    answers: str | None
    """The Message-ID of the mail it answers."""
    references: tuple[str, ...] = ()


def reply(
    words: str,
    *,
    identity: str,
    dress: Dress,
    question: Question,
    writer: Writer,
    thread: Thread,
    at: datetime,
    chance: Chance,
) -> bytes:
    """The mail that `writer` sends at `at`; `identity` is unique for it and makes its Message-ID."""
    letter = Letter(words, dress, question, writer, chance)
    prefix = chance.choice(writer.manual.prefix)
    headers = [
        *_trace(identity, writer, at),
        ("From", Mailbox(writer.name, writer.address)),
        ("To", Mailbox(question.name, question.address)),
        ("Subject", subject_of(prefix, question.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id(identity, writer.address)),
        *_threading(thread),
    ]
    agent = AGENTS[dress.client]
    headers += [agent] if agent else []
    return mail(headers, _body(letter, dress, _boundary(identity)), dress.charset)


def subject_of(prefix: str, subject: str) -> str:
    """The prefix is not heaped up."""
    begun = subject.lower().startswith(prefix.lower().strip())
    return subject if begun else f"{prefix}{subject}"


def message_id(identity: str, address: str) -> str:
    """A Message-ID that no other mail has."""
    domain = address.rpartition("@")[2]
    return f"<{identity}@{domain if domain.isascii() else 'mail.belfort.test'}>"


def _trace(identity: str, writer: Writer, at: datetime) -> Headers:
    host, home = writer.address.rpartition("@")[2], f"[192.0.2.{1 + len(identity) % 250}]"
    taken = f"from {home} by mx.{host} with ESMTPSA id {_boundary(identity)[:10]}; {format_datetime(at)}"
    return [("Received", taken)]


def _threading(thread: Thread) -> Headers:
    if thread.answers is None:
        return []
    known = [each for each in thread.references if each != thread.answers]
    return [("In-Reply-To", thread.answers), ("References", " ".join([*known, thread.answers]))]


def _boundary(identity: str) -> str:
    return hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()


def _body(letter: Letter, dress: Dress, boundary: str) -> Message:
    if dress.form == "plain":
        text = _plain(letter, dress)
    elif dress.form == "html":
        text = _page(letter, dress)
    else:
        text = several("alternative", f"a{boundary}", [_plain(letter, dress), _page(letter, dress)])
    if dress.form == "text-last":
        picture = octets_part("image/gif", "logo.gif", PIXEL, "inline")
        return several("mixed", f"m{boundary}", [picture, text])
    if dress.pictures:
        picture = octets_part("image/gif", "logo.gif", PIXEL, "attachment")
        return several("mixed", f"m{boundary}", [text, picture])
    return text


def _plain(letter: Letter, dress: Dress) -> Message:
    return text_part(letter.plain, "plain", dress.charset, dress.encoding)


def _page(letter: Letter, dress: Dress) -> Message:
    return text_part(letter.page, "html", dress.charset, dress.encoding)
