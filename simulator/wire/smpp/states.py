"""Which PDU is allowed where: SMPP 3.4 §2.2 and the table of §2.3, from the message centre's side.

enquire_link is heard in every state that is not closed: real clients try a connection before they bind, and
5.0 allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from simulator.wire.smpp.pdu import Command


class State(Enum):
    """Where a session is, §2.2; `outbound` and `unbound` are 5.0's names for what 3.4 describes."""

    OPEN = "connected, not yet bound"
    OUTBOUND = "asked by outbind to bind as a receiver"
    BOUND_TX = "bound as transmitter"
    BOUND_RX = "bound as receiver"
    BOUND_TRX = "bound as transceiver"
    UNBOUND = "unbind was answered; the peer closes first"
    CLOSED = "over"


BINDS: Mapping[Command, State] = {
    Command.BIND_TRANSMITTER: State.BOUND_TX,
    Command.BIND_RECEIVER: State.BOUND_RX,
    Command.BIND_TRANSCEIVER: State.BOUND_TRX,
}
BOUND = frozenset(BINDS.values())

_LINK = frozenset({Command.UNBIND, Command.ENQUIRE_LINK})
_SENDING = frozenset(
    {
        Command.SUBMIT_SM,
        Command.SUBMIT_MULTI,
        Command.DATA_SM,
        Command.QUERY_SM,
        Command.CANCEL_SM,
        Command.REPLACE_SM,
    }
)
_RECEIVING = frozenset({Command.DELIVER_SM, Command.DATA_SM, Command.ALERT_NOTIFICATION})

HEARS: Mapping[State, frozenset[Command]] = {
    State.OPEN: frozenset(BINDS) | {Command.ENQUIRE_LINK},
    State.OUTBOUND: frozenset({Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER, Command.ENQUIRE_LINK}),
    State.BOUND_TX: _LINK | _SENDING,
    State.BOUND_RX: _LINK,
    State.BOUND_TRX: _LINK | _SENDING,
    State.UNBOUND: frozenset({Command.ENQUIRE_LINK}),
    State.CLOSED: frozenset(),
}
"""The requests an ESME may make."""

SAYS: Mapping[State, frozenset[Command]] = {
    State.OPEN: frozenset({Command.OUTBIND}),
    State.OUTBOUND: frozenset(),
    State.BOUND_TX: _LINK,
    State.BOUND_RX: _LINK | _RECEIVING,
    State.BOUND_TRX: _LINK | _RECEIVING,
    State.UNBOUND: frozenset(),
    State.CLOSED: frozenset(),
}
"""The requests a message centre may make."""
