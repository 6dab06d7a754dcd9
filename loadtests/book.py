"""What was accepted in this run, call by call. Workers hand their rows to the master, which judges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Row = list[Any]
"""A row on its way from worker to master: `kind`, then its fields."""


def tag_of(place: int) -> str:
    """The tag by which reports tell the requests of one batch apart."""
    return f"p{place:02}"


class Call(NamedTuple):
    """One call that was answered. Milliseconds of the wall clock, just before and just after it."""

    survey: int
    began: int
    ended: int
    people: tuple[tuple[str, str], ...]
    """Segment and request id, in the order of the call."""


class Survey:
    """One user's survey. `mark` stands in its questions, so that the gateway's journal tells it apart."""

    def __init__(self, number: int, mark: str) -> None:
        self.number, self.mark = number, mark
        self.calls: list[Call] = []
        self.adopted: list[str] = []
        """Requests that reached the gateway though no answer told of them; nobody knows their segment."""

    def requests(self) -> list[str]:
        return [request for call in self.calls for _, request in call.people] + self.adopted


class Book:
    """Surveys and calls of the run, and what became of calls without an answer."""

    def __init__(self) -> None:
        self.surveys: dict[int, Survey] = {}
        self.count = 0
        """Requests that were accepted."""
        self.unsure = 0
        self.stories: Counter[str] = Counter()
        """Stories that were played, by how they ended."""
        self.wrong: list[str] = []
        """What reports said that was not true, story by story."""
        self.due: dict[str, int] = defaultdict(int)
        self.made: dict[str, int] = defaultdict(int)
        self._fresh: list[Row] = []

    def opened(self, survey: int, mark: str) -> None:
        self._fresh.append(["survey", survey, mark])

    def accepted(self, call: Call) -> None:
        self._fresh.append(["call", *call])

    def unanswered(self) -> None:
        """A call of which nobody learned what came of it."""
        self._fresh.append(["unsure"])

    def played(self, ended: str, wrong: Sequence[str] = ()) -> None:
        """A story that was played, how it ended, and which of its reports differed from the truth."""
        self._fresh.append(["story", ended, list(wrong)])

    def paced(self, user: str, due: int, made: int) -> None:
        """So many more calls were due by the pace of `user`, and so many were made."""
        self._fresh.append(["paced", user, due, made])

    def hand_over(self) -> list[Row]:
        """The rows since the last hand-over."""
        rows, self._fresh = self._fresh, []
        return rows

    def take(self, rows: Iterable[Row]) -> None:
        for kind, *fields in rows:
            getattr(self, f"_take_{kind}")(*fields)

    def _take_survey(self, number: int, mark: str) -> None:
        self.surveys.setdefault(number, Survey(number, mark))

    def _take_call(self, survey: int, began: int, ended: int, people: list[list[str]]) -> None:
        told = tuple((segment, request) for segment, request in people)
        self.surveys[survey].calls.append(Call(survey, began, ended, told))
        self.count += len(told)

    def _take_unsure(self) -> None:
        self.unsure += 1

    def _take_story(self, ended: str, wrong: list[str]) -> None:
        self.stories[ended] += 1
        self.wrong += wrong

    def _take_paced(self, user: str, due: int, made: int) -> None:
        self.due[user] += due
        self.made[user] += made

    def adopt(self, seen: dict[str, set[str]], marks: dict[str, int]) -> int:
        """Take in what the gateway saw of our surveys and no answer told of: `seen` is request ids by mark,
        `marks` the surveys by theirs. How many there were.
        """
        found = 0
        for mark, requests in seen.items():
            if mark in marks:
                self._take_survey(marks[mark], mark)
                survey = self.surveys[marks[mark]]
                unknown = sorted(requests.difference(survey.requests()))
                survey.adopted += unknown
                found += len(unknown)
        self.count += found
        return found

    @property
    def shortfall(self) -> float | None:
        """The part of the calls that were due and never made, 0 to 1; None if no user keeps a pace."""
        due = sum(self.due.values())
        return max(0.0, 1 - sum(self.made.values()) / due) if due else None
