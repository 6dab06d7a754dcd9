"""Every row of the numbers that do things does what it says, through the carrier and a door."""

from __future__ import annotations

import pytest

from simulator.journal import Kind
from simulator.people.numbers import ROWS, number
from simulator.people.population import EVERYDAY, INSTANT
from simulator.phrasebook.phenomena import BAD_PHENOMENA, GOOD_PHENOMENA
from simulator.phrasebook.phrase import Meaning
from simulator.world import Accepted, Accident, Botched, Refusal, Refused
from tests.simulator.town_hall import World

MINUTE, HOUR, DAY = 60, 3600, 86_400
DELIVERED, IMPOSSIBLE, WAITING = "DeliveredToTerminal", "DeliveryImpossible", "MessageWaiting"


async def what_happens(family: int, parameter: int, lane: int = 0, population=EVERYDAY) -> World:
    world = World(population)
    world.send(number(family, parameter, lane))
    await world.clock.drain()
    return world


@pytest.mark.parametrize("score", range(11))
async def test_family_00_answers_the_score(score: int):
    world = await what_happens(0, score, lane=7)
    assert world.door.told() == [(0.5, DELIVERED)]
    assert world.door.said() == [(1.0, str(score))]
    written = world.entries(Kind.REPLY_WRITTEN)
    assert [(entry.facts["meaning"], entry.facts["score"]) for entry in written] == [("good", score)]


@pytest.mark.parametrize("place", range(1, len(GOOD_PHENOMENA) + 1))
async def test_family_01_shows_one_phenomenon_of_good_answers(place: int):
    for lane in (0, 5, 42):
        world = await what_happens(1, place, lane)
        (entry,) = world.entries(Kind.REPLY_WRITTEN)
        assert entry.facts["phenomenon"] == GOOD_PHENOMENA[place - 1].slug
        assert entry.facts["meaning"] == "good"
        assert entry.facts["score"] in range(11)
        assert entry.facts["text"] == world.door.replies[0][1].text


@pytest.mark.parametrize("place", range(1, len(BAD_PHENOMENA) + 1))
async def test_family_02_shows_one_phenomenon_of_bad_answers(place: int):
    for lane in (0, 5, 42):
        world = await what_happens(2, place, lane)
        (entry,) = world.entries(Kind.REPLY_WRITTEN)
        assert entry.facts["phenomenon"] == BAD_PHENOMENA[place - 1].slug
        assert entry.facts["meaning"] in set(Meaning) - {Meaning.GOOD}
        assert entry.facts["score"] is None


async def test_family_02_parameter_09_is_stop():
    for lane in range(10):
        world = await what_happens(2, 9, lane)
        (entry,) = world.entries(Kind.REPLY_WRITTEN)
        assert entry.facts["text"].upper() == "STOP"
        assert entry.facts["meaning"] == "opt_out"


DELIVERY = [
    # family, parameter, reports handed out, state asked for along the way
    (3, 0, [(0.5, DELIVERED)], {}),
    (3, 1, [(10 * MINUTE, DELIVERED)], {1: WAITING, 10 * MINUTE: DELIVERED}),
    (3, 2, [(DAY, IMPOSSIBLE)], {1: WAITING, DAY - 1: WAITING, DAY: IMPOSSIBLE}),
    (3, 3, [(10 * MINUTE, DELIVERED)], {1: WAITING, 10 * MINUTE: DELIVERED}),
    (3, 4, [], {1: "DeliveredToNetwork", DAY: "DeliveryUncertain"}),
    (4, 1, [(0.5, IMPOSSIBLE)], {1: IMPOSSIBLE}),
    (4, 2, [(0.5, IMPOSSIBLE)], {1: IMPOSSIBLE}),
    (4, 3, [(DAY, IMPOSSIBLE)], {1: WAITING, DAY: IMPOSSIBLE}),
    (4, 4, [(0.5, IMPOSSIBLE)], {1: IMPOSSIBLE}),
    (4, 5, [(30, IMPOSSIBLE)], {1: "DeliveredToNetwork", 30: IMPOSSIBLE}),
    (4, 6, [], {1: "DeliveredToNetwork", DAY: "DeliveryUncertain"}),
]


@pytest.mark.parametrize(("family", "parameter", "reports", "states"), DELIVERY)
async def test_families_03_and_04_tell_of_the_delivery_and_never_answer(family, parameter, reports, states):
    world = World()
    message = world.carrier.message(world.send(number(family, parameter)).message)
    past = 0.0
    for seconds, status in states.items():
        await world.clock.advance(by=seconds - past)
        past = seconds
        assert message.status.value == status
    await world.clock.drain()
    assert world.door.told() == reports
    assert world.door.said() == []


@pytest.mark.parametrize(
    ("family", "parameter", "map_error", "receipt"),
    [
        (4, 1, 1, "UNDELIV"),
        (4, 2, 13, "UNDELIV"),
        (4, 3, 27, "EXPIRED"),
        (4, 4, 0, "REJECTD"),
        (4, 5, 34, "UNDELIV"),
    ],
)
async def test_family_04_has_its_cause_in_every_spelling(family, parameter, map_error, receipt):
    world = await what_happens(family, parameter)
    ((_, report),) = world.door.reports
    assert (report.cause.map_error, report.cause.stat) == (map_error, receipt)


@pytest.mark.parametrize(("parameter"), [(3, 4), (4, 6)])
async def test_a_report_that_never_comes_is_journalled_as_lost_by_fate(parameter):
    world = await what_happens(*parameter)
    (entry,) = world.entries(Kind.REPORT_LOST)
    assert entry.facts["why"] == "fate"


TIMES = [(1, 1), (2, 5 * MINUTE), (3, 2 * HOUR), (4, 25 * HOUR), (5, 8 * DAY), (6, 1), (7, 73 * HOUR)]


@pytest.mark.parametrize(("parameter", "seconds"), TIMES)
@pytest.mark.parametrize("population", [EVERYDAY, INSTANT], ids=lambda each: each.name)
async def test_family_05_answers_8_at_its_time_by_day_and_by_night(parameter, seconds, population):
    world = await what_happens(5, parameter, population=population)
    assert world.door.said() == [(seconds, "8")]
    ((told, status),) = world.door.told()
    assert status == DELIVERED
    assert (told > seconds) == (parameter == 6)


REPEATS = [
    (1, [(1.0, "9"), (3.0, "9")], ["good", "good"]),
    (2, [(1.0, "3"), (3.0, "9")], ["good", "good"]),
    (3, [(1.0, "9"), (3.0, "3")], ["good", "good"]),
    (7, [(1.0, "banana"), (3.0, "9")], ["no_score", "good"]),
    (8, [(1.0, "9"), (3.0, "banana")], ["good", "no_score"]),
]


@pytest.mark.parametrize(("parameter", "said", "meant"), REPEATS)
async def test_family_06_repeats(parameter, said, meant):
    world = await what_happens(6, parameter)
    assert world.door.said() == said
    assert [entry.facts["meaning"] for entry in world.entries(Kind.REPLY_WRITTEN)] == meant
    assert len({reply.id for _, reply in world.door.replies}) == 2


async def test_family_06_tells_twice_and_out_of_order():
    twice = await what_happens(6, 4)
    assert twice.door.told() == [(0.5, DELIVERED), (3.0, DELIVERED)]
    disordered = await what_happens(6, 5)
    assert disordered.door.told() == [(0.5, DELIVERED), (3.0, WAITING)]
    (message,) = disordered.carrier.messages()
    assert message.status.value == DELIVERED
    for world in (twice, disordered):
        assert world.door.said() == [(1.0, "9")]


async def test_family_06_has_a_long_text_with_parts_out_of_order():
    world = await what_happens(6, 6)
    ((_, reply),) = world.door.replies
    assert len(reply.text) > 160
    assert reply.parts_shuffled


FAILING = [
    (0, [Refusal.REJECTED] * 4),
    (1, [Refusal.THROTTLED, Refusal.THROTTLED, None]),
    (2, [Refusal.QUEUE_FULL, None]),
    (3, [Accident.TIMES_OUT, None]),
    (5, [Refusal.UNAVAILABLE, Refusal.UNAVAILABLE, None]),
]


@pytest.mark.parametrize(("parameter", "tries"), FAILING)
@pytest.mark.parametrize("reference", [None, "order-1"])
async def test_family_07_fails_by_the_try(parameter, tries, reference):
    world = World()
    for expected in tries:
        answer = world.submit(number(7, parameter), reference=reference)
        match expected:
            case Refusal():
                assert isinstance(answer, Refused)
                assert answer.refusal is expected
                assert (answer.retry_after is None) == (expected is Refusal.REJECTED)
            case Accident():
                assert answer == Botched(expected)
            case None:
                assert isinstance(answer, Accepted)
    await world.clock.drain()
    assert [text for _, text in world.door.said()] == ["9"] * (tries[-1] is None)


async def test_family_07_parameter_04_is_accepted_although_the_connection_is_cut():
    world = World()
    answer = world.submit(number(7, 4), reference="order-1")
    assert isinstance(answer, Botched)
    assert answer.accident is Accident.CUT_AFTER_ACCEPTING
    again = world.submit(number(7, 4), reference="order-1")
    assert again == Accepted(answer.accepted.message, answer.accepted.status, repeated=True)
    await world.clock.drain()
    assert world.door.said() == [(1.0, "9")]
    assert world.carrier.accepted == 1


async def test_family_07_begins_anew_with_the_next_message():
    world = World()
    for _ in range(2):
        tries = [world.submit(number(7, 2)) for _ in range(2)]
        assert [type(each) for each in tries] == [Refused, Accepted]


async def test_every_refusal_is_journalled_with_whether_it_is_for_good():
    world = World()
    for parameter in (0, 1, 2):
        world.submit(number(7, parameter), reference=f"order-{parameter}")
    world.submit("+3221234567")
    entries = world.entries(Kind.MT_REFUSED)
    assert [(entry.facts["refusal"], entry.facts["permanent"]) for entry in entries] == [
        ("REJECTED", True), ("THROTTLED", False), ("QUEUE_FULL", False), ("ADDRESS_INVALID", True),
    ]  # fmt: skip
    assert entries[1].facts["reference"] == "order-1"


@pytest.mark.parametrize("parameter", range(1, 6))
async def test_family_09_answers_9_in_a_language(parameter: int):
    for lane in range(5):
        world = await what_happens(9, parameter, lane)
        (entry,) = world.entries(Kind.REPLY_WRITTEN)
        assert (entry.facts["meaning"], entry.facts["score"]) == ("good", 9)


async def test_lanes_of_a_row_are_different_people_with_the_same_habit():
    texts = set()
    for lane in range(30):
        world = await what_happens(9, 1, lane)
        texts.add(world.door.said()[0][1])
    assert len(texts) > 1


async def test_scripted_people_are_at_once_in_the_instant_profile():
    world = await what_happens(0, 9, population=INSTANT)
    assert world.door.told() == [(0.0, DELIVERED)]
    assert world.door.said() == [(0.0, "9")]


async def test_every_row_has_a_test_here():
    tested = {(0, score) for score in range(11)}
    tested |= {(1, n) for n in range(1, len(GOOD_PHENOMENA) + 1)} | {
        (2, n) for n in range(1, len(BAD_PHENOMENA) + 1)
    }
    tested |= {row[:2] for row in DELIVERY} | {(5, parameter) for parameter, _ in TIMES}
    tested |= {(6, n) for n in range(1, 9)} | {(7, n) for n in range(6)} | {(9, n) for n in range(1, 6)}
    tested |= {(8, n) for n in range(1, 10)}  # in servers/voice/test_family_08.py
    assert {(row.family, row.parameter) for row in ROWS} == tested
