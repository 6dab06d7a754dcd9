"""The PDUs that come and go by the thousand, read and written without the tables, to the same result.

A reader here gives None as soon as anything is out of the ordinary (an error, stray octets), and the tables
say what it is: there is one place that knows what is wrong. The order of fields is SMPP 3.4 §4.4.1, §4.4.2,
§4.6.1 and §4.11.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from simulator.wire.smpp.layout import SIZES
from simulator.wire.smpp.pdu import Command, Pdu, Tlv

_HEADER = struct.Struct(">4I")
_SUBMIT_SM_RESP = int(Command.SUBMIT_SM_RESP)
_LONGEST_MESSAGE = 254
_NO_TLVS: tuple[Tlv, ...] = ()
_tuple = tuple.__new__

_AT_ONCE = b"\0\0"
"""Both times empty."""
_MOST_TEMPLATES = 1_024
_templates: dict[bytes, dict[str, Any]] = {}
"""By the octets they were read from, which decide them: a memory, no state."""

Body = tuple[dict[str, Any], tuple[Tlv, ...]]


def _message(raw: bytes) -> Body | None:
    """submit_sm and deliver_sm.

    The messages of a session differ in receiver and text, so the other fields are kept as a template, which
    is copied faster than its seventeen entries are read.
    """
    find = raw.find
    service = find(0, 16, 22)
    source = find(0, service + 3, service + 24)
    target = find(0, source + 3, source + 24)
    start, size = target + 11, len(raw)
    if service < 0 or source < 0 or target < 0 or start > size:
        return None
    if raw[target + 4 : target + 6] == _AT_ONCE:
        key = raw[16 : source + 3] + raw[target + 1 : start - 1]
        template = _templates.get(key)
        if template is None:
            template = _remember(
                key, _fields(raw, service, source, target, (target + 4, target + 5, start - 6))
            )
        fields = template.copy()
    else:
        ends = _times(raw, target + 4)
        if ends is None:
            return None
        fields, start = _fields(raw, service, source, target, ends), ends[2] + 6
    end = start + raw[start - 1]
    if end > size or end - start > _LONGEST_MESSAGE:
        return None
    fields["destination_addr"] = raw[source + 3 : target]
    fields["short_message"] = raw[start:end]
    if end == size:
        return fields, _NO_TLVS
    tlvs = _tlvs(raw, end, size)
    return None if tlvs is None else (fields, tlvs)


def _remember(key: bytes, fields: dict[str, Any]) -> dict[str, Any]:
    if len(_templates) >= _MOST_TEMPLATES:
        _templates.clear()
    _templates[key] = fields
    return fields


def _times(raw: bytes, schedule: int) -> tuple[int, int, int] | None:
    """Where the two times begin, and where the second ends; None when a field behind is cut off, too."""
    validity = _end(raw, schedule) + 1
    tail = _end(raw, validity) if validity else -1
    return (schedule, validity, tail) if tail >= 0 and tail + 6 <= len(raw) else None


def _end(raw: bytes, at: int) -> int:
    """Where the NUL of a time stands that begins at `at`; -1 when there is none."""
    end = raw.find(0, at, at + 17)
    return end if end in (at, at + 16) else -1


def _fields(
    raw: bytes, service: int, source: int, target: int, times: tuple[int, int, int]
) -> dict[str, Any]:
    schedule, validity, tail = times
    return {
        "service_type": raw[16:service],
        "source_addr_ton": raw[service + 1],
        "source_addr_npi": raw[service + 2],
        "source_addr": raw[service + 3 : source],
        "dest_addr_ton": raw[source + 1],
        "dest_addr_npi": raw[source + 2],
        "destination_addr": b"",
        "esm_class": raw[target + 1],
        "protocol_id": raw[target + 2],
        "priority_flag": raw[target + 3],
        "schedule_delivery_time": raw[schedule : validity - 1],
        "validity_period": raw[validity:tail],
        "registered_delivery": raw[tail + 1],
        "replace_if_present_flag": raw[tail + 2],
        "data_coding": raw[tail + 3],
        "sm_default_msg_id": raw[tail + 4],
        "short_message": b"",
    }


def _tlvs(raw: bytes, at: int, size: int) -> tuple[Tlv, ...] | None:
    """Well-formed optional parameters up to the very end."""
    found = []
    while size - at >= 4:
        tag = raw[at] << 8 | raw[at + 1]
        length = raw[at + 2] << 8 | raw[at + 3]
        end = at + 4 + length
        if end > size:
            return None
        bounds = SIZES.get(tag)
        if bounds is not None and not bounds[0] <= length <= bounds[1]:
            return None
        found.append(_tuple(Tlv, (tag, raw[at + 4 : end])))
        at = end
    return tuple(found) if at == size else None


def _message_id(raw: bytes) -> Body | None:
    """deliver_sm_resp and its like."""
    size = len(raw)
    if size == 16:
        return {}, _NO_TLVS
    if size <= 81 and raw.find(0, 16) == size - 1:
        return {"message_id": raw[16:-1]}, _NO_TLVS
    return None


def _nothing(raw: bytes) -> Body | None:
    return ({}, _NO_TLVS) if len(raw) == 16 else None


Reader = Callable[[bytes], Body | None]
_READERS: Mapping[Command, Reader] = {
    Command.SUBMIT_SM: _message,
    Command.DELIVER_SM: _message,
    Command.SUBMIT_SM_RESP: _message_id,
    Command.DELIVER_SM_RESP: _message_id,
    Command.ENQUIRE_LINK: _nothing,
    Command.ENQUIRE_LINK_RESP: _nothing,
}
READERS: Mapping[int, tuple[Command, Reader]] = {int(each): (each, read) for each, read in _READERS.items()}


def submit_sm_resp(sequence: int, message_id: bytes) -> bytes:
    """The answer to an accepted message. ValueError when `message_id` does not fit."""
    if len(message_id) > 64 or 0 in message_id:
        raise ValueError("message_id is up to 64 octets, none of them NUL")
    return _HEADER.pack(17 + len(message_id), _SUBMIT_SM_RESP, 0, sequence) + message_id + b"\0"


_ACCEPTED = tuple(_HEADER.pack(17 + length, _SUBMIT_SM_RESP, 0, 0)[:12] for length in range(65))


class Numbered(Protocol):
    """A message as its octets came, and the number that makes its message_id."""

    @property
    def raw(self) -> bytes: ...

    @property
    def number(self) -> int: ...


def accepted(messages: Sequence[Numbered], *, decimal: bool = False) -> bytes:
    """A `submit_sm_resp` for each, with a message_id in hexadecimal or `decimal`; later ones have higher
    numbers."""
    number = b"%d" if decimal else b"%x"
    digits = len(number % messages[0].number)
    if digits != len(number % messages[-1].number):
        return b"".join([accepted((each,), decimal=decimal) for each in messages])
    head, form = _ACCEPTED[digits], b"%b%b" + number + b"\0"
    return b"".join([form % (head, each.raw[12:16], each.number) for each in messages])


class Line(NamedTuple):
    """From whom to whom: what the messages of a conversation have in common."""

    source_ton: int
    source_npi: int
    source: bytes
    target_ton: int
    target_npi: int
    target: bytes


def message_body(
    line: Line, text: bytes, *, esm_class: int = 0, data_coding: int = 0, tlvs: bytes = b""
) -> bytes:
    """A deliver_sm without its header; `tlvs` as `writing.write_tlvs` writes them. ValueError when something
    does not fit."""
    source_ton, source_npi, source, target_ton, target_npi, target = line
    length = len(text)
    if length > _LONGEST_MESSAGE or len(source) > 20 or len(target) > 20 or 0 in source or 0 in target:
        raise ValueError("addresses are up to 20 octets without NUL, a message up to 254 octets")
    return b"\0%c%c%b\0%c%c%b\0%c\0\0\0\0\0\0%c\0%c%b%b" % (
        source_ton, source_npi, source, target_ton, target_npi, target,
        esm_class, data_coding, length, text, tlvs,
    )  # fmt: skip


def _write_message_id(pdu: Pdu) -> bytes | None:
    fields = pdu.fields
    if pdu.tlvs or len(fields) != 1:
        return None
    message_id: bytes = fields.get("message_id", b"\0")
    if len(message_id) > 64 or 0 in message_id:
        return None
    return _HEADER.pack(17 + len(message_id), pdu.command, pdu.status, pdu.sequence) + message_id + b"\0"


WRITERS: Mapping[Command, Callable[[Pdu], bytes | None]] = {
    Command.SUBMIT_SM_RESP: _write_message_id,
    Command.DELIVER_SM_RESP: _write_message_id,
}
