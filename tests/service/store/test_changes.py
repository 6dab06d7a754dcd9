"""What a transaction gathers for the roll-ups, against counting."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.domain.period import day_of
from service.store.changes import ALL_SETS, COUNTS, OPEN, Changes, Outcome, Place

HOUR = 3_600_000
places = st.builds(
    Place,
    survey=st.integers(1, 2),
    segment_set=st.integers(0, 2),
    channel=st.sampled_from(["SMS", "EMAIL"]),
    language=st.sampled_from(["nl", "fr"]),
    accepted_at=st.integers(1_792_860_000_000, 1_792_860_000_000 + 30 * 24 * HOUR),
)
outcomes = st.one_of(
    st.just(OPEN),
    st.just(Outcome(failed=True)),
    st.builds(Outcome, failed=st.booleans(), verdict=st.sampled_from(["empty", "no_score"])),
    st.integers(0, 10).map(lambda score: Outcome(verdict="good", score=score)),
)


BUCKETS = {
    1: lambda moment: moment // HOUR,
    24: day_of,
    336: lambda moment: day_of(moment) // 14,
}


def counted(requests: list[tuple[Place, Outcome]]) -> dict[tuple[object, ...], list[int]]:
    cells: dict[tuple[object, ...], Counter[str]] = {}
    for place, outcome in requests:
        for segment_set, (grain, bucket) in product((place.segment_set, ALL_SETS), BUCKETS.items()):
            key = place.survey, segment_set, place.channel, grain, bucket(place.accepted_at)
            cell = cells.setdefault(key, Counter())
            cell["requests"] += 1
            cell["failed"] += outcome.failed
            cell["bad"] += outcome.verdict not in ("", "good")
            if outcome.verdict == "good":
                score = outcome.score
                cell["promoters" if score >= 9 else "passives" if score >= 7 else "detractors"] += 1
    return {key: [cell[name] for name in COUNTS] for key, cell in cells.items()}


@given(st.lists(st.tuples(places, st.lists(outcomes, max_size=3))), st.integers(0, 5))
def test_units_that_join_add_up_to_what_counting_gives(lives, split):
    one, other = Changes(), Changes()
    for number, (place, life) in enumerate(lives):
        gathered = one if number < split else other
        gathered.made(place)
        for before, after in zip([OPEN, *life], life, strict=False):
            gathered.changed(place, before, after)
    one.join(other)
    requests = [(place, (life or [OPEN])[-1]) for place, life in lives]
    assert one.figures() == counted(requests)
    details = Counter(
        (
            place.survey,
            of,
            place.channel,
            day_of(place.accepted_at),
            place.language,
            int(o.failed),
            o.verdict,
            o.score,
        )
        for place, o in requests
        for of in (place.segment_set, ALL_SETS)
    )
    assert +one.details() == details
    assert bool(one) == bool(requests)
