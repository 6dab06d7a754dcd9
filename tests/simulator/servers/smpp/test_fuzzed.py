"""Damaged octets at the real door, session after session: every answer is well formed, others are served, and
what a session keeps stays bounded. `python -m tests.simulator.servers.smpp.test_fuzzed COUNT` throws more."""

from __future__ import annotations

import asyncio
import sys
import time
from random import Random

from simulator.wire.smpp.codec import Decoder
from simulator.wire.smpp.pdu import Command, Garbled
from tests.simulator.servers.smpp.centre import Centre, Esme, opened
from tests.simulator.wire.smpp import fuzz

AT_ONCE = 20


async def throw(centre: Centre, other: Esme, count: int, chance: Random) -> int:
    """So many inputs; returns how many sessions they cost."""
    corpus, sessions = fuzz.seeds(), 0
    while count > 0:
        sessions += 1
        esme = await centre.bound()
        count -= await _abuse(esme, corpus, chance, count)
        await esme.close()
        centre.esmes.remove(esme)
        assert (await other.ask(Command.ENQUIRE_LINK)).status == 0
    return sessions


async def _abuse(esme: Esme, corpus: list[bytes], chance: Random, count: int) -> int:
    """Until the door ends it; how many inputs that took."""
    thrown, decoder = 0, Decoder()
    while thrown < count:
        some = [fuzz.damaged(chance.choice(corpus), corpus, chance) for _ in range(AT_ONCE)]
        thrown += AT_ONCE
        try:
            await esme.raw(b"".join(some))
            data = await _answers(esme)
        except ConnectionError:
            return thrown
        assert not [each for each in decoder.feed(data) if isinstance(each, Garbled)]
        if not data:
            return thrown
    return thrown


async def _answers(esme: Esme) -> bytes:
    """What is there now, or comes soon; nothing when the door has closed or waits for the rest of a PDU."""
    try:
        async with asyncio.timeout(0.02):
            return await esme.reader.read(1 << 20)
    except TimeoutError:
        return b""


async def run(count: int, seed: int) -> tuple[int, int]:
    """Sessions, and entries of the journal that name what was wrong."""
    async with opened(bounds={"sessions": 100}) as centre:
        other = await centre.bound(name="other")
        sessions = await throw(centre, other, count, Random(seed))
        assert (await other.submit(registered_delivery=0)).status == 0
        await centre.wait(lambda: centre.door.connections == 1)
        return sessions, len(centre.malformed())


async def test_no_damaged_octets_break_the_door_or_harm_another_session():
    sessions, malformed = await run(3_000, seed=1)
    assert sessions > 10
    assert malformed > 100


def main() -> None:
    count, began = int(sys.argv[1]), time.monotonic()
    sessions, malformed = asyncio.run(run(count, seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    sys.stdout.write(f"{count} inputs, {sessions} sessions, {malformed} named in the journal, "
                     f"{time.monotonic() - began:.0f} s\n")  # fmt: skip


if __name__ == "__main__":
    main()
