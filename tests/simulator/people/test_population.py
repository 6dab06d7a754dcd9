"""Profiles, measured: with a fixed seed the town comes out as its population says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Streams
from simulator.people.population import (
    BAD_DAY,
    CLEAN_LIST,
    EVERYDAY,
    FIRST_TIME_LIST,
    INSTANT,
    PROFILES,
    Population,
    scores_of,
)
from simulator.people.shares import LogNormal, Mixture, Shares
from simulator.people.subscriber import Subscriber
from simulator.people.town import Town
from simulator.phrasebook.phrase import Meaning
from simulator.respondent import Decision, decide, on_submit
from simulator.world import CAUSE, Address, Refusal

PEOPLE = 4000


def inhabitants(population: Population, seed: int = 1) -> list[tuple[Subscriber, Decision]]:
    streams = Streams(seed)
    town = Town(streams, population)
    people = [town.subscriber(Address(f"+32470{n:06}")) for n in range(PEOPLE)]
    return [(who, decide(who, population, 1, streams)) for who in people]


@pytest.fixture(scope="module")
def everyday() -> list[tuple[Subscriber, Decision]]:
    return inhabitants(EVERYDAY)


def near(part: float, of: int = PEOPLE) -> object:
    """Within four standard deviations of a share, so that a change of seed does not matter."""
    return pytest.approx(part, abs=4 * (part * (1 - part) / of) ** 0.5 + 1e-9)


def test_languages_and_networks_are_spread_as_the_regions_say(everyday):
    languages = Counter(who.language for who, _ in everyday)
    assert languages["nl"] / PEOPLE == near(0.559)
    assert languages["fr"] / PEOPLE == near(0.396)
    assert languages["de"] / PEOPLE == near(0.006)
    networks = Counter(who.network for who, _ in everyday)  # 0470 was given to Proximus; a third has left
    assert networks["proximus"] / PEOPLE == near(0.65 + 0.35 * 0.39)
    assert len(networks) == 4


@pytest.mark.parametrize(
    ("profile", "delivered", "unknown", "answering"),
    [(EVERYDAY, 0.951, 0.02, 0.25), (CLEAN_LIST, 0.965, 0.01, 0.30), (FIRST_TIME_LIST, 0.87, 0.08, 0.15),
     (BAD_DAY, 0.951, 0.02, 0.25), (INSTANT, 1.0, 0.0, 0.25)],
    ids=lambda each: getattr(each, "name", ""),
)  # fmt: skip
def test_each_profile_reaches_and_answers_as_it_says(profile, delivered, unknown, answering):
    people = inhabitants(profile)
    fates = Counter(decision.fate for _, decision in people)
    total = sum(share for _, share in profile.reach.items())
    assert fates["delivered"] / PEOPLE == near(delivered / total)
    assert fates["unknown subscriber"] / PEOPLE == near(unknown / total)
    reached = fates["delivered"] + fates["no report"]
    assert sum(bool(decision.answers) for _, decision in people) / reached == near(answering, reached)
    assert set(fates) <= set(CAUSE)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda each: each.name)
def test_the_shares_of_a_profile_add_up(profile: Population):
    assert sum(share for _, share in profile.reach.items()) == pytest.approx(1)
    assert sum(profile.bad.values()) < 0.2
    assert {cause for cause, _ in profile.reach.items()} <= set(CAUSE)


def test_scores_follow_the_histogram_of_the_language():
    people = inhabitants(replace(INSTANT, answer_rate=1.0))
    for language, promoters in (("nl", 0.23), ("fr", 0.42)):
        scores = [
            answer.said.score
            for who, decision in people
            if who.language == language
            for answer in decision.answers
            if answer.said.meaning is Meaning.GOOD
        ]
        assert sum(score >= 9 for score in scores) / len(scores) == near(promoters, len(scores))


def test_the_replies_are_good_and_bad_as_the_phrasebook_says():
    people = inhabitants(replace(INSTANT, answer_rate=1.0))
    meanings = Counter(answer.said.meaning for _, decision in people for answer in decision.answers)
    assert sum(meanings.values()) == PEOPLE
    assert meanings[Meaning.GOOD] / PEOPLE == near(1 - sum(INSTANT.bad.values()))
    assert meanings[Meaning.OPT_OUT] / PEOPLE == near(INSTANT.bad[Meaning.OPT_OUT])


def test_replies_come_as_fast_as_the_sources_say():
    people = inhabitants(replace(EVERYDAY, answer_rate=1.0, late=0.0))
    delays = [
        decision.answers[0].after - decision.states[-1].after
        for _, decision in people
        if decision.answers and decision.answers[0].said.score in (7, 8, 9, 10)
    ]
    assert sum(delay <= 45 * 60 for delay in delays) / len(delays) == near(0.60, len(delays))
    assert sum(delay <= 2 * 3600 for delay in delays) / len(delays) == near(0.80, len(delays))


def test_reports_come_as_fast_as_the_sources_say(everyday):
    delays = [decision.states[-1].after for _, decision in everyday if decision.fate == "delivered"]
    assert sum(delay <= 10 for delay in delays) / len(delays) == near(0.882, len(delays))
    assert sum(delay <= 300 for delay in delays) / len(delays) == near(0.948, len(delays))


def test_few_answer_twice_and_fewer_after_the_window():
    people = inhabitants(replace(EVERYDAY, answer_rate=1.0))
    answering = [decision for _, decision in people if decision.answers]
    twice = [decision for decision in answering if len(decision.answers) == 2]
    assert len(twice) / len(answering) == near(0.03, len(answering))
    corrected = sum(first.said.score != again.said.score for first, again in (each.answers for each in twice))
    assert 0.2 < corrected / len(twice) < 0.6
    late = sum(decision.answers[0].after >= 72 * 3600 for decision in answering)
    assert 0 < late / len(answering) < 0.012


def test_on_a_bad_day_the_centre_throttles():
    streams = Streams(3)
    town = Town(streams, BAD_DAY)
    people = [town.subscriber(Address(f"+32470{n:06}")) for n in range(PEOPLE)]
    met = Counter(on_submit(who, BAD_DAY, 1, 1, streams) for who in people)
    assert met[Refusal.THROTTLED] / PEOPLE == near(0.15)
    assert set(met) == {None, Refusal.THROTTLED}


def test_another_seed_is_another_town(everyday):
    other = inhabitants(EVERYDAY, seed=2)
    assert [decision for _, decision in everyday] != [decision for _, decision in other]
    assert inhabitants(EVERYDAY) == everyday


def test_a_histogram_has_eleven_shares():
    with pytest.raises(ValueError, match="11 shares"):
        scores_of(1, 2, 3)


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 1, "b": -1}])
def test_shares_need_something_to_share(weights):
    with pytest.raises(ValueError, match="weight"):
        Shares(weights)


@given(st.dictionaries(st.integers(), st.floats(0.001, 1000), min_size=1, max_size=8), st.floats(0, 1))
def test_every_fraction_picks_one_of_the_choices(weights: dict[int, float], fraction: float):
    assert Shares(weights).pick(fraction) in weights


@given(st.floats(0, 1))
def test_no_delay_is_negative_or_without_end(fraction: float):
    mixture = Mixture(LogNormal(0.7, 240, 1.15), LogNormal(0.3, 6600, 1.3))
    assert 0 <= mixture.seconds(fraction) < 10**9
    assert Mixture().seconds(fraction) == 0


def test_a_mixture_has_the_medians_of_its_crowds():
    mixture = Mixture(LogNormal(1, 10, 0.5), LogNormal(1, 1000, 0.5))
    assert (mixture.seconds(0.25), mixture.seconds(0.75)) == (10, 1000)
