"""Addresses as ESMEs write them (SMPP 3.4 §5.2.5 to §5.2.9), and as the world knows them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from simulator.people.numbers import is_mobile
from simulator.wire.smpp.status import Status
from simulator.world import Address

INTERNATIONAL, NATIONAL, ALPHANUMERIC = 1, 2, 5
ISDN = 1
COUNTRY = "32"

_SOURCE = re.compile(rb"\+?[0-9]{0,20}|[ -~]{1,20}")


class Party(NamedTuple):
    """An address with its type of number and numbering plan, as the peer wrote it."""

    ton: int
    npi: int
    address: bytes


@lru_cache(maxsize=65_536)
def destination(ton: int, address: bytes) -> Address | Status:
    """The person's number in E.164; the status to refuse it with when nobody here can have it. Belgian unless
    it says otherwise."""
    found = Address(_e164(ton, address.decode("latin-1")))
    return found if is_mobile(found) else Status.RINVDSTADR


def _e164(ton: int, digits: str) -> str:
    """Belgian unless it says otherwise: ESMEs write all of these, whatever TON they give."""
    if digits.startswith("+"):
        return digits
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if ton != INTERNATIONAL and digits.startswith("0"):
        return f"+{COUNTRY}{digits[1:]}"
    if ton == NATIONAL:
        return f"+{COUNTRY}{digits}"
    return f"+{digits}"


@lru_cache(maxsize=4_096)
def source(address: bytes) -> Status | None:
    """What is wrong with a sender's address, or nothing."""
    return None if _SOURCE.fullmatch(address) else Status.RINVSRCADR


def person(address: Address) -> Party:
    """A person's number as the sender of a message: international, without `+`."""
    return Party(INTERNATIONAL, ISDN, address.removeprefix("+").encode())
