"""The mandatory parameters of SMPP 3.4 PDUs, as an ESME needs them: layouts as a table, written and read.

Only what a transceiver that submits says and hears stands here (3.4 §4). Lengths are those of the standard
when we write; what we read may be longer where message centres are known to be generous (message ids).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

HEAD = struct.Struct(">IIII")


class Command(IntEnum):
    """Command ids (§5.1.2.1)."""

    GENERIC_NACK = 0x80000000
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    DELIVER_SM_RESP = 0x80000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    BIND_TRANSCEIVER = 0x00000009
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015
    ALERT_NOTIFICATION = 0x00000102
    DATA_SM = 0x00000103
    DATA_SM_RESP = 0x80000103


class Esme(IntEnum):
    """The command statuses that we send or treat in a way of their own (§5.1.3)."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RSYSERR = 0x08
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RMSGQFUL = 0x14
    RTHROTTLED = 0x58
    RX_T_APPN = 0x64
    ROPTPARSTREAM = 0xC0
    RINVPARLEN = 0xC2
    RUNKNOWNERR = 0xFF


class ProtocolError(Exception):
    """What came is not SMPP. `status`: the command_status to answer."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class _Byte:
    name: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A C-octet string of at most `longest` octets, its NUL not counted."""

    name: str
    longest: int


@dataclass(frozen=True, slots=True)
class _Message:
    """`sm_length` and as many octets of short_message, 254 at most (§5.2.21)."""

    name: str = "short_message"


Item = _Byte | _Text | _Message
LONGEST_MESSAGE = 254

RECEIVER = _Text("destination_addr", 20)
_ADDRESSES: tuple[Item, ...] = (
    _Text("service_type", 5),
    _Byte("source_addr_ton"),
    _Byte("source_addr_npi"),
    _Text("source_addr", 20),
    _Byte("dest_addr_ton"),
    _Byte("dest_addr_npi"),
    RECEIVER,
    _Byte("esm_class"),
)
_SHORT_MESSAGE: tuple[Item, ...] = (
    *_ADDRESSES,
    _Byte("protocol_id"),
    _Byte("priority_flag"),
    _Text("schedule_delivery_time", 16),
    _Text("validity_period", 16),
    _Byte("registered_delivery"),
    _Byte("replace_if_present_flag"),
    _Byte("data_coding"),
    _Byte("sm_default_msg_id"),
    _Message(),
)
_ALERT: tuple[Item, ...] = (
    _Byte("source_addr_ton"),
    _Byte("source_addr_npi"),
    _Text("source_addr", 64),
    _Byte("esme_addr_ton"),
    _Byte("esme_addr_npi"),
    _Text("esme_addr", 64),
)
MESSAGE_ID: tuple[Item, ...] = (_Text("message_id", 64),)
EMPTY: tuple[Item, ...] = ()

LAYOUTS: dict[Command, tuple[Item, ...]] = {
    Command.GENERIC_NACK: EMPTY,
    Command.SUBMIT_SM: _SHORT_MESSAGE,
    Command.SUBMIT_SM_RESP: MESSAGE_ID,
    Command.DELIVER_SM: _SHORT_MESSAGE,
    Command.DELIVER_SM_RESP: MESSAGE_ID,
    Command.UNBIND: EMPTY,
    Command.UNBIND_RESP: EMPTY,
    Command.BIND_TRANSCEIVER: (
        _Text("system_id", 15),
        _Text("password", 8),
        _Text("system_type", 12),
        _Byte("interface_version"),
        _Byte("addr_ton"),
        _Byte("addr_npi"),
        _Text("address_range", 40),
    ),
    Command.BIND_TRANSCEIVER_RESP: (_Text("system_id", 15),),
    Command.ENQUIRE_LINK: EMPTY,
    Command.ENQUIRE_LINK_RESP: EMPTY,
    Command.ALERT_NOTIFICATION: _ALERT,
    Command.DATA_SM: (*_ADDRESSES, _Byte("registered_delivery"), _Byte("data_coding")),
    Command.DATA_SM_RESP: MESSAGE_ID,
}
"""The mandatory parameters in the standard's order."""


def written(item: Item, value: int | bytes) -> bytes:
    """The bytes of a parameter. Errors: ValueError for a value that it cannot hold."""
    match item, value:
        case _Byte(), int():
            return value.to_bytes(1)
        case _Byte(), b"":
            return b"\0"
        case _Text(longest=longest), bytes() if len(value) <= longest and 0 not in value:
            return value + b"\0"
        case _Message(), bytes() if len(value) <= LONGEST_MESSAGE:
            return len(value).to_bytes(1) + value
    raise ValueError(f"{item.name} cannot be written")


class _Shape(NamedTuple):
    """A layout as one pattern, up to the message that may end it."""

    pattern: re.Pattern[bytes]
    names: tuple[tuple[str, bool], ...]
    """Of its groups, and whether each is a number."""
    message: str

    @classmethod
    def of(cls, layout: tuple[Item, ...]) -> _Shape:
        groups = [
            rb"([^\0]{0,%d})\0" % item.longest if isinstance(item, _Text) else b"(.)"
            for item in layout
            if not isinstance(item, _Message)
        ]
        names = [(item.name, isinstance(item, _Byte)) for item in layout if not isinstance(item, _Message)]
        message = next((item.name for item in layout if isinstance(item, _Message)), "")
        return cls(re.compile(b"".join(groups), re.DOTALL), tuple(names), message)


_SHAPES = {command: _Shape.of(layout) for command, layout in LAYOUTS.items()}


def values_of(command: Command, raw: bytes) -> tuple[dict[str, int | bytes], int]:
    """The mandatory parameters and where they end: by one pattern, and only where that does not fit one after
    the other, to say what is wrong."""
    pattern, names, message = _SHAPES[command]
    found = pattern.match(raw, HEAD.size)
    values: dict[str, int | bytes] = {}
    if found is not None:
        for (name, number), octets in zip(names, found.groups(), strict=True):
            values[name] = octets[0] if number else octets
        at = found.end()
        if not message:
            return values, at
        if at < len(raw) and (end := at + 1 + raw[at]) <= len(raw) and raw[at] <= LONGEST_MESSAGE:
            values[message] = raw[at + 1 : end]
            return values, end
    at = HEAD.size
    for item in LAYOUTS[command]:
        values[item.name], at = _taken(item, raw, at)
    return values, at


def _taken(item: Item, raw: bytes, at: int) -> tuple[int | bytes, int]:
    """The value at `at` and where the next begins."""
    if isinstance(item, _Text):
        end = raw.find(b"\0", at, at + item.longest + 1)
        if end < 0:
            raise ProtocolError(f"{item.name} does not end in time", Esme.RINVCMDLEN)
        return raw[at:end], end + 1
    if at >= len(raw):
        raise ProtocolError(f"{item.name} is missing", Esme.RINVCMDLEN)
    if isinstance(item, _Byte):
        return raw[at], at + 1
    end = at + 1 + raw[at]
    if end > len(raw) or raw[at] > LONGEST_MESSAGE:
        raise ProtocolError(f"{item.name} is cut off", Esme.RINVMSGLEN)
    return raw[at + 1 : end], end
