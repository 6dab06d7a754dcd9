"""A scenario in plain words, for those who want to know before they run it."""

from __future__ import annotations

from collections.abc import Iterator

from belfort.scenario.scenario import Case


def explain(case: Case) -> str:
    """The story, the people and every step, with the line each stands on."""
    return "\n".join(_lines(case))


def _lines(case: Case) -> Iterator[str]:
    yield f"{case.title}: {case.story}"
    for person in case.people.values():
        yield f"  {person.name} is reached at {person.pattern}{_behaviour(person.behaviour)}"
    for name, value in case.settings.items():
        yield f"  {name.replace('_', ' ')}: {value}"
    for number, step in enumerate(case.steps, 1):
        yield f"{number:4}. {step.sentence()}  (line {step.place.line})"
    yield f"{len(case.steps) + 1:4}. Every report that was used is compared with the truth."


def _behaviour(behaviour: object) -> str:
    return ", and behaves as the story says" if behaviour else ""
