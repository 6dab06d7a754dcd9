"""The furniture of a reply as lines: attribution, quote, signature, footer. Nothing here speaks of a score of
the writer's own; the digits in it (telephones, dates, the quoted scale) are there to be cut away.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from simulator.phrasebook.mail.manual import MANUALS, Manual
from simulator.phrasebook.phrase import Chance

WIDTH = 76
"""Mail programs break plain lines here (RFC 3676 §4.2)."""
QUOTED_LINES = 40
RULE = "_" * 32
STREETS = ("Kerkstraat", "Rue du Moulin", "Stationsstraat", "Avenue Louise", "Hauptstraße", "High Street")
COMPANIES = ("Janssens & Co", "Delvaux SPRL", "Maes Logistics", "Hofmann GmbH", "Wafels De Smet")


@dataclass(frozen=True, slots=True)
class Question:
    """The mail that is answered, as its reader sees it. `at` is local time."""

    name: str = field(repr=False)
    address: str
    to: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime

    @property
    def lines(self) -> list[str]:
        """What of it is quoted."""
        return self.text.split("\n")[:QUOTED_LINES]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who answers."""

    name: str = field(repr=False)
    place: str = field(repr=False)
    address: str
    language: str

    @property
    def manual(self) -> Manual:
        return MANUALS[self.language]


def attribution(question: Question, manual: Manual, client: str) -> str:
    """The line above a quote, as the client writes it."""
    at = question.at
    return manual.attributions[client].format(
        weekday=manual.weekdays[at.weekday()],
        day=at.day,
        month=manual.months[at.month - 1],
        year=at.year,
        dd=f"{at.day:02}",
        mm=f"{at.month:02}",
        time=f"{at:%H:%M}",
        name=question.name or question.address,
        address=question.address,
    )


def broken(line: str) -> list[str]:
    """A long line as plain text has it."""
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def marked(lines: Sequence[str]) -> list[str]:
    """Quoted lines behind their marks."""
    return [f"> {line}".rstrip(" ") for line in lines]


def head_of_quote(question: Question, manual: Manual) -> list[tuple[str, str]]:
    """Outlook's head: label and value."""
    at = question.at
    sent = f"{manual.weekdays[at.weekday()]} {at.day} {manual.months[at.month - 1]} {at.year} {at:%H:%M}"
    values = (f"{question.name} <{question.address}>".strip(), sent, question.to, question.subject)
    return list(zip(manual.labels, values, strict=True))


def signature(kind: str, writer: Writer, chance: Chance) -> list[str]:
    """The lines of a signature; none for `none`."""
    manual = writer.manual
    given = writer.name.split(" ")[0]
    if kind == "name":
        return [chance.choice(manual.closings), chance.choice((given, writer.name))]
    if kind == "dashed":
        return ["-- ", writer.name]
    phone = f"{chance.choice(manual.phones)} {telephone(chance)}"
    if kind == "card":
        street = f"{chance.choice(STREETS)} {1 + chance.randrange(180)}"
        return ["-- ", writer.name, f"{street}, {1000 + chance.randrange(8990)} {writer.place}", phone]
    if kind == "business":
        company = chance.choice(COMPANIES)
        site = "www." + "".join(filter(str.isalnum, company.lower())).replace("ß", "ss") + ".example"
        return [
            chance.choice(manual.closings),
            "",
            writer.name,
            f"{chance.choice(manual.jobs)} | {company}",
            f"{phone} | {site}",
            "",
            *broken(chance.choice(manual.disclaimers)),
        ]
    return []


def telephone(chance: Chance) -> str:
    """A Belgian number in one of the ways in which people write it."""
    pairs = [f"{chance.randrange(100):02}" for _ in range(3)]
    mobile, area = f"04{70 + chance.randrange(30)}", chance.choice(("02", "03", "04", "09"))
    return chance.choice(
        (
            f"{mobile} {' '.join(pairs)}",
            f"+32 {mobile[1:]} {' '.join(pairs)}",
            f"{mobile}/{'.'.join(pairs)}",
            f"{area} {200 + chance.randrange(700)} {' '.join(pairs[:2])}",
            f"+32 (0){area[1:]} {200 + chance.randrange(700)} {' '.join(pairs[:2])}",
        )
    )
