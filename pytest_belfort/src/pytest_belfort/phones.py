"""Phones that are free: numbers `+32 450 FF PP LL` that do what they say, each lane another person.

A test gets the same numbers tomorrow and when it runs alone: the lane comes from its seed. Where several
workers share a harness, each has lanes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pytest_belfort.client import Belfort

LANES = 100
SCORES = 0
OPT_OUT = (2, 9)
OWN = 90
"""The first family whose people are the user's to set."""


class NoLaneFree(Exception):
    """Everybody with this habit has been handed out."""


class Phone(str):
    """A number; and the person who holds the phone."""

    _belfort: Belfort

    @classmethod
    def of(cls, number: str, belfort: Belfort) -> Phone:
        phone = cls(number)
        phone._belfort = belfort
        return phone

    def reply(self, text: str, *, score: int | None = None, meaning: str | None = None) -> None:
        """Write something by hand."""
        self._belfort.people.reply(self, text, score=score, meaning=meaning)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What the gateway has for this phone, oldest first."""
        return list(self._belfort.control("GET", "/messages", to=str(self))["messages"])


@dataclass(slots=True)
class Lanes:
    """Which lanes this session may use, and which are spent: whoever opted out is never asked again."""

    first: int = 0
    many: int = LANES
    spent: set[str] = field(default_factory=set)

    def of_worker(self, worker: int, workers: int) -> Lanes:
        """The share of one of several workers at one harness."""
        many = LANES // workers
        return Lanes(worker * many, many, self.spent)


@dataclass(slots=True)
class Phones:
    """Hands phones out to one test."""

    belfort: Belfort
    lanes: Lanes
    given: set[str] = field(default_factory=set)

    def __call__(
        self, score: int | None = None, *, family: int | None = None, parameter: int = 0, **behaviour: Any
    ) -> Phone:
        """A phone nobody uses: of somebody who answers `score`, of a family of numbers
        (`family=6, parameter=2`), or of somebody who behaves as told (`says=[9, 3]`)."""
        if (score is None) + (family is None) == 0 or (score is not None and behaviour):
            raise TypeError("say a score, or a family with its parameter, or how the person behaves")
        if score is not None:
            return self._free(SCORES, score)
        if family is not None:
            return self._free(family, parameter)
        phone = self._free(OWN, parameter)
        self.belfort.people.set(phone, **behaviour)
        return phone

    def _free(self, family: int, parameter: int) -> Phone:
        if not (0 <= family <= 99 and 0 <= parameter <= 99):
            raise ValueError("family and parameter are from 0 to 99; scores from 0 to 10")
        for step in range(self.lanes.many):
            lane = self.lanes.first + (self.belfort.seed + step) % self.lanes.many
            number = f"+32450{family:02}{parameter:02}{lane:02}"
            if number not in self.given | self.lanes.spent:
                self._take(number, (family, parameter))
                return Phone.of(number, self.belfort)
        raise NoLaneFree(
            f"all {self.lanes.many} phones +32450{family:02}{parameter:02}… have been handed out"
        )

    def _take(self, number: str, habit: tuple[int, int]) -> None:
        self.given.add(number)
        if habit == OPT_OUT or not self.belfort.harness.own:
            self.lanes.spent.add(number)
