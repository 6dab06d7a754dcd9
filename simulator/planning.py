"""Puts what a message brings on the agenda: its states and the replies to it, as the faults arrange them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from simulator.clock import Clock
from simulator.due import DueAnswer, DueState, is_told
from simulator.faults.desk import FaultDesk
from simulator.message import Message, Noted
from simulator.people.population import Night
from simulator.people.script import Telling
from simulator.respondent import Decision, State, dated
from simulator.returns import Reply, Returns
from simulator.world import Channel, Moment, Submission

STAGES = {Channel.SMS: "sms", Channel.VOICE: "voice", Channel.EMAIL: "mail"}
"""What the faults call the doors."""
Due = TypeVar("Due")
AT_A_TIME = 1_000
"""So much of one moment is done in one turn of the loop; then sockets get theirs."""


NOTHING: tuple[Moment, list[DueState], list[DueAnswer]] = (Moment(0), [], [])


class Planning:
    """`owner` is whoever calls all of it off when another world begins.

    Without faults everything of one moment stands on the agenda as one: first the states, then the replies,
    each in the order of acceptance. What a fault rearranges stands there by itself.
    """

    def __init__(self, clock: Clock, faults: FaultDesk, returns: Returns, owner: object) -> None:
        self._clock, self._faults, self._returns, self._owner = clock, faults, returns, owner
        self._states: dict[Moment, list[DueState]] = {}
        self._answers: dict[Moment, list[DueAnswer]] = {}
        self._fresh = NOTHING

    def begin(self) -> None:
        """Another world: its owner has called off what was due."""
        self._states.clear()
        self._answers.clear()
        self._fresh = NOTHING

    @property
    def due(self) -> int:
        """How much stands on the agenda as part of a moment."""
        return sum(map(len, self._states.values())) + sum(map(len, self._answers.values()))

    def plan(self, message: Message, decision: Decision, begins: Moment, night: Night | None) -> None:
        """Put every state and every reply on the agenda, as the faults arrange them."""
        if self._faults:
            self._arrange(message, decision, begins, night)
            return
        for state in decision.states:
            at = later(begins, state.after) if state.after else begins
            self._put(self._states, at, (message, state))
        for place, answer in enumerate(decision.answers, 1):
            self._put(self._answers, dated(answer, begins, night), (message, answer, place))

    def plan_all(
        self, messages: Sequence[Message], decisions: Sequence[Decision], now: Moment, night: Night | None
    ) -> None:
        """`plan` for many, while there are no faults. What happens at once waits for `go_on`, and has
        happened if nobody is told."""
        states: list[DueState] = []
        answers: list[DueAnswer] = []
        last: tuple[object, object, bool] = (None, None, False)
        lines: tuple[Noted] = ((now, "", None),)
        for message, decision in zip(messages, decisions, strict=True):
            for state in decision[2]:
                if state[0]:
                    self._put(self._states, later(now, state[0]), (message, state))
                    continue
                terms = message.told.terms
                if state is not last[0] or terms is not last[1]:
                    last = (state, terms, is_told(state, terms) or state.telling is Telling.LOST)
                    lines = ((now, "became", state.cause.name),)
                if last[2]:
                    states.append((message, state))
                else:
                    message.become_at_once(state.cause, lines)
            for place, answer in enumerate(decision[3], 1):
                at = dated(answer, now, night)
                if at <= now:
                    answers.append((message, answer, place))
                else:
                    self._put(self._answers, at, (message, answer, place))
        self._put_all(now, states, answers)

    def _put_all(self, now: Moment, states: list[DueState], answers: list[DueAnswer]) -> None:
        if now in self._states or now in self._answers:
            self._states.setdefault(now, []).extend(states)
            self._answers.setdefault(now, []).extend(answers)
        else:
            self._fresh = (now, states, answers)

    def go_on(self) -> None:
        """Do what `plan_all` has found due at once: as soon as the door has answered."""
        (now, states, answers), self._fresh = self._fresh, NOTHING
        if states:
            self._returns.take_on(states, now)
        if answers:
            self._returns.write_all(answers)

    def _put(self, kept: dict[Moment, list[Due]], at: Moment, due: Due) -> None:
        some = kept.get(at)
        if some is not None:
            some.append(due)
            return
        known = at in self._states or at in self._answers
        kept[at] = [due]
        if not known:
            self._clock.call_at(at, partial(self._fall_due, at), self._owner)

    def _fall_due(self, at: Moment) -> None:
        states, answers = self._states.pop(at, []), self._answers.pop(at, [])
        if len(states) > AT_A_TIME or len(answers) > AT_A_TIME:
            states, answers = self._put_off(at, states, answers)
        if states:
            self._returns.take_on(states, at)
        if answers:
            self._returns.write_all(answers)

    def _put_off(
        self, at: Moment, states: list[DueState], answers: list[DueAnswer]
    ) -> tuple[list[DueState], list[DueAnswer]]:
        """What is done now; the rest is for the next turn."""
        self._states[at] = states[AT_A_TIME:]
        self._answers[at] = answers if self._states[at] else answers[AT_A_TIME:]
        answers = [] if self._states[at] else answers[:AT_A_TIME]
        self._clock.call_at(at, partial(self._fall_due, at), self._owner)
        return states[:AT_A_TIME], answers

    def _arrange(self, message: Message, decision: Decision, begins: Moment, night: Night | None) -> None:
        submission = message.submission
        told = [state for state in decision.states if is_told(state, submission.terms)]
        reports = [later(begins, state.after) for state in told]
        replies = [dated(answer, begins, night) for answer in decision.answers]
        schedule = self._faults.arrange(
            stage_of(submission),
            address=submission.to,
            account=submission.account,
            message=message.id,
            nth=message.nth,
            reports=reports,
            replies=replies,
        )
        for state in decision.states:
            if state not in told:
                self._at(later(begins, state.after), partial(self._returns.untold, message, state))
        for state, at, times in zip(told, reports, schedule.reports, strict=True):
            self._plan_report(message, state, at, times)
        for place, (answer, at, times) in enumerate(
            zip(decision.answers, replies, schedule.replies, strict=True), 1
        ):
            self._plan_reply(Reply(f"{message.number:x}-{place}", message, answer), at, times)

    def _plan_report(self, message: Message, state: State, at: Moment, times: tuple[Moment, ...]) -> None:
        back = self._returns
        if times[:1] != (at,):
            self._at(at, partial(back.turn, message, state))
        if not times:
            self._at(at, partial(back.lose, message, state, "fault"))
        for each in times:
            self._at(each, partial(back.report, message, state, at))

    def _plan_reply(self, reply: Reply, at: Moment, times: tuple[Moment, ...]) -> None:
        back = self._returns
        if not times:
            self._at(at, partial(back.write_in_vain, reply))
        for place, each in enumerate(times):
            self._at(each, partial(back.hand_again if place else back.write, reply))

    def _at(self, moment: Moment, step: Callable[[], None]) -> None:
        self._clock.call_at(moment, step, self._owner)


def stage_of(submission: Submission) -> str:
    """What the faults call the door of a submission."""
    return submission.terms.stage or STAGES[submission.channel]


def later(moment: Moment, seconds: float) -> Moment:
    """So many seconds after a moment."""
    return Moment(moment + round(seconds * 1000))
