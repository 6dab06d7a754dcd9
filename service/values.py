"""What may be written as the value of a setting. Each function reads one kind, and its ValueError says what
is allowed, without ever repeating the value.
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(ms|s|m|h|d|)", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z0-9-]{2,63}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)


def duration(text: str) -> float:
    """Seconds. Errors: ValueError, saying what is allowed."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("a duration: a number of seconds, or one like 250ms, 30s, 5m, 2h, 3d")
    return float(found[1]) * _UNITS[found[2]]


def whole(text: str) -> int:
    """A whole number. Errors: ValueError."""
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError("a whole number")
    return int(text)


def number(text: str) -> float:
    """A number that may have decimals. Errors: ValueError."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError("a number")
    return float(text)


def url(text: str) -> str:
    """A base address, without a slash at its end. Errors: ValueError."""
    allowed = "an address like http://127.0.0.1:8034"
    try:
        parts = urlsplit(text.strip())
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(allowed) from None
    if not known or parts.query or parts.fragment or re.search(r"[\s\x00-\x1f\x7f]", text.strip()):
        raise ValueError(allowed)
    return text.strip().rstrip("/")


def postgres_url(text: str) -> str:
    """The address of a PostgreSQL database. Errors: ValueError."""
    allowed = "an address like postgresql://user:password@host/name"
    if not re.fullmatch(r"postgres(ql)?://[^\s\x00-\x1f\x7f]+", text.strip()):
        raise ValueError(allowed)
    return text.strip()


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of `words`."""

    def read(text: str) -> str:
        if (word := text.strip().lower()) not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return word

    return read


def if_any(read: Callable[[str], str]) -> Callable[[str], str]:
    """A reader of what `read` reads, or of nothing at all."""
    return lambda text: read(text) if text.strip() else ""


def plain(text: str) -> str:
    """Text without control characters. Errors: ValueError."""
    if not text.strip() or re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("text without control characters")
    return text.strip()


def octets(longest: int) -> Callable[[str], str]:
    """A reader of printable ASCII that an SMPP field holds, possibly empty."""

    def read(text: str) -> str:
        if len(text) > longest or not text.isascii() or (text and not text.isprintable()):
            raise ValueError(f"at most {longest} printable ASCII characters")
        return text

    return read


def certificate_with_key(text: str) -> str:
    """The path of a PEM file with a certificate and its private key, or empty. Errors: ValueError."""
    if text.strip():
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(text.strip())
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(f"a PEM file with a certificate and its key: {error}") from None
    return text.strip()


def certificates(text: str) -> str:
    """The path of a PEM file of certificates that can be read now, or empty. Errors: ValueError."""
    if text.strip():
        try:
            ssl.create_default_context(cafile=text.strip())
        except OSError as error:  # an SSLError is one too
            raise ValueError(f"a PEM file of certificates: {error}") from None
    return text.strip()


def short_number(text: str) -> str:
    """A short number. Errors: ValueError."""
    if not re.fullmatch(r"[0-9]{3,15}", text.strip(), re.ASCII):
        raise ValueError("3 to 15 digits")
    return text.strip()


def caller(text: str) -> str:
    """A telephone number in E.164. Errors: ValueError."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", text.strip(), re.ASCII):
        raise ValueError("a number like +3222222222")
    return text.strip()


def domain(text: str) -> str:
    """A domain name in small letters. Errors: ValueError."""
    if not _DOMAIN.fullmatch(text.strip()):
        raise ValueError("a domain name like survey.example")
    return text.strip().lower()


def mail_address(text: str) -> str:
    """A plain mail address. Errors: ValueError."""
    local, _, where = text.strip().rpartition("@")
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", local) or not _DOMAIN.fullmatch(where):
        raise ValueError("a mail address like survey@survey.example")
    return f"{local}@{where.lower()}"


def signing_secret(text: str) -> str:
    """A secret of Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes; empty for none. Errors:
    ValueError."""
    if not text.strip():
        return ""
    try:
        size = len(base64.b64decode(text.strip().removeprefix("whsec_"), validate=True))
    except binascii.Error:
        size = 0
    if not text.strip().startswith("whsec_") or not 24 <= size <= 64:
        raise ValueError("whsec_ followed by base64 of 24 to 64 bytes")
    return text.strip()


def master_key(text: str) -> str:
    """Base64 of 32 bytes, or empty: then the key lives in a file beside the database. Errors: ValueError."""
    try:
        size = len(base64.b64decode(text.strip(), validate=True))
    except binascii.Error:
        size = -1
    if size not in (0, 32):
        raise ValueError("base64 of 32 bytes (openssl rand -base64 32), or nothing to keep the key in a file")
    return text.strip()
