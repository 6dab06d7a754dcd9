"""What every step of a scenario is: a place in the file, a sentence that says it, and the deed itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfort.scenario.marks import Place
from belfort.scenario.names import Mention
from belfort.scenario.values import Kind, Particular

if TYPE_CHECKING:
    from belfort.scenario.stage import Stage


WORLD, WAITS, PROCESS, FILES, NEIGHBOUR, DATE = "world", "waits", "process", "files", "neighbour", "date"
"""What a step may take of a harness for itself: the world that everybody in it shares, which a wait takes as
well where the clock stands still; the service's process, its files, the second account, or the date, which
never comes back.
"""


class Unmet(Exception):
    """A step did not see what the scenario says it would."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}; saw {seen}")
        self.expected, self.seen = expected, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; subclasses hold what the scenario says about it."""

    place: Place

    def sentence(self) -> str:
        """The step in plain words."""
        raise NotImplementedError

    async def play(self, stage: Stage) -> str:
        """Do it, and say in a few words what was seen. `Unmet` if that is not what was to be seen."""
        raise NotImplementedError

    def takes(self) -> frozenset[str]:
        """What of the harness it takes for itself."""
        return frozenset()

    def complaint(self) -> str | None:
        """What is wrong with its particulars taken together, if anything."""
        return None

    def people(self) -> Sequence[Mention]:
        """Whom it mentions."""
        return ()

    def surveys(self) -> Sequence[Mention]:
        """Which surveys it mentions."""
        return ()


@dataclass(frozen=True, slots=True)
class Verb:
    """One word of the language: what stands behind it, what may stand beside it, what it does."""

    name: str
    about: str
    object: Particular
    """What stands directly behind the verb; its key is the verb's name."""
    particulars: tuple[Particular, ...]
    step: type[Step]

    @property
    def members(self) -> tuple[Particular, ...]:
        return (self.object, *self.particulars)


def verb(name: str, about: str, step: type[Step], behind: tuple[str, Kind, str], *more: Particular) -> Verb:
    """A verb; `behind` is the field, kind and meaning of what stands directly behind it."""
    field, kind, meaning = behind
    return Verb(name, about, Particular(name, kind, meaning, field, needed=True), more, step)
