"""What the door remembers of a message it took: under which id, from and to which addresses, and what the
peer wants to hear of it. It travels with the message, so that it lives exactly as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from simulator.servers.smpp.numbers import Party
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.receipt import MessageState
from simulator.world import Address, Cause, Moment, Terms, Wish

if TYPE_CHECKING:
    from simulator.servers.smpp.orders import Order

WISHES = (Wish.NONE, Wish.ALL, Wish.FAILURE, Wish.SUCCESS)
"""registered_delivery, bits 0 and 1 (§5.2.17; the last is 5.0's)."""
INTERIM = 0x10
"""Bit 4: intermediate notification requested."""
STAGE = "smpp"


class Slip:
    """One submit_sm (or one destination of a submit_multi) that was taken."""

    __slots__ = ("alphabet", "at", "destination", "id", "source", "terms", "text")

    def __init__(
        self,
        source: Party,
        destination: Party,
        text: bytes,
        at: Moment,
        terms: Terms,
        alphabet: Alphabet,
        identity: str = "",
    ) -> None:
        self.source, self.destination, self.text, self.at = source, destination, text, at
        self.terms, self.alphabet, self.id = terms, alphabet, identity


class Whole:
    """A long message: the slips of its parts."""

    __slots__ = ("slips",)

    def __init__(self, slips: list[Slip]) -> None:
        self.slips = slips


class PartSlip(NamedTuple):
    """A part that waits for the others of its message."""

    slip: Slip
    order: Order
    account: str
    to: Address


def slips_of(slip: object) -> list[Slip]:
    """One, several, or none when another door took the message."""
    if isinstance(slip, Slip):
        return [slip]
    return slip.slips if isinstance(slip, Whole) else []


def terms_of(registered: int, not_before: Moment | None = None, expires: Moment | None = None) -> Terms:
    """What registered_delivery and the two times ask for."""
    if not_before is None and expires is None:
        return _USUAL[registered & 0x1F]
    usual = _USUAL[registered & 0x1F]
    return Terms(STAGE, usual.reports, usual.interim, not_before, expires)


_USUAL: Mapping[int, Terms] = {
    each: Terms(STAGE, WISHES[each & 0x03], bool(each & INTERIM)) for each in range(0x20)
}


def state_of(cause: Cause | None) -> MessageState:
    """message_state; without a cause the message is on its way."""
    return MessageState.ENROUTE if cause is None else MessageState(cause.message_state)
