"""Where a question goes: reading what callers write, and which channel reaches it (survey-api "Sending").

Belgian numbers are read by a table of the national numbering plan, all others by their length alone
(phonenumbers). `INVALID` is no destination at all, `NOT_SUPPORTED` a real one that is not in Belgium or that
the channel does not reach; of addresses that is one with a quoted or non-ASCII local part, or at a bare IP
address. Only digits and a plus, or an ASCII mail address, ever come out of here; a
control character never passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

import idna
import phonenumbers

from service.domain.request import Channel


class Unreachable(Enum):
    """Why there is no way to a destination; the values are the API's reasons."""

    INVALID = "INVALID_DESTINATION"
    NOT_SUPPORTED = "DESTINATION_NOT_SUPPORTED"


@dataclass(slots=True)
class Destination:
    """A destination that its channel reaches. Its repr shows nothing, so that no slip can log it."""

    text: str = field(repr=False)
    """`+32472306705`, or `someone@example.be`."""

    @property
    def identity(self) -> str:
        """By what a person is known again: capitals in an address do not make another person."""
        return self.text.lower()


class Kind(Enum):
    """What a Belgian number is for."""

    MOBILE = "mobile"
    GEOGRAPHIC = "geographic"
    SERVICE = "free, shared-cost or premium"
    SHORT = "short or emergency"


# Behind +32, without the national 0. The geographic zones and the mobile range are libphonenumber's (9.0.43);
# of service numbers the whole ranges, assigned or not.
_PLAN: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"4[5-9][0-9]{7}"), Kind.MOBILE),
    (re.compile(r"800[0-9]{5}|90[0-9]{6}|7[08][0-9]{6}"), Kind.SERVICE),
    (
        re.compile(
            r"80[2-8][0-9]{5}|(?:1[0-69]|[23][2-8]|4[23]|5[0-9]|6[013-57-9]|71|8[1-79]|9[2-4])[0-9]{6}"
        ),
        Kind.GEOGRAPHIC,
    ),
    (re.compile(r"1[01][0-9]|116[0-9]{3}|[1-9][0-9]{3}"), Kind.SHORT),
)

REACHED: dict[Channel, frozenset[Kind]] = {
    Channel.SMS: frozenset({Kind.MOBILE}),
    Channel.VOICE: frozenset({Kind.MOBILE, Kind.GEOGRAPHIC}),
}

# What people put between digits, typesetting's blanks and hyphens and a telephone's direction marks included.
_BETWEEN = dict.fromkeys(map(ord, " ./-()\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013\u200e\u202a\u202c"))
_MOBILE_AS_IS = re.compile(r"\+324[5-9][0-9]{7}")
_SHORT = re.compile(r"[1-9][0-9]{2,5}")
_WRITTEN = re.compile(r"\+?[0-9]{3,20}")
MAX_WRITTEN = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM}){{0,31}}")
"""RFC 5321 §4.1.2, Dot-string."""
_WORD = r"[\w!#$%&'*+/=?^`{|}~-]{1,64}"
_LOCAL_ELSEWHERE = re.compile(rf'"(?:[ !#-\[\]-~]|\\[ -~]){{0,62}}"|{_WORD}(?:\.{_WORD}){{0,31}}')
"""Quoted (RFC 5321), or in other letters than ASCII (RFC 6531)."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.){{1,16}}(?![0-9]+$){_LABEL}")
_LITERAL = re.compile(r"\[(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|IPv6:[0-9A-Fa-f:.]{2,45})\]")
_MAX_LOCAL, _MAX_ADDRESS = 64, 254
"""RFC 5321 §4.5.3.1."""


def read(channel: Channel, text: str) -> Destination | Unreachable:
    """The destination that `text` means on `channel`, normalised, or why there is none."""
    if channel is Channel.EMAIL:
        return _address(text.strip(" "))
    if _MOBILE_AS_IS.fullmatch(text):
        return Destination(text)
    return _number(channel, text)


def _number(channel: Channel, text: str) -> Destination | Unreachable:
    written = text.translate(_BETWEEN)
    if len(text) > MAX_WRITTEN or not _WRITTEN.fullmatch(written):
        return Unreachable.INVALID
    international = _international(written)
    if international is None:
        return Unreachable.NOT_SUPPORTED if _is_short(written) else Unreachable.INVALID
    if not international.startswith("32"):
        return Unreachable.NOT_SUPPORTED if _is_possible(international) else Unreachable.INVALID
    # `+32 (0)472 …`: no Belgian number begins with 0 behind the country code.
    national = international[2:].removeprefix("0")
    kind = next((kind for form, kind in _PLAN if form.fullmatch(national)), None)
    if kind is None:
        return Unreachable.INVALID
    return Destination(f"+32{national}") if kind in REACHED[channel] else Unreachable.NOT_SUPPORTED


def _international(written: str) -> str | None:
    """The digits from the country code on; None for a form that does not say its country."""
    if written.startswith("+"):
        return written[1:]
    if written.startswith("00"):
        return written[2:]
    if written.startswith("0"):
        return f"32{written[1:]}"
    return None


def _is_short(written: str) -> bool:
    """A short number as people dial it: 112, 8937, 116000."""
    return bool(_SHORT.fullmatch(written)) and phonenumbers.is_valid_short_number_for_region(
        phonenumbers.PhoneNumber(country_code=32, national_number=int(written)), "BE"
    )


def _is_possible(digits: str) -> bool:
    """Whether some country has numbers of this length. Which of them are assigned changes daily, so it is
    not asked."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def _address(text: str) -> Destination | Unreachable:
    local, at, written = text.rpartition("@")
    domain = _domain(written) if len(text) <= _MAX_ADDRESS else None
    if not at or domain is None or len(local) > _MAX_LOCAL or len(local) + 1 + len(domain) > _MAX_ADDRESS:
        return Unreachable.INVALID
    if not _LOCAL.fullmatch(local):
        return Unreachable.NOT_SUPPORTED if _LOCAL_ELSEWHERE.fullmatch(local) else Unreachable.INVALID
    return Unreachable.NOT_SUPPORTED if domain.startswith("[") else Destination(f"{local}@{domain}")


def _domain(written: str) -> str | None:
    """A domain in ASCII and small letters (IDNA 2008, mapped as UTS 46 maps what people write), or an
    address literal as it stands; None for what is neither."""
    if _LITERAL.fullmatch(written):
        return written
    try:
        domain = written if written.isascii() else idna.encode(written, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None
    return domain.lower() if _DOMAIN.fullmatch(domain) else None
