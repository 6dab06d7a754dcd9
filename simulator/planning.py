"""Puts what a message brings on the agenda: its states and the replies to it, as the faults arrange them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulator.clock import Clock
from simulator.delivery import Message
from simulator.faults.desk import FaultDesk
from simulator.people.population import Night
from simulator.people.script import Telling
from simulator.respondent import Decision, State, dated
from simulator.returns import Reply, Returns
from simulator.world import Channel, Moment, Submission, Terms

STAGES = {Channel.SMS: "sms", Channel.VOICE: "voice", Channel.EMAIL: "mail"}
"""What the faults call the doors."""


class Planning:
    """`owner` is whoever calls all of it off when another world begins."""

    def __init__(self, clock: Clock, faults: FaultDesk, returns: Returns, owner: object) -> None:
        self._clock, self._faults, self._returns, self._owner = clock, faults, returns, owner

    def plan(self, message: Message, decision: Decision, begins: Moment, night: Night | None) -> None:
        """Put every state and every reply on the agenda, as the faults arrange them."""
        submission = message.submission
        told = [state for state in decision.states if _is_told(state, submission.terms)]
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
            zip(decision.answers, replies, schedule.replies, strict=True)
        ):
            reply = Reply(f"{message.id}-{place + 1}", message, answer)
            self._plan_reply(reply, at, times)

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


def _is_told(state: State, terms: Terms) -> bool:
    """Whether the peer is told of `state`; what is quiet is for those who asked for it."""
    if state.telling is Telling.TOLD:
        return terms.tell(state.cause)
    return terms.interim and state.telling is Telling.QUIET and not state.cause.final


def later(moment: Moment, seconds: float) -> Moment:
    """So many seconds after a moment."""
    return Moment(moment + round(seconds * 1000))
