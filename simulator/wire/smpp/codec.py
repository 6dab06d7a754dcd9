"""A stream of octets to PDUs and back (SMPP 3.4 §3.2).

Theory of operation. A read may hold half a PDU or a thousand. The command_length is judged as soon as the
header is there, before the body arrives, so what a peer can make us keep is bounded. Wrong inside a PDU costs
that PDU only; a wrong command_length loses the stream, since nobody knows where the next begins. The result
does not depend on how the stream was cut into reads.

The PDUs that come by the thousand have readers and writers of their own (`hot`); these give way to the tables
as soon as anything is out of the ordinary, and say the same.
"""

from __future__ import annotations

from simulator.wire.smpp.hot import READERS, WRITERS
from simulator.wire.smpp.pdu import COMMANDS, Garbled, Pdu
from simulator.wire.smpp.reading import HEADER, Malformed, read_body
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER as _HEADER
from simulator.wire.smpp.writing import write

MOST_OCTETS = 65_536
"""Of one PDU: room for a message_payload of 64,000 octets (§5.3.2.32)."""

_tuple = tuple.__new__
"""Builds a named tuple in half the time its own constructor takes."""


class Decoder:
    """Octets in, PDUs out."""

    __slots__ = ("_lost", "_most", "_need", "_rest")

    def __init__(self, most: int = MOST_OCTETS) -> None:
        self._most = most
        self._rest = bytearray()
        self._need = HEADER
        self._lost = False

    @property
    def waiting(self) -> int:
        """Octets of a PDU of which the end has not come."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[Pdu | Garbled]:
        """What `data` completes, in order. After a fatal Garbled nothing more is read."""
        if self._lost:
            return []
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return []
            data = bytes(self._rest)
            self._rest.clear()
        return self._read(data)

    def join(self, data: bytes) -> bytes | None:
        """What is to be read when `data` has come, with what waited; None when it completes nothing."""
        if not self._rest or self._lost:
            return data
        if len(self._rest) + len(data) < self._need:
            self._rest += data
            return None
        whole = bytes(self._rest + data)
        self._rest.clear()
        return whole

    def _read(self, stream: bytes) -> list[Pdu | Garbled]:
        self._need = HEADER
        found: list[Pdu | Garbled] = []
        at, end, most, header, hot = 0, len(stream), self._most, _HEADER.unpack_from, READERS.get
        while end - at >= HEADER:
            length, command_id, status, sequence = header(stream, at)
            if not HEADER <= length <= most:
                self._lost = True
                found.append(_lost(length, command_id, sequence, stream[at : at + HEADER]))
                return found
            after = at + length
            if after > end:
                self._need = length
                break
            raw = stream[at:after]
            reader = hot(command_id)
            body = reader[1](raw) if reader else None
            if reader and body:
                found.append(_tuple(Pdu, (reader[0], status, sequence, body[0], body[1], raw)))
            else:
                found.append(_by_table(command_id, status, sequence, raw))
            at = after
        if at < end:
            self._rest += stream[at:]
        return found


def encode(pdu: Pdu) -> bytes:
    """The octets of `pdu`; ValueError when it does not fit its layout, which is our mistake."""
    writer = WRITERS.get(pdu.command)
    return (writer(pdu) if writer else None) or write(pdu)


def _by_table(command_id: int, status: int, sequence: int, raw: bytes) -> Pdu | Garbled:
    command = COMMANDS.get(command_id)
    if command is None:
        reason = f"command_id 0x{command_id:08X} is unknown"
        return Garbled(command_id, sequence, Status.RINVCMDID, reason, raw)
    try:
        fields, tlvs = read_body(command, raw)
    except Malformed as wrong:
        return Garbled(command_id, sequence, wrong.status, wrong.reason, raw)
    return Pdu(command, status, sequence, fields, tlvs, raw)


def _lost(length: int, command_id: int, sequence: int, raw: bytes) -> Garbled:
    return Garbled(command_id, sequence, Status.RINVCMDLEN, f"command_length is {length}", raw, fatal=True)
