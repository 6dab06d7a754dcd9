"""The question as a mail (RFC 5322, RFC 2045): one alternative in plain text, one in HTML, both in the
question's language.

Three addresses carry the request's token, so that whatever comes back finds its request and nothing need be
kept: replies go to `r-…`, bounces to `b-…` (the envelope's sender), an unsubscription to `u-…`. The
Message-ID is the request's id, so a repeat after a crash is the same message to whoever reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from enum import Enum
from html import escape
from typing import Any
from uuid import UUID


class Box(Enum):
    """What an address of ours is for; the values begin its local part."""

    REPLY = "r"
    BOUNCE = "b"
    UNSUBSCRIBE = "u"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks. `address` is shown; `domain` is where our receiving door gets its mail.

    `subject`: empty for the question's own words.
    """

    name: str
    address: str
    domain: str
    subject: str = ""

    def box(self, box: Box, token: str) -> str:
        """The address at which something comes back for one request."""
        return f"{box.value}-{token}@{self.domain}"

    def read_box(self, address: str) -> tuple[Box, str] | None:
        """What an address of ours is for, and its token, which is yet to be checked; None for a stranger's.
        Capitals do not matter: some mail systems do not keep them."""
        local, at, domain = address.lower().rpartition("@")
        letter, dash, token = local.partition("-")
        if not (at and dash and token) or domain != self.domain or letter not in _BOXES:
            return None
        return _BOXES[letter], token


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands below the question, in one language."""

    ask: str
    stop: str


WORDINGS = {
    "nl": Wording(
        "Antwoord op deze e-mail met een cijfer van 0 tot 10.", "Liever geen vragen meer? Antwoord STOP."
    ),
    "fr": Wording(
        "Répondez à cet e-mail par un chiffre de 0 à 10.",
        "Vous ne souhaitez plus recevoir de questions ? Répondez STOP.",
    ),
    "de": Wording(
        "Antworten Sie auf diese E-Mail mit einer Zahl von 0 bis 10.",
        "Keine Fragen mehr? Antworten Sie mit STOP.",
    ),
    "en": Wording("Reply to this e-mail with a number from 0 to 10.", "No more questions? Reply STOP."),
}
ANYWHERE_ELSE = WORDINGS["en"]

LONGEST_SUBJECT = 70
_BOXES = {box.value: box for box in Box}
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _AsWritten(EmailPolicy):
    """The policy for SMTP, but fields go out as they are handed in, bar those of MIME.

    Addresses are never folded: a fold inside one is legal and breaks clients. And of a text the library would
    read encoded words, line breaks among them, and write those out: a question could begin a header field.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return super().header_store_parse(name, value) if _is_mime(name) else (name, value)

    def fold(self, name: str, value: Any) -> str:
        return super().fold(name, value) if _is_mime(name) else f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


def _is_mime(name: str) -> bool:
    return name.lower().startswith(("content-", "mime-"))


_POLICY = _AsWritten(linesep="\r\n", max_line_length=76, cte_type="7bit", utf8=False)


def question(
    sender: Sender, *, request: UUID, token: str, to: str, text: str, language: str, at: datetime
) -> bytes:
    """The whole mail, in ASCII with CRLF, ready for DATA. `to` is a normalised address, `at` its date."""
    wording = WORDINGS.get(re.split("[-_]", language.lower())[0], ANYWHERE_ELSE)
    mail = EmailMessage(policy=_POLICY)
    name = _phrase(_line(sender.name))
    mail["From"] = f"{name} <{sender.address}>"
    mail["To"] = to
    mail["Reply-To"] = f"{name} <{sender.box(Box.REPLY, token)}>"
    mail["Subject"] = _encoded("Subject", _shortened(_line(sender.subject) or _line(text)))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{request}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: whoever is out of office need not tell us
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail["List-Unsubscribe"] = f"<mailto:{sender.box(Box.UNSUBSCRIBE, token)}>"
    mail.set_content(_plain(sender, wording, text), cte="quoted-printable")
    mail.add_alternative(_html(sender, wording, text, language), subtype="html", cte="quoted-printable")
    for entity in mail.walk():
        entity["Content-Language"] = language
    # A quoted-printable body holds no "=_", so this boundary divides nothing else (RFC 2045 §6.7).
    mail.set_boundary(f"=_{request.hex}")
    return mail.as_bytes()


def _plain(sender: Sender, wording: Wording, text: str) -> str:
    return f"{text}\n\n{wording.ask}\n\n-- \n{_line(sender.name)}\n{wording.stop}\n"


def _html(sender: Sender, wording: Wording, text: str, language: str) -> str:
    asked = "<br>\n".join(escape(line) for line in text.splitlines())
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8">'
        f"<title>{escape(_line(sender.name))}</title></head>\n<body>\n"
        f'<p style="font-size:1.2em">{asked}</p>\n<p>{escape(wording.ask)}</p>\n'
        f'<p style="color:#666">{escape(_line(sender.name))}<br>\n{escape(wording.stop)}</p>\n'
        "</body>\n</html>\n"
    )


def _line(text: str) -> str:
    """On one line: whatever a name or a question holds, it cannot begin another header."""
    return _UNSEEN.sub(" ", text).strip()


def _phrase(name: str) -> str:
    """RFC 5322 §3.2.5, quoted where it must be."""
    if not name.isascii() or "=?" in name:
        return _encoded("From", name)
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return name if re.fullmatch(r"[A-Za-z0-9 ]*", name) else f'"{escaped}"'


def _encoded(field: str, text: str) -> str:
    """As encoded words (RFC 2047) where plain ASCII would not do, or would be taken for such words."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name=field).encode(linesep="\r\n")


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SUBJECT:
        return text
    head, _, _ = text[:LONGEST_SUBJECT].rpartition(" ")
    return f"{head or text[: LONGEST_SUBJECT - 1]}…"
