"""Decisions as pure functions, the facts that tell them, and the night."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Moment, Streams
from simulator.people.numbers import number
from simulator.people.population import EVERYDAY, FIRST_TIME_LIST, INSTANT, Night
from simulator.people.script import Telling
from simulator.people.town import Town
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.respondent import Answer, dated, decide
from simulator.world import Address

EAGER = replace(EVERYDAY, answer_rate=1.0, twice=1.0)
SOMEBODY = Address("+32470123456")
BRUSSELS = ZoneInfo("Europe/Brussels")
PINNED = {
    "nth": 1,
    "fate": "delivered",
    "answers": True,
    "report_after": 5.38,
    "score": 5,
    "reply_after": 695.906,
}


def moment(text: str) -> Moment:
    return Moment(round(datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).timestamp() * 1000))


def local(at: Moment) -> str:
    return datetime.fromtimestamp(at / 1000, BRUSSELS).isoformat()


def test_a_decision_is_the_same_whenever_it_is_asked_for():
    streams = Streams(1)
    who = Town(streams, EAGER).subscriber(SOMEBODY)
    first = decide(who, EAGER, 1, streams)
    for nth in (3, 2):
        decide(who, EAGER, nth, streams)
    assert decide(who, EAGER, 1, Streams(1)) == first


def test_each_message_to_somebody_is_decided_on_its_own():
    streams = Streams(1)
    who = Town(streams, EAGER).subscriber(SOMEBODY)
    decisions = [decide(who, EAGER, nth, streams) for nth in range(1, 30)]
    assert len({decision.answers[0].after for decision in decisions if decision.answers}) > 10


def test_a_number_out_of_reach_stays_so():
    streams = Streams(1)
    town = Town(streams, EAGER)
    people = (town.subscriber(Address(f"+32470{n:06}")) for n in range(2000))
    lost = next(who for who in people if who.out_of_reach)
    assert {decide(lost, EAGER, nth, streams).fate for nth in range(1, 20)} == {lost.out_of_reach}


def test_the_decision_of_a_seed_is_the_same_next_year():
    streams = Streams(2028)
    who = Town(streams, EAGER).subscriber(SOMEBODY)
    facts = decide(who, EAGER, 1, streams).facts()
    pinned = {key: facts[key] for key in ("nth", "fate", "answers", "report_after", "score", "reply_after")}
    assert pinned == PINNED


def test_the_facts_of_a_decision_tell_both_replies():
    streams = Streams(1)
    town = Town(streams, EAGER)
    decisions = (decide(town.subscriber(Address(f"+3247012345{n}")), EAGER, 1, streams) for n in range(10))
    decision = next(each for each in decisions if len(each.answers) == 2)
    first, again = decision.answers
    facts = decision.facts()
    assert (facts["text"], facts["text_2"]) == (first.said.text, again.said.text)
    assert (facts["reply_after"], facts["reply_after_2"]) == (first.after, again.after)
    assert facts["answers"] is True


def test_a_person_who_is_reached_late_was_waited_for():
    streams = Streams(1)
    town = Town(streams, EVERYDAY)
    for n in range(2000):
        decision = decide(town.subscriber(Address(f"+32470{n:06}")), EVERYDAY, 1, streams)
        if decision.fate == "delivered" and decision.states[-1].after > 60:
            quiet, told = decision.states
            assert (quiet.cause.name, quiet.telling, told.telling) == ("absent", Telling.QUIET, Telling.TOLD)
            return
    pytest.fail("nobody of 2000 was reached late")


def test_nobody_answers_before_the_message_is_there():
    streams = Streams(1)
    town = Town(streams, EAGER)
    for n in range(500):
        decision = decide(town.subscriber(Address(f"+32470{n:06}")), EAGER, 1, streams)
        for answer in decision.answers:
            assert answer.after >= decision.states[0].after


def test_nobody_answers_who_was_not_reached():
    streams, rough = Streams(1), replace(FIRST_TIME_LIST, answer_rate=1.0)
    town = Town(streams, rough)
    decisions = [decide(town.subscriber(Address(f"+32470{n:06}")), rough, 1, streams) for n in range(1000)]
    for decision in decisions:
        assert bool(decision.answers) == (decision.fate in ("delivered", "no report"))
    assert len({decision.fate for decision in decisions}) > 4


def test_in_the_instant_profile_everything_is_at_once():
    streams = Streams(1)
    town = Town(streams, INSTANT)
    for n in range(200):
        decision = decide(town.subscriber(Address(f"+32470{n:06}")), INSTANT, 1, streams)
        assert [state.after for state in decision.states] == [0]
        assert {answer.after for answer in decision.answers} <= {0}


def test_a_text_stays_out_of_every_repr():
    streams = Streams(1)
    decision = decide(Town(streams).subscriber(number(0, 9)), EVERYDAY, 1, streams)
    assert "'9'" not in repr(decision)


NIGHTS = [
    # accepted, seconds until the reply, when it is sent
    ("2026-03-10T12:00", 3600, "2026-03-10T13:00:00+01:00"),
    ("2026-03-10T22:59", 0, "2026-03-10T22:59:00+01:00"),
    ("2026-03-10T23:00", 0, "2026-03-11T08:00:00+01:00"),
    ("2026-03-10T12:00", 15 * 3600, "2026-03-11T08:00:00+01:00"),
    ("2026-03-10T06:59", 0, "2026-03-10T08:00:00+01:00"),
    ("2026-03-10T07:00", 0, "2026-03-10T07:00:00+01:00"),
    ("2026-03-28T23:30", 0, "2026-03-29T08:00:00+02:00"),  # the night in which summer time begins
    ("2026-10-24T23:30", 0, "2026-10-25T08:00:00+01:00"),  # and ends
    ("2026-12-31T23:30", 0, "2027-01-01T08:00:00+01:00"),
]


@pytest.mark.parametrize(("accepted", "after", "sent"), NIGHTS)
def test_what_would_be_sent_at_night_waits_for_the_morning(accepted: str, after: float, sent: str):
    answer = Answer(after, Utterance("9", Meaning.GOOD, 9, "bare"), morning=0.5)
    assert local(dated(answer, moment(accepted), Night())) == sent


def test_numbers_that_do_things_answer_at_any_hour():
    said = Utterance("9", Meaning.GOOD, 9, "bare")
    at = moment("2026-03-10T03:00")
    assert dated(Answer(1, said), at, Night()) == at + 1000
    assert dated(Answer(1, said, morning=0.5), at, None) == at + 1000


@given(st.integers(0, 4_000_000_000_000), st.floats(0, 0.999))
def test_nobody_ever_answers_at_night_or_earlier_than_decided(at: int, morning: float):
    answer = Answer(0, Utterance("9", Meaning.GOOD, 9, "bare"), morning)
    sent = dated(answer, Moment(at), Night())
    assert sent >= at
    assert 7 <= datetime.fromtimestamp(sent / 1000, BRUSSELS).hour < 23


@given(st.integers(0, 4_000_000_000_000), st.floats(0, 0.999))
def test_a_night_may_lie_within_one_day(at: int, morning: float):
    answer = Answer(0, Utterance("9", Meaning.GOOD, 9, "bare"), morning)
    sent = dated(answer, Moment(at), Night(begins=1, ends=5, spread=60))
    assert sent >= at
    assert not 1 <= datetime.fromtimestamp(sent / 1000, BRUSSELS).hour < 5
