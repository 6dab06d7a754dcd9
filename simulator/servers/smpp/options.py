"""What the SMPP door is told before it opens."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.parts import Way
from simulator.wire.smpp.receipt import STANDARD, Dialect
from simulator.wire.smpp.timers import Timers

DOOR = "smpp"
"""What the journal, the meters and the faults call it."""


USUAL_TIMERS = Timers()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the door bears. Seconds are this machine's, unless the world's are named."""

    connections: int = 4_096
    sessions: int = 1_000
    """Of one account."""
    window: int = 1_000
    """PDUs of one session that wait for an answer, each way."""
    pdu_octets: int = 65_536
    write_octets: int = 1_048_576
    """Answers a peer has not read; beyond these nothing more is read from it,"""
    write_deadline: float = 30.0
    """and after so long it is cut off."""
    failed_binds: int = 10
    waiting: int = 100_000
    """Reports and parts of replies that wait for one account."""
    behind: int = 10_000
    """More of these, and answers to ordinary submissions are held back,"""
    hold: float = 1.0
    """for so long at most."""
    parts_age: float = 3_600.0
    """World seconds in which the parts of a long message come."""
    give_up: float = 86_400.0
    """World seconds after which what is never acknowledged is lost."""


@dataclass(frozen=True, slots=True)
class Options:
    """Everything but the world itself."""

    accounts: Mapping[str, str] = field(repr=False)
    """Each system_id with its password."""
    short_number: str = "8937"
    """Where messages without a source address come from."""
    dialect: Dialect = STANDARD
    """How receipts are written."""
    alphabet: Alphabet = Alphabet.GSM
    """What data_coding 0 means."""
    way: Way = Way.UDH_8
    """How long replies are cut."""
    timers: Timers = USUAL_TIMERS
    bounds: Bounds = Bounds()
    keep_pdus: bool = True
    """Whether the journal gets every PDU."""
    tls: ssl.SSLContext | None = None
