"""SMPP 3.4 PDUs as an ESME needs them: bytes on one side and values on the other.

Optional parameters that we do not know are kept as they came (§3.3). Whatever the bytes, reading gives a PDU,
"more is needed" or `ProtocolError`, and nothing else. Errors never repeat a value.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from service.wire.smpp_layout import (
    EMPTY,
    HEAD,
    LAYOUTS,
    MESSAGE_ID,
    RECEIVER,
    Command,
    Esme,
    ProtocolError,
    values_of,
    written,
)

__all__ = [
    "LARGEST_PDU",
    "LARGEST_SEQUENCE",
    "RESPONSE",
    "VERSION",
    "Command",
    "Decoder",
    "Esme",
    "Form",
    "Garbled",
    "Pdu",
    "ProtocolError",
    "Tag",
    "decode",
    "encode",
]

_TLV = struct.Struct(">HH")
LARGEST_PDU = 70_000
"""Octets: a message_payload of 65,535, and room for everything beside it."""
LARGEST_SEQUENCE = 0x7FFFFFFF
RESPONSE = 0x80000000
VERSION = 0x34


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


_BARE = {
    command: b"\0" if layout == MESSAGE_ID else b""
    for command, layout in LAYOUTS.items()
    if layout in (MESSAGE_ID, EMPTY)
}
"""The bodies of what is answered without a word."""


def encode(pdu: Pdu) -> bytes:
    """The bytes of a PDU. Errors: ValueError for a value that its layout cannot hold: a mistake of ours."""
    if not pdu.fields and not pdu.tlvs and pdu.command in _BARE:
        bare = _BARE[pdu.command]
        return HEAD.pack(HEAD.size + len(bare), pdu.command, pdu.status, pdu.sequence) + bare
    parts = [written(item, pdu.fields.get(item.name, b"")) for item in LAYOUTS[pdu.command]]
    parts += [_TLV.pack(tag, len(value)) + value for tag, value in pdu.tlvs.items()]
    body = b"".join(parts)
    return HEAD.pack(HEAD.size + len(body), pdu.command, pdu.status, pdu.sequence) + body


class Form:
    """A submit_sm that is written but for its receiver and one optional parameter, for messages that differ
    in nothing else."""

    __slots__ = ("_after", "_before", "_tag")

    def __init__(self, fields: Mapping[str, int | bytes], tag: int) -> None:
        """Errors: ValueError for a value that the layout cannot hold."""
        layout = LAYOUTS[Command.SUBMIT_SM]
        place = layout.index(RECEIVER)
        parts = [written(item, fields.get(item.name, b"")) for item in layout]
        self._before, self._after, self._tag = b"".join(parts[:place]), b"".join(parts[place + 1 :]), tag

    def written(self, sequence: int, receiver: bytes, value: bytes) -> bytes:
        """The bytes of one message. Errors: ValueError for a receiver that the layout cannot hold."""
        named = written(RECEIVER, receiver)
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
    values, at = values_of(command, raw)
    # What follows the parameters of an answer or of an empty PDU tells us nothing.
    tlvs = _optional(raw, at) if command in (Command.DELIVER_SM, Command.DATA_SM) else {}
    return values, tlvs


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
