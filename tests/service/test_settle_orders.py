"""Whatever the order and the number of copies in which a day's reports and replies come back, the figures are
the same.

Exceptions are those of answers.md: of two good replies the first counts, and of two bad ones the first bad
verdict. The machine checks every step against a model that knows only the two pages; the other test replays
one day in random orders.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply, State
from service.settle import Settle
from service.store import outbox
from tests.service.rig import HOUR, NOON, Rig, mark_submitted, open_rig

WINDOW = 72 * HOUR
QUIET = settings(
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
PERSON = "+32470000000"
TEXTS = {
    "9": ("good", 9),
    "een 3": ("good", 3),
    "7-8": ("ambiguous", None),
    "elf": ("out_of_range", None),
    "STOP": ("opt_out", None),
    "dank u": ("no_score", None),
}


class World:
    """A rig on a loop of its own, for tests that are not coroutines."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        self.rig: Rig = self.run(self._open.enter_async_context(open_rig(Path(self._folder.name))))
        self.settle = Settle(
            self.rig.store,
            self.rig.vault,
            self.rig.clock,
            self.rig.meters,
            reader=read,
            response_window=WINDOW / 1000,
        )

    def run(self, work):
        return self._runner.run(work)

    def write(self, unit):
        return self.run(self.rig.store.write(unit))

    def close(self) -> None:
        self.run(self._open.aclose())
        self._runner.close()
        self._folder.cleanup()


class Model:
    """One request by the letter of survey-api and answers.md."""

    def __init__(self) -> None:
        self.handed = False  # a reply can belong to it
        self.due = True
        self.answered = self.delivered = self.undelivered = self.refused = self.submitted = False
        self.verdict: str | None = None
        self.score: int | None = None

    def reply(self, verdict: str, score: int | None) -> None:
        self.delivered, self.undelivered, self.due = True, False, False
        if score is not None:
            self.answered, self.verdict, self.score = True, verdict, score
        elif self.verdict is None:
            self.verdict = verdict

    def report(self, *, delivered: bool) -> None:
        if not (self.delivered or self.undelivered):
            self.delivered, self.undelivered = delivered, not delivered
            self.due = False

    @property
    def open(self) -> bool:
        return not self.answered and not self.refused

    @property
    def state(self) -> State:
        if self.answered:
            return State.ANSWERED
        if self.refused or self.undelivered:
            return State.FAILED
        if self.delivered:
            return State.DELIVERED
        return State.SUBMITTED if self.submitted else State.ACCEPTED


class Life(RuleBasedStateMachine):
    """One person, one request: everything that can happen to it, in any order and again."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.request = self.world.run(self.world.rig.queue(PERSON))
        self.model = Model()
        self.seen: set[int] = set()

    @precondition(lambda self: self.model.due and self.model.open)
    @rule()
    def lease(self) -> None:
        now = self.world.rig.clock.now()
        due = Moment(now + 48 * HOUR)
        self.world.write(lambda tx: outbox.void_leases(tx, Channel.SMS, now))
        leased = self.world.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, due, 10))
        assert [one.request for one in leased] == [self.request]
        self.model.handed = True

    @precondition(lambda self: self.model.handed)
    @rule()
    def gateway_takes_it(self) -> None:
        now = self.world.rig.clock.now()
        self.world.write(
            lambda tx: mark_submitted(tx, self.request, gateway_id="gw", now=now, window_ms=WINDOW)
        )
        self.model.submitted, self.model.due = True, False

    @precondition(lambda self: self.model.handed)
    @rule()
    def no_answer_comes(self) -> None:
        now = self.world.rig.clock.now()
        self.world.write(lambda tx: outbox.defer(tx, self.request, due_at=now, taken=True))

    @precondition(lambda self: self.model.handed and self.model.open and not self.model.submitted)
    @rule()
    def gateway_refuses_it_for_good(self) -> None:
        self.world.write(lambda tx: outbox.refuse(tx, self.request))
        self.model.refused = not self.model.delivered

    @rule(delivered=st.booleans(), by_gateway_id=st.booleans())
    def report(self, delivered: bool, by_gateway_id: bool) -> None:
        known = not by_gateway_id or self.model.submitted
        told = DeliveryReport(
            Channel.SMS,
            Delivery.DELIVERED if delivered else Delivery.UNDELIVERED,
            request=None if by_gateway_id else self.request,
            gateway_id="gw" if by_gateway_id else None,
        )
        self.world.run(self.world.settle.take_report(told))
        if self.model.open and known:
            self.model.report(delivered=delivered)
            self.model.handed = self.model.handed or not self.model.due

    @rule(message=st.integers(0, 8), text=st.sampled_from(sorted(TEXTS)))
    def reply(self, message: int, text: str) -> None:
        self.world.run(self.world.settle.take_reply(Reply(f"mo-{message}", Channel.SMS, PERSON, text)))
        if message not in self.seen and self.model.open and self.model.handed:
            self.model.reply(*TEXTS[text])
        self.seen.add(message)

    @rule()
    def a_report_that_says_nothing(self) -> None:
        told = DeliveryReport(Channel.SMS, Delivery.UNDERWAY, request=self.request)
        self.world.run(self.world.settle.take_report(told))

    @invariant()
    def the_figures_are_the_models(self) -> None:
        model = self.model
        assert self.world.rig.facts(self.request) == (model.state, model.verdict, model.score)

    @invariant()
    def what_is_personal_is_kept_no_longer_than_needed(self) -> None:
        envelope = self.world.rig.envelope(self.request)
        assert (envelope is not None) == self.model.open
        if envelope is not None:
            assert (envelope["sealed"] is not None) == (envelope["due_at"] is not None) == self.model.due

    def teardown(self) -> None:
        self.world.close()


TestLife = Life.TestCase
TestLife.settings = settings(QUIET, max_examples=25, stateful_step_count=20)

# A day as it was recorded: what came back of each person, at most one good reply, one bad, one final report.
DAY = [
    (Delivery.DELIVERED, "9"),
    (Delivery.UNDELIVERED,),
    (Delivery.UNDELIVERED, "een 3"),
    (Delivery.UNDELIVERED, "7-8"),
    (Delivery.DELIVERED, "STOP"),
    (Delivery.DELIVERED, "dank u", "9"),
    ("elf",),
    (Delivery.UNDERWAY, Delivery.DELIVERED),
    (Delivery.UNDERWAY,),
    (),
]
EXPECTED = [
    (State.ANSWERED, "good", 9),
    (State.FAILED, None, None),
    (State.ANSWERED, "good", 3),
    (State.DELIVERED, "ambiguous", None),
    (State.DELIVERED, "opt_out", None),
    (State.ANSWERED, "good", 9),
    (State.DELIVERED, "out_of_range", None),
    (State.DELIVERED, None, None),
    (State.SUBMITTED, None, None),
    (State.SUBMITTED, None, None),
]
TOLD = [(person, place) for person, told in enumerate(DAY) for place in range(len(told))]


@pytest.fixture(scope="module")
def world():
    opened = World()
    yield opened
    opened.close()


@settings(QUIET, max_examples=60)
@given(
    order=st.permutations(TOLD),
    copies=st.lists(st.sampled_from(TOLD), max_size=12),
    early=st.integers(0, len(TOLD)),
)
def test_a_day_replayed_in_any_order_with_any_copies_gives_the_same_figures(world, order, copies, early):
    """`early` of them come before the gateway's answers to the submissions are known."""
    rig = world.rig
    world.day = getattr(world, "day", 0) + 1
    people = [f"+3247{world.day:03}{person:04}" for person in range(len(DAY))]
    now = rig.clock.now()
    requests = world.run(rig.queue_all(people))
    world.write(lambda tx: outbox.lease_due(tx, Channel.SMS, now, Moment(now + HOUR), 100))

    def tell(person: int, place: int) -> None:
        told = DAY[person][place]
        if isinstance(told, Delivery):
            report = DeliveryReport(Channel.SMS, told, request=requests[person])
            world.run(world.settle.take_report(report))
        else:
            reply = Reply(f"{world.day}-{person}-{place}", Channel.SMS, people[person], told)
            world.run(world.settle.take_reply(reply))

    def take_all(tx) -> None:
        for request in requests:
            mark_submitted(tx, request, gateway_id=None, now=now, window_ms=WINDOW)

    told = [*order, *copies]
    for one in told[:early]:
        tell(*one)
    world.write(take_all)
    for one in told[early:]:
        tell(*one)
    assert [rig.facts(request) for request in requests] == EXPECTED
    assert now == NOON
