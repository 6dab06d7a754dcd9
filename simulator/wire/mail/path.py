"""Addresses in SMTP commands and headers (RFC 5321 §4.1.2, RFC 6531 for those beyond ASCII).

Strict where it matters: no control character and no blank outside quotes ever leaves this file, so an
address cannot become a command (GHSA-v3q9-hj7j-63hq shows what happens otherwise).
"""

from __future__ import annotations

import re
from email.utils import getaddresses
from functools import cache
from typing import NamedTuple

LONGEST_LOCAL = 64  # octets, RFC 5321 §4.5.3.1.1
LONGEST_DOMAIN = 255  # §4.5.3.1.2
LONGEST_HEADER = 2_000  # characters of a header that are looked at for addresses

_WIDE = r"\u00a1-\ud7ff\ue000-\U0010ffff"  # RFC 6531: beyond ASCII, and no control
_ATEXT = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~\-{_WIDE}]"
_ATOM = rf"{_ATEXT}+(?:\.{_ATEXT}+)*"
_QUOTED = rf'"(?:[\x20\x21\x23-\x5b\x5d-\x7e{_WIDE}]|\\[\x20-\x7e])*"'
_LABEL = rf"[A-Za-z0-9{_WIDE}](?:[A-Za-z0-9\-{_WIDE}]{{0,61}}[A-Za-z0-9{_WIDE}])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Za-z0-9.:\-]{{1,64}}\])"
_MAILBOX = rf"(?P<local>{_ATOM}|{_QUOTED})@(?P<domain>{_DOMAIN})"
_ROUTE = rf"(?:@{_DOMAIN}(?:,@{_DOMAIN})*:)?"
_PATH = rf"<{_ROUTE}(?P<inside>(?:{_ATOM}|{_QUOTED})@{_DOMAIN}|(?i:postmaster))?>"
_SIMPLE = rf"\"({_ATOM})\""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """At first use: sets of characters this wide take a tenth of the program's start."""
    return re.compile(pattern)


class Path(NamedTuple):
    """What a command names: an address (`<>` for the null path), and the parameters behind it."""

    address: str
    rest: str


NULL = "<>"
"""The return path of bounces: nobody is to be told (RFC 5321 §4.5.5)."""


def read_path(text: str) -> Path | None:
    """The path at the beginning of a command's argument; None when it is no path.

    A source route is passed over (appendix C); a bare address, as some clients write it, is understood.
    """
    text = text.strip(" ")
    match = _compiled(_PATH).match(text) or _compiled(_MAILBOX).match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    if rest and not rest.startswith(" "):
        return None
    inside = match["inside"] if "inside" in match.re.groupindex else match[0]
    if inside is None:
        return Path(NULL, rest.strip(" "))
    return Path(inside, rest.strip(" ")) if "@" not in inside or is_address(inside) else None


def is_address(text: str) -> bool:
    """Whether `text` is an address and nothing else, within the lengths SMTP allows."""
    match = _compiled(_MAILBOX).fullmatch(text)
    if match is None:
        return False
    local, domain = match["local"], match["domain"]
    return len(local.encode()) <= LONGEST_LOCAL and len(domain.encode()) <= LONGEST_DOMAIN


def normal(address: str) -> str:
    """An address as the town knows it: in lower case, without quotes that it does not need."""
    local, _, domain = address.rpartition("@")
    needless = _compiled(_SIMPLE).fullmatch(local)
    return f"{needless[1] if needless else local}@{domain}".lower()


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def first_of(header: str) -> tuple[str, str] | None:
    """Name and address of the first mailbox in a header that can be written to."""
    for name, address in getaddresses([header[:LONGEST_HEADER]]):
        if is_address(address):
            return name, address
    return None
