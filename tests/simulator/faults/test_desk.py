import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock, Mode, Streams
from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Ending, ErrorAnswer
from simulator.journal import Journal, Kind, Match
from simulator.world import Moment, Refusal

START = Moment(1_800_000_000_000)
ANNA, BERT = "+32470000001", "+32470000002"


class Town:
    def __init__(self, seed: int = 1) -> None:
        self.clock = Clock(Mode.FROZEN, start=START)
        self.journal = Journal(self.clock)
        self.desk = FaultDesk(self.clock, Streams(seed), self.journal)

    def errors(self, count: int, address: str = ANNA) -> list[bool]:
        return [
            self.desk.meet("sms.submit", address=address, account="a").error is not None for _ in range(count)
        ]

    def plan(self, reports=(10,), replies=(20,), address: str = ANNA, nth: int = 1):
        return self.desk.arrange(
            "sms",
            address=address,
            account="a",
            message="m",
            nth=nth,
            reports=[Moment(each) for each in reports],
            replies=[Moment(each) for each in replies],
        )


@pytest.fixture
def town() -> Town:
    return Town()


def test_nothing_happens_while_nothing_is_on(town):
    assert CALM is town.desk.meet("sms.submit")
    assert town.desk.refusal("sms.submit", account="a") is None
    assert town.plan().reports == ((10,),)


def test_the_first_n_visits_of_each_person_are_hit(town):
    town.desk.add({"fault": "error", "when": {"first": 2}})
    assert town.errors(3) == [True, True, False]
    assert town.errors(3, BERT) == [True, True, False]


def test_visits_can_be_counted_together(town):
    town.desk.add({"fault": "error", "when": {"first": 2, "counted": "all"}})
    assert [*town.errors(1), *town.errors(2, BERT)] == [True, True, False]


def test_every_nth_visit_is_hit(town):
    town.desk.add({"fault": "error", "when": {"every": 3}})
    assert town.errors(6) == [False, False, True] * 2


def test_a_limit_ends_a_fault_and_its_hits_are_counted_and_journalled(town):
    town.desk.add({"fault": "error", "limit": 2})
    assert town.errors(3) == [True, True, False]
    [] = town.desk.faults()
    [over] = town.desk.over()
    assert (over.hits, town.desk.find(over.id)) == (2, over)
    kinds = [entry.kind for entry in town.journal.read().entries]
    assert kinds == [Kind.FAULT_SET, Kind.FAULT_HIT, Kind.FAULT_HIT, Kind.FAULT_CLEARED]
    assert town.journal.read().entries[-1].facts["hits"] == 2


async def test_with_all_that_was_on_over_the_desk_says_that_nothing_is(town):
    town.desk.add({"fault": "error", "limit": 1})
    town.desk.add({"fault": "error", "ttl": "1m"})
    assert town.desk
    town.errors(2)
    await town.clock.advance(by=60)
    assert not town.desk
    assert len(town.journal.read(match=Match(frozenset({Kind.FAULT_CLEARED}))).entries) == 2


async def test_a_ttl_and_a_window_end_on_the_worlds_clock(town):
    town.desk.add({"fault": "error", "ttl": "1m"})
    town.desk.add(
        {"fault": "latency", "when": {"from": "2027-01-15T08:02:00Z", "to": "2027-01-15T08:03:00Z"}}
    )
    seen = []
    for _ in range(4):
        met = town.desk.meet("sms.submit", address=ANNA)
        seen.append((met.error is not None, met.delay))
        await town.clock.advance(by=60)
    assert seen == [(True, 0.0), (False, 0.0), (False, 1.0), (False, 0.0)]
    assert town.desk.faults() == []


@pytest.mark.parametrize(
    ("where", "hit"), [("*", True), ("sms", True), ("sms.submit", True), ("sms.poll", False), ("smpp", False)]
)
def test_a_fault_acts_where_it_is_told(town, where, hit):
    town.desk.add({"fault": "error", "where": where})
    assert [hit] == town.errors(1)


def test_a_fault_acts_on_whom_it_is_told(town):
    town.desk.add({"fault": "error", "match": {"numbers": ["+3247000000[2-9]"], "accounts": ["a*"]}})
    assert town.errors(1) == [False]
    assert town.errors(1, BERT) == [True]
    assert town.desk.meet("sms.poll", account="a").error is None


def test_faults_that_meet_are_added_up(town):
    town.desk.add({"fault": "latency", "with": {"seconds": 2}})
    town.desk.add({"fault": "latency", "with": {"seconds": 3}})
    town.desk.add({"fault": "disconnect_after"})
    town.desk.add({"fault": "error", "with": {"status": 500, "code": 900900}})
    town.desk.add({"fault": "outage"})
    met = town.desk.meet("sms.submit", address=ANNA)
    assert (met.delay, met.ending) == (5.0, Ending.CUT_AFTER)
    assert ErrorAnswer(500, 900900, 8, 1.0) == met.error


@pytest.mark.parametrize("distribution", ["fixed", "uniform", "exponential", "lognormal"])
def test_latency_never_exceeds_its_cap_and_is_never_negative(town, distribution):
    parameters = {"seconds": 1, "distribution": distribution, "spread": 2, "cap": 2.5}
    town.desk.add({"fault": "latency", "with": parameters})
    delays = [town.desk.meet("sms.submit", address=f"+3247{n:07}").delay for n in range(300)]
    assert all(0 <= delay <= 2.5 for delay in delays)
    assert (distribution == "fixed") == (len(set(delays)) == 1)


def test_a_probability_is_kept_and_repeated_by_the_seed():
    def struck(seed: int, order: list[int]) -> set[int]:
        town = Town(seed)
        town.desk.add({"fault": "error", "when": {"probability": 0.3}})
        return {n for n in order if town.errors(1, f"+3247{n:07}") == [True]}

    people = list(range(1_000))
    assert 240 < len(struck(1, people)) < 360
    assert struck(1, people) == struck(1, people[::-1])
    assert struck(1, people) != struck(2, people)


async def test_throttling_lets_a_rate_through_and_says_when_to_come_back(town):
    town.desk.add({"fault": "throttle", "with": {"rate": 2, "burst": 3}})
    answers = [town.desk.refusal("sms.submit", address=ANNA, account="a") for _ in range(4)]
    assert answers[:3] == [None] * 3
    assert (answers[3].refusal, answers[3].retry_after) == (Refusal.THROTTLED, 0.5)
    assert town.desk.refusal("sms.submit", address=ANNA, account="b") is None
    await town.clock.advance(by=0.5)
    assert town.desk.refusal("sms.submit", address=ANNA, account="a") is None


async def test_a_queue_holds_its_length_and_empties_at_its_rate(town):
    town.desk.add({"fault": "queue", "with": {"rate": 1, "length": 2}})
    answers = [town.desk.refusal("sms.submit", account="a") for _ in range(3)]
    assert answers[:2] == [None, None]
    assert (answers[2].refusal, answers[2].retry_after) == (Refusal.QUEUE_FULL, 1.0)
    await town.clock.advance(by=1)
    assert town.desk.refusal("sms.submit", account="a") is None
    assert town.desk.refusal("sms.submit", account="a") is not None


TIMINGS = [
    ("report_lost", {}, ((),), ((20,),)),
    ("report_late", {"seconds": 5}, ((5_010,),), ((20,),)),
    ("report_duplicated", {"times": 2, "gap": 1}, ((10, 1_010, 2_010),), ((20,),)),
    ("reply_lost", {}, ((10,),), ((),)),
    ("reply_late", {"seconds": 5}, ((10,),), ((5_020,),)),
    ("reply_duplicated", {"gap": 1}, ((10,),), ((20, 1_020),)),
    ("reply_first", {}, ((1_020,),), ((20,),)),
]


@pytest.mark.parametrize(("name", "given_", "reports", "replies"), TIMINGS, ids=[each[0] for each in TIMINGS])
def test_reports_and_replies_are_rescheduled(town, name, given_, reports, replies):
    town.desk.add({"fault": name, "with": given_})
    schedule = town.plan()
    assert (reports, replies) == (schedule.reports, schedule.replies)


def test_several_reports_of_a_message_come_in_reverse(town):
    town.desk.add({"fault": "report_reordered"})
    assert town.plan(reports=(10, 20)).reports == ((20,), (10,))


def test_single_reports_are_shuffled_within_the_seconds_given(town):
    town.desk.add({"fault": "report_reordered", "with": {"seconds": 10}})
    times = [town.plan(address=f"+3247{n:07}").reports[0][0] for n in range(50)]
    assert all(10 <= at <= 10_010 for at in times)
    assert times != sorted(times)


def test_parts_are_lost_or_come_in_reverse(town):
    assert town.desk.parts("smpp", 3, address=ANNA, account="a") == [0, 1, 2]
    town.desk.add({"fault": "parts_reordered", "where": "smpp"})
    assert town.desk.parts("smpp", 3, address=ANNA, account="a") == [2, 1, 0]
    town.desk.add({"fault": "parts_lost", "where": "smpp"})
    assert len(town.desk.parts("smpp", 3, address=ANNA, account="a")) == 2
    assert town.desk.parts("smpp", 1, address=ANNA, account="a") == [0]


def test_the_list_is_kept_by_number(town):
    first, second = town.desk.add({"fault": "error"}), town.desk.add({"fault": "latency"})
    assert (first.id, second.id) == (1, 2)
    assert (town.desk.remove(1), town.desk.remove(1)) == (True, False)
    assert second is town.desk.find(2)
    assert town.desk.clear() == 1
    assert not town.desk


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60), st.integers(1, 5), st.integers(1, 5))
def test_throttling_never_lets_more_through_than_burst_and_rate_allow(waits, rate, burst):
    town = Town()
    town.desk.add({"fault": "throttle", "with": {"rate": rate, "burst": burst}})
    passed = 0
    for wait in waits:
        town.clock._base += wait
        passed += town.desk.refusal("sms.submit", account="a") is None
    assert passed <= burst + rate * sum(waits) / 1000 + 1e-6
