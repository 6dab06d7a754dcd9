"""Steps of the people by hand: a reply, keys pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from belfort.scenario.cast import MEANT, meaning
from belfort.scenario.names import PERSON, Mention
from belfort.scenario.stage import Stage
from belfort.scenario.steps import Step, Unmet, verb
from belfort.scenario.values import DURATIONS, Particular, spoken, text

LIVE = ("ringing", "in-progress", "answered", "underway")


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

    def sentence(self) -> str:
        return f"{self.who} presses {self.keys}."

    def people(self) -> Sequence[Mention]:
        return (self.who,)

    async def play(self, stage: Stage) -> str:
        calls = await stage.messages(to=stage.cast.address(self.who), channel="VOICE")
        if not calls:
            raise Unmet(f"a call to {self.who} under way", "no call to them")
        await stage.control.ask("POST", f"/calls/{calls[-1]['id']}/keys", {"keys": self.keys})
        return "pressed"


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
    ),
)
