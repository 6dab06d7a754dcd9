"""Whether a bind is accepted: account, password, version (SMPP 3.4 §4.1; 5.0's number is taken as 3.4)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import Pdu, Tlv
from simulator.wire.smpp.status import Status

NAME = b"belfort"
"""The message centre's own system_id."""
LATEST, FIVE = 0x34, 0x50
OLDEST_WITH_TLVS = 0x34
VERSION = Tlv(Tag.SC_INTERFACE_VERSION, bytes((LATEST,)))


def judge(bind: Pdu, accounts: Mapping[str, str]) -> tuple[Status, str]:
    """The status to answer, and the account."""
    account = bind.fields["system_id"].decode("latin-1")
    password = accounts.get(account)
    if password is None:
        return Status.RINVSYSID, ""
    if not hmac.compare_digest(password.encode(), bind.fields["password"]):
        return Status.RINVPASWD, ""
    version = bind.fields["interface_version"]
    if version > LATEST and version != FIVE:
        return Status.RBINDFAIL, ""
    return Status.ROK, account


def tlvs(bind: Pdu) -> tuple[Tlv, ...]:
    """What the answer tells besides: nothing to those who know no optional parameters (§3.3)."""
    return (VERSION,) if bind.fields["interface_version"] >= OLDEST_WITH_TLVS else ()
