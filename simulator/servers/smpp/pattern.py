"""What the ordinary submit_sm of a session have in common: every octet but the receiver and the text.

The first message of a pattern is read and judged by the tables (`orders`); of those that follow only the
places are looked at where they differ. Ordinary means: a submit_sm without optional parameters but for a
reference of the client's own, without times, not a part of anything, not asking to replace, in an alphabet of
whole octets. Everything else has no pattern, and goes the general way.
"""

from __future__ import annotations

from simulator.delivery import Message
from simulator.servers.smpp import orders
from simulator.servers.smpp.numbers import Party
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.orders import UUID_OCTETS, Order
from simulator.servers.smpp.outgoing import SHORT_NUMBER, receipt_text
from simulator.servers.smpp.slips import Slip
from simulator.wire.smpp import alphabets
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.codec import Decoder
from simulator.wire.smpp.gsm0338 import ESCAPE
from simulator.wire.smpp.layout import Tag
from simulator.wire.smpp.parts import UDHI
from simulator.wire.smpp.pdu import Command, Pdu
from simulator.wire.smpp.receipt import TEXT_KEPT
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER
from simulator.world import Channel, Moment, Submission

TAIL = 9
"""Octets between the receiver's NUL and sm_length: esm_class to sm_default_msg_id with both times empty."""
TEXT = TAIL + 2
"""From the receiver's NUL to the text."""
_PER_OCTET = (Alphabet.GSM, Alphabet.ASCII, Alphabet.LATIN_1, Alphabet.BINARY)
_ESCAPE = bytes((ESCAPE,))
_REFERENCE = Tag.CLIENT_REFERENCE.to_bytes(2, "big") + UUID_OCTETS.to_bytes(2, "big")
_ANYBODY = b"32450030001"


class Pattern:
    """Where the places are, and what everything else says."""

    __slots__ = (
        "_excerpts", "account", "alphabet", "answers_to", "back", "prefix", "sender", "source", "tail",
        "terms",
    )  # fmt: skip

    def __init__(self, order: Order, account: str, short_number: str, raw: bytes, source: int) -> None:
        """`source` is where the NUL of the sender's address stands in `raw`."""
        service = raw.index(0, 16)
        target = raw.index(0, source + 3)
        self.account, self.alphabet, self.terms, self.source = account, order.alphabet, order.terms, source
        self.sender = order.source.address.decode("latin-1") or short_number
        self.prefix, self.tail = raw[16 : source + 3], raw[target + 1 : target + 1 + TAIL]
        self.back = raw[service + 1 : source + 1]
        """The sender with type and plan, as a receipt is addressed,"""
        own = bytes((SHORT_NUMBER.ton, SHORT_NUMBER.npi)) + short_number.encode("ascii", "replace") + b"\0"
        self.answers_to = self.back if order.source.address else own
        """and as replies are."""
        self._excerpts = _EXCERPTS.get(order.alphabet)

    def target(self, raw: bytes) -> int:
        """Where the receiver's NUL stands."""
        return raw.index(0, self.source + 3)

    def excerpt(self, octets: bytes) -> bytes:
        """How a receipt repeats a text."""
        kept = octets[: 4 * TEXT_KEPT]
        if self._excerpts is None or _ESCAPE in kept:
            return receipt_text(kept, self.alphabet)
        return kept[:TEXT_KEPT].translate(self._excerpts)

    def submission(self, message: Message) -> Submission:
        """The message as any door would have handed it in."""
        raw = message.raw
        target = self.target(raw)
        start = target + TEXT
        stop = start + raw[start - 1]
        octets = raw[start:stop]
        own = self.source + 1
        source = Party(self.back[0], self.back[1], self.back[2:-1])
        destination = Party(raw[own], raw[own + 1], raw[own + 2 : target])
        text = alphabets.decode(octets, self.alphabet)
        excerpt = self.excerpt(octets)
        slip = Slip(source, destination, excerpt, message.at, self.terms, self.alphabet)
        reference = reference_at(raw, stop)
        return Submission(
            self.account, Channel.SMS, message.to, self.sender, text, reference, self.terms, slip
        )

    def reference(self, message: Message) -> str | None:
        """The client's own, if it gave one."""
        raw = message.raw
        start = self.target(raw) + TEXT
        return reference_at(raw, start + raw[start - 1])


def reference_at(raw: bytes, at: int) -> str | None:
    """The client's own reference, when it is all that stands from `at` on, as `orders` reads it."""
    if raw[at : at + 4] != _REFERENCE or len(raw) != at + 4 + UUID_OCTETS:
        return None
    told = raw[at + 4 :].hex()
    return f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"


def pattern_of(raw: bytes, account: str, now: Moment, options: Options) -> Pattern | None:
    """The pattern of a whole submit_sm; None when it is not ordinary.

    It is judged with a receiver and a text of our own, so that what is wrong with this one message is not
    held against all of its pattern.
    """
    source = raw.find(0, raw.find(0, 16) + 3)
    target = raw.find(0, source + 3)
    if source < 0 or target < 0:
        return None
    body = raw[16 : source + 3] + _ANYBODY + raw[target : target + 1 + TAIL] + b"\0"
    raw = HEADER.pack(HEADER.size + len(body), Command.SUBMIT_SM, 0, 1) + body
    read = Decoder(len(raw)).feed(raw)
    if len(read) != 1 or not isinstance(pdu := read[0], Pdu) or pdu.command is not Command.SUBMIT_SM:
        return None
    fields = pdu.fields
    if pdu.tlvs or fields["schedule_delivery_time"] or fields["validity_period"]:
        return None
    order = orders.read(pdu, now, options.alphabet)
    if isinstance(order, Status) or order.replaces or fields["esm_class"] & UDHI:
        return None
    if order.alphabet is Alphabet.PACKED:
        return None
    return Pattern(order, account, options.short_number, raw, source)


def _excerpts(alphabet: Alphabet) -> bytes:
    """What each octet becomes in a receipt."""
    return b"".join(receipt_text(bytes((each,)), alphabet)[:1] or b"?" for each in range(256))


_EXCERPTS = {each: _excerpts(each) for each in _PER_OCTET}
