"""One playing of a scenario, and what must hold of it as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from belfort.scenario import SUFFIX
from belfort.scenario.asking import CreateSurvey, DeleteSurvey, Send
from belfort.scenario.cast import Person
from belfort.scenario.lanes import LANE, known_as
from belfort.scenario.marks import Mistakes, shown, suggestion
from belfort.scenario.moving import Advance
from belfort.scenario.names import EVERYONE, Mention
from belfort.scenario.reporting import ALL_SURVEYS
from belfort.scenario.steps import PROCESS, Step

MAKE_ONE = "make one with create_survey"
NAME_THEM = "give names under `people`, or write a number such as +32 450 00 09 LL"
NO_COMMON_CLOCK = (
    "advance and restart do not go together: a service that is a process of its own keeps its own clock; "
    "use the profile instant, and expect … within"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One playing of a scenario: the whole of it, or one row of its table."""

    path: Path
    name: str
    """The row's name; empty if there is no table."""
    story: str
    seed: int | None
    people: Mapping[str, Person]
    settings: Mapping[str, str]
    steps: Sequence[Step]

    @property
    def title(self) -> str:
        """`first_steps`, `languages[nl]`."""
        stem = self.path.name.removesuffix(SUFFIX)
        return f"{stem}[{self.name}]" if self.name else stem

    def own_seed(self) -> int:
        """The seed it is played with if nobody says another."""
        if self.seed is not None:
            return self.seed
        return int.from_bytes(hashlib.sha256(self.title.encode()).digest()[:4])

    def takes(self) -> frozenset[str]:
        """What of a harness it needs for itself."""
        return frozenset().union(*(step.takes() for step in self.steps))

    def numbers(self) -> list[str]:
        """The numbers of a lane that it writes to, with `LL` for it."""
        found = [person.pattern for person in self.people.values()]
        for step in self.steps:
            found += [each.name for each in step.people() if each.is_number]
            if isinstance(step, Send):
                found += [_first_of(each, step.channel) for each in step.to.family]
        return [number for number in found if LANE in number]

    def inhabitants(self) -> list[tuple[int, str]]:
        """The first of each group of ordinary people that it writes to, counted from 1, and the channel."""
        sends = [step for step in self.steps if isinstance(step, Send)]
        return [(step.to.inhabitants[0], step.channel) for step in sends if step.to.inhabitants is not None]


def _first_of(family: str, channel: str) -> str:
    """One of a family, as they are reached by that channel."""
    return f"f{family}p01.l{LANE}@belfort.test" if channel == "EMAIL" else f"+32450{family}01{LANE}"


def check(case: Case, mistakes: Mistakes) -> None:
    """Note what no single step can know to be wrong."""
    _check_numbers(case, mistakes)
    _check_names(case, mistakes)


def _check_numbers(case: Case, mistakes: Mistakes) -> None:
    """Nobody has two names: it could not be told whom a message went to, nor whose behaviour holds."""
    known: dict[str, str] = {}
    for person in case.people.values():
        number = known_as(person.pattern)
        if number in known:
            mistakes.note(person.place, f"{person.name} has the number of {known[number]}; give them another")
        known.setdefault(number, person.name)


def _check_names(case: Case, mistakes: Mistakes) -> None:
    """Whoever is mentioned must be known, and each survey made before it is used."""
    made: dict[str, None] = {}
    deleted: set[str] = set()
    for step in case.steps:
        for mention in step.surveys():
            if mention.name not in made and not mistakes.found:
                known = suggestion(mention.name, (*made, ALL_SURVEYS)) if made else MAKE_ONE
                mistakes.note(mention.place, f"no survey {shown(mention.name)} was made before; {known}")
        for mention in step.people():
            if not _is_known(mention, case):
                known = suggestion(mention.name, (*case.people, EVERYONE)) if case.people else NAME_THEM
                mistakes.note(mention.place, f"who is {shown(mention.name)}? {known}")
        if isinstance(step, CreateSurvey):
            if step.name in made and step.name not in deleted:
                mistakes.note(
                    step.place, f"a survey {shown(step.name)} was made before; give this one another name"
                )
            made[step.name] = None
        if isinstance(step, DeleteSurvey):
            deleted.add(step.survey.name)
        if isinstance(step, Advance) and PROCESS in case.takes():
            mistakes.note(step.place, NO_COMMON_CLOCK)


def _is_known(mention: Mention, case: Case) -> bool:
    return mention.is_number or mention.name in case.people or (mention.is_everyone and bool(case.people))
