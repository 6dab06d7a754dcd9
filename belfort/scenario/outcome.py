"""What became of a scenario, as plain data: it travels between processes and into the report page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from belfort.exits import Exit
from belfort.scenario.lanes import lane_of


class Verdict(Enum):
    """How a scenario ended."""

    PASSED = "passed"
    FAILED = "failed"
    WRONG = "wrong answer"
    TROUBLE = "trouble"
    SKIPPED = "skipped"

    @property
    def exit(self) -> Exit:
        return EXITS[self]


EXITS = {
    Verdict.PASSED: Exit.WELL,
    Verdict.FAILED: Exit.CHECK_FAILED,
    Verdict.WRONG: Exit.WRONG_ANSWER,
    Verdict.TROUBLE: Exit.ENVIRONMENT,
    Verdict.SKIPPED: Exit.WELL,
}


@dataclass(frozen=True, slots=True)
class Played:
    """One step that was played."""

    line: int
    column: int
    sentence: str
    saw: str
    fine: bool
    at: str = ""
    """The world's time afterwards."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One report beside the truth: the figures that were compared, reported and true."""

    title: str
    figures: Mapping[str, tuple[Any, Any]]

    @property
    def agrees(self) -> bool:
        return all(reported == true for reported, true in self.figures.values())


@dataclass(frozen=True, slots=True)
class Blamed:
    """Somebody behind a difference."""

    who: str
    request: str
    wrote: tuple[str, ...]
    meant: str
    should: str
    counted: str
    phenomenon: str = ""
    """What was hard about the reply."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person's message."""

    at: str
    who: str
    what: str
    detail: str = ""
    meant: str = ""
    """Of something written: the score, or what else it was."""


@dataclass(slots=True)
class Outcome:
    """One playing of a scenario."""

    title: str
    path: str
    node: str
    """How pytest names it."""
    story: str
    seed: int
    lane: int
    verdict: Verdict = Verdict.PASSED
    reason: str = ""
    """Why it was skipped, or what the trouble was."""
    steps: list[Played] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Sentences of the steps that were not reached."""
    expected: str = ""
    saw: str = ""
    line: int = 1
    column: int = 1
    compared: list[Beside] = field(default_factory=list)
    uncompared: int = 0
    """Reports that were not compared, since there were too many."""
    blamed: list[Blamed] = field(default_factory=list)
    unheard: int = 0
    events: list[Event] = field(default_factory=list)
    asked: int = 0
    seconds: float = 0.0
    options: dict[str, str] = field(default_factory=dict)
    """What else must be said to repeat it: a planted bug, somebody's harness."""

    @property
    def differing(self) -> list[Beside]:
        return [each for each in self.compared if not each.agrees]

    def reproduce(self) -> tuple[str, str]:
        """Two lines that play it again in the same way: the command, and pytest."""
        lane = {} if self.lane == lane_of(self.title) else {"lane": str(self.lane)}
        options = {"seed": str(self.seed), **lane, **self.options}
        said = " ".join(f"--{name} {shlex.quote(value)}" for name, value in options.items())
        asked = " ".join(f"--scenario-{name} {shlex.quote(value)}" for name, value in options.items())
        return f"belfort run {shlex.quote(self.node)} {said}", f"pytest {shlex.quote(self.node)} {asked}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict.value}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Outcome:
        """The outcome that `as_json` gave."""
        return cls(
            **{
                **told,
                "verdict": Verdict(told["verdict"]),
                "steps": [Played(**each) for each in told["steps"]],
                "compared": [_beside(each) for each in told["compared"]],
                "blamed": [Blamed(**{**each, "wrote": tuple(each["wrote"])}) for each in told["blamed"]],
                "events": [Event(**each) for each in told["events"]],
            }
        )


def _beside(told: Mapping[str, Any]) -> Beside:
    return Beside(told["title"], {name: (pair[0], pair[1]) for name, pair in told["figures"].items()})
