"""One mail that came in, read: what a person wrote, what a mail system reports, or that a program wrote it.

Of what a person wrote only the own words are kept, and only as long as this value lives.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from service.wire import mail_automatic, mail_html, mail_message, mail_quotes, mail_reports
from service.wire.mail_reports import Report

_ANSWERED = re.compile(
    r"\s*(?:re|r|aw|antw(?:oord|ort)?|r[ée]f|r[ée]p(?:onse)?|sv|vs|betr(?:eft|eff)?|tr|fwd?|wg|doorst)\.?\s?"
    r"(?:\[\d\])?\s?:",
    re.IGNORECASE,
)
_PLACE_HOLDER = re.compile(r"\b(?:html|mime)\b", re.IGNORECASE)
"""What some programs put into the plain text of a mail in HTML: that one should read the other."""
_ID = re.compile(r"<[^<>\s]{1,900}>")


@dataclass(frozen=True, slots=True)
class Written:
    """A person's own words. `message_id`: the mail's, or one made of its content; `sender` may be empty."""

    message_id: str = field(repr=False)
    sender: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Automatic:
    """A program's mail. `reason` names the field that tells."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A mail system's report about our mail. `about`: who complained, where it says so."""

    report: Report
    about: str = field(default="", repr=False)


Read = Written | Automatic | Reported


def read(content: bytes, *, from_nobody: bool) -> Read:
    """What the mail is. `from_nobody`: the null sender, which only programs use (RFC 5321 §4.5.5). Errors:
    MailError."""
    mail = mail_message.parse(content)
    report = mail_reports.read(mail)
    if report is None and from_nobody:
        report = mail_reports.guess(mail)
    if report is not None:
        return Reported(report, mail_reports.complainant(mail) if report is Report.COMPLAINT else "")
    automatic = "null sender" if from_nobody else mail_automatic.reason(mail)
    if automatic is not None:
        return Automatic(automatic)
    return Written(_message_id(mail, content), _sender(mail), _own_words(mail))


def _own_words(mail: Message) -> str:
    """The plain text's where it says anything, else the HTML's, else a subject that was written anew."""
    body = mail_message.body(mail)
    words = mail_quotes.own_words(body.plain)
    if words and not (body.html and _PLACE_HOLDER.search(words)):
        return words
    if body.html and (words := mail_quotes.own_words(mail_html.shown(body.html))):
        return words
    subject = mail_message.header(mail, "Subject")
    return "" if _ANSWERED.match(subject) or not mail.get("Subject") else subject


def _message_id(mail: Message, content: bytes) -> str:
    """By what a second copy is known. Without an id: the same mail but for its trace fields, which come
    first."""
    found = _ID.search(str(mail.get("Message-ID", "")))
    if found is not None:
        return found[0]
    what = f"{mail.get('Date', '')}\n{mail.get('From', '')}\n{mail.get('Subject', '')}\n".encode(
        "utf-8", "replace"
    )
    return hashlib.sha256(what + content.partition(b"\r\n\r\n")[2]).hexdigest()


def _sender(mail: Message) -> str:
    """The address that stands in From; empty when there is none that can be read."""
    try:
        addresses = getaddresses([str(mail.get("From", ""))[:1_000]])
    except (ValueError, IndexError):
        return ""
    return addresses[0][1] if len(addresses) == 1 else ""
