"""PDUs that Hypothesis makes from the layouts, and the stray ones it cannot."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from simulator.wire.smpp.layout import LAYOUTS, SIZES, Field, Kind
from simulator.wire.smpp.pdu import ANSWER, Command, Destination, Pdu, Tlv, Unsuccess

OCTET = st.integers(0, 255)
SEQUENCE = st.integers(0, 0xFFFFFFFF)
COMMANDS = st.sampled_from(list(Command))


def string(most: int, least: int = 0):
    """Octets without NUL."""
    return st.lists(st.integers(1, 255), min_size=least, max_size=most).map(bytes)


DESTINATIONS = st.one_of(
    st.builds(Destination, OCTET, OCTET, string(20), st.just(b"")),
    st.builds(Destination, st.just(0), st.just(0), st.just(b""), string(20, 1)),
)
UNSUCCESSES = st.builds(Unsuccess, OCTET, OCTET, string(20), SEQUENCE)


def value(field: Field) -> st.SearchStrategy[Any]:
    return {
        Kind.INTEGER: lambda: st.integers(0, 256**field.size - 1),
        Kind.STRING: lambda: string(field.size - 1),
        Kind.TIME: lambda: st.one_of(st.just(b""), string(field.size - 1, field.size - 1)),
        Kind.MESSAGE: lambda: st.binary(max_size=field.size),
        Kind.DESTINATIONS: lambda: st.lists(DESTINATIONS, min_size=1, max_size=4).map(tuple),
        Kind.UNSUCCESSES: lambda: st.lists(UNSUCCESSES, max_size=4).map(tuple),
    }[field.kind]()


def _tlv(tag: int) -> st.SearchStrategy[Tlv]:
    fewest, most = SIZES.get(tag, (0, 40))
    return st.binary(min_size=fewest, max_size=min(most, 300)).map(lambda octets: Tlv(tag, octets))


TLVS = st.one_of(st.sampled_from(sorted(SIZES)), st.integers(0, 0xFFFF)).flatmap(_tlv)


@st.composite
def pdus(draw: st.DrawFn, commands: st.SearchStrategy[Command] = COMMANDS) -> Pdu:
    """A PDU whose every field is within its layout."""
    command = draw(commands)
    status, sequence = draw(SEQUENCE), draw(SEQUENCE)
    if command & ANSWER and draw(st.booleans()):
        return Pdu(command, status, sequence, {})
    fields = {each.name: draw(value(each)) for each in LAYOUTS[command]}
    return Pdu(command, status, sequence, fields, tuple(draw(st.lists(TLVS, max_size=4))))


def bare(pdu: Pdu) -> Pdu:
    """Without the octets it was read from."""
    return pdu._replace(raw=b"")
