"""The people of a scenario: their names, their numbers in this run's lane, how they behave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from belfort.scenario.lanes import addresses, known_as
from belfort.scenario.marks import Place
from belfort.scenario.names import Mention
from belfort.scenario.values import (
    DURATIONS,
    LANGUAGES,
    Either,
    Particular,
    Record,
    Several,
    spoken,
    text,
    whole,
    word,
)

VERDICTS = ("opt_out", "empty", "other_scale", "ambiguous", "not_integer", "out_of_range", "no_score")
"""The bad verdicts of the reply rules, worst first."""
FATES = ("delivered", "absent", "unknown", "barred")
FAILS = ("rejected", "throttled", "queue full", "unavailable", "times out", "cut after accepting")

MEANT = word(*map(str, range(11)), *VERDICTS)
SAID = Either(
    whole(0, 10, "a score from 0 to 10"),
    Record(
        "what is written and what it means",
        (
            Particular("text", text("what is written", 1_600, least=0), "the reply", needed=True),
            Particular("means", MEANT, "the score that is meant, or why it is none", needed=True),
            Particular("after", DURATIONS, "how long after the question"),
        ),
    ),
)
BEHAVIOUR = Record(
    "a number and how its owner behaves",
    (
        Particular("number", text("a number or a mail address", 320), "where they are reached", needed=True),
        Particular("language", LANGUAGES, "what they speak"),
        Particular("says", Several(SAID, 20), "what they answer, in turn"),
        Particular("after", DURATIONS, "how long after the question the first answer comes"),
        Particular("fails", Several(word(*FAILS), 20), "what tries to reach them meet"),
    ),
)
PERSON_OF_CAST = Either(text("a number such as +32 450 00 09 LL", 320), BEHAVIOUR)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name in the story."""

    name: str
    pattern: str
    place: Place
    behaviour: Mapping[str, Any] = field(default_factory=dict)

    def sheet(self) -> dict[str, Any]:
        """How they behave, as the control API takes it: the words of people.yaml."""
        told: dict[str, Any] = {}
        for key, value in self.behaviour.items():
            told[key] = spoken(value) if key == "after" else _plain(value)
        return told


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    said: dict[str, Any] = {"text": value["text"], **meaning(value["means"])}
    return said | ({"after": spoken(value["after"])} if "after" in value else {})


def meaning(means: str) -> dict[str, Any]:
    """A score or a verdict, as the control API takes it."""
    return {"score": int(means)} if means.isdigit() else {"meaning": means}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody with a name, in one lane."""

    people: Mapping[str, Person]
    lane: int

    def address(self, who: Mention | Person) -> str:
        """The number of somebody mentioned by name or by number."""
        if isinstance(who, Mention):
            known = self.people.get(who.name)
            return addresses(known.pattern if known else who.name, self.lane)
        return addresses(who.pattern, self.lane)

    def addresses(self, who: Sequence[Mention]) -> list[str]:
        """The numbers of those mentioned, each once; `everyone` is everybody with a name."""
        people: Iterable[Mention | Person] = who
        if any(each.is_everyone for each in who):
            people = self.people.values()
        return list(dict.fromkeys(self.address(each) for each in people))

    def name(self, address: str) -> str | None:
        """Who lives there, if they have a name."""
        for person in self.people.values():
            if known_as(self.address(person)) == known_as(address):
                return person.name
        return None
