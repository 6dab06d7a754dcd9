"""What one person does with one message: decided as a pure function of seed, address and ordinal of the
message.

A decision knows no moment: delays count from the acceptance. `dated` turns it into a plan; only there the
night (nobody answers at 23:00 to 07:00 Brussels time) comes in, as the one thing that depends on when the
message came. The text of a reply is written from what it shall mean; it is never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from simulator.clock import Cast, Chance, Streams, number_in, numbers_in
from simulator.people.population import Night, Population
from simulator.people.script import Nine, Say, Script, Showing, Step, Telling, Words, Writing
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

FATE, REPORT, ANSWERS, KIND, SCORE, HABIT, REPLY, TEXT = range(8)
"""What is drawn about every message, by its place in the cast `number/nth`;"""
LATE, LATENESS, MORNING, TWICE, SECOND, CORRECTS, CORRECTED, SECOND_TEXT = range(8)
"""and in the cast `number/nth/more`, which only those need who answer."""
WAYS = 32
"""So many ways there are to say one thing in one habit; each is written once and remembered."""
WORDS_KEPT = 65_536

Fact = str | int | float | bool | None
_tuple = tuple.__new__


class State(NamedTuple):
    """A state of the message, `after` seconds from its acceptance, and how the peer learns of it."""

    after: float
    cause: Cause
    telling: Telling


class Answer(NamedTuple):
    """A reply, `after` seconds from the acceptance. `morning` (0..1) is when it is sent should that be at
    night; None: at any hour."""

    after: float
    said: Utterance
    morning: float | None = None
    parts_shuffled: bool = False

    def __repr__(self) -> str:
        """Without what was said."""
        return f"Answer(after={self.after}, morning={self.morning})"


class Decision(NamedTuple):
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
        return decision._replace(states=states)
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


def decide(who: Subscriber, population: Population, nth: int, streams: Streams) -> Decision:
    """What becomes of message `nth` to `who`; a function of its arguments alone."""
    if who.script is not None:
        return _scripted(who, who.script, population, nth, streams)
    name = f"{who.address}/{nth}"
    cast = streams.cast(name)
    fate = who.out_of_reach or population.only or population.passing.pick(number_in(cast, FATE))
    states = (() if population.report_delay.crowds else _at_once(fate)) or _states(fate, population, cast)
    if fate not in REACHED or number_in(cast, ANSWERS) >= population.answer_rate:
        return _tuple(Decision, (nth, fate, states, ()))
    reached = states[0][0] if fate == "no report" else states[-1][0]
    if population.plain:
        first, delay = _first(who.language, population, cast)
        after = round(reached + delay, 3)
        answers: tuple[Answer, ...] = (_tuple(Answer, (after, first, None, False)),)
    else:
        answers = _answers(who, population, cast, streams.cast(f"{name}/more"), reached)
    return _tuple(Decision, (nth, fate, states, answers))


def _states(fate: str, population: Population, cast: Cast) -> tuple[State, ...]:
    cause, expiry = CAUSE[fate], population.expiry
    if fate == "no report":
        return (State(_delay(population, cast), cause, Telling.LOST), State(expiry, cause, Telling.QUIET))
    if cause.stat == "EXPIRED":
        waiting = "memory full" if fate.startswith("memory full") else "absent"
        return (
            State(min(FIRST_TRY, expiry), CAUSE[waiting], Telling.QUIET),
            State(expiry, cause, Telling.TOLD),
        )
    delay = min(_delay(population, cast), expiry)
    told: State = _tuple(State, (delay, cause, Telling.TOLD))
    if delay > WAITS_AFTER and fate == "delivered":
        return (State(FIRST_TRY, CAUSE["absent"], Telling.QUIET), told)
    return (told,)


@lru_cache(32)
def _at_once(fate: str) -> tuple[State, ...]:
    """The only state where nothing takes time; none when it does all the same."""
    cause = CAUSE[fate]
    if fate == "no report" or cause.stat == "EXPIRED":
        return ()
    return (State(0.0, cause, Telling.TOLD),)


def _delay(population: Population, cast: Cast) -> float:
    delays = population.report_delay
    return delays.seconds(number_in(cast, REPORT)) if delays.crowds else 0.0


def _answers(
    who: Subscriber, population: Population, cast: Cast, rest: Cast, reached: float
) -> tuple[Answer, ...]:
    first, delay = _first(who.language, population, cast)
    more = numbers_in(rest)
    if more[LATE] < population.late:
        delay = RESPONSE_WINDOW + population.late_delay.seconds(more[LATENESS])
    after, morning = round(reached + delay, 3), more[MORNING]
    answer = Answer(after, first, morning)
    if more[TWICE] >= population.twice:
        return (answer,)
    gap = population.second_delay.seconds(more[SECOND])
    return (answer, Answer(round(after + gap, 3), _second(who.language, population, more, first), morning))


def _first(language: str, population: Population, cast: Cast) -> tuple[Utterance, float]:
    """What is answered, and how long after the message came."""
    drawn = numbers_in(cast)
    meaning, way = population.kinds.pick(drawn[KIND]), int(drawn[TEXT] * WAYS)
    delay = population.reply_delay.seconds(drawn[REPLY])
    if meaning is not Meaning.GOOD:
        return _written(language, "words", meaning, None, way), delay
    score = population.scores[language].pick(drawn[SCORE])
    habit = population.habits.pick(drawn[HABIT])
    return _written(language, habit, meaning, score, way), delay * ELDER if score <= 6 else delay


def _second(language: str, population: Population, more: Sequence[float], first: Utterance) -> Utterance:
    """The same again, or another score."""
    if first.score is None or more[CORRECTS] >= population.corrects:
        return first
    others = [score for score in SCORES if score != first.score]
    score = others[int(more[CORRECTED] * len(others))]
    return _written(language, "bare", Meaning.GOOD, score, int(more[SECOND_TEXT] * WAYS))


@lru_cache(WORDS_KEPT)
def _written(language: str, habit: str, meaning: Meaning, score: int | None, way: int) -> Utterance:
    """One of the ways to say it; no seed in it, so that all towns speak alike."""
    chance = Streams(way).of(language, habit, meaning.value, score)
    return _worded(language, habit, meaning, score, chance)


def _worded(language: str, habit: str, meaning: Meaning, score: int | None, chance: Chance) -> Utterance:
    """A reply that means the same under a question in any language: what was asked is not known here."""
    asked = "fr" if language == "nl" else "nl"
    return writer.write(
        language=language, habit=habit, meaning=meaning, score=score, chance=chance, asked=asked
    )


# Numbers that do things


def _scripted(
    who: Subscriber, script: Script, population: Population, nth: int, streams: Streams
) -> Decision:
    """What a script settles for every message alike is remembered with whom it is about."""
    routine = who.routine
    if isinstance(routine, tuple) and routine[0] is population:
        return _tuple(Decision, (nth, *routine[1]))
    states = tuple(_step(step, population) for step in script.steps)
    answers = tuple(
        Answer(
            population.script_reply + place * 2 if say.after is None else say.after,
            _said(say, who, nth, place, streams),
            parts_shuffled=say.parts_shuffled,
        )
        for place, say in enumerate(script.says)
    )
    fate = next((each.cause.name for each in states if each.cause.final), states[-1].cause.name)
    if all(isinstance(say.words, Utterance) for say in script.says):
        who.routine = (population, (fate, states, answers))
    return Decision(nth, fate, states, answers)


def _step(step: Step, population: Population) -> State:
    after = population.script_report if step.after is None else step.after
    return State(after, CAUSE[step.cause], step.telling)


def _said(say: Say, who: Subscriber, nth: int, place: int, streams: Streams) -> Utterance:
    words: Words = say.words
    if isinstance(words, Utterance):
        return words
    chance = streams.of(who.address, nth, f"text/{place}")
    match words:
        case Nine(parameter):
            return writer.in_language(parameter, chance)
        case Showing(phenomenon):
            return _shown(phenomenon, who, chance)
        case Writing(meaning, score, habit, language):
            return _worded(language or who.language, habit, meaning, score, chance)


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
