"""What one person does with one message: decided as a pure function of seed, address and ordinal of the
message.

A decision knows no moment: delays count from the acceptance. `dated` turns it into a plan; only there the
night (nobody answers at 23:00 to 07:00 Brussels time) comes in, as the one thing that depends on when the
message came. The text of a reply is written from what it shall mean; it is never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from simulator.clock import Chance, Draws, Streams
from simulator.people.population import PERMANENT, Night, Population
from simulator.people.script import Nine, Say, Script, Showing, Step, Telling, Words, Writing
from simulator.people.shares import Shares
from simulator.people.subscriber import Subscriber
from simulator.phrasebook import writer
from simulator.phrasebook.phrase import SCORES, Meaning, Utterance
from simulator.world import CAUSE, Accident, Cause, Moment, Refusal

BRUSSELS = ZoneInfo("Europe/Brussels")
REACHED = frozenset({"delivered", "no report"})
"""Causes with which the message has come to the person."""
RESPONSE_WINDOW = 72 * 3600.0
WAITS_AFTER = 60.0
"""A delivery that takes longer has met a phone that was off; the centre tells so who asks, after
`FIRST_TRY`."""
FIRST_TRY = 5.0
ELDER = 1.3
"""Detractors answer somewhat later (estimate)."""

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class State:
    """A state of the message, `after` seconds from its acceptance, and how the peer learns of it."""

    after: float
    cause: Cause
    telling: Telling


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, `after` seconds from the acceptance. `morning` (0..1) is when it is sent should that be at
    night; None: at any hour."""

    after: float
    said: Utterance = field(repr=False)
    morning: float | None = None
    parts_shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything the person and the network decide about message `nth`."""

    nth: int
    fate: str
    """The name of the cause that the message ends with."""
    states: tuple[State, ...]
    answers: tuple[Answer, ...]

    def facts(self) -> dict[str, Fact]:
        """The decision for the journal: no moment and no connection in it, so that runs can be compared."""
        facts: dict[str, Fact] = {"nth": self.nth, "fate": self.fate, "answers": bool(self.answers)}
        told = (each.after for each in self.states if each.telling is Telling.TOLD)
        facts["report_after"] = next(told, None)
        for place, answer in enumerate(self.answers, 1):
            mark = "" if place == 1 else f"_{place}"
            facts[f"meaning{mark}"] = answer.said.meaning.value
            facts[f"score{mark}"] = answer.said.score
            facts[f"text{mark}"] = answer.said.text
            facts[f"phenomenon{mark}"] = answer.said.phenomenon
            facts[f"reply_after{mark}"] = answer.after
        return facts


def within(decision: Decision, seconds: float) -> Decision:
    """`decision` when the message is only worth so many seconds: what is still under way then expires, and
    whoever has not got it does not answer."""
    if all(each.after <= seconds for each in decision.states):
        return decision
    states = tuple(each for each in decision.states if each.after <= seconds)
    if any(each.cause.final for each in states):
        return replace(decision, states=states)
    expired = State(seconds, CAUSE["expired"], Telling.TOLD)
    return Decision(decision.nth, expired.cause.name, (*states, expired), ())


def on_submit(
    who: Subscriber, population: Population, nth: int, attempt: int, streams: Streams
) -> Refusal | Accident | None:
    """What try 1, 2, … to submit message `nth` to `who` meets; None: it is accepted."""
    if who.script is not None:
        return who.script.on_try(attempt)
    if (
        population.throttled
        and streams.about(who.address, nth).fraction(f"throttled/{attempt}") < population.throttled
    ):
        return Refusal.THROTTLED
    return None


@dataclass(frozen=True, slots=True)
class _Case:
    """Who decides on which message, and the chance for it."""

    who: Subscriber
    population: Population
    nth: int
    streams: Streams
    draws: Draws

    def text(self, name: str) -> Chance:
        return self.streams.of(self.who.address, self.nth, name)


def decide(who: Subscriber, population: Population, nth: int, streams: Streams) -> Decision:
    """What becomes of message `nth` to `who`; a function of its arguments alone."""
    case = _Case(who, population, nth, streams, streams.about(who.address, nth))
    if who.script is not None:
        return _scripted(case, who.script)
    fate = _fate(case)
    states = tuple(_states(fate, case))
    reached_after = next((each.after for each in states if each.cause.name in REACHED), None)
    if reached_after is None or case.draws.fraction("answers") >= population.answer_rate:
        return Decision(nth, fate, states, ())
    return Decision(nth, fate, states, tuple(_answers(case, reached_after)))


def _fate(case: _Case) -> str:
    """The number is out of reach for good, or this message meets one of the other causes."""
    if case.who.out_of_reach is not None:
        return case.who.out_of_reach
    return _passing(case.population.reach).pick(case.draws.fraction("fate"))


@lru_cache(16)
def _passing(reach: Shares[str]) -> Shares[str]:
    """The causes that are drawn for each message; the permanent ones were drawn for the number."""
    passing = {cause: share for cause, share in reach.items() if cause not in PERMANENT}
    return Shares(passing or {"delivered": 1.0})


def _states(fate: str, case: _Case) -> Iterator[State]:
    cause, population = CAUSE[fate], case.population
    delay = population.report_delay.seconds(case.draws.fraction("report"))
    if fate == "no report":
        yield State(delay, cause, Telling.LOST)
        yield State(population.expiry, cause, Telling.QUIET)
    elif cause.stat == "EXPIRED":
        waiting = "memory full" if fate.startswith("memory full") else "absent"
        yield State(min(FIRST_TRY, population.expiry), CAUSE[waiting], Telling.QUIET)
        yield State(population.expiry, cause, Telling.TOLD)
    else:
        delay = min(delay, population.expiry)
        if delay > WAITS_AFTER and fate == "delivered":
            yield State(FIRST_TRY, CAUSE["absent"], Telling.QUIET)
        yield State(delay, cause, Telling.TOLD)


def _answers(case: _Case, reached_after: float) -> Iterator[Answer]:
    draws, population = case.draws, case.population
    first = _reply(case)
    delay = population.reply_delay.seconds(draws.fraction("reply"))
    if draws.fraction("late") < population.late:
        delay = RESPONSE_WINDOW + population.late_delay.seconds(draws.fraction("lateness"))
    elif first.score is not None and first.score <= 6:
        delay *= ELDER
    after, morning = round(reached_after + delay, 3), draws.fraction("morning")
    yield Answer(after, first, morning)
    if draws.fraction("twice") < population.twice:
        gap = population.second_delay.seconds(draws.fraction("second"))
        yield Answer(round(after + gap, 3), _second(case, first), morning)


def _reply(case: _Case) -> Utterance:
    draws, population, language = case.draws, case.population, case.who.language
    kind = draws.fraction("kind")
    for meaning, share in population.bad.items():
        if kind < share:
            return _written(language, "words", meaning, None, case.text("text"))
        kind -= share
    score = population.scores[language].pick(draws.fraction("score"))
    habit = population.habits.pick(draws.fraction("habit"))
    return _written(language, habit, Meaning.GOOD, score, case.text("text"))


def _second(case: _Case, first: Utterance) -> Utterance:
    """The same again, or another score."""
    if first.score is None or case.draws.fraction("corrects") >= case.population.corrects:
        return first
    others = [score for score in SCORES if score != first.score]
    score = others[int(case.draws.fraction("corrected") * len(others))]
    return _written(case.who.language, "bare", Meaning.GOOD, score, case.text("second text"))


def _written(language: str, habit: str, meaning: Meaning, score: int | None, chance: Chance) -> Utterance:
    """A reply that means the same under a question in any language: what was asked is not known here."""
    asked = "fr" if language == "nl" else "nl"
    return writer.write(
        language=language, habit=habit, meaning=meaning, score=score, chance=chance, asked=asked
    )


# Numbers that do things


def _scripted(case: _Case, script: Script) -> Decision:
    states = tuple(_step(step, case.population) for step in script.steps)
    answers = tuple(
        Answer(
            case.population.script_reply + place * 2 if say.after is None else say.after,
            _said(say, case.who, case.text(f"text/{place}")),
            parts_shuffled=say.parts_shuffled,
        )
        for place, say in enumerate(script.says)
    )
    fate = next((each.cause.name for each in states if each.cause.final), states[-1].cause.name)
    return Decision(case.nth, fate, states, answers)


def _step(step: Step, population: Population) -> State:
    after = population.script_report if step.after is None else step.after
    return State(after, CAUSE[step.cause], step.telling)


def _said(say: Say, who: Subscriber, chance: Chance) -> Utterance:
    words: Words = say.words
    match words:
        case Utterance():
            return words
        case Nine(parameter):
            return writer.in_language(parameter, chance)
        case Showing(phenomenon):
            return _shown(phenomenon, who, chance)
        case Writing(meaning, score, habit, language):
            return _written(language or who.language, habit, meaning, score, chance)


def _shown(phenomenon: str, who: Subscriber, chance: Chance) -> Utterance:
    """The score of a good one goes by the lane, to the next one that the phenomenon can carry."""
    abroad = phenomenon == writer.OTHER_LANGUAGE  # its texts are those of the other languages, with any score
    possible = SCORES if abroad else writer.scores_of(phenomenon, who.language)
    if not possible:
        return writer.utterance_of(phenomenon, language=who.language, score=None, chance=chance)
    wanted = (who.number.lane if who.number else 0) % 11
    score = next((each for each in possible if each >= wanted), possible[0])
    return writer.utterance_of(phenomenon, language=who.language, score=score, chance=chance)


# Moments


def dated(answer: Answer, accepted_at: Moment, night: Night | None) -> Moment:
    """When an answer is sent: at night it waits until the morning."""
    moment = Moment(accepted_at + round(answer.after * 1000))
    if night is None or answer.morning is None:
        return moment
    return _after_night(moment, night, answer.morning)


def _after_night(moment: Moment, night: Night, morning: float) -> Moment:
    local = datetime.fromtimestamp(moment / 1000, BRUSSELS)
    hour = local.hour + local.minute / 60
    over_midnight = night.begins > night.ends
    evening, early = hour >= night.begins, hour < night.ends
    if not ((evening or early) if over_midnight else (evening and early)):
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and evening else 0)
    ends = datetime(day.year, day.month, day.day, tzinfo=BRUSSELS) + timedelta(hours=night.ends)
    return Moment(round((ends.timestamp() + morning * night.spread) * 1000))
