"""A stream of octets to PDUs and back (SMPP 3.4 §3.2).

Theory of operation. A read may hold half a PDU or a thousand. The command_length is judged as soon as the
header is there, before the body arrives, so what a peer can make us keep is bounded. Wrong inside a PDU costs
that PDU only; a wrong command_length loses the stream, since nobody knows where the next begins. The result
does not depend on how the stream was cut into reads.

The PDUs that come by the thousand have readers and writers of their own (`hot`); these give way to the tables
as soon as anything is out of the ordinary, and say the same.
"""

from __future__ import annotations

from simulator.wire.smpp.pdu import COMMANDS, Garbled, Pdu
from simulator.wire.smpp.reading import HEADER, Malformed, read_body
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER as _HEADER
from simulator.wire.smpp.writing import write

MOST_OCTETS = 65_536
"""Of one PDU: room for a message_payload of 64,000 octets (§5.3.2.32)."""


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

    def _read(self, stream: bytes) -> list[Pdu | Garbled]:
        self._need = HEADER
        found: list[Pdu | Garbled] = []
        at, end = 0, len(stream)
        while end - at >= HEADER:
            length, command_id, status, sequence = _HEADER.unpack_from(stream, at)
            if not HEADER <= length <= self._most:
                self._lost, at = True, end
                found.append(_lost(length, command_id, sequence, stream[at : at + HEADER]))
                break
            if end - at < length:
                self._need = length
                break
            found.append(_decode(command_id, status, sequence, stream[at : at + length]))
            at += length
        self._rest += stream[at:]
        return found


def encode(pdu: Pdu) -> bytes:
    """The octets of `pdu`; ValueError when it does not fit its layout, which is our mistake."""
    return write(pdu)


def _decode(command_id: int, status: int, sequence: int, raw: bytes) -> Pdu | Garbled:
    command = COMMANDS.get(command_id)
    if command is None:
        return Garbled(
            command_id, sequence, Status.RINVCMDID, f"command_id 0x{command_id:08X} is unknown", raw
        )
    try:
        fields, tlvs = read_body(command, raw)
    except Malformed as wrong:
        return Garbled(command_id, sequence, wrong.status, wrong.reason, raw)
    return Pdu(command, status, sequence, fields, tlvs, raw)


def _lost(length: int, command_id: int, sequence: int, raw: bytes) -> Garbled:
    return Garbled(command_id, sequence, Status.RINVCMDLEN, f"command_length is {length}", raw, fatal=True)
