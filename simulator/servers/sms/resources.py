"""The ids under which calls can be asked for, and what the peer said and was told about their messages.

A call for one destination goes by its message's own id; only calls of several, refused ones, and call-back
data of its own need to be remembered, and the oldest of them is forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from simulator.wire import enco
from simulator.world import Accepted, Address, Botched, MessageId, Refusal, Refused, Status

KEEP = 200_000
FINAL = frozenset({Status.DELIVERED_TO_TERMINAL, Status.DELIVERY_IMPOSSIBLE, Status.ADDRESS_INVALID})

Result = Accepted | Refused | Botched
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Destination:
    """One address of a call: what the answer said of it, and its message if it was taken."""

    address: str
    status: Status
    message: MessageId | None = None


class Resources:
    """What the door remembers of calls. `base` is the path that ids are added to."""

    def __init__(self) -> None:
        self.base = ""
        self._serial = 0
        self._calls: OrderedDict[str, Sequence[Destination]] = OrderedDict()
        self._said: OrderedDict[MessageId, tuple[str | None, str]] = OrderedDict()
        self._told: OrderedDict[MessageId, Status] = OrderedDict()

    def clear(self) -> None:
        for kept in (self._calls, self._said, self._told):
            kept.clear()

    def url(self, identity: str) -> str:
        """Where the delivery of a call is asked for."""
        return f"{self.base}{enco.SMS}/outboundmessages/deliveryinfos/{identity}"

    def add(self, destinations: Sequence[Destination], outbound: enco.Outbound) -> str:
        """Remember a call as far as needed; returns its id."""
        only = destinations[0].message if len(destinations) == 1 else None
        if only is not None and outbound.callback_data == outbound.reference:
            return only
        identity: str = only or self._new(destinations)
        for each in destinations:
            if each.message is not None:
                _keep(self._said, each.message, (outbound.callback_data, identity))
        return identity

    def _new(self, destinations: Sequence[Destination]) -> str:
        self._serial += 1
        identity = f"c{self._serial:x}"
        _keep(self._calls, identity, destinations)
        return identity

    def destinations(self, identity: str) -> Sequence[Destination]:
        """The destinations of a call; what is not remembered is taken for the id of a message."""
        known = self._calls.get(identity)
        return known or [Destination("", Status.DELIVERY_UNCERTAIN, MessageId(identity))]

    def said(self, message: MessageId, reference: str | None) -> tuple[str | None, str]:
        """The call-back data to repeat, and the id of the call, for a message with that reference."""
        return self._said.get(message, (reference, message))

    def tell(self, message: MessageId, status: Status) -> bool:
        """The peer has read this status; True when it is a final one that it did not know."""
        if status not in FINAL or self._told.get(message) is status:
            return False
        _keep(self._told, message, status)
        return True


NOT_TAKEN = {
    Refusal.ADDRESS_INVALID: Status.ADDRESS_INVALID,
    Refusal.REJECTED: Status.DELIVERY_IMPOSSIBLE,
}
"""Refusals for good: they stand in the answer of a call that succeeds."""


def destination(address: Address, result: Result) -> Destination:
    """What the answer says of one address. A good number must read DeliveredToNetwork: real clients take any
    other word for a failure.
    """
    accepted = result.accepted if isinstance(result, Botched) else result
    if isinstance(accepted, Accepted):
        return Destination(address, accepted.status, accepted.message)
    if isinstance(accepted, Refused):
        return Destination(address, NOT_TAKEN.get(accepted.refusal, Status.DELIVERY_IMPOSSIBLE))
    return Destination(address, Status.DELIVERY_UNCERTAIN)


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    if len(kept) > KEEP:
        kept.popitem(last=False)
