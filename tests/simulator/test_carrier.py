"""The carrier: repeats, routing, capacity, faults, replies by hand; and nothing accepted is ever lost."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.carrier import Limits, NobodyWrote
from simulator.clock import Mode
from simulator.delivery import State, Which
from simulator.journal import Kind
from simulator.message import MOST_EVENTS
from simulator.people.numbers import number
from simulator.people.population import BAD_DAY, EVERYDAY, INSTANT
from simulator.people.script import Script, Step
from simulator.people.subscriber import Person
from simulator.phrasebook.phrase import Meaning
from simulator.world import Accepted, Address, Botched, Channel, Refusal, Refused, Status, Submission
from tests.simulator.town_hall import NOON, QUESTION, Door, World

NINE, SILENT, LATE = number(0, 9), number(3, 0), number(5, 5)
HOUR, DAY = 3600, 86_400


# Accepting


def test_an_accepted_message_has_the_status_that_real_clients_expect():
    answer = World().send(NINE)
    assert answer.status is Status.DELIVERED_TO_NETWORK
    assert not answer.repeated


@pytest.mark.parametrize("address", ["+3221234567", "+31612345678", "0470123456", "+32440123456", "", "STOP"])
def test_what_is_no_belgian_mobile_number_is_refused(address: str):
    assert World().submit(address) == Refused(Refusal.ADDRESS_INVALID)


def test_a_submission_is_journalled_with_everything_the_truth_needs():
    world = World()
    accepted = world.send(NINE, reference="order-1")
    (entry,) = world.entries(Kind.MT_SUBMITTED)
    assert (entry.message, entry.address, entry.account) == (accepted.message, NINE, "acme")
    assert entry.facts == {"channel": "SMS", "sender": "8937", "reference": "order-1", "text": QUESTION}


def test_a_decision_tells_nothing_of_moments_or_connections():
    one, other = World(), World()
    other.send(SILENT)
    other.send(NINE, account="other", reference="r")
    one.send(NINE)
    assert one.entries(Kind.PERSON_DECIDED)[0].facts == other.entries(Kind.PERSON_DECIDED)[1].facts


# Repeats


async def test_the_same_reference_is_the_same_message_for_two_days():
    world = World()
    first = world.send(NINE, reference="order-1")
    await world.clock.advance(by=47 * HOUR)
    again = world.send(NINE, reference="order-1")
    assert (again.message, again.repeated) == (first.message, True)
    assert [text for _, text in world.door.said()] == ["9"]
    (entry,) = world.entries(Kind.MT_REPEATED)
    assert (entry.message, entry.facts["reference"]) == (first.message, "order-1")
    await world.clock.advance(by=HOUR)
    later = world.send(NINE, reference="order-1")
    assert (later.message != first.message, later.repeated) == (True, False)


def test_a_reference_belongs_to_its_account_and_address():
    world = World()
    answers = [
        world.send(NINE, reference="r"),
        world.send(SILENT, reference="r"),
        world.send(NINE, account="other", reference="r"),
        world.send(NINE),
        world.send(NINE),
        world.send(NINE, reference=""),
    ]
    assert len({answer.message for answer in answers}) == len(answers)
    assert not any(answer.repeated for answer in answers)


def test_a_repeat_is_no_message_more_to_its_address():
    world = World()
    for _ in range(3):
        world.send(NINE, reference="r")
    world.send(NINE)
    assert [entry.facts["nth"] for entry in world.entries(Kind.PERSON_DECIDED)] == [1, 2]


# What comes back, and where to


async def test_a_reply_goes_to_whoever_wrote_last():
    world = World()
    world.send(NINE, account="first")
    world.send(NINE, account="second")
    await world.clock.drain()
    assert [reply.account for _, reply in world.door.replies] == ["second", "second"]
    assert [report.account for _, report in world.door.reports] == ["first", "second"]


async def test_a_reserved_keyword_goes_to_its_owner():
    world = World()
    assert world.carrier.reserve("Wedstrijd", "radio")
    assert not world.carrier.reserve("WEDSTRIJD", "other")
    world.send(SILENT)
    for text in ("wedstrijd ja", "WEDSTRIJD", "geen wedstrijd", "wedstrijden", ""):
        world.carrier.reply_by_hand(SILENT, text)
    await world.clock.settled()
    accounts = [reply.account for _, reply in world.door.replies]
    assert accounts == ["radio", "radio", "acme", "acme", "acme"]
    assert not world.carrier.release("wedstrijd", "other")
    assert world.carrier.release("wedstrijd", "radio")
    assert world.carrier.reserve("wedstrijd", "other")


async def test_a_reply_after_the_conversation_window_finds_nobody_and_the_journal_says_so():
    world = World(limits=Limits(conversation=DAY))
    world.send(LATE)
    await world.clock.drain()
    assert world.door.replies == []
    (entry,) = world.entries(Kind.REPLY_LOST)
    assert entry.facts["why"] == "no conversation"
    assert len(world.entries(Kind.REPLY_WRITTEN)) == 1


async def test_an_account_may_have_a_door_of_its_own():
    world = World()
    own = Door(world.clock, carrier=world.carrier)
    detach = world.carrier.attach(Channel.SMS, own, "smpp")
    world.send(NINE, account="smpp")
    world.send(number(0, 8), account="acme")
    await world.clock.drain()
    assert [text for _, text in own.said()] == ["9"]
    assert [text for _, text in world.door.said()] == ["8"]
    detach()
    detach()
    world.send(number(0, 7), account="smpp")
    await world.clock.drain()
    assert [text for _, text in world.door.said()] == ["8", "7"]


async def test_without_any_door_nothing_is_dropped_in_silence():
    world = World()
    world.carrier.attach(Channel.SMS, world.door)()
    world.send(SILENT)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    with pytest.raises(LookupError, match="attach one first"):
        await world.clock.drain()


async def test_the_door_gets_everything_it_needs_to_know():
    world = World()
    message = world.send(NINE, reference="order-1").message
    await world.clock.drain()
    ((_, report),) = world.door.reports
    assert (report.message, report.to, report.reference) == (message, NINE, "order-1")
    assert report.at == NOON + 500
    ((_, reply),) = world.door.replies
    assert (reply.sender, reply.to, reply.answers, reply.at) == (NINE, "8937", message, NOON + 1000)


# Timeline and views


async def test_a_message_tells_its_story():
    world = World()
    message = world.carrier.message(world.send(NINE).message)
    assert message.state is State.UNDERWAY
    await world.clock.drain()
    assert [(event.at - NOON, event.what, event.detail) for event in message.events] == [
        (0, "accepted", None),
        (500, "report due", "DeliveredToTerminal"),
        (500, "report handed", "DeliveredToTerminal"),
        (1000, "reply written", f"{message.id}-1"),
        (1000, "reply handed", f"{message.id}-1"),
    ]
    assert (message.state, message.replies) == (State.DELIVERED, 1)


async def test_what_the_peer_does_not_take_is_noted_and_journalled():
    world = World()
    world.door.acknowledges = False
    message = world.carrier.message(world.send(NINE).message)
    await world.clock.drain()
    ((_, report),), ((_, reply),) = world.door.reports, world.door.replies
    world.carrier.failed_report(report, "HTTP 503")
    world.carrier.handed_report(report)
    world.carrier.failed_reply(reply, "no answer")
    world.carrier.lost_reply(reply, "given up after a day")
    kinds = [Kind.REPORT_FAILED, Kind.REPORT_HANDED, Kind.REPLY_FAILED, Kind.REPLY_LOST]
    assert [entry.kind for entry in world.entries(*kinds)] == kinds
    assert [event.what for event in message.events][-4:] == [
        "report not taken", "report handed", "reply not taken", "reply lost",
    ]  # fmt: skip
    for _ in range(1000):
        world.carrier.failed_report(report, "HTTP 503")
    assert len(message.events) <= MOST_EVENTS + 1


async def test_messages_are_found_by_what_is_known_of_them():
    world = World()
    for address, account, text in [(NINE, "a", "one"), (SILENT, "b", "Two"), (number(4, 1), "a", "three")]:
        world.send(address, account=account, text=text, reference=f"ref-{text}")
    await world.clock.advance(by=60)

    def found(**conditions: object) -> list[str]:
        return [message.submission.text for message in world.carrier.messages(Which(**conditions))]

    assert found() == ["one", "Two", "three"]
    assert found(to=SILENT) == ["Two"]
    assert found(account="a") == ["one", "three"]
    assert found(state=State.DELIVERED) == ["one", "Two"]
    assert found(state=State.UNDELIVERED) == ["three"]
    assert found(replied=True) == ["one"]
    assert found(replied=False, account="a") == ["three"]
    assert found(reference="ref-one") == ["one"]
    assert found(text="TWO") == ["Two"]
    assert found(channel=Channel.VOICE) == []
    assert [message.order for message in world.carrier.messages(after=1, limit=1)] == [2]
    assert [message.submission.text for message in world.carrier.newest(limit=2)] == ["three", "Two"]


async def test_only_views_are_forgotten_never_deliveries():
    world = World(limits=Limits(keep_messages=10, keep_addresses=10))
    for lane in range(100):
        world.send(number(0, 9, lane), reference=f"r{lane}")
    assert len(world.carrier.messages(limit=1000)) == 10
    await world.clock.drain()
    assert len(world.door.reports) == 100
    assert world.carrier.message(world.door.reports[0][1].message) is None
    # a reply needs the line, and lines too are bounded: those of the first ninety find nobody, and it is said
    assert len(world.door.replies) + len(world.entries(Kind.REPLY_LOST)) == 100


def test_no_id_ever_comes_twice_not_after_a_reset_either():
    world, seen = World(), set()
    for _ in range(3):
        seen |= {world.send(NINE).message for _ in range(5)}
        world.carrier.reset(1)
    assert len(seen) == 15


# By hand


async def test_somebody_answers_by_hand():
    world = World()
    message = world.send(SILENT).message
    identities = [
        world.carrier.reply_by_hand(SILENT, "top!", meaning=Meaning.NO_SCORE),
        world.carrier.reply_by_hand(SILENT, "een 9", score=9, after=60),
        world.carrier.reply_by_hand(SILENT, "wat denk je?"),
    ]
    await world.clock.drain()
    assert len(set(identities)) == 3
    assert [reply.id for _, reply in world.door.replies] == [identities[0], identities[2], identities[1]]
    written = {entry.facts["reply"]: entry for entry in world.entries(Kind.REPLY_WRITTEN)}
    meant = [(written[each].facts["meaning"], written[each].facts["score"]) for each in identities]
    assert meant == [("no_score", None), ("good", 9), (None, None)]
    assert all(entry.message == message for entry in written.values())
    assert world.door.replies[-1][0] == 60


def test_nobody_answers_who_was_never_written_to():
    world = World()
    with pytest.raises(NobodyWrote):
        world.carrier.reply_by_hand(SILENT, "hallo?")


@pytest.mark.parametrize(
    "meant", [{"meaning": Meaning.GOOD}, {"score": 11}, {"score": -1}, {"meaning": Meaning.EMPTY, "score": 3}]
)
def test_what_is_meant_by_hand_makes_sense(meant):
    world = World()
    world.send(SILENT)
    with pytest.raises(ValueError, match="score"):
        world.carrier.reply_by_hand(SILENT, "x", **meant)


# Capacity


async def test_more_than_the_throughput_is_throttled_until_there_is_room():
    world = World(limits=Limits(throughput=10))
    answers = [world.submit(number(3, 0, lane)) for lane in range(12)]
    assert [isinstance(answer, Accepted) for answer in answers] == [True] * 10 + [False] * 2
    refused = answers[-1]
    assert (refused.refusal, refused.retry_after) == (Refusal.THROTTLED, pytest.approx(0.1))
    assert isinstance(world.submit(number(3, 0, 50), account="other"), Accepted)
    await world.clock.advance(by=0.1)
    assert isinstance(world.submit(number(3, 0, 11)), Accepted)
    assert isinstance(world.submit(number(3, 0, 12)), Refused)


async def test_a_full_queue_takes_nothing_until_something_is_delivered():
    world = World(limits=Limits(queue=2))
    off, quick = number(3, 1), number(3, 0)
    assert isinstance(world.submit(off), Accepted)
    assert isinstance(world.submit(quick), Accepted)
    assert world.submit(quick).refusal is Refusal.QUEUE_FULL
    await world.clock.advance(by=1)
    assert isinstance(world.submit(quick), Accepted)
    await world.clock.drain()
    assert isinstance(world.submit(off), Accepted)


async def test_what_is_withdrawn_makes_room_in_the_queue_and_what_is_replaced_keeps_its_one_place():
    world = World(limits=Limits(queue=2))
    off = number(3, 1)
    first = world.carrier.message(world.send(off).message)
    assert world.carrier.replace(first, "shorter", first.submission.terms) is not None
    second = world.carrier.message(world.send(off).message)
    assert world.submit(off).refusal is Refusal.QUEUE_FULL
    assert world.carrier.cancel(second)
    world.send(off)
    assert world.submit(off).refusal is Refusal.QUEUE_FULL


# Faults


async def test_faults_lose_delay_and_repeat_on_the_way_back():
    world = World()
    world.faults.add({"fault": "report_lost", "where": "sms.report"})
    world.faults.add({"fault": "reply_duplicated", "where": "sms.reply"})
    message = world.carrier.message(world.send(NINE).message)
    await world.clock.drain()
    assert world.door.reports == []
    assert [entry.facts["why"] for entry in world.entries(Kind.REPORT_LOST)] == ["fault"]
    assert message.state is State.DELIVERED
    first, again = (reply for _, reply in world.door.replies)
    assert (first.id, first.text) == (again.id, again.text)
    assert len(world.entries(Kind.REPLY_WRITTEN)) == 1
    assert len(world.entries(Kind.REPLY_HANDED)) == 2


async def test_a_late_report_leaves_the_state_as_it_is():
    world = World()
    world.faults.add(
        {
            "fault": "report_late",
            "where": "sms.report",
            "with": {"seconds": 3600, "distribution": "fixed", "cap": 3600},
        }
    )
    message = world.carrier.message(world.send(SILENT).message)
    await world.clock.advance(by=60)
    assert (message.state, world.door.reports) == (State.DELIVERED, [])
    await world.clock.drain()
    ((told, report),) = world.door.reports
    assert told > 1800
    assert report.at == NOON + 500


async def test_a_lost_reply_is_written_all_the_same():
    world = World()
    world.faults.add({"fault": "reply_lost", "where": "sms.reply"})
    world.send(NINE)
    await world.clock.drain()
    assert world.door.replies == []
    assert [entry.kind for entry in world.entries(Kind.REPLY_WRITTEN, Kind.REPLY_LOST)] == [
        Kind.REPLY_WRITTEN, Kind.REPLY_LOST,
    ]  # fmt: skip


# Beginning anew


async def test_a_reset_calls_off_everything_and_tells_the_journal():
    world = World()
    world.send(LATE, reference="r")
    world.town.set_person(SILENT, Person(language="de"))
    world.carrier.reset(7, INSTANT)
    assert (world.clock.due, world.carrier.accepted, world.town.people()) == (0, 0, {})
    assert world.town.streams.seed == 7
    assert not world.send(LATE, reference="r").repeated
    assert [entry.facts for entry in world.entries(Kind.WORLD_RESET)] == [{"seed": 7, "profile": "instant"}]


async def test_a_reset_touches_nobody_elses_timers():
    world, ran = World(), []
    world.clock.call_later(5, lambda: ran.append("mine"))
    world.send(LATE)
    world.carrier.reset(1)
    await world.clock.drain()
    assert ran == ["mine"]


def test_the_same_seed_is_the_same_world_again():
    world = World(BAD_DAY)
    numbers = [f"+3247012{n:04}" for n in range(200)]
    for _ in range(2):
        for each in numbers:
            world.submit(each)
        world.carrier.reset(1)
    decided = [(entry.address, entry.facts) for entry in world.entries(Kind.PERSON_DECIDED)]
    assert len(decided) > 200
    assert decided[: len(decided) // 2] == decided[len(decided) // 2 :]


# Order and concurrency do not matter


async def _delivered_by(connections: int, shuffled: int) -> tuple[set, set]:
    """Send to a thousand people over so many connections at a time, each answer taking its own while."""
    world = World(BAD_DAY, mode=Mode.AUTO, seed=5)
    chance = random.Random(shuffled)
    orders = [(f"+32470{n:06}", f"order-{n}") for n in range(1000)]
    chance.shuffle(orders)

    async def connection() -> None:
        while orders:
            address, reference = orders.pop()
            with world.clock.at_work():
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
                answers = (world.submit(address, reference=reference) for _ in range(20))
                assert any(isinstance(answer, Accepted) for answer in answers)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(connection())
    await world.clock.drain()
    return world.decisions(), {(reply.sender, reply.text) for _, reply in world.door.replies}


async def test_decisions_are_the_same_for_1_8_and_64_connections_in_any_order():
    alone = await _delivered_by(1, shuffled=1)
    assert len(alone[0]) == 1000
    assert await _delivered_by(8, shuffled=2) == alone
    assert await _delivered_by(64, shuffled=3) == alone


# Nothing accepted is lost


class AnythingGoes(RuleBasedStateMachine):
    """Submit, advance and break in any order: what was accepted is told in the end, or journalled as lost."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World(EVERYDAY)
        self.accepted: set[str] = set()

    def teardown(self) -> None:
        self.loop.run_until_complete(self.world.clock.drain())
        told = {report.message for _, report in self.world.door.reports if report.cause.final}
        lost = {entry.message for entry in self.world.entries(Kind.REPORT_LOST)}
        assert self.accepted <= told | lost
        written = {entry.facts["reply"] for entry in self.world.entries(Kind.REPLY_WRITTEN)}
        heard = {entry.facts["reply"] for entry in self.world.entries(Kind.REPLY_HANDED, Kind.REPLY_LOST)}
        assert written == heard
        self.loop.close()

    @rule(family=st.sampled_from([0, 3, 4, 5, 6, 7, 9]), parameter=st.integers(0, 9), lane=st.integers(0, 2),
          reference=st.sampled_from([None, "a", "b"]))  # fmt: skip
    def submit(self, family: int, parameter: int, lane: int, reference: str | None) -> None:
        match self.world.submit(number(family, parameter, lane), reference=reference):
            case Accepted(message) | Botched(_, Accepted(message)):
                self.accepted.add(message)

    @rule(seconds=st.sampled_from([0.1, 1, 60, 7200, 90_000]))
    def advance(self, seconds: float) -> None:
        self.loop.run_until_complete(self.world.clock.advance(by=seconds))

    @rule(name=st.sampled_from(["report_lost", "report_duplicated", "reply_lost", "reply_duplicated",
                                "reply_first", "report_reordered", "reply_late"]))  # fmt: skip
    def fault(self, name: str) -> None:
        where = "sms.report" if name.startswith("report") else "sms.reply"
        self.world.faults.add({"fault": name, "where": where, "limit": 3})

    @invariant()
    def every_accepted_message_was_journalled_once(self) -> None:
        submitted = [entry.message for entry in self.world.entries(Kind.MT_SUBMITTED)]
        assert len(submitted) == len(set(submitted))
        assert set(submitted) == self.accepted


AnythingGoes.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestNothingAcceptedIsLost = AnythingGoes.TestCase


async def test_a_script_may_keep_a_message_under_way_for_ever():
    world = World(people={SILENT: Person(Script(steps=(Step("absent"),)))})
    message = world.carrier.message(world.send(SILENT).message)
    await world.clock.drain()
    assert message.state is State.UNDERWAY


def test_a_submission_shows_no_text_in_its_repr():
    assert "secret" not in repr(Submission("a", Channel.SMS, Address("+32470000000"), "8937", "secret"))
