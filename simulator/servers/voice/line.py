"""One call under way: rings, is picked up or not, performs its documents for whoever listens, and ends.

Joins what is pure (`calls`, `callee`) with the clock, the network and the journal. Everything that is due
stands on the world's agenda; what asks a caller's server holds the clock until the answer is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from simulator.callee import DEAD_AIR, Conduct
from simulator.calls.call import FINAL, Call, Status
from simulator.calls.detection import detect
from simulator.calls.performance import (
    Asking,
    Effect,
    Fetch,
    Finished,
    Gathered,
    Heard,
    Performance,
    Quirks,
    Warned,
)
from simulator.clock import Handle
from simulator.delivery import Message
from simulator.journal import Kind
from simulator.people.calling import Pickup
from simulator.people.script import Telling
from simulator.respondent import State
from simulator.servers.voice.callbacks import Callbacks, Notice
from simulator.servers.voice.callbacks import Line as Whose
from simulator.servers.voice.documents import DOOR, Documents, Switch
from simulator.wire import calls_shape as shape
from simulator.wire.calls_order import Hook
from simulator.wire.twiml_verbs import Pause, Play, Prompt, Say
from simulator.world import Moment, ReportOut

SETUP = 0.5
"""Seconds from dialling to ringing."""
RECORDS = 120.0
"""Seconds for which a voicemail records before it hangs up."""
EVENTS: Mapping[Status, str] = {
    Status.INITIATED: "initiated",
    Status.RINGING: "ringing",
    Status.IN_PROGRESS: "answered",
    **dict.fromkeys(FINAL, "completed"),
}
UNANSWERED: Mapping[Pickup, Status] = {Pickup.BUSY: Status.BUSY, Pickup.FAILED: Status.FAILED}
"""What is known without ringing."""


class NotNow(Exception):
    """The call is not in a state for that."""


class Line:
    """One call, from its dialling to its end. `over` is called at the end."""

    def __init__(
        self, switch: Switch, call: Call, message: Message, conduct: Conduct, over: Callable[[], None]
    ) -> None:
        self.call, self.message = call, message
        self._switch, self._conduct, self._over = switch, conduct, over
        dialect = call.order.dialect
        quirks = Quirks(dialect.posts_without_action, dialect.finish_key_of_empty)
        self._performance = Performance(switch.options.bounds, quirks)
        self._documents = Documents(switch, call, message, self._performance, self._go_on)
        order = call.order
        whose = Whose(
            call.sid,
            message.id,
            order.to,
            order.account,
            switch.options.accounts[order.account],
            dialect.repeats,
        )
        self._callbacks = Callbacks(
            whose, clock=switch.clock, journal=switch.journal, faults=switch.faults, asker=switch.asker
        )
        self._status_hook = order.status
        self._handles: list[Handle] = []
        self._timer: Handle | None = None
        self._questions = self._told = 0
        self._heard_something = False
        self.report: ReportOut | None = None
        """The report on its end, once there is one;"""
        self.handed = False
        """whether the peer has taken it."""

    @property
    def waiting(self) -> int:
        """Requests that are under way or to be made."""
        return self._callbacks.waiting + self._documents.waiting

    async def close(self) -> None:
        """Stop where it stands."""
        self._cancel()
        await self._documents.close()
        await self._callbacks.close()

    # Ringing

    def dial(self) -> None:
        """Begin."""
        conduct, ring_seconds = self._conduct, self.call.order.ring_seconds
        if self.call.is_over:
            return
        self._become(Status.INITIATED)
        if conduct.pickup in UNANSWERED:
            self._in(conduct.rings, partial(self.end, UNANSWERED[conduct.pickup], "nobody can be rung"))
            return
        setup = min(SETUP, conduct.rings)
        self._in(setup, partial(self._become, Status.RINGING))
        if conduct.picks_up and conduct.rings - setup < ring_seconds:
            self._in(conduct.rings, self._answer)
        else:
            self._in(setup + ring_seconds, partial(self.end, Status.NO_ANSWER, "nobody picked up in time"))

    def _answer(self) -> None:
        order, conduct = self.call.order, self._conduct
        self._become(Status.IN_PROGRESS)
        self._in(order.time_limit, partial(self.end, Status.COMPLETED, "the longest time for a call is over"))
        if conduct.leaves_after is not None:
            self._in(conduct.leaves_after, self.hang_up)
        if conduct.pickup is Pickup.VOICEMAIL:
            self._in(conduct.greeting + RECORDS, self.hang_up)
        if order.detection is None:
            self._begin()
            return
        machine = conduct.pickup is Pickup.VOICEMAIL
        found = detect(order.detection, greeting=conduct.greeting, machine=machine)
        self._in(found.after, partial(self._found, found.answered_by, found.after))
        if not order.detection.waits:
            self._begin()

    def _found(self, answered_by: str, after: float) -> None:
        """Detection is through."""
        self.call.answered_by = answered_by
        detection = self.call.order.detection
        self._switch.note(Kind.CALL_HEARD, self.message, what="who answered", said=answered_by, seconds=after)
        if detection is None or detection.waits:
            self._begin()
        elif detection.in_background is not None:
            told = shape.about(self.call) | {"MachineDetectionDuration": str(round(after * 1000))}
            self._callbacks.put(Notice(detection.in_background, "detected", told))

    # In the call

    def _begin(self) -> None:
        order = self.call.order
        if order.document is not None:
            self._performance.begin(order.document.url, order.document.method)
            self._go_on()
        else:
            self._documents.inline(order.twiml or "")

    def redirect(self, document: Hook | None, twiml: str | None) -> None:
        """Go on with another document; NotNow unless the call is in progress."""
        if self.call.status is not Status.IN_PROGRESS:
            raise NotNow("Call is not in-progress. Cannot redirect.")
        if twiml is not None:
            self._documents.inline(twiml)
        elif document is not None:
            self._performance.begin(document.url, document.method)
            self._go_on()

    def tell_status_to(self, hook: Hook) -> None:
        """Send what comes to another address."""
        self._status_hook = hook

    def _go_on(self) -> None:
        """Do what the performance asks for, and wake up when it wants to."""
        performance = self._performance
        while performance.effects:
            self._do(performance.effects.pop(0))
        if self._timer is not None:
            self._timer.cancel()
        due = None if self.call.is_over else performance.due
        self._timer = None if due is None else self._at(due, self._tick)

    def _tick(self) -> None:
        self._performance.tick(self._switch.clock.now())
        self._go_on()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Fetch():
                self._documents.ask(effect)
            case Heard():
                self._hear(effect)
            case Asking():
                self._ask(effect.seconds)
            case Gathered():
                told, by = effect.posted, effect.finished_by
                self._switch.note(
                    Kind.CALL_GATHERED, self.message, digits=effect.keys, finished_by=by, posted=told
                )
            case Warned():
                self._switch.note(Kind.CALL_WARNING, self.message, what=effect.what)
            case Finished():
                self.end(Status.COMPLETED, effect.why)

    def _hear(self, heard: Heard) -> None:
        what, said = type(heard.prompt).__name__, _said(heard.prompt)
        self._switch.note(Kind.CALL_HEARD, self.message, what=what, said=said, seconds=heard.seconds)
        if self._conduct.leaves_at is not None and not self._heard_something and heard.seconds:
            self._in(heard.seconds * self._conduct.leaves_at, self.hang_up)
        self._heard_something = True

    def _ask(self, prompt: float) -> None:
        """A question begins, and the person presses what they will."""
        self._questions += 1
        if self._conduct.leaves_at is not None and not prompt:
            self._in(DEAD_AIR, self.hang_up)
        for after, key in self._conduct.strokes(self._questions, prompt):
            self._in(after, partial(self._press, key))

    def press(self, keys: str, gap: float) -> None:
        """Press keys by hand, the first at once; NotNow unless the call is in progress."""
        if self.call.status is not Status.IN_PROGRESS:
            raise NotNow(f"the call is {self.call.status}; keys are heard while it is in-progress")
        for place, key in enumerate(keys):
            self._in(place * gap, partial(self._press, key))

    def _press(self, key: str) -> None:
        heard = self._performance.press(key, self._switch.clock.now())
        self._switch.note(Kind.CALL_KEYS, self.message, key=key, heard=heard)
        self._go_on()

    def hang_up(self) -> None:
        """The person hangs up."""
        self.end(Status.COMPLETED, "the person hangs up")

    # The end

    def end(self, status: Status, why: str) -> None:
        """The call is over; twice is once."""
        if self.call.is_over:
            return
        self._performance.finish(why)
        self._performance.effects.clear()
        self._cancel()
        self._become(status, why)
        self._arrange_report()
        self._over()

    def _arrange_report(self) -> None:
        switch, told, now = self._switch, self.message.submission, self._switch.clock.now()
        state = State(0.0, self.call.cause, Telling.TOLD)
        schedule = switch.faults.arrange(
            DOOR,
            address=told.to,
            account=told.account,
            message=self.message.id,
            nth=self.message.nth,
            reports=(now,),
            replies=(),
        )
        if not schedule.reports[0]:
            switch.returns.lose(self.message, state, "fault")
        for at in schedule.reports[0]:
            report = partial(switch.returns.report, self.message, state, now)
            if at <= now:
                report()
            else:
                switch.clock.call_at(at, report, switch.owner)

    def tell(self, report: ReportOut) -> None:
        """Send the report on the end, where the caller wants to be called back for it."""
        self.report = report
        order, told = self.call.order, self._switch.returns.handover
        silent = self.call.status is Status.NO_ANSWER and not order.dialect.tells_no_answer
        if self._status_hook is None or "completed" not in order.events or silent:
            return
        self._callbacks.put(
            Notice(
                self._status_hook,
                "completed",
                self._progress("completed"),
                handed=self._hand,
                failed=partial(told.failed_report, report),
                lost=partial(told.lost_report, report),
            )
        )

    def _hand(self) -> None:
        """The peer knows how it ended."""
        if self.report is not None:
            self.handed = True
            self._switch.returns.handover.handed_report(self.report)

    def seen(self) -> None:
        """The peer has asked, and was shown the end."""
        if not self.handed:
            self._hand()

    # Status and time

    def _become(self, status: Status, why: str | None = None) -> None:
        self.call.become(status, self._switch.clock.now())
        self._switch.note(Kind.CALL_STATUS, self.message, status=status.value, why=why)
        event = EVENTS[status]
        if event != "completed" and event in self.call.order.events and self._status_hook is not None:
            self._callbacks.put(Notice(self._status_hook, event, self._progress(event)))

    def _progress(self, event: str) -> dict[str, str]:
        self._told += 1
        now = self._switch.clock.now()
        return shape.progress(self.call, event, sequence=self._told - 1, now=now)

    def _in(self, seconds: float, step: Callable[[], object]) -> None:
        self._handles.append(self._at(Moment(self._switch.clock.now() + round(seconds * 1000)), step))

    def _at(self, moment: Moment, step: Callable[[], object]) -> Handle:
        return self._switch.clock.call_at(moment, step, self._switch.owner)

    def _cancel(self) -> None:
        for handle in (*self._handles, *([self._timer] if self._timer else [])):
            handle.cancel()
        self._handles.clear()


def _said(prompt: Prompt) -> str | None:
    match prompt:
        case Say(text=text):
            return text
        case Play(url=url, digits=digits):
            return digits or url.split("?")[0]
        case Pause():
            return None
