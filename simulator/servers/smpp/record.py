"""PDUs in the journal: the octets, and their fields in words. Decoded only when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.journal import Fact, Journal, Kind
from simulator.wire.smpp.codec import Decoder
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import COMMANDS, Garbled, Pdu
from simulator.wire.smpp.status import NAMES

SECRET = frozenset({"password"})
SHOWN_OCTETS = 4_096
"""Of one PDU in the journal; the rest is cut off, and its length told."""


class PduFacts(Mapping[str, Fact]):
    """The facts of one entry, worked out when they are first read."""

    __slots__ = ("_facts", "_raw", "_session")

    def __init__(self, raw: bytes, session: int) -> None:
        self._raw, self._session = raw, session
        self._facts: dict[str, Fact] | None = None

    def _read(self) -> dict[str, Fact]:
        if self._facts is None:
            self._facts = facts_of(self._raw, self._session)
        return self._facts

    def __getitem__(self, name: str) -> Fact:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def facts_of(raw: bytes, session: int) -> dict[str, Fact]:
    """What one PDU says: command, status, sequence, every field, every optional parameter, and the octets. A
    password is shown as what it is."""
    facts: dict[str, Fact] = {"door": "smpp", "session": session}
    for each in Decoder(max(len(raw), 16)).feed(raw):
        facts |= _garbled(each) if isinstance(each, Garbled) else _pdu(each)
    raw = _without_password(raw)
    facts["octets"] = len(raw)
    facts["raw"] = raw[:SHOWN_OCTETS].hex()
    return facts


def _garbled(each: Garbled) -> dict[str, Fact]:
    command = COMMANDS.get(each.command_id)
    name = command.name.lower() if command else f"0x{each.command_id:08X}"
    return {"command": name, "sequence": each.sequence, "wrong": each.reason}


def _pdu(pdu: Pdu) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "command": pdu.command.name.lower(),
        "status": NAMES.get(pdu.status, f"0x{pdu.status:08X}"),
        "sequence": pdu.sequence,
    }
    for name, value in pdu.fields.items():
        facts[f"field_{name}"] = "(secret)" if name in SECRET else _shown(value)
    for tlv in pdu.tlvs:
        facts[f"tlv_{_tag(tlv.tag)}"] = tlv.value[:SHOWN_OCTETS].hex()
    return facts


def _shown(value: object) -> Fact:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, bytes):
        text = value.decode("ascii", "replace")
        return text if text.isprintable() and "\ufffd" not in text else value.hex()
    return str(value)


def _tag(tag: int) -> str:
    return Tag(tag).name.lower() if tag in set(Tag) else f"0x{tag:04X}"


BINDS = frozenset({b"\0\0\0\1", b"\0\0\0\2", b"\0\0\0\x09", b"\0\0\0\x0b"})


def _without_password(raw: bytes) -> bytes:
    """The octets of a bind with `*` for each octet of the password."""
    if raw[4:8] not in BINDS:
        return raw
    start = raw.find(b"\0", 16) + 1
    end = raw.find(b"\0", start)
    if start == 0 or end < 0:
        return raw[:16]
    return raw[:start] + b"*" * (end - start) + raw[end:]


class PduRecord:
    """Writes PDUs down, or not at all."""

    def __init__(self, journal: Journal, wanted: bool) -> None:
        self._journal, self.wanted = journal, wanted

    def came(self, raw: bytes, session: int, account: str | None, message: str | None = None) -> None:
        if self.wanted:
            facts = PduFacts(raw, session)
            self._journal.note(Kind.PDU_IN, message, None, account, facts)

    def went(self, raw: bytes, session: int, account: str | None, message: str | None = None) -> None:
        if self.wanted:
            facts = PduFacts(raw, session)
            self._journal.note(Kind.PDU_OUT, message, None, account, facts)
