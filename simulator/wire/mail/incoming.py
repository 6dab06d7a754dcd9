"""A mail that comes in: whether it may, what its head says, and the text it shows.

Bounded on purpose: the head, the count of MIME parts and the text have limits, since Python's parser follows
nested parts by recursion. A bare CR or LF is refused, as it is how mail is smuggled (CVE-2023-51764).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from simulator.wire.mail.charset import decoded, header_text
from simulator.wire.mail.html import shown
from simulator.wire.mail.path import first_of

LONGEST_HEAD = 65_536
MOST_PARTS = 100
LONGEST_TEXT = 20_000
KEPT_HEAD = 8_192
"""Octets of the head that a bounce can return."""
MOST_REFERENCES = 10

_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_MULTIPLE = re.compile(rb"(?im)^content-type:[\s\x1c-\x1f]*(?:multipart|message)/")
_MESSAGE_ID = re.compile(r"<([^<>\s@]{1,200})@([^<>\s]{1,200})>")
_SUPPRESSED = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)


class Unreadable(ValueError):
    """The mail is refused; the message is the rest of the SMTP answer, after its code."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is known of a mail once it is read."""

    message_id: str | None
    reference: str | None
    """The local part of its Message-ID."""
    reply_to: str | None
    """Where an answer goes: Reply-To, else From."""
    name: str = field(repr=False)
    """The name beside that address."""
    subject: str = field(repr=False)
    references: tuple[str, ...]
    text: str = field(repr=False)
    automatic: bool
    """It says that no human wrote it, so no polite machine answers (RFC 3834 §2)."""
    head: bytes = field(repr=False)
    parts: tuple[str, ...] = ()
    """The content types of its parts, in order."""


def read(content: bytes) -> Incoming:
    """Read a mail as it came after DATA. Unreadable says why it is refused."""
    _judge(content)
    message = message_from_bytes(content)
    head = _Head(message)
    found = _MESSAGE_ID.search(head.first("message-id"))
    mailbox = first_of(head.decoded("reply-to")) or first_of(head.decoded("from"))
    texts, kinds = _leaves(message)
    return Incoming(
        message_id=found[0] if found else None,
        reference=found[1] if found else None,
        reply_to=mailbox[1] if mailbox else None,
        name=header_text(mailbox[0]) if mailbox else "",
        subject=header_text(head.first("subject")),
        references=tuple(each[0] for each in _MESSAGE_ID.finditer(head.first("references")))[
            -MOST_REFERENCES:
        ],
        text=texts[:LONGEST_TEXT],
        automatic=head.automatic(),
        head=_kept(content),
        parts=kinds,
    )


def _judge(content: bytes) -> None:
    if _BARE.search(content):
        raise Unreadable("5.6.11 a line must end in CR LF; a bare CR or LF is not taken")
    if b"\0" in content:
        raise Unreadable("5.6.0 a mail must not hold NUL")
    if 0 <= LONGEST_HEAD < _head_ends(content):
        raise Unreadable(f"5.6.0 the head is longer than {LONGEST_HEAD} octets")
    if len(_MULTIPLE.findall(content)) > MOST_PARTS:
        raise Unreadable(f"5.6.0 more than {MOST_PARTS} parts of parts: nested too deeply")


def _head_ends(content: bytes) -> int:
    if content.startswith(b"\r\n"):
        return 0
    end = content.find(b"\r\n\r\n")
    return len(content) if end < 0 else end


def _kept(content: bytes) -> bytes:
    """The head, cut at a line when it is long."""
    head = content[: _head_ends(content)]
    return head if len(head) <= KEPT_HEAD else head[:KEPT_HEAD].rpartition(b"\r\n")[0]


class _Head:
    """Headers by name; the first of a name counts."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, str] = {}
        for name, value in message.raw_items():
            self._values.setdefault(name.lower(), str(value).replace("\r", "").replace("\n", ""))

    def first(self, name: str) -> str:
        return self._values.get(name, "")

    def decoded(self, name: str) -> str:
        return self.first(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def automatic(self) -> bool:
        submitted = self.first("auto-submitted").split(";")[0].strip().lower()
        return (
            submitted not in ("", "no")
            or self.first("precedence").strip().lower() in ("bulk", "list", "junk")
            or _SUPPRESSED.search(self.first("x-auto-response-suppress")) is not None
        )


def _leaves(message: Message) -> tuple[str, tuple[str, ...]]:
    """The text that the mail shows, and the type of every part."""
    plain, page, kinds = "", "", []
    for part in message.walk():
        kinds.append(part.get_content_type())
        if len(kinds) > 4 * MOST_PARTS:
            break
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kinds[-1] == "text/plain" and not plain.strip():
            plain = _text_of(part)
        elif kinds[-1] == "text/html" and not page:
            page = _text_of(part)
    text = plain if plain.strip() else shown(page[: 10 * LONGEST_TEXT])
    return text.replace("\r\n", "\n").strip("\n"), tuple(kinds)


def _text_of(part: Message) -> str:
    octets = part.get_payload(decode=True)
    return (
        decoded(octets[: 20 * LONGEST_TEXT], part.get_content_charset()) if isinstance(octets, bytes) else ""
    )
