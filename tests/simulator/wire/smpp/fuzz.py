"""Throws damaged octets at all that reads them: `python -m tests.simulator.wire.smpp.fuzz COUNT [SEED]`.

Coverage-guided without a compiler: inputs that lead to an outcome not seen before (command, status, reason
without its numbers, kinds of values) join the corpus that is damaged further. Every input must give PDUs or
protocol errors, the same when cut in two, the hot readers must agree with the tables, what is read must be
written again and read alike, and what carries a message must have a content and a text.
"""

from __future__ import annotations

import re
import struct
import sys
import time
from random import Random

from simulator.wire.smpp import alphabets, hot, parts, times
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.codec import MOST_OCTETS, Decoder, encode
from simulator.wire.smpp.layout import LAYOUTS, SIZES, Kind
from simulator.wire.smpp.pdu import ANSWER, Command, Destination, Garbled, Pdu, Tlv, Unsuccess, nack
from simulator.wire.smpp.reading import Malformed, read_body
from simulator.wire.smpp.session import Session, Wrong
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.timers import Timers
from simulator.wire.smpp.writing import write

MOST_CORPUS = 4_000
EDGES = [0, 1, 2, 3, 4, 5, 15, 16, 17, 20, 21, 22, 64, 65, 127, 128, 254, 255]
TIMERS = Timers()


def seeds() -> list[bytes]:
    """One PDU of each command with something in every field, and each again with every parameter."""
    full = {
        Kind.INTEGER: 1,
        Kind.STRING: b"1",
        Kind.TIME: b"000001000000000R",
        Kind.MESSAGE: b"\5\0\3\xcc\2\1Hi",
        Kind.DESTINATIONS: (Destination(1, 1, b"32470"), Destination(0, 0, b"", b"friends")),
        Kind.UNSUCCESSES: (Unsuccess(1, 1, b"32470", 11),),
    }
    tlvs = tuple(Tlv(tag, b"\1" * max(1, fewest)) for tag, (fewest, _) in SIZES.items())
    found = []
    for command, layout in LAYOUTS.items():
        fields = {each.name: full[each.kind] for each in layout}
        found += [write(Pdu(command, 0, 1, fields)), write(Pdu(command, 0, 1, fields, tlvs))]
    return found


def damaged(octets: bytes, others: list[bytes], chance: Random) -> bytes:
    """`octets` after one to four accidents; its command_length mended three times out of four."""
    found = bytearray(octets)
    for _ in range(chance.randint(1, 4)):
        chance.choice(ACCIDENTS)(found, others, chance)
    if len(found) >= 4 and chance.random() < 0.75:
        found[:4] = struct.pack(">I", len(found))
    return bytes(found[:2_000])


def _set(found: bytearray, others: list[bytes], chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.choice(EDGES)


def _flip(found: bytearray, others: list[bytes], chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)


def _cut(found: bytearray, others: list[bytes], chance: Random) -> None:
    start = chance.randint(0, len(found))
    del found[start : start + chance.choice(EDGES)]


def _insert(found: bytearray, others: list[bytes], chance: Random) -> None:
    place = chance.randint(0, len(found))
    found[place:place] = chance.randbytes(chance.choice(EDGES[:12]))


def _end(found: bytearray, others: list[bytes], chance: Random) -> None:
    del found[chance.randint(0, len(found)) :]


def _splice(found: bytearray, others: list[bytes], chance: Random) -> None:
    other = chance.choice(others)
    start = chance.randint(0, len(other))
    place = chance.randint(0, len(found))
    found[place:] = other[start:]


def _command(found: bytearray, others: list[bytes], chance: Random) -> None:
    found[4:8] = struct.pack(">I", chance.choice(list(Command)))


def _after(found: bytearray, others: list[bytes], chance: Random) -> None:
    found += chance.choice(others)


ACCIDENTS = (_set, _set, _flip, _cut, _insert, _end, _splice, _command, _after)


def check(octets: bytes, chance: Random) -> tuple[str, ...]:
    """What came of it; AssertionError when a promise was broken."""
    decoder = Decoder()
    found = decoder.feed(octets)
    assert decoder.waiting <= min(len(octets), MOST_OCTETS)
    cut, again = chance.randint(0, len(octets)), Decoder()
    assert again.feed(octets[:cut]) + again.feed(octets[cut:]) == found
    session = Session(0.0, TIMERS)
    session.bind(Command.BIND_TRANSCEIVER, 0.0)
    return tuple(_garbled(each) if isinstance(each, Garbled) else _pdu(each, session) for each in found)


def _garbled(found: Garbled) -> str:
    told = nack(found)
    if told is not None:
        assert len(encode(told)) == 16
    command = 0 if found.status is Status.RINVCMDID else found.command_id
    return f"{command}:{found.status}:{re.sub('[0-9A-F]+', '', found.reason)}"


def _pdu(pdu: Pdu, session: Session) -> str:
    _agree(pdu)
    written = encode(pdu)
    (read,) = Decoder().feed(written)
    assert isinstance(read, Pdu)
    assert read._replace(raw=b"") == pdu._replace(raw=b"")
    heard = session.hear(pdu, 0.0)
    if isinstance(heard, Wrong):
        encode(heard.answer)
    if pdu.command & ANSWER or "esm_class" not in pdu.fields:
        return f"{pdu.command}:{len(pdu.fields)}:{len(pdu.tlvs)}"
    return f"{pdu.command}:{len(pdu.tlvs)}:{_message(pdu)}"


def _agree(pdu: Pdu) -> None:
    if pdu.command not in hot.READERS:
        return
    body = hot.READERS[pdu.command][1](pdu.raw)
    try:
        assert body is None or body == read_body(pdu.command, pdu.raw)
    except Malformed as wrong:
        raise AssertionError("the hot reader takes what the tables refuse") from wrong


def _message(pdu: Pdu) -> str:
    content = parts.content(pdu)
    alphabet = alphabets.alphabet_of(pdu.fields["data_coding"]) or Alphabet.BINARY
    alphabets.decode(parts.text_octets(content, alphabet), alphabet).encode()
    alphabets.decode(parts.text_octets(content, Alphabet.PACKED), Alphabet.GSM).encode()
    told = times.timing(pdu.fields, 0) if "validity_period" in pdu.fields else None
    return f"{alphabet.name}:{content.piece is None}:{len(content.header) > 0}:{told is None}"


def run(count: int, seed: int) -> tuple[int, int]:
    """Inputs tried, and outcomes seen."""
    chance, corpus = Random(seed), seeds()
    outcomes: set[tuple[str, ...]] = set()
    for _ in range(count):
        octets = damaged(chance.choice(corpus), corpus, chance)
        outcome = check(octets, chance)
        if outcome not in outcomes:
            outcomes.add(outcome)
            if len(corpus) < MOST_CORPUS:
                corpus.append(octets)
    return count, len(outcomes)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began = time.monotonic()
    tried, outcomes = run(count, seed)
    sys.stdout.write(
        f"{tried} inputs, {outcomes} different outcomes, nothing but PDUs and protocol errors, "
        f"{time.monotonic() - began:.0f} s, seed {seed}\n"
    )


if __name__ == "__main__":
    main()
