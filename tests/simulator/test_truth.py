from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock, Mode
from simulator.entry import Line
from simulator.journal import Batch, Journal, Kind
from simulator.reckoning import BRUSSELS, Figures, State, wall_clock
from simulator.truth import Forgotten, Ledger, Selection, Truth
from simulator.world import Moment

START = Moment(1_800_000_000_000)
HOUR = 3_600_000
ANNA, BERT = "+32470000001", "+32470000002"
ALL = Selection()


class Story:
    """A journal written by hand, and the ledger that hears it."""

    def __init__(self, keep: int = 1_000) -> None:
        self.clock = Clock(Mode.FROZEN, start=START)
        self.journal, self.ledger = Journal(self.clock), Ledger(keep)
        self.journal.listen(self.ledger)

    def at(self, hours: float) -> "Story":
        self.clock._base = START + int(hours * HOUR)
        return self

    def sent(
        self, message: str, address: str = ANNA, *, account: str = "a", reference: str | None = None
    ) -> "Story":
        self.journal.record(
            Kind.MT_SUBMITTED, message=message, address=address, account=account,
            channel="SMS", text="Question?", reference=reference,
        )  # fmt: skip
        return self

    def refused(self, *, permanent: bool, address: str = ANNA, reference: str | None = None) -> "Story":
        self.journal.record(
            Kind.MT_REFUSED, address=address, account="a", channel="SMS", text="Question?",
            reference=reference, refusal="x", permanent=permanent,
        )  # fmt: skip
        return self

    def report(self, message: str, status: str) -> "Story":
        self.journal.record(Kind.REPORT_HANDED, message=message, address=ANNA, account="a", status=status)
        return self

    def delivered(self, message: str) -> "Story":
        return self.report(message, "DeliveredToTerminal")

    def impossible(self, message: str) -> "Story":
        return self.report(message, "DeliveryImpossible")

    def wrote(self, reply: str, meaning: str | None, score: int | None = None) -> "Story":
        self.journal.record(Kind.REPLY_WRITTEN, reply=reply, text=f"{score}", meaning=meaning, score=score)
        return self

    def heard(self, reply: str, address: str = ANNA, account: str = "a") -> "Story":
        self.journal.record(Kind.REPLY_HANDED, address=address, account=account, reply=reply, channel="SMS")
        return self

    def good(self, reply: str, score: int, address: str = ANNA) -> "Story":
        return self.wrote(reply, "good", score).heard(reply, address)

    def bad(self, reply: str, verdict: str = "no_score", address: str = ANNA) -> "Story":
        return self.wrote(reply, verdict).heard(reply, address)

    def truth(self, selection: Selection = ALL) -> Truth:
        told = self.ledger.tell(selection, self.clock.now())
        assert isinstance(told, Truth)
        return told

    def figures(self, selection: Selection = ALL) -> Figures:
        return self.truth(selection).figures

    def states(self) -> list[str]:
        return [each.state.value for each in self.truth().accounts]


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_good_reply_is_counted_once_however_many_messages_come(story):
    story.sent("m").delivered("m").good("r1", 9).heard("r1").good("r2", 3)
    assert story.figures() == Figures(requests=1, promoters=1)


def test_until_a_good_reply_a_bad_one_makes_it_bad(story):
    story.sent("m").bad("r1").bad("r2", "ambiguous")
    assert story.figures() == Figures(requests=1, bad=1)
    assert story.truth().as_json()["people"][0]["meant"] == {"verdict": "no_score", "score": None}  # type: ignore[index]
    story.good("r3", 6)
    assert story.figures() == Figures(requests=1, detractors=1)


@pytest.mark.parametrize(
    ("hours", "figures"),
    [
        (72 - 1 / HOUR, Figures(requests=1, promoters=1)),
        (72, Figures(requests=1)),
        (73, Figures(requests=1)),
    ],
)
def test_a_reply_counts_before_the_window_ends_and_not_from_then_on(story, hours, figures):
    story.sent("m").at(hours).good("r", 9)
    assert story.figures() == figures


def test_the_window_can_be_another(story):
    story.sent("m").at(2).good("r", 9)
    assert story.figures(Selection(window_ms=HOUR)) == Figures(requests=1)


def test_a_reply_belongs_to_the_latest_open_question_whatever_the_person_had_in_mind(story):
    story.sent("m1").at(1).sent("m2").good("r", 9)
    assert story.states() == ["SUBMITTED", "ANSWERED"]
    story.good("r2", 0)
    assert story.states() == ["ANSWERED", "ANSWERED"]


def test_a_reply_that_comes_again_does_not_answer_an_older_question(story):
    story.sent("m1").at(1).sent("m2").good("r", 9).heard("r")
    assert story.states() == ["SUBMITTED", "ANSWERED"]


def test_a_reply_belongs_to_the_peer_that_heard_it(story):
    story.sent("m1").sent("m2", account="b").good("r", 9)
    assert story.states() == ["ANSWERED", "SUBMITTED"]
    story.heard("r", account="b")
    assert story.states() == ["ANSWERED", "ANSWERED"]


def test_an_undelivered_question_has_failed_until_a_reply_proves_otherwise(story):
    story.sent("m").impossible("m")
    assert story.figures() == Figures(requests=1, failed=1)
    story.bad("r")
    assert story.figures() == Figures(requests=1, bad=1)
    story.impossible("m")
    assert story.figures() == Figures(requests=1, bad=1)


def test_the_first_final_report_decides(story):
    story.sent("m").delivered("m").impossible("m")
    assert story.states() == ["DELIVERED"]
    story.sent("n", BERT).impossible("n").delivered("n")
    assert story.states() == ["DELIVERED", "FAILED"]


def test_reports_under_way_and_after_the_window_change_nothing(story):
    story.sent("m").report("m", "MessageWaiting")
    assert story.states() == ["SUBMITTED"]
    story.at(72).impossible("m")
    assert story.states() == ["CLOSED"]


def test_a_permanent_refusal_fails_at_once_and_a_temporary_one_after_its_validity(story):
    story.refused(permanent=True)
    assert story.figures() == Figures(requests=1, failed=1)
    story.refused(permanent=False, address=BERT)
    assert story.states() == ["FAILED", "QUEUED"]
    story.at(24)
    assert story.states() == ["FAILED", "FAILED"]


@pytest.mark.parametrize("reference", ["r-1", None])
def test_a_question_refused_for_now_and_then_taken_is_one(story, reference):
    story.refused(permanent=False, reference=reference).at(2).refused(permanent=False, reference=reference)
    story.at(3).sent("m", reference=reference).at(70).good("r", 8)
    assert story.figures() == Figures(requests=1, passives=1)
    assert story.truth().accounts[0].asked.handed == (3, START + 3 * HOUR)


def test_a_second_submission_under_a_reference_is_the_same_question(story):
    story.sent("m1", reference="x").sent("m2", reference="x").sent("m3", reference="y").sent("m4").sent("m5")
    assert story.figures().requests == 4
    story.at(48).sent("m6", reference="x")
    assert story.figures().requests == 5


def test_what_a_reply_by_hand_meant_is_not_guessed(story):
    story.sent("m").wrote("r", None).heard("r")
    assert story.figures() == Figures(requests=1)
    assert story.truth().doubts == 1


def test_a_reply_written_but_never_heard_counts_nowhere(story):
    story.sent("m").journal.record(
        Kind.REPLY_WRITTEN, reply="r", address=ANNA, account="a", text="9", meaning="good", score=9
    )
    assert (story.figures(), story.truth().unheard) == (Figures(requests=1), 1)
    story.journal.record(Kind.REPLY_LOST, reply="r", address=ANNA, account="a", why="fault")
    assert (story.figures(), story.truth().unheard) == (Figures(requests=1), 0)


def test_a_reply_that_its_service_never_took_stays_unheard_when_the_door_gives_up(story):
    story.sent("m").journal.record(
        Kind.REPLY_WRITTEN, reply="r", address=ANNA, account="a", text="9", meaning="good", score=9
    )
    story.journal.record(
        Kind.REPLY_LOST, reply="r", address=ANNA, account="a", why="not taken within 24 hours"
    )
    assert story.truth().unheard == 1


def test_a_reply_that_waits_to_be_heard_is_told_of_those_who_were_asked_about(story):
    story.sent("m", BERT)
    story.journal.record(
        Kind.REPLY_WRITTEN, reply="r", address=BERT, account="a", text="9", meaning="good", score=9
    )
    assert story.truth(Selection(addresses=frozenset({ANNA}))).unheard == 0
    assert story.truth().as_json()["unheard"] == 1
    story.heard("r", BERT)
    assert story.truth().unheard == 0


def test_one_reference_to_two_people_is_two_questions(story):
    assert story.sent("m1", ANNA, reference="x").sent("m2", BERT, reference="x").figures().requests == 2


def test_a_question_that_was_never_answered_is_known_and_fails_with_its_validity(story):
    story.journal.record(
        Kind.MT_BOTCHED, address=ANNA, account="a", channel="SMS", text="Question?", accepted=False
    )
    assert story.states() == ["QUEUED"]
    assert story.sent("m").states() == ["SUBMITTED"]


def test_a_selection_chooses_by_every_condition(story):
    story.sent("m1", ANNA, reference="x").at(1).sent("m2", BERT, reference="y").at(2).sent(
        "m3", ANNA, account="b"
    )

    def chosen(**conditions: object) -> list[str | None]:
        return [each.asked.message for each in story.truth(replace(ALL, **conditions)).accounts]  # type: ignore[arg-type]

    assert chosen(addresses=frozenset({ANNA})) == ["m1", "m3"]
    assert chosen(messages=frozenset({"m3", "m2"})) == ["m2", "m3"]
    assert chosen(references=frozenset({"y"})) == ["m2"]
    assert chosen(addresses=frozenset({BERT})) == ["m2"]
    assert chosen(references=frozenset({"y"}), account="a") == ["m2"]
    assert chosen(references=frozenset({"y"}), account="b") == []
    assert chosen(account="b") == ["m3"]
    assert chosen(channel="VOICE") == []
    assert chosen(question="Question?") == ["m1", "m2", "m3"]
    assert chosen(since=Moment(START + HOUR), until=Moment(START + 2 * HOUR)) == ["m2", "m3"]
    assert chosen(until=Moment(START + HOUR - 1)) == ["m1"]


def test_an_address_that_never_came_is_named_and_not_counted(story):
    told = story.sent("m").truth(Selection(addresses=frozenset({ANNA, BERT})))
    assert told.figures.requests == 1
    assert told.as_json()["people"][1] == {"address": BERT, "state": "NEVER_SUBMITTED"}  # type: ignore[index]


def test_the_report_has_the_documented_members(story):
    story.sent("m").good("r", 10)
    assert story.truth().report == {
        "date": "2027-01-15T09:00:00.000",
        "from": "2027-01-15T09:00:00.000",
        "to": "2027-01-15T09:00:00.000",
        "segments": [],
        "segmentMode": "ALL",
        "nps": {"promoters": 1, "detractors": 0, "score": 100},
        "responseStatistics": {
            "totalRequests": 1,
            "totalResponses": 1,
            "goodResponses": 1,
            "badResponses": 0,
            "failed": 0,
        },
    }


def test_evidence_tells_what_was_written_meant_and_counted(story):
    [person] = (
        story.sent("m", reference="x").bad("r1").good("r2", 4).good("r3", 9).truth().as_json()["people"]
    )  # type: ignore[misc]
    assert person["wrote"] == ["None", "4", "9"]
    assert person["meant"] == {"verdict": "good", "score": 4}
    assert person["counted"] == {"response": "good", "score": 4}
    assert [each["did"] for each in person["replies"]] == ["bad", "good", "changes nothing"]
    assert (person["state"], person["failed"], person["reference"]) == ("ANSWERED", False, "x")


def test_what_was_forgotten_is_said_and_not_guessed():
    story = Story(keep=2)
    for n in range(4):
        story.at(n).sent(f"m{n}", f"+3247000000{n}", reference=f"x{n}").good(f"r{n}", 9, f"+3247000000{n}")
    told = story.ledger.tell(ALL, START)
    assert isinstance(told, Forgotten)
    assert told.before == START + HOUR
    assert isinstance(story.ledger.tell(Selection(messages=frozenset({"m0"})), START), Forgotten)
    assert story.figures(Selection(messages=frozenset({"m2", "m3"}))).promoters == 2
    assert story.figures(Selection(since=Moment(START + 2 * HOUR))).promoters == 2
    assert (len(story.ledger), len(story.ledger._people), len(story.ledger._by_reference)) == (2, 2, 2)


def test_a_reset_begins_anew(story):
    story.sent("m").good("r", 9)
    story.journal.record(Kind.WORLD_RESET)
    assert story.figures() == Figures()


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "score"),
    [
        (0, 0, 0, None), (1, 0, 0, 100), (0, 1, 0, 0), (0, 0, 1, -100), (1, 7, 0, 13), (0, 7, 1, -13),
        (1, 1, 1, 0), (200, 0, 1, 99), (1, 199, 0, 1), (0, 199, 1, -1), (1, 200, 0, 0),
    ],
)  # fmt: skip
def test_halves_round_away_from_zero(promoters, passives, detractors, score):
    figures = Figures(promoters + passives + detractors, promoters, passives, detractors)
    assert figures.score == score


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_score_is_the_nearest_integer(promoters, passives, detractors):
    figures = Figures(0, promoters, passives, detractors)
    if figures.score is None:
        assert not figures.good
    else:
        exact = Fraction(100 * (promoters - detractors), figures.good)
        assert abs(figures.score - exact) <= Fraction(1, 2)
        assert -100 <= figures.score <= 100
        mirrored = Figures(0, detractors, passives, promoters)
        assert mirrored.score == -figures.score


def test_wall_clock_follows_brussels_through_both_nights():
    spring = Moment(1_774_746_000_000)  # 2026-03-29T01:00:00Z
    assert wall_clock(Moment(spring - 1), BRUSSELS) == "2026-03-29T01:59:59.999"
    assert wall_clock(spring, BRUSSELS) == "2026-03-29T03:00:00.000"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sent", "good", "bad", "again", "delivered", "impossible", "refused", "deferred"]),
        st.integers(0, 1),
        st.integers(0, 10),
        st.floats(0, 30),
    ),
    max_size=25,
)


def told(steps: list[tuple[str, int, int, float]], *, repeats: bool = False) -> Story:
    story, hours = Story(), 0.0
    for n, (what, who, score, wait) in enumerate(steps):
        hours += wait
        story.at(hours)
        address = f"+3247000000{who}"
        match what:
            case "sent":
                story.sent(f"m{who}.{n}", address)
            case "good":
                story.good(f"g{n}", score, address)
            case "bad":
                story.bad(f"b{n}", address=address)
            case "again":
                story.heard(f"g{score}", address)
            case "delivered" | "impossible":
                for message in list(story.ledger._by_message):
                    if message.startswith(f"m{who}."):
                        getattr(story, what)(message)
            case _:
                story.refused(permanent=what == "refused", address=address)
        if repeats and what in ("good", "bad"):
            story.heard(f"{what[0]}{n}", address)
    return story


@given(STEPS)
def test_whatever_happens_the_figures_agree_with_each_other(steps):
    truth = told(steps).truth()
    figures, numbers = truth.figures, truth.report["responseStatistics"]
    assert numbers["totalResponses"] == numbers["goodResponses"] + numbers["badResponses"]  # type: ignore[index]
    assert figures.good + figures.bad + figures.failed <= figures.requests
    assert figures.good == sum(each.state is State.ANSWERED for each in truth.accounts)
    assert figures.requests == len(truth.accounts)


@given(STEPS)
def test_duplicates_change_nothing(steps):
    assert told(steps).figures() == told(steps, repeats=True).figures()


@given(STEPS)
def test_a_selection_of_each_person_adds_up_to_the_whole(steps):
    story = told(steps)
    parts = [story.figures(Selection(addresses=frozenset({f"+3247000000{who}"}))) for who in range(4)]
    whole = story.figures()
    assert [sum(getattr(part, name) for part in parts) for name in ("requests", "good", "bad", "failed")] == [
        whole.requests, whole.good, whole.bad, whole.failed
    ]  # fmt: skip


class Questions(Batch):
    """Questions by the hundred: each record is the number of a message and of its person."""

    def message_of(self, record: int) -> str:
        return f"m{record}"

    def lines(self, record: int) -> tuple[Line]:
        facts = {"channel": "SMS", "text": "Question?", "reference": None}
        return (Line(f"m{record}", f"+32470{record:06}", "a", facts),)


def submitted(journal: Journal, numbers: range) -> None:
    journal.enter(Questions((Kind.MT_SUBMITTED,), list(numbers)))


def test_questions_that_came_by_the_hundred_are_read_when_somebody_asks(story):
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    submitted(story.journal, range(3))
    story.delivered("m1").good("r1", 9, "+32470000001")
    assert story.states() == ["SUBMITTED", "ANSWERED", "SUBMITTED"]
    story.at(1)
    submitted(story.journal, range(3, 5))
    assert story.figures() == Figures(requests=5, promoters=1)


def test_what_nobody_has_read_yet_is_read_in_steps_to_the_same_truth(story):
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    for first in range(0, 50, 10):
        submitted(story.journal, range(first, first + 10))
    story.delivered("m1").good("r1", 9, "+32470000001")
    until = story.journal.last
    submitted(story.journal, range(50, 60))
    steps = 1
    while not story.ledger.catch_up(until, most=10):
        steps += 1
    assert steps == 6
    assert len(story.ledger._late) == 1
    assert story.ledger._late_questions == 10
    assert story.figures() == Figures(requests=60, promoters=1)


def test_refused_questions_that_nobody_asked_about_take_no_memory_for_ever():
    story = Story(keep=10)
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    submitted(story.journal, range(3))
    for number in range(50):
        facts = {"channel": "SMS", "text": "Question?", "reference": None, "permanent": True}
        story.journal.note(Kind.MT_REFUSED, None, f"+32471{number:06}", "a", facts)
    assert len(story.ledger._late) == 10
    assert isinstance(story.ledger.tell(ALL, START), Forgotten)


def test_of_questions_that_nobody_asked_about_the_latest_are_kept(story):
    story = Story(keep=10)
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    story.sent("before")
    for hour in range(6):
        submitted(story.at(hour).journal, range(4 * hour, 4 * hour + 4))
    told = story.ledger.tell(ALL, story.clock.now())
    assert isinstance(told, Forgotten)
    assert told.before == START + 3 * HOUR
    kept = replace(ALL, since=Moment(START + 4 * HOUR))
    assert story.figures(kept).requests == 8
