"""Which reply counts, for which question, until when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.journal import Kind
from simulator.reckoning import Figures, State
from simulator.truth import Selection
from tests.simulator.truth.story import ANNA, BERT, HOUR, START, Story


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
