"""What one submit_sm, submit_multi or data_sm asks for, checked as SMPP 3.4 §5.2 says, but for whom it is to.

Each wrong parameter has the standard's own status. What 3.4 calls reserved is refused; what vendors leave to
the message centre is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from simulator.servers.smpp import numbers
from simulator.servers.smpp.numbers import Party
from simulator.servers.smpp.outgoing import receipt_text
from simulator.servers.smpp.slips import terms_of
from simulator.servers.smpp.values import wrong_value
from simulator.wire.smpp import alphabets, parts, times
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.parts import Content
from simulator.wire.smpp.pdu import Pdu
from simulator.wire.smpp.status import Status
from simulator.world import Moment, Terms

UUID_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Order:
    """A message to be carried, but for its destination."""

    source: Party
    terms: Terms
    alphabet: Alphabet
    content: Content = field(repr=False)
    text: str = field(repr=False)
    excerpt: bytes = field(repr=False)
    """How a receipt repeats it."""
    reference: str | None
    replaces: bool


def read(pdu: Pdu, now: Moment, default: Alphabet) -> Order | Status:
    """The order in `pdu`, or the status to refuse it with."""
    fields = pdu.fields
    source = Party(fields["source_addr_ton"], fields["source_addr_npi"], fields["source_addr"])
    wrong = wrong_value(pdu) or numbers.source(source.address)
    if wrong is not None:
        return wrong
    if fields.get("sm_default_msg_id"):
        return Status.RINVDFTMSGID  # the centre keeps no messages of its own
    alphabet = alphabets.alphabet_of(fields["data_coding"], default)
    if alphabet is None:
        return Status.RINVDCS
    terms = _terms(pdu, now)
    if isinstance(terms, Status):
        return terms
    content = parts.content(pdu)
    octets = parts.text_octets(content, alphabet)
    text, excerpt = _read(octets, Alphabet.GSM if alphabet is Alphabet.PACKED else alphabet)
    replaces = bool(fields.get("replace_if_present_flag"))
    return Order(source, terms, alphabet, content, text, excerpt, _reference(pdu), replaces)


def _terms(pdu: Pdu, now: Moment) -> Terms | Status:
    registered = pdu.fields["registered_delivery"]
    if "validity_period" not in pdu.fields:
        seconds = pdu.number(Tag.QOS_TIME_TO_LIVE) if pdu.tlvs else None
        return terms_of(registered, None, None if seconds is None else Moment(now + 1000 * seconds))
    timing = times.timing(pdu.fields, now)
    if isinstance(timing, Status):
        return timing
    return terms_of(registered, timing.schedule, timing.expiry)


@lru_cache(maxsize=4_096)
def _read(octets: bytes, alphabet: Alphabet) -> tuple[str, bytes]:
    return alphabets.decode(octets, alphabet), receipt_text(octets, alphabet)


def _reference(pdu: Pdu) -> str | None:
    """The peer's own reference: of 16 octets the UUID they are, so that it reads the same on every door."""
    value = pdu.tlv(Tag.CLIENT_REFERENCE) if pdu.tlvs else None
    if value is None:
        return None
    return str(UUID(bytes=value)) if len(value) == UUID_OCTETS else value.hex()
