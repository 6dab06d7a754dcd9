"""SMPP 3.4 PDUs as an ESME needs them: layouts as a table, bytes on one side and values on the other.

Only what a transceiver that submits says and hears stands here (3.4 §4). Lengths are those of the standard
when we write; what we read may be longer where message centres are known to be generous (message ids), and
optional parameters that we do not know are kept as they came (§3.3). Whatever the bytes, reading gives a PDU,
"more is needed" or `ProtocolError`, and nothing else. Errors never repeat a value.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

HEAD = struct.Struct(">IIII")
_TLV = struct.Struct(">HH")
LARGEST_PDU = 70_000
"""Octets: a message_payload of 65,535, and room for everything beside it."""
LARGEST_SEQUENCE = 0x7FFFFFFF
RESPONSE = 0x80000000
VERSION = 0x34


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


class Tag(IntEnum):
    """The optional parameters that we write or read (§5.3.2)."""

    RECEIPTED_MESSAGE_ID = 0x001E
    USER_MESSAGE_REFERENCE = 0x0204
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427
    CLIENT_REFERENCE = 0x1501
    """Of the vendors' range: our own reference, 16 octets, so that a repeat can be recognised as one."""


class ProtocolError(Exception):
    """What came is not SMPP. `status`: the command_status to answer."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU. A field that is left out of `fields` is written as zero or empty."""

    command: Command
    sequence: int
    status: int = 0
    fields: Mapping[str, int | bytes] = field(default_factory=dict, repr=False)
    tlvs: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def number(self, name: str) -> int:
        """The value of an integer field; 0 when it is not there."""
        value = self.fields.get(name, 0)
        return value if isinstance(value, int) else 0

    def octets(self, name: str) -> bytes:
        """The value of a text field, without its NUL; empty when it is not there."""
        value = self.fields.get(name, b"")
        return value if isinstance(value, bytes) else b""


@dataclass(frozen=True, slots=True)
class Garbled:
    """A whole PDU that cannot be read; the stream goes on behind it."""

    command_id: int
    sequence: int
    status: int
    """What to answer."""
    reason: str


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


_Item = _Byte | _Text | _Message
LONGEST_MESSAGE = 254

_RECEIVER = _Text("destination_addr", 20)
_ADDRESSES: tuple[_Item, ...] = (
    _Text("service_type", 5),
    _Byte("source_addr_ton"),
    _Byte("source_addr_npi"),
    _Text("source_addr", 20),
    _Byte("dest_addr_ton"),
    _Byte("dest_addr_npi"),
    _RECEIVER,
    _Byte("esm_class"),
)
_SHORT_MESSAGE: tuple[_Item, ...] = (
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
_ALERT: tuple[_Item, ...] = (
    _Byte("source_addr_ton"),
    _Byte("source_addr_npi"),
    _Text("source_addr", 64),
    _Byte("esme_addr_ton"),
    _Byte("esme_addr_npi"),
    _Text("esme_addr", 64),
)
_MESSAGE_ID: tuple[_Item, ...] = (_Text("message_id", 64),)
_EMPTY: tuple[_Item, ...] = ()

LAYOUTS: dict[Command, tuple[_Item, ...]] = {
    Command.GENERIC_NACK: _EMPTY,
    Command.SUBMIT_SM: _SHORT_MESSAGE,
    Command.SUBMIT_SM_RESP: _MESSAGE_ID,
    Command.DELIVER_SM: _SHORT_MESSAGE,
    Command.DELIVER_SM_RESP: _MESSAGE_ID,
    Command.UNBIND: _EMPTY,
    Command.UNBIND_RESP: _EMPTY,
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
    Command.ENQUIRE_LINK: _EMPTY,
    Command.ENQUIRE_LINK_RESP: _EMPTY,
    Command.ALERT_NOTIFICATION: _ALERT,
    Command.DATA_SM: (*_ADDRESSES, _Byte("registered_delivery"), _Byte("data_coding")),
    Command.DATA_SM_RESP: _MESSAGE_ID,
}
"""The mandatory parameters in the standard's order."""


_BARE = {
    command: b"\0" if layout == _MESSAGE_ID else b""
    for command, layout in LAYOUTS.items()
    if layout in (_MESSAGE_ID, _EMPTY)
}
"""The bodies of what is answered without a word."""


def encode(pdu: Pdu) -> bytes:
    """The bytes of a PDU. Errors: ValueError for a value that its layout cannot hold: a mistake of ours."""
    if not pdu.fields and not pdu.tlvs and pdu.command in _BARE:
        bare = _BARE[pdu.command]
        return HEAD.pack(HEAD.size + len(bare), pdu.command, pdu.status, pdu.sequence) + bare
    parts = [_written(item, pdu.fields.get(item.name, b"")) for item in LAYOUTS[pdu.command]]
    parts += [_TLV.pack(tag, len(value)) + value for tag, value in pdu.tlvs.items()]
    body = b"".join(parts)
    return HEAD.pack(HEAD.size + len(body), pdu.command, pdu.status, pdu.sequence) + body


def _written(item: _Item, value: int | bytes) -> bytes:
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


class Form:
    """A submit_sm that is written but for its receiver and one optional parameter, for messages that differ
    in nothing else."""

    __slots__ = ("_after", "_before", "_tag")

    def __init__(self, fields: Mapping[str, int | bytes], tag: int) -> None:
        """Errors: ValueError for a value that the layout cannot hold."""
        layout = LAYOUTS[Command.SUBMIT_SM]
        place = layout.index(_RECEIVER)
        parts = [_written(item, fields.get(item.name, b"")) for item in layout]
        self._before, self._after, self._tag = b"".join(parts[:place]), b"".join(parts[place + 1 :]), tag

    def written(self, sequence: int, receiver: bytes, value: bytes) -> bytes:
        """The bytes of one message. Errors: ValueError for a receiver that the layout cannot hold."""
        named = _written(_RECEIVER, receiver)
        optional = _TLV.pack(self._tag, len(value))
        length = HEAD.size + len(self._before) + len(named) + len(self._after) + len(optional) + len(value)
        head = HEAD.pack(length, Command.SUBMIT_SM, Esme.ROK, sequence)
        return b"".join((head, self._before, named, self._after, optional, value))


class Decoder:
    """Cuts a stream into PDUs. It holds at most one unfinished PDU."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Pdu | Garbled]:
        """Every PDU that is whole by now; to be read to its end. Errors: ProtocolError, after those that
        came before, when a length cannot be true: then nobody knows where the next PDU begins.
        """
        buffer, start = self._buffer, 0
        buffer += data
        try:
            while len(buffer) - start >= 4:
                length = int.from_bytes(buffer[start : start + 4])
                if not HEAD.size <= length <= LARGEST_PDU:
                    raise ProtocolError("impossible command_length", Esme.RINVCMDLEN)
                if len(buffer) - start < length:
                    return
                start += length
                yield _read(bytes(buffer[start - length : start]))
        finally:
            del buffer[:start]


def _read(raw: bytes) -> Pdu | Garbled:
    _, command_id, status, sequence = HEAD.unpack_from(raw)
    try:
        command = _known(command_id)
        return Pdu(command, sequence, status, *_body(command, status, raw))
    except ProtocolError as error:
        return Garbled(command_id, sequence, error.status, error.reason)


def decode(raw: bytes) -> Pdu:
    """One whole PDU. Errors: ProtocolError."""
    found = list(Decoder().feed(raw))
    match found:
        case [Pdu() as pdu] if HEAD.unpack_from(raw)[0] == len(raw):
            return pdu
        case [Garbled() as garbled]:
            raise ProtocolError(garbled.reason, garbled.status)
    raise ProtocolError("not one whole PDU", Esme.RINVCMDLEN)


def _known(command_id: int) -> Command:
    command = _COMMANDS.get(command_id)
    if command is None:
        raise ProtocolError("unknown command_id", Esme.RINVCMDID)
    return command


_COMMANDS = {int(command): command for command in Command}


def _body(command: Command, status: int, raw: bytes) -> tuple[dict[str, int | bytes], dict[int, bytes]]:
    """Fields and optional parameters. A response that tells of an error may leave its body out (§4.4.2)."""
    if len(raw) == HEAD.size and command & RESPONSE:
        return {}, {}
    values, at = _values(command, raw)
    # What follows the parameters of an answer or of an empty PDU tells us nothing.
    tlvs = _optional(raw, at) if command in (Command.DELIVER_SM, Command.DATA_SM) else {}
    return values, tlvs


class _Shape(NamedTuple):
    """A layout as one pattern, up to the message that may end it."""

    pattern: re.Pattern[bytes]
    names: tuple[tuple[str, bool], ...]
    """Of its groups, and whether each is a number."""
    message: str

    @classmethod
    def of(cls, layout: tuple[_Item, ...]) -> _Shape:
        groups = [
            rb"([^\0]{0,%d})\0" % item.longest if isinstance(item, _Text) else b"(.)"
            for item in layout
            if not isinstance(item, _Message)
        ]
        names = [(item.name, isinstance(item, _Byte)) for item in layout if not isinstance(item, _Message)]
        message = next((item.name for item in layout if isinstance(item, _Message)), "")
        return cls(re.compile(b"".join(groups), re.DOTALL), tuple(names), message)


_SHAPES = {command: _Shape.of(layout) for command, layout in LAYOUTS.items()}


def _values(command: Command, raw: bytes) -> tuple[dict[str, int | bytes], int]:
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


def _taken(item: _Item, raw: bytes, at: int) -> tuple[int | bytes, int]:
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


def _optional(raw: bytes, at: int) -> dict[int, bytes]:
    """The optional parameters, the last of each tag. Up to three stray octets at the end are let pass: some
    message centres pad.
    """
    found: dict[int, bytes] = {}
    while len(raw) - at >= _TLV.size:
        tag, length = _TLV.unpack_from(raw, at)
        at += _TLV.size
        if at + length > len(raw):
            raise ProtocolError("an optional parameter is cut off", Esme.RINVPARLEN)
        found[tag] = raw[at : at + length]
        at += length
    return found
