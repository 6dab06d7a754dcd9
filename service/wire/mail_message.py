"""A mail that came in, taken apart within limits: header fields, and the text that a person would see first.

Lenient in what people's mail programs do (charsets that lie, missing encodings, parts in any order), strict
in size: what a hostile mail could make costly is counted before it is parsed. Standard: RFC 5322, RFC 2045 to
2047, RFC 3676.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32

MOST_COMPOSITES = 20
"""Parts that hold parts: more are no reply, and parsing takes time by the depth of each line."""
MOST_PARTS = 1_000
"""Lines that may begin a part."""
MOST_LINES = 30_000
LARGEST_HEAD = 64 * 1024
LONGEST_PARAMETERS = 4 * 1024
"""Bytes of one Content-Type or Content-Disposition field."""
LONGEST_TEXT = 256 * 1024
"""Characters of a part that are read."""

_COMPOSITE = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(rb"^--", re.MULTILINE)
_PARAMETERS = re.compile(
    rb"^content-(?:type|disposition):([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_CHARSET = re.compile(
    r"(?:us-)?ascii|utf-?(?:7|8|16(?:[bl]e)?)|iso-?8859-?\d{1,2}|latin-?\d|(?:windows|cp|x-cp)-?(?:125\d|85\d|437)"
    r"|mac(?:intosh|-?roman)|koi8-[ru]|gb(?:2312|k|18030)|big5|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)
_WESTERN = re.compile(r"(?:us-)?ascii|iso-?8859-?1|latin-?1", re.IGNORECASE)
"""These names are often a lie about windows-1252, which holds the same letters and more."""


class MailError(Exception):
    """The mail cannot be taken. The text says which limit or rule it breaks, never what it holds."""


@dataclass(frozen=True, slots=True)
class Body:
    """The texts of a mail: `plain` and `html`, each as its parts show one after the other."""

    plain: str = field(repr=False)
    html: str = field(repr=False)


def parse(content: bytes) -> Message:
    """The mail as a tree of parts. Errors: MailError."""
    lines = content.splitlines()
    if len(lines) > MOST_LINES:
        raise MailError(f"more than {MOST_LINES} lines")
    normal = b"\n".join(lines)
    if _head_size(normal) > LARGEST_HEAD:
        raise MailError(f"header of more than {LARGEST_HEAD} bytes")
    if len(_COMPOSITE.findall(normal)) > MOST_COMPOSITES or len(_PART.findall(normal)) > MOST_PARTS:
        raise MailError("too many parts within parts")
    if any(len(found[1]) > LONGEST_PARAMETERS for found in _PARAMETERS.finditer(normal)):
        raise MailError("a content header field is too long")
    return message_from_bytes(normal, policy=compat32)


def _head_size(content: bytes) -> int:
    end = 0 if content.startswith(b"\n") else content.find(b"\n\n")
    return len(content) if end < 0 else end


def header(mail: Message, name: str) -> str:
    """A field's value on one line, encoded words decoded (RFC 2047); empty without one."""
    values = (value for key, value in mail.raw_items() if key.lower() == name.lower())
    raw = str(next(values, "")).encode("utf-8", "surrogateescape")
    return " ".join(_decoded_words(_decoded(raw, "")).split())


def _decoded_words(value: str) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(
        part if isinstance(part, str) else _decoded(part, charset or "") for part, charset in parts
    )


def body(mail: Message) -> Body:
    """What the mail shows: of alternatives each kind, of a mixture all texts that are no attachment."""
    plain: list[str] = []
    html: list[str] = []
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        kind = part.get_content_type()
        if _is_attached(part) or kind.startswith("message/"):
            continue
        if part.is_multipart():
            waiting[:0] = _children(part)
        elif kind in _TEXTS:
            (html if kind == "text/html" else plain).append(_text(part))
    return Body("\n".join(plain), "\n".join(html))


_TEXTS = ("text/plain", "text/html")


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    # Of a signed or encrypted mail only the first part is for people (RFC 1847).
    return children[:1] if part.get_content_subtype() in ("signed", "encrypted") else children


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _text(part: Message) -> str:
    encoding = str(part.get("Content-Transfer-Encoding", "")).split(";")[0].strip()
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    text = _decoded(content, part.get_content_charset() or "")[:LONGEST_TEXT]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    return _unflowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes") if flowed else text


def _decoded(content: bytes, charset: str) -> str:
    """As its charset says if that can be, else as UTF-8, else as windows-1252, which always can."""
    named = [charset] if _CHARSET.fullmatch(charset) and not _WESTERN.fullmatch(charset) else []
    for name in [*named, "utf-8"]:
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


def _unflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676 §4.2: a line that ends in a blank goes on in the next one of the same depth of quotes."""
    lines: list[str] = []
    depth_before, goes_on = 0, False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if goes_on and depth == depth_before:
            lines[-1] = (lines[-1][:-1] if delsp else lines[-1]) + bare
        else:
            lines.append(">" * depth + (" " if depth else "") + bare)
        depth_before, goes_on = depth, bare.endswith(" ") and bare != "-- "
    return "\n".join(lines)
