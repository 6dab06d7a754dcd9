"""The step that waits for what the gateway sees: a message, its state, a reply, how many, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from belfort.client import Json
from belfort.scenario.lanes import known_as
from belfort.scenario.names import CHANNEL, PEOPLE, Mention, listed
from belfort.scenario.stage import Look, Stage
from belfort.scenario.steps import WAITS, Step, Unmet, verb
from belfort.scenario.values import DURATIONS, Particular, spoken, text, whole, word

NOTHING = "nothing"
SIGHTS: Mapping[str, str] = {
    "message": "the gateway took a message",
    "delivered": "a message reached its phone",
    "failed": "a message was given up: no such person, barred, expired",
    "uncertain": "nobody will ever know what became of a message",
    "replied": "the person has written back",
    "heard": "the service has taken the person's reply",
    NOTHING: "no message goes out",
}
STATES = {"message": "submitted"}
"""What the control API calls it, where it has another word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect(Step):
    sight: str
    to: tuple[Mention, ...] = ()
    by: str | None = None
    holding: str | None = None
    count: int | None = None
    within: float | None = None

    def sentence(self) -> str:
        what = {"message": "a message", NOTHING: "no message"}.get(self.sight, f"a message {self.sight}")
        if self.count is not None:
            what = f"{self.count:,} messages" + ("" if self.sight == "message" else f" {self.sight}")
        words = f"Expect {what}"
        words += f" to {listed(self.to)}" if self.to else ""
        words += f" by {self.by}" if self.by else ""
        words += f" holding “{self.holding}”" if self.holding else ""
        return words + (f" within {spoken(self.within)}." if self.within is not None else ".")

    def people(self) -> Sequence[Mention]:
        return self.to

    def takes(self) -> frozenset[str]:
        return frozenset({WAITS}) if self.within is not None else frozenset()

    def complaint(self) -> str | None:
        if self.sight == NOTHING and self.count is not None:
            return "nothing has no count"
        return None

    async def play(self, stage: Stage) -> str:
        if self.sight == NOTHING and self.within is None:
            await stage.settle()
            seen = await self._look(stage)
        else:
            seen = await stage.until(self.within, lambda: self._look(stage))
        if self.sight == NOTHING:
            if seen.met:
                raise Unmet("no message", seen.seen)
            return "no message"
        if not seen.met:
            raise Unmet(self._expected(), seen.seen)
        return seen.seen

    def _expected(self) -> str:
        return self.sentence().removeprefix("Expect ").rstrip(".")

    async def _look(self, stage: Stage) -> Look:
        """Each person mentioned must have one; with a count, all together exactly so many."""
        found = await self._matching(stage)
        if self.count is not None:
            return Look(len(found) == self.count, await self._seen(stage, found))
        people = self._people(stage)
        if self.sight == NOTHING or not people:
            return Look(bool(found), await self._seen(stage, found))
        reached = {message["to"] for message in found}
        return Look(reached >= people, await self._seen(stage, found))

    def _people(self, stage: Stage) -> set[str]:
        """Whom it is about, as the gateway knows them; nobody in particular if none."""
        return set(map(known_as, stage.cast.addresses(self.to)))

    async def _matching(self, stage: Stage) -> list[Json]:
        which = {} if self.sight == NOTHING else {"state": STATES.get(self.sight, self.sight)}
        which |= {"channel": self.by} if self.by else {}
        which |= {"q": self.holding} if self.holding else {}
        people = self._people(stage)
        which |= {"to": next(iter(people))} if len(people) == 1 else {}
        return await stage.messages(people, **which)

    async def _seen(self, stage: Stage, found: Sequence[Json]) -> str:
        """What was found, and in which states the other messages to these people are."""
        people = self._people(stage)
        everything = await stage.messages(people)
        if not everything:
            return "no message to them" if people else "no message at all"
        states = Counter(message["state"] for message in everything)
        told = listed(tuple(f"{count:,} {state}" for state, count in states.most_common()))
        return f"{len(found):,} of {len(everything):,} messages ({told})"


VERBS = (
    verb(
        "expect",
        "wait until it is so, at most so long on the world's clock",
        Expect,
        ("sight", word(*SIGHTS), "what is to be seen"),
        Particular("to", PEOPLE, "to whom: one for each of them; to anybody if left out"),
        Particular("by", CHANNEL, "by which channel"),
        Particular("holding", text("part of the message", 1_000), "what the message's text holds"),
        Particular("count", whole(0, 1_000_000), "exactly so many, all together"),
        Particular("within", DURATIONS, "how long it may take; now, if left out"),
    ),
)
