"""Values to octets: writes the body of a PDU by its layout (SMPP 3.4 §4), one writer a kind of field."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.wire.smpp.layout import ADDRESS, LAYOUTS, Field, Kind
from simulator.wire.smpp.pdu import ANSWER, Destination, Pdu, Tlv, Unsuccess

HEADER = struct.Struct(">4I")
LIST_NAME = 21


def write(pdu: Pdu) -> bytes:
    """The octets of `pdu`; ValueError when it does not fit its layout, which is our mistake."""
    try:
        body = _body(pdu) + write_tlvs(pdu.tlvs)
        return HEADER.pack(16 + len(body), pdu.command, pdu.status, pdu.sequence) + body
    except struct.error as wrong:
        raise ValueError(f"{pdu.command.name}: {wrong}") from None


def _body(pdu: Pdu) -> bytes:
    layout, fields = LAYOUTS[pdu.command], pdu.fields
    if not fields and pdu.command & ANSWER and not pdu.tlvs:
        return b""
    unknown = fields.keys() - {each.name for each in layout}
    if unknown:
        raise ValueError(f"{pdu.command.name} has no {', '.join(sorted(unknown))}")
    return b"".join(_WRITERS[each.kind](fields.get(each.name, each.default), each) for each in layout)


def write_tlvs(tlvs: Iterable[Tlv]) -> bytes:
    """Optional parameters, one behind the other."""
    return b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tlvs)


def _integer(value: int, field: Field) -> bytes:
    try:
        return value.to_bytes(field.size, "big")
    except OverflowError:
        raise ValueError(f"{field.name} does not fit {field.size} octets") from None


def _string(value: bytes, field: Field) -> bytes:
    return _terminated(value, field.size, field.name)


def _terminated(value: bytes, size: int, name: str) -> bytes:
    if len(value) >= size or 0 in value:
        raise ValueError(f"{name} is up to {size - 1} octets, none of them NUL")
    return value + b"\0"


def _time(value: bytes, field: Field) -> bytes:
    if len(value) not in (0, field.size - 1):
        raise ValueError(f"{field.name} is empty or {field.size - 1} octets")
    return _terminated(value, field.size, field.name)


def _message(value: bytes, field: Field) -> bytes:
    if len(value) > field.size:
        raise ValueError(f"{field.name} is up to {field.size} octets")
    return bytes((len(value),)) + value


def _destinations(value: tuple[Destination, ...], field: Field) -> bytes:
    if not 1 <= len(value) <= field.size:
        raise ValueError(f"{field.name} is 1 to {field.size} destinations")
    return bytes((len(value),)) + b"".join(map(_destination, value))


def _destination(each: Destination) -> bytes:
    if each.list_name:
        return b"\2" + _terminated(each.list_name, LIST_NAME, "dl_name")
    return bytes((1, each.ton, each.npi)) + _terminated(each.address, ADDRESS, "destination_addr")


def _unsuccesses(value: tuple[Unsuccess, ...], field: Field) -> bytes:
    if len(value) > field.size:
        raise ValueError(f"{field.name} is up to {field.size} addresses")
    return bytes((len(value),)) + b"".join(map(_unsuccess, value))


def _unsuccess(each: Unsuccess) -> bytes:
    address = _terminated(each.address, ADDRESS, "unsuccess_sme")
    return bytes((each.ton, each.npi)) + address + each.status.to_bytes(4, "big")


_WRITERS: Mapping[Kind, Callable[[Any, Field], bytes]] = {
    Kind.INTEGER: _integer,
    Kind.STRING: _string,
    Kind.TIME: _time,
    Kind.MESSAGE: _message,
    Kind.DESTINATIONS: _destinations,
    Kind.UNSUCCESSES: _unsuccesses,
}
