"""A scenario in plain words, for those who want to know before they run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from belfort.scenario.case import Case
from belfort.scenario.names import listed
from belfort.scenario.values import spoken


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


def _behaviour(told: Mapping[str, Any]) -> str:
    """How somebody behaves, as the story says."""
    parts = [f"speaks {told['language']}"] if "language" in told else []
    parts += [_said(each) for each in told.get("says", ())]
    parts += [f"takes {spoken(told['after'])} to answer"] if "after" in told else []
    parts += [f"is met with: {listed(told['fails'])}"] if "fails" in told else []
    return "".join(f"; {part}" for part in parts)


def _said(each: int | Mapping[str, Any]) -> str:
    if not isinstance(each, Mapping):
        return f"writes {each}"
    later = f" after {spoken(each['after'])}" if "after" in each else ""
    return f"writes “{each['text']}”{later}, meaning {each['means'].replace('_', ' ')}"
