"""Replies written a second by the phrasebook, and submissions that the carrier decides and brings to their
end: one core, no sockets.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.figure import Figure, rate
from simulator.carrier import Carrier
from simulator.clock import Clock, Mode, Moment, Streams
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal
from simulator.people.population import INSTANT, Population
from simulator.people.town import Town
from simulator.phrasebook.habits import SHARES
from simulator.phrasebook.phrase import LANGUAGES
from simulator.phrasebook.writer import write
from simulator.truth import Ledger
from simulator.world import Address, Channel, ReplyOut, ReportOut, Submission

WRITTEN, SUBMITTED = 20_000, 3_000
NOON = Moment(1_700_046_000_000)
QUESTION = "Van 0 tot 10, hoe waarschijnlijk is het dat u ons aanbeveelt?"


def measure(scale: float) -> list[Figure]:
    """Texts alone; messages decided; messages with their reports and replies handed out."""
    written, submitted = round(WRITTEN * scale), round(SUBMITTED * scale)
    everybody = replace(INSTANT, answer_rate=1.0)
    return [
        rate("replies written by the phrasebook, everyday mix", written, lambda: _write(written)),
        rate("submissions decided by the carrier, profile instant", submitted, lambda: _decide(submitted)),
        rate(
            "the same, report and reply handed out, truth kept, everybody answers",
            submitted,
            lambda: asyncio.run(_bring_to_an_end(submitted, everybody)),
        ),
    ]


def everyday_replies(count: int) -> Iterator[tuple[str, str]]:
    """Texts and the languages of their questions."""
    chance = random.Random(1)
    for kind in chance.choices(SHARES, [kind.share for kind in SHARES], k=count):
        language = chance.choice(LANGUAGES)
        said = write(
            language=language,
            habit=kind.habit,
            meaning=kind.meaning,
            score=chance.randrange(11),
            chance=chance,
            asked=language,
        )
        yield said.text, language


def _write(count: int) -> None:
    for _ in everyday_replies(count):
        pass


class _Door:
    """Takes everything at once."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def report(self, report: ReportOut) -> None:
        self._carrier.handed_report(report)

    def reply(self, reply: ReplyOut) -> None:
        self._carrier.handed_reply(reply)


def _world(clock: Clock, population: Population) -> Carrier:
    streams, journal = Streams(1), Journal(clock, keep=200_000)
    journal.listen(Ledger())
    carrier = Carrier(clock, Town(streams, population), journal, FaultDesk(clock, streams, journal))
    carrier.attach(Channel.SMS, _Door(carrier))
    return carrier


def _submit_all(carrier: Carrier, count: int) -> None:
    for place in range(count):
        to = Address(f"+32475{place:06d}")
        carrier.submit(Submission("bench", Channel.SMS, to, "8937", QUESTION, f"reference {place}"))


def _decide(count: int) -> None:
    _submit_all(_world(Clock(Mode.FROZEN, start=NOON), INSTANT), count)


async def _bring_to_an_end(count: int, population: Population) -> None:
    clock = Clock(Mode.AUTO, start=NOON)
    _submit_all(_world(clock, population), count)
    await clock.drain()
    clock.close()
