"""Steps of the people by hand: a reply, keys pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from belfort.scenario.cast import MEANT, meaning
from belfort.scenario.names import PERSON, Mention
from belfort.scenario.stage import Look, Stage
from belfort.scenario.steps import WAITS, Step, Unmet, verb
from belfort.scenario.values import DURATIONS, Particular, spoken, text

PATIENCE = 120.0
"""Seconds of the world's clock within which somebody picks up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Step):
    text: str
    who: Mention
    means: str
    after: float | None = None

    def sentence(self) -> str:
        later = f" after {spoken(self.after)}" if self.after else ""
        return f"{self.who} writes “{self.text}”{later} and means {self.means.replace('_', ' ')}."

    def people(self) -> Sequence[Mention]:
        return (self.who,)

    async def play(self, stage: Stage) -> str:
        body: dict[str, Any] = {"text": self.text, **meaning(self.means)}
        if self.after is not None:
            body["after"] = spoken(self.after)
        await stage.control.ask("POST", f"/people/{stage.cast.address(self.who)}/reply", body)
        return "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Step):
    keys: str
    who: Mention
    after: float = 10.0

    def sentence(self) -> str:
        return f"{self.who} presses {self.keys}, {spoken(self.after)} after picking up."

    def people(self) -> Sequence[Mention]:
        return (self.who,)

    def takes(self) -> frozenset[str]:
        return frozenset({WAITS})

    async def play(self, stage: Stage) -> str:
        """Once they have picked up, which may take some rings, and heard for a while what is asked."""
        seen = await stage.until(PATIENCE, lambda: self._look(stage))
        if not seen.met:
            raise Unmet(f"{self.who} on the telephone", seen.seen)
        await stage.let_pass(self.after)
        await stage.control.ask("POST", f"/calls/{seen.seen}/keys", {"keys": self.keys})
        return "pressed"

    async def _look(self, stage: Stage) -> Look:
        query = {"to": stage.cast.address(self.who), "status": "in-progress"}
        calls = (await stage.control.ask("GET", "/calls", query=query))["calls"]
        return Look(True, calls[-1]["id"]) if calls else Look(False, "nobody on the telephone there")


KEYS = text("keys such as 9#", 32)

VERBS = (
    verb(
        "reply",
        "answer by hand, as one of the people",
        Reply,
        ("text", text("what is written", 1_600, least=0), "what is written"),
        Particular("from", PERSON, "who writes", "who", needed=True),
        Particular("means", MEANT, "the score that is meant, or why it is none", needed=True),
        Particular("after", DURATIONS, "how much later it is written"),
    ),
    verb(
        "press",
        "press keys in a call that is under way",
        Press,
        ("keys", KEYS, "which keys"),
        Particular("from", PERSON, "who presses", "who", needed=True),
        Particular("after", DURATIONS, "how long after picking up; `10s` if left out"),
    ),
)
