"""A rule of the contract, what it takes to check it, and what can come of that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from belfort.contract.exchange import Answer, Call

if TYPE_CHECKING:
    from belfort.contract.visit import Visit

Check = Callable[["Visit"], Awaitable[None]]
MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading an answer of a shape that nobody expects ends with."""


class Needs(Enum):
    """What a check cannot do without; the values are said when it is missing."""

    SECOND_ACCOUNT = "another account: --second-client-id and --second-client-secret"
    PEOPLE = "the simulator that the service sends to: --control"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, the sentence of the contract it stands for, and the check that holds a service to
    it. A check returns when the rule is kept."""

    name: str
    sentence: str
    check: Check
    needs: frozenset[Needs] = frozenset()


class Broken(Exception):
    """The service breaks the rule: what was expected of the last answer, and how to see it again."""

    def __init__(self, expected: str, answer: Answer, holds: Callable[[Answer], bool]) -> None:
        super().__init__(expected)
        self.expected, self.answer, self.holds = expected, answer, holds

    @property
    def calls(self) -> Sequence[Call]:
        return self.answer.calls


class NotPossible(Exception):
    """The check could not be made here, and why; it says nothing about the service."""


class Result(Enum):
    """What came of a check."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one check, with all that a reader needs to see it themselves."""

    rule: str
    sentence: str
    result: Result
    seconds: float = 0.0
    why: str = ""
    """Of a skipped check the reason, of a broken rule what was expected."""
    saw: str = ""
    curl: str = ""
    """Of a broken rule: the one call whose answer shows it."""
    before: tuple[str, ...] = ()
    """The calls that went before that one."""
    broken: Broken | None = None
