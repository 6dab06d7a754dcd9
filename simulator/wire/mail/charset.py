"""Octets as text: only charsets that mail is written in, and never an error."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

_KNOWN = re.compile(
    r"us-ascii|ascii|utf-?(?:7|8|16|32)(?:-?[lb]e)?|iso[-_]?8859[-_][0-9]{1,2}|(?:windows|cp)-?125[0-9]|latin-?[0-9]|"
    r"koi8-[ru]|macintosh|mac-roman|gb(?:2312|k|18030)|big5|euc-(?:jp|kr)|iso-2022-jp|shift_jis|cp(?:437|850)"
)
"""Python knows codecs that are no charsets, and some that take long."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")


def decoded(octets: bytes, charset: str | None) -> str:
    """The text; an unknown charset is read as UTF-8 if it is that, else as Latin-1."""
    name = (charset or "utf-8").strip().strip("\"'").lower()
    if _KNOWN.fullmatch(name) and name not in ("us-ascii", "ascii"):
        try:
            return octets.decode(codecs.lookup(name).name, "replace")
        except LookupError:
            pass
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def header_text(value: str) -> str:
    """A header's value as people read it: encoded words decoded (RFC 2047), on one line, without controls."""
    raw = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        pieces = decode_header(raw)
    except HeaderParseError:
        return one_line(raw)
    return one_line("".join(each if isinstance(each, str) else decoded(each, name) for each, name in pieces))


def one_line(text: str) -> str:
    """Line breaks and other controls as a blank: what goes into a header must stay in it."""
    return _CONTROLS.sub(" ", text).strip()
