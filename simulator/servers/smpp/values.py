"""Which values the mandatory parameters of a message may have (SMPP 3.4 §5.2), and the command_status for
each that may not be.

Reserved values are refused, as the standard asks, but for one: registered_delivery's fourth kind, a receipt
on success only, is defined by 5.0 and sent by clients.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from simulator.wire.smpp.layout import LAYOUTS, Tag
from simulator.wire.smpp.pdu import Command, Pdu
from simulator.wire.smpp.status import Status

TONS = range(7)
"""§5.2.5."""
NPIS = frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18})
"""§5.2.6."""
_TYPES = frozenset({0x00, 0x08, 0x10})
"""What an ESME may send, in bits 5 to 2 of esm_class: a message, an acknowledgement of delivery or of a
person."""

ALLOWED: Mapping[str, tuple[Container[int], Status]] = {
    "source_addr_ton": (TONS, Status.RINVSRCTON),
    "source_addr_npi": (NPIS, Status.RINVSRCNPI),
    "dest_addr_ton": (TONS, Status.RINVDSTTON),
    "dest_addr_npi": (NPIS, Status.RINVDSTNPI),
    "esm_class": ([each for each in range(256) if each & 0x3C in _TYPES], Status.RINVESMCLASS),
    "priority_flag": (range(4), Status.RINVPRTFLG),
    "registered_delivery": (range(32), Status.RINVREGDLVFLG),
    "replace_if_present_flag": (range(2), Status.RINVREPFLAG),
    "sm_default_msg_id": (range(255), Status.RINVDFTMSGID),
}


def wrong_value(pdu: Pdu) -> Status | None:
    """The status for the first value of a request that may not be, in the order of its layout; None when all
    may."""
    checked = _CHECKED.get(pdu.command)
    wrong = _first_wrong(checked[0], checked[1](pdu.fields)) if checked else None
    return wrong or _wrong_receiver(pdu)


@lru_cache(maxsize=4096)
def _first_wrong(names: tuple[str, ...], values: tuple[int, ...]) -> Status | None:
    """Remembered: the messages of a session hardly differ here."""
    for name, value in zip(names, values, strict=True):
        allowed, status = ALLOWED[name]
        if value not in allowed:
            return status
    return None


def _checks(command: Command) -> tuple[tuple[str, ...], Callable[[Mapping[str, Any]], tuple[int, ...]]]:
    names = tuple(each.name for each in LAYOUTS[command] if each.name in ALLOWED)
    return names, itemgetter(*names)


_CHECKED = {
    each: _checks(each)
    for each in (
        Command.SUBMIT_SM,
        Command.SUBMIT_MULTI,
        Command.DATA_SM,
        Command.QUERY_SM,
        Command.CANCEL_SM,
        Command.REPLACE_SM,
    )
}


def _wrong_receiver(pdu: Pdu) -> Status | None:
    """A message needs a receiver, and its text in one place only (§4.4.1, note to short_message)."""
    fields = pdu.fields
    if pdu.command is Command.SUBMIT_MULTI:
        for each in fields["dest_address"]:
            wrong = _wrong_address(each.ton, each.npi, each.address or each.list_name)
            if wrong:
                return wrong
    elif pdu.command in _ADDRESSED and not fields["destination_addr"]:
        return Status.RINVDSTADR
    if pdu.tlvs and fields.get("short_message") and pdu.tlv(Tag.MESSAGE_PAYLOAD) is not None:
        return Status.ROPTPARNOTALLWD
    return None


_ADDRESSED = frozenset({Command.SUBMIT_SM, Command.DATA_SM})


def _wrong_address(ton: int, npi: int, address: bytes) -> Status | None:
    if ton not in TONS:
        return Status.RINVDSTTON
    if npi not in NPIS:
        return Status.RINVDSTNPI
    return None if address else Status.RINVDSTADR
