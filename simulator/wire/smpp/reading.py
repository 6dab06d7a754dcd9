"""Octets to values: reads the body of a PDU by its layout (SMPP 3.4 §4), one reader a kind of field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.wire.smpp.layout import (
    ADDRESS,
    LAYOUTS,
    OPTIONAL,
    SIZES,
    STRAY_AFTER,
    Field,
    Kind,
)
from simulator.wire.smpp.pdu import ANSWER, Command, Destination, Tlv, Unsuccess
from simulator.wire.smpp.status import Status

HEADER = 16
LIST_NAME = 21
FEWEST_TLV = 4
"""Octets of an optional parameter without its value: fewer than these cannot be one."""


class Malformed(Exception):
    """The body breaks its layout. Stays inside the codec, which hands on a Garbled."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


Read = tuple[Any, int]
"""A value, and where the next begins."""


def read_body(command: Command, raw: bytes) -> tuple[dict[str, Any], tuple[Tlv, ...]]:
    """Fields and optional parameters of the whole PDU `raw`; Malformed otherwise.

    The body of an answer may be left out: by §4 when its status is not 0, by clients at other times.
    """
    fields: dict[str, Any] = {}
    at = HEADER
    if command & ANSWER and len(raw) == HEADER:
        return fields, ()
    for field in LAYOUTS[command]:
        fields[field.name], at = _READERS[field.kind](raw, at, field)
    return fields, read_tlvs(command, raw, at)


def _integer(raw: bytes, at: int, field: Field) -> Read:
    end = at + field.size
    if end > len(raw):
        raise _ends_in(field.name)
    return int.from_bytes(raw[at:end], "big"), end


def _string(raw: bytes, at: int, field: Field) -> Read:
    return _terminated(raw, at, field.size, field.status, field.name)


def _terminated(raw: bytes, at: int, size: int, status: Status, name: str) -> tuple[bytes, int]:
    end = raw.find(0, at, at + size)
    if end >= 0:
        return raw[at:end], end + 1
    if at + size > len(raw):
        raise _ends_in(name)
    raise Malformed(status, f"{name} is longer than {size - 1} octets")


def _time(raw: bytes, at: int, field: Field) -> Read:
    value, end = _string(raw, at, field)
    if len(value) not in (0, field.size - 1):
        raise Malformed(field.status, f"{field.name} has {len(value)} octets, not 0 or {field.size - 1}")
    return value, end


def _message(raw: bytes, at: int, field: Field) -> Read:
    if at >= len(raw):
        raise _ends_in("sm_length")
    length, start = raw[at], at + 1
    if length > field.size:
        raise Malformed(field.status, f"sm_length is {length}, above {field.size}")
    if start + length > len(raw):
        raise Malformed(field.status, f"sm_length is {length}, but {len(raw) - start} octets follow")
    return raw[start : start + length], start + length


def _destinations(raw: bytes, at: int, field: Field) -> Read:
    count, at = _count(raw, at, field, "number_of_dests")
    if not 1 <= count <= field.size:
        raise Malformed(field.status, f"number_of_dests is {count}, not 1 to {field.size}")
    found = []
    for _ in range(count):
        each, at = _destination(raw, at)
        found.append(each)
    return tuple(found), at


def _destination(raw: bytes, at: int) -> tuple[Destination, int]:
    if at >= len(raw):
        raise _ends_in("dest_flag")
    if raw[at] == 1:
        if at + 3 > len(raw):
            raise _ends_in("dest_address")
        address, end = _terminated(raw, at + 3, ADDRESS, Status.RINVDSTADR, "destination_addr")
        return Destination(raw[at + 1], raw[at + 2], address), end
    if raw[at] == 2:
        name, end = _terminated(raw, at + 1, LIST_NAME, Status.RINVDLNAME, "dl_name")
        if not name:
            raise Malformed(Status.RINVDLNAME, "dl_name is empty")
        return Destination(0, 0, b"", name), end
    raise Malformed(Status.RINVDESTFLAG, f"dest_flag is {raw[at]}, not 1 or 2")


def _unsuccesses(raw: bytes, at: int, field: Field) -> Read:
    count, at = _count(raw, at, field, "no_unsuccess")
    found = []
    for _ in range(count):
        if at + 2 > len(raw):
            raise _ends_in(field.name)
        ton, npi = raw[at], raw[at + 1]
        address, at = _terminated(raw, at + 2, ADDRESS, field.status, field.name)
        if at + 4 > len(raw):
            raise _ends_in(field.name)
        found.append(Unsuccess(ton, npi, address, int.from_bytes(raw[at : at + 4], "big")))
        at += 4
    return tuple(found), at


def _count(raw: bytes, at: int, field: Field, name: str) -> tuple[int, int]:
    if at >= len(raw):
        raise _ends_in(name)
    return raw[at], at + 1


def _ends_in(name: str) -> Malformed:
    return Malformed(Status.RINVCMDLEN, f"command_length ends before {name} does")


_READERS: Mapping[Kind, Callable[[bytes, int, Field], Read]] = {
    Kind.INTEGER: _integer,
    Kind.STRING: _string,
    Kind.TIME: _time,
    Kind.MESSAGE: _message,
    Kind.DESTINATIONS: _destinations,
    Kind.UNSUCCESSES: _unsuccesses,
}


def read_tlvs(command: Command, raw: bytes, at: int) -> tuple[Tlv, ...]:
    """The optional parameters from `at` on; Malformed otherwise.

    Clients leave stray octets behind short_message: some that end the PDU, or a NUL before the parameters.
    """
    if at == len(raw):
        return ()
    stray = FEWEST_TLV - 1 if command & ANSWER or command in STRAY_AFTER else 0
    try:
        return _tlvs(command, raw, at, stray)
    except Malformed:
        if not stray or raw[at]:
            raise
        try:
            return _tlvs(command, raw, at + 1, 0)
        except Malformed:
            pass
        raise


def _tlvs(command: Command, raw: bytes, at: int, stray: int) -> tuple[Tlv, ...]:
    found = []
    total = len(raw)
    while total - at >= FEWEST_TLV:
        tag = raw[at] << 8 | raw[at + 1]
        length = raw[at + 2] << 8 | raw[at + 3]
        at += FEWEST_TLV
        if at + length > total:
            raise _broken(command, f"optional parameter 0x{tag:04X} of {length} octets is cut off")
        fewest, most = SIZES.get(tag, (0, 0xFFFF))
        if not fewest <= length <= most:
            raise Malformed(Status.RINVPARLEN, f"optional parameter 0x{tag:04X} has {length} octets")
        found.append(Tlv(tag, raw[at : at + length]))
        at += length
    if total - at > stray:
        raise _broken(command, f"{total - at} octets too many")
    return tuple(found)


def _broken(command: Command, reason: str) -> Malformed:
    status = Status.RINVOPTPARSTREAM if command in OPTIONAL else Status.RINVCMDLEN
    return Malformed(status, reason)
