"""What one person does with one call: decided as a pure function of seed, number and ordinal of the call.

A decision knows no moment: ringing counts from the dialling, keys from the prompts that are heard. What was
meant by keys is told by those that came through (`calls.keys`), since a caller that listens too short hears
only half of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.clock import Draws, Streams
from simulator.people.calling import Act, Calling, CallScript, Pickup, Turn
from simulator.people.population import Population
from simulator.people.script import Nine, Say, Script, Showing, Words
from simulator.people.subscriber import Subscriber
from simulator.phrasebook.books import PHENOMENA, at_home
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.writer import OTHER_LANGUAGE
from simulator.world import CAUSE

HELLO = 1.0
"""Seconds of a human's greeting."""
DEAD_AIR = 2.0
"""Seconds after which somebody leaves who would have left in the middle of a prompt, but hears none."""
UNREACHABLE = frozenset({"unknown subscriber", "call barred"})
"""Causes for which a number is not to be called either."""
LISTENS_AGAIN = 2
"""Questions in one call at which somebody is willing to press."""

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Conduct:
    """Everything that is decided about call `nth`."""

    nth: int
    pickup: Pickup
    rings: float
    """Seconds until it is picked up, or found busy or dead."""
    greeting: float = HELLO
    turns: tuple[Turn, ...] = ()
    leaves_after: float | None = None
    """Hangs up so many seconds after picking up,"""
    leaves_at: float | None = None
    """or after this part of the first prompt."""

    @property
    def picks_up(self) -> bool:
        return self.pickup in (Pickup.HUMAN, Pickup.VOICEMAIL)

    def facts(self) -> dict[str, Fact]:
        """The decision for the journal: no moment in it, so that runs can be compared."""
        facts: dict[str, Fact] = {"nth": self.nth, "pickup": self.pickup.value, "rings": self.rings}
        for place, turn in enumerate(self.turns, 1):
            mark = "" if place == 1 else f"_{place}"
            facts[f"presses{mark}"] = turn.keys
        if self.leaves_after is not None:
            facts["leaves_after"] = self.leaves_after
        if self.leaves_at is not None:
            facts["leaves_at"] = self.leaves_at
        return facts

    def strokes(self, question: int, prompt: float) -> Iterator[tuple[float, str]]:
        """Seconds from the beginning of question 1, 2, … and the key pressed then; `prompt` is how long the
        question is read."""
        if self.pickup is not Pickup.HUMAN or not 0 < question <= len(self.turns):
            return
        turn = self.turns[question - 1]
        at = prompt * turn.early if turn.early is not None else prompt + (turn.wait or 0.0)
        for place, key in enumerate(turn.keys):
            if place:
                at += turn.gaps[place - 1] if place <= len(turn.gaps) else 0.0
            yield round(at, 3), key


def decide(who: Subscriber, population: Population, nth: int, streams: Streams) -> Conduct:
    """What becomes of call `nth` to `who`; a function of its arguments alone."""
    calling = population.calling
    if who.script is not None:
        return _scripted(_call_of(who, who.script), calling, nth)
    draws = streams.about(who.address, nth)
    rings = calling.rings.seconds(draws.fraction("rings"))
    if who.out_of_reach in UNREACHABLE:
        return Conduct(nth, Pickup.FAILED, rings)
    pickup = calling.pickups.pick(draws.fraction("pickup"))
    if pickup is Pickup.VOICEMAIL:
        return Conduct(nth, pickup, rings, greeting=calling.greeting.seconds(draws.fraction("greeting")))
    if pickup is not Pickup.HUMAN:
        return Conduct(nth, pickup, rings)
    return _human(who, population, draws, nth, rings)


def _human(who: Subscriber, population: Population, draws: Draws, nth: int, rings: float) -> Conduct:
    calling = population.calling
    act = calling.acts.pick(draws.fraction("act"))
    if act is Act.HANGS_UP:
        return Conduct(
            nth, Pickup.HUMAN, rings, leaves_after=calling.patience.seconds(draws.fraction("patience"))
        )
    if act is Act.SILENT:
        return Conduct(nth, Pickup.HUMAN, rings)
    score = str(population.scores[who.language].pick(draws.fraction("key score")))
    if act is Act.SCORE:
        return Conduct(nth, Pickup.HUMAN, rings, turns=(_turn(score, calling, draws, 1),))
    wrong = calling.wrong.pick(draws.fraction("wrong"))
    again = score if draws.fraction("corrects key") < calling.corrects else wrong
    pressed = (_turn(wrong, calling, draws, 1), _turn(again, calling, draws, LISTENS_AGAIN))
    return Conduct(nth, Pickup.HUMAN, rings, turns=pressed)


def _turn(keys: str, calling: Calling, draws: Draws, question: int) -> Turn:
    if draws.fraction(f"closes/{question}") < calling.closes:
        keys += "#"
    early = draws.fraction(f"early/{question}")
    gaps = (calling.gap.seconds(draws.fraction(f"gap/{question}/{place}")) for place in range(1, len(keys)))
    return Turn(
        keys,
        early=0.3 + 0.6 * early / calling.early if early < calling.early else None,
        wait=calling.reaction.seconds(draws.fraction(f"reaction/{question}")),
        gaps=tuple(gaps),
    )


# Numbers that do things


def _scripted(script: CallScript, calling: Calling, nth: int) -> Conduct:
    rings = calling.script_rings if script.rings is None else script.rings
    wait = calling.script_reaction
    turns = tuple(
        Turn(turn.keys, turn.early, wait if turn.wait is None else turn.wait, turn.gaps)
        for turn in script.turns
    )
    greeting = 8.0 if script.pickup is Pickup.VOICEMAIL else HELLO
    return Conduct(nth, script.pickup, rings, greeting, turns, leaves_at=script.leaves)


def _call_of(who: Subscriber, script: Script) -> CallScript:
    """What the number does with calls: told, or else what it does with messages, in keys."""
    if script.call is not None:
        return script.call
    causes = [CAUSE[step.cause] for step in script.steps]
    if not any(cause.stat == "DELIVRD" or cause.name == "no report" for cause in causes):
        return CallScript(Pickup.FAILED)
    return CallScript(turns=tuple(Turn(_keys(who, say)) for say in script.says))


def _keys(who: Subscriber, say: Say) -> str:
    """A score in keys; what is bad in words is bad in keys too."""
    meaning, score, closing = _meant(who, say.words)
    if meaning is Meaning.GOOD and score is not None:
        return f"{score}{closing}"
    return "11" if meaning is Meaning.OUT_OF_RANGE else "*"


def _meant(who: Subscriber, words: Words) -> tuple[Meaning, int | None, str]:
    if isinstance(words, Nine):
        return Meaning.GOOD, 9, ""
    if isinstance(words, Showing):
        lane = who.number.lane if who.number else 0
        if words.phenomenon == OTHER_LANGUAGE:  # keys have no language
            return Meaning.GOOD, lane % 11, "#"
        home = at_home(words.phenomenon, who.language)
        return PHENOMENA[home][words.phenomenon], lane % 11, "#"
    return words.meaning, words.score, ""
