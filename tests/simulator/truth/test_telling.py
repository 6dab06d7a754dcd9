"""How the truth is told: selections, the report's members, evidence, what was forgotten."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.journal import Kind
from simulator.reckoning import BRUSSELS, Figures, wall_clock
from simulator.truth import Forgotten, Selection
from simulator.world import Moment
from tests.simulator.truth.story import ALL, ANNA, BERT, HOUR, START, Story


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
