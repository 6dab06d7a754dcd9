"""What people do with calls: the same whoever asks and when, in the shares of their population."""

from __future__ import annotations

from collections import Counter

import pytest

from simulator.callee import UNREACHABLE, Conduct, decide
from simulator.calls.keys import meant_by
from simulator.clock import Streams
from simulator.people.calling import Act, Pickup
from simulator.people.population import EVERYDAY, INSTANT, PROFILES
from simulator.people.town import Town
from simulator.phrasebook.phrase import Meaning
from simulator.world import Address

MANY = 4_000


def town(profile: str = "everyday", seed: int = 1) -> Town:
    return Town(Streams(seed), PROFILES[profile])


def conducts(profile: str = "everyday", seed: int = 1, nth: int = 1) -> list[Conduct]:
    there = town(profile, seed)
    people = [there.subscriber(Address(f"+3247{n:07}")) for n in range(MANY)]
    return [decide(who, there.population, nth, there.streams) for who in people]


def test_a_call_is_decided_by_seed_number_and_ordinal_alone():
    assert conducts() == conducts()
    assert conducts(seed=2) != conducts()
    assert conducts(nth=2) != conducts()


def test_people_pick_up_in_their_populations_shares():
    counts = Counter(each.pickup for each in conducts())
    gone = sum(EVERYDAY.reach.share(cause) for cause in UNREACHABLE)
    for pickup, share in EVERYDAY.calling.pickups.items():
        expected = share * (1 - gone) + (gone if pickup is Pickup.FAILED else 0)
        assert counts[pickup] / MANY == pytest.approx(expected, abs=0.02)


def test_a_number_that_nobody_has_cannot_be_called():
    there = town("first-time-list")
    people = [there.subscriber(Address(f"+3247{n:07}")) for n in range(500)]
    gone = [who for who in people if who.out_of_reach in UNREACHABLE]
    assert len(gone) > 10
    assert {decide(who, there.population, 1, there.streams).pickup for who in gone} == {Pickup.FAILED}


def test_those_who_pick_up_press_in_their_populations_shares():
    humans = [each for each in conducts() if each.pickup is Pickup.HUMAN]
    meant = Counter()
    for each in humans:
        first = meant_by(each.turns[0].keys) if each.turns else None
        meant["leaves" if each.leaves_after else first.meaning if first else None] += 1
    acts = EVERYDAY.calling.acts
    assert meant[Meaning.GOOD] / len(humans) == pytest.approx(acts.share(Act.SCORE), abs=0.04)
    assert meant["leaves"] / len(humans) == pytest.approx(acts.share(Act.HANGS_UP), abs=0.04)
    assert meant[None] / len(humans) == pytest.approx(acts.share(Act.SILENT), abs=0.04)


def test_scores_follow_the_populations_histogram():
    scores = Counter(
        meant_by(each.turns[0].keys).score for each in conducts() if each.turns and len(each.turns) == 1
    )
    total = sum(scores.values())
    assert total > 300
    for score in (8, 10):
        shares = [EVERYDAY.scores[language].share(score) for language in ("nl", "fr")]
        assert min(shares) - 0.06 < scores[score] / total < max(shares) + 0.06


def test_whoever_presses_wrong_keys_may_do_better_when_asked_again():
    twice = [each for each in conducts() if len(each.turns) == 2]
    assert {meant_by(each.turns[0].keys).meaning for each in twice} <= {
        Meaning.OUT_OF_RANGE,
        Meaning.NO_SCORE,
    }
    better = sum(meant_by(each.turns[1].keys).meaning is Meaning.GOOD for each in twice)
    assert 0 < better < len(twice)


def test_a_stroke_is_early_or_waits_for_the_end_of_the_prompt():
    for each in conducts():
        strokes = list(each.strokes(1, 10.0))
        if strokes:
            early = each.turns[0].early is not None
            assert (strokes[0][0] < 10.0) == early
            assert [key for _, key in strokes] == list(each.turns[0].keys)
            assert [at for at, _ in strokes] == sorted(at for at, _ in strokes)


def test_instantly_everything_happens_at_once():
    there = conducts("instant")
    assert {(each.pickup, each.rings) for each in there} == {(Pickup.HUMAN, 0.0)}
    assert all(at == 0.0 for each in there for at, _ in each.strokes(1, 0.0))
    assert INSTANT.calling.script_rings == 0.0


@pytest.mark.parametrize(
    ("number", "strokes"),
    [
        ("+32450000901", [(6.0, "9")]),
        ("+32450001001", [(6.0, "1"), (6.0, "0")]),
        ("+32450080801", [(2.5, "9")]),
        ("+32450080901", [(6.0, "1"), (10.0, "0")]),
        ("+32450080701", []),
        ("+32450080301", []),
        ("+32450090501", [(6.0, "9")]),
    ],
)
def test_numbers_that_do_things_press_what_their_row_says(number, strokes):
    there = town()
    conduct = decide(there.subscriber(Address(number)), there.population, 1, there.streams)
    assert list(conduct.strokes(1, 5.0)) == strokes
    assert list(conduct.strokes(9, 5.0)) == []


def test_every_row_of_families_01_and_02_means_on_the_phone_what_it_means_in_words():
    there = town()
    for family, good in ((1, True), (2, False)):
        for parameter in range(1, 100):
            for lane in (0, 7, 42):
                who = there.subscriber(Address(f"+32450{family:02}{parameter:02}{lane:02}"))
                if who.script is not None:
                    turn = decide(who, there.population, 1, there.streams).turns[0]
                    assert (meant_by(turn.keys).meaning is Meaning.GOOD) == good
