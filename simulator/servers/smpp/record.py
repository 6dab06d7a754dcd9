"""PDUs in the journal: the octets, and their fields in words. Decoded only when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from simulator.delivery import Message
from simulator.entry import Batch, Fact, Kind, LateFacts, Line
from simulator.journal import Journal
from simulator.servers.smpp.mailbox import Letter
from simulator.servers.smpp.options import Options
from simulator.wire.smpp import hot
from simulator.wire.smpp.codec import Decoder
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.pdu import COMMANDS, Command, Garbled, Pdu
from simulator.wire.smpp.receipt import IdForm
from simulator.wire.smpp.status import NAMES
from simulator.wire.smpp.writing import HEADER

if TYPE_CHECKING:
    from simulator.servers.smpp.connection import Connection

IN, OUT, IN_AND_OUT = (Kind.PDU_IN,), (Kind.PDU_OUT,), (Kind.PDU_IN, Kind.PDU_OUT)
Answers = Callable[[Sequence[Message]], bytes]
"""Writes the answers to messages."""
Answered = Letter | tuple[Letter, bytes]
"""A letter that the usual answer has come to (17 octets, to its first delivery), or one with the answer."""

SECRET = frozenset({"password"})
SHOWN_OCTETS = 4_096
"""Of one PDU in the journal; the rest is cut off, and its length told."""


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

    def __init__(self, journal: Journal, options: Options) -> None:
        self._journal, self.wanted = journal, options.keep_pdus
        self.answers: Answers = partial(hot.accepted, decimal=options.dialect.id_form is IdForm.HEX)
        """How ordinary messages are answered: with ids as `outgoing.shown` shows them."""

    def came(self, raw: bytes, session: int, account: str | None, message: str | None = None) -> None:
        if self.wanted:
            facts = LateFacts(partial(facts_of, raw, session))
            self._journal.note(Kind.PDU_IN, message, None, account, facts)

    def went(self, raw: bytes, session: int, account: str | None, message: str | None = None) -> None:
        if self.wanted:
            facts = LateFacts(partial(facts_of, raw, session))
            self._journal.note(Kind.PDU_OUT, message, None, account, facts)

    def came_all(self, messages: Sequence[Message], connection: Connection) -> None:
        """The octets of messages that were accepted."""
        self._enter(IN, messages, connection)

    def answered_all(self, messages: Sequence[Message], connection: Connection) -> None:
        """The answers to them."""
        self._enter(OUT, messages, connection)

    def served_all(self, messages: Sequence[Message], connection: Connection) -> None:
        """The octets of messages that were accepted, each with its answer."""
        self._enter(IN_AND_OUT, messages, connection)

    def went_all(self, letters: Sequence[Letter], sequences: Sequence[int], connection: Connection) -> None:
        """Letters with the sequence numbers they went out under."""
        sent: list[Letter | tuple[Letter, int]] = []
        for letter, sequence in zip(letters, sequences, strict=True):
            if not letter.sequence:
                letter.sequence = sequence
            sent.append(letter if letter.sequence == sequence else (letter, sequence))
        self._enter(OUT, sent, connection)

    def taken_all(self, answers: Sequence[Answered], connection: Connection) -> None:
        """What says that the peer has taken letters."""
        self._enter(IN, answers, connection)

    def _enter(self, kinds: tuple[Kind, ...], records: Sequence[object], connection: Connection) -> None:
        if self.wanted:
            account = connection.account
            self._journal.enter(Pdus(kinds, records, connection.number, account, self.answers))


class Pdus(Batch):
    """PDUs of one session. A message stands for its octets and for its answer; a letter for itself as it
    went out first, and for the usual answer to that; what is not so comes with the letter."""

    __slots__ = ("_account", "_answers", "_session")

    def __init__(
        self,
        kinds: tuple[Kind, ...],
        records: Sequence[object],
        session: int,
        account: str | None,
        answers: Answers,
    ) -> None:
        super().__init__(kinds, records)
        self._session, self._account, self._answers = session, account, answers

    def message_of(self, record: object) -> str | None:
        about: Message | Letter = cast(Any, record)[0] if isinstance(record, tuple) else cast(Any, record)
        return about.id if isinstance(about, Message) else about.message

    def lines(self, record: object) -> Sequence[Line]:
        message = self.message_of(record)
        octets = (self._octets(record, came=kind is Kind.PDU_IN) for kind in self.kinds)
        facts = (LateFacts(partial(facts_of, each, self._session)) for each in octets)
        return [Line(message, None, self._account, each) for each in facts]

    def _octets(self, record: object, *, came: bool) -> bytes:
        if isinstance(record, Message):
            return record.raw if came else self._answers((record,))
        if isinstance(record, Letter):
            sequence = record.sequence
            return _header(17, _DELIVER_SM_RESP, 0, sequence) + b"\0" if came else delivery(record, sequence)
        letter, said = cast(tuple[Letter, bytes | int], record)
        return said if isinstance(said, bytes) else delivery(letter, said)


def delivery(letter: Letter, sequence: int) -> bytes:
    """The deliver_sm of a letter."""
    body = letter.body
    return _header(16 + len(body), _DELIVER_SM, 0, sequence) + body


_header, _DELIVER_SM, _DELIVER_SM_RESP = HEADER.pack, int(Command.DELIVER_SM), int(Command.DELIVER_SM_RESP)
