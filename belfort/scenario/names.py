"""Whom and what a scenario talks about: people by name or number, groups of them, surveys by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from belfort.campaign import Customer
from belfort.customers import read_customers
from belfort.exits import Trouble
from belfort.scenario.marks import Mistakes, Place
from belfort.scenario.tree import Node
from belfort.scenario.values import Particular, Record, Scalar, Schema, Several, text, word

NUMBER = re.compile(r"[+0(].*|.*@.*", re.S)
"""What is a number or a mail address; everything else is a name."""
SLICE = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7}))?", re.ASCII)
FAMILY = re.compile(r"[0-9]{2}", re.ASCII)
EVERYONE = "everyone"
MOST_INHABITANTS = 100_000


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in the file."""

    name: str
    place: Place

    def __str__(self) -> str:
        return self.name

    @property
    def is_number(self) -> bool:
        return NUMBER.fullmatch(self.name) is not None

    @property
    def is_everyone(self) -> bool:
        return self.name == EVERYONE


@dataclass(frozen=True, slots=True)
class Mentions:
    """A kind of value: a name, kept with its place until it is known what there is to name."""

    about: str

    def read(self, node: Node, mistakes: Mistakes) -> Mention | None:
        name = text(self.about, 320).read(node, mistakes)
        return None if name is None else Mention(name, node.place)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


PERSON = Mentions("a person's name, a number such as +32 450 00 09 LL, or a mail address")
PEOPLE = Several(PERSON)
CHANNEL = word("SMS", "VOICE", "EMAIL")
SURVEY = Mentions("a survey's name")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a survey is sent to; exactly one of the ways is given."""

    people: tuple[Mention, ...] = ()
    inhabitants: tuple[int, int] | None = None
    """First and last, counted from 1."""
    family: tuple[str, ...] = ()
    customers: tuple[Customer, ...] = ()
    said: str = ""


def _slice(value: str) -> tuple[int, int]:
    found = SLICE.fullmatch(value.replace(",", "").replace("_", ""))
    if found is None:
        raise ValueError
    first, last = (int(found[1]), int(found[2])) if found[2] else (1, int(found[1]))
    if not 1 <= first <= last <= MOST_INHABITANTS:
        raise ValueError(f"from 1 to {MOST_INHABITANTS:,}")
    return first, last


def _family(value: str) -> str:
    if not FAMILY.fullmatch(value):
        raise ValueError
    return value


GROUPS = Record(
    "a group of people",
    (
        Particular(
            "inhabitants",
            Scalar(
                "how many, such as 1000, or which, such as 1001-2000", _slice, {"type": ["integer", "string"]}
            ),
            "ordinary people of the town, always the same ones, each asked in their own language",
        ),
        Particular(
            "family",
            Several(Scalar('a family of numbers such as "02"', _family, {"type": ["string", "integer"]})),
            "one of every number of these families (belfort numbers)",
        ),
        Particular(
            "customers",
            text("a CSV file beside this one"),
            "the rows of a customer file: destination, language, segments, referenceId",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Targets:
    """The kind of value behind `to` of a send."""

    @property
    def about(self) -> str:
        return "a person, a list of people, everyone, or a group: inhabitants, family, customers"

    def read(self, node: Node, mistakes: Mistakes) -> Target:
        if not isinstance(node.value, Mapping):
            people = tuple(each for each in PEOPLE.read(node, mistakes) if each is not None)
            return Target(people=people, said=listed(people))
        found = GROUPS.read(node, mistakes)
        if len(node.value) != 1:
            mistakes.note(node.place, "expected exactly one of inhabitants, family, customers")
        if found.get("customers"):
            found["customers"], found["said"] = _rows(found["customers"], node, mistakes)
        elif found:
            (kind, which), *_ = found.items()
            found["said"] = f"{kind} {_numbered(which)}"
        return Target(**found)

    def schema(self) -> Schema:
        return {"anyOf": [PEOPLE.schema(), GROUPS.schema()]}


def _rows(name: str, node: Node, mistakes: Mistakes) -> tuple[tuple[Customer, ...], str]:
    try:
        rows = tuple(read_customers(Path(node.place.file).parent / name))
    except Trouble as trouble:
        mistakes.note(node.place, str(trouble))
        return (), ""
    return rows, f"the {len(rows):,} customers of {name}"


def _numbered(which: Any) -> str:
    if isinstance(which, tuple) and len(which) == 2 and isinstance(which[0], int):
        return f"{which[0]:,} to {which[1]:,}"
    return ", ".join(map(str, which or ()))


def listed(names: tuple[Any, ...]) -> str:
    """`Lies, Tom and Ann`."""
    words = [str(name) for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
