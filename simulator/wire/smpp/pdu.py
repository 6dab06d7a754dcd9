"""What travels: commands (SMPP 3.4 §5.1.2), protocol data units, their optional parameters (TLV), and what
was none.

Values are named tuples where one is built for every message: that takes a third of the time of a frozen
dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from simulator.wire.smpp.status import Status

ANSWER = 0x80000000
"""The bit of a command_id that makes it an answer."""


class Command(IntEnum):
    """A command_id, in the order of §4."""

    BIND_TRANSMITTER = 0x00000002
    BIND_TRANSMITTER_RESP = 0x80000002
    BIND_RECEIVER = 0x00000001
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSCEIVER = 0x00000009
    BIND_TRANSCEIVER_RESP = 0x80000009
    OUTBIND = 0x0000000B
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    GENERIC_NACK = 0x80000000
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    SUBMIT_MULTI = 0x00000021
    SUBMIT_MULTI_RESP = 0x80000021
    DELIVER_SM = 0x00000005
    DELIVER_SM_RESP = 0x80000005
    DATA_SM = 0x00000103
    DATA_SM_RESP = 0x80000103
    QUERY_SM = 0x00000003
    QUERY_SM_RESP = 0x80000003
    CANCEL_SM = 0x00000008
    CANCEL_SM_RESP = 0x80000008
    REPLACE_SM = 0x00000007
    REPLACE_SM_RESP = 0x80000007
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015
    ALERT_NOTIFICATION = 0x00000102


COMMANDS: Mapping[int, Command] = {int(each): each for each in Command}
ANSWERS: Mapping[Command, Command] = {
    each: COMMANDS[each | ANSWER] for each in Command if not each & ANSWER and each | ANSWER in COMMANDS
}
"""Each request that is answered, with its answer. outbind and alert_notification are not."""


class Tlv(NamedTuple):
    """An optional parameter, §5.3: its value as it travels. Unknown tags are kept."""

    tag: int
    value: bytes


class Destination(NamedTuple):
    """A dest_address of submit_multi, §4.5.1.1: an address, or a distribution list if named."""

    ton: int
    npi: int
    address: bytes
    list_name: bytes = b""


class Unsuccess(NamedTuple):
    """An unsuccess_sme of submit_multi_resp, §4.5.2.1."""

    ton: int
    npi: int
    address: bytes
    status: int


class Pdu(NamedTuple):
    """A protocol data unit.

    `fields` holds the mandatory parameters under the standard's names: int for integers, bytes for strings
    (without their NUL), tuples of Destination or Unsuccess for the lists of submit_multi. Counts and lengths
    (sm_length, number_of_dests, no_unsuccess) are not among them: the values have them. An answer without a
    body has no fields.
    """

    command: Command
    status: int
    sequence: int
    fields: Mapping[str, Any]
    tlvs: tuple[Tlv, ...] = ()
    raw: bytes = b""
    """As it was read; empty when made here."""

    def tlv(self, tag: int) -> bytes | None:
        """The value of the first optional parameter `tag`."""
        for each in self.tlvs:
            if each.tag == tag:
                return each.value
        return None

    def number(self, tag: int) -> int | None:
        """The optional parameter `tag` as an integer."""
        value = self.tlv(tag)
        return None if value is None else int.from_bytes(value, "big")


@dataclass(frozen=True, slots=True)
class Garbled:
    """Octets that are no PDU, and what to answer."""

    command_id: int
    sequence: int
    status: Status
    reason: str
    """For the journal, in words; repeats nothing of what was sent but lengths and names."""
    raw: bytes
    fatal: bool = False
    """Where the next PDU begins cannot be known: answer, then close."""


def answer(request: Pdu, status: int = Status.ROK, /, *tlvs: Tlv, **fields: Any) -> Pdu:
    """The answer to `request`, which must be one that is answered (KeyError)."""
    return Pdu(ANSWERS[request.command], status, request.sequence, fields, tlvs)


def nack(garbled: Garbled) -> Pdu | None:
    """What to answer to `garbled`: its own answer with the status when the command is known, otherwise
    generic_nack; None when it was itself an answer."""
    command = COMMANDS.get(garbled.command_id)
    if garbled.fatal or command is None:
        if garbled.command_id & ANSWER and not garbled.fatal:
            return None
        return Pdu(Command.GENERIC_NACK, garbled.status, garbled.sequence, {})
    if command in ANSWERS:
        return Pdu(ANSWERS[command], garbled.status, garbled.sequence, {})
    return None if command & ANSWER else Pdu(Command.GENERIC_NACK, garbled.status, garbled.sequence, {})
