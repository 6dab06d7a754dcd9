import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.faults.catalogue import CATALOGUE, DOORS
from simulator.faults.order import BadOrder, read_order
from simulator.world import Moment

NOW = Moment(1_800_000_000_000)

WRONG = [
    ({}, "/fault", "name the fault"),
    ({"fault": "latencyy"}, "/fault", 'did you mean "latency"?'),
    ({"fault": "report_lost", "where": "sms.submit"}, "/where", "report_lost does not act there"),
    ({"fault": "latency", "where": "sms.sumbit"}, "/where", 'did you mean "sms.submit"?'),
    ({"fault": "latency", "limt": 3}, "/limt", 'did you mean "limit"?'),
    ({"fault": "latency", "with": {"secnods": 3}}, "/with/secnods", 'did you mean "seconds"?'),
    ({"fault": "latency", "with": {"seconds": -1}}, "/with/seconds", "from 0 to"),
    ({"fault": "latency", "with": {"seconds": float("nan")}}, "/with/seconds", "from 0 to"),
    ({"fault": "latency", "with": {"distribution": "normal"}}, "/with/distribution", "lognormal"),
    ({"fault": "error", "with": {"status": 200}}, "/with/status", "from 400 to 599"),
    ({"fault": "error", "with": {"status": 503.5}}, "/with/status", "whole number"),
    ({"fault": "error", "when": {"first": 0}}, "/when/first", "from 1"),
    ({"fault": "error", "when": {"probability": 2}}, "/when/probability", "from 0 to 1"),
    ({"fault": "error", "when": {"from": "2026-11-24T10:00:00"}}, "/when/from", "with an offset"),
    ({"fault": "error", "match": {"numbers": "x", "accounts": [1]}}, "/match/accounts", "list of up to"),
    ({"fault": "error", "limit": True}, "/limit", "whole number"),
    ({"fault": "error", "ttl": "soon"}, "/ttl", '"5m"'),
    ({"fault": "error", "ttl": 0}, "/ttl", "longer than nothing"),
    ([], "", "must be an object"),
]


@pytest.mark.parametrize(("order", "pointer", "detail"), WRONG)
def test_a_mistake_is_named_with_its_place_and_what_would_be_right(order, pointer, detail):
    with pytest.raises(BadOrder) as caught:
        read_order(order, 1, NOW)
    [mistake] = caught.value.mistakes
    assert pointer == mistake.pointer
    assert detail in mistake.detail


def test_every_mistake_is_named_at_once():
    with pytest.raises(BadOrder) as caught:
        read_order({"fault": "error", "limit": 0, "ttl": -1, "x/y": 1}, 1, NOW)
    assert sorted(each.pointer for each in caught.value.mistakes) == ["/limit", "/ttl", "/x~1y"]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_fault_of_the_catalogue_can_be_ordered_at_each_of_its_places(name):
    kind = CATALOGUE[name]
    for door in kind.doors or DOORS:
        for stage in kind.stages:
            fault = read_order({"fault": name, "where": f"{door}.{stage}"}, 1, NOW)
            assert set(kind.parameters) == set(fault.given)


def test_durations_and_moments_are_read():
    order = {
        "fault": "latency",
        "ttl": "5m",
        "with": {"seconds": "250ms"},
        "when": {"from": "2027-01-15T09:00:00.250+01:00"},
    }
    fault = read_order(order, 1, NOW)
    assert (fault.expires, fault.given["seconds"], fault.when.since) == (NOW + 300_000, 0.25, NOW + 250)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*CATALOGUE, *DOORS]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["fault", "where", "match", "when", "limit", "ttl", "with", "first", "numbers", "to", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_fault_or_a_list_of_mistakes(order):
    try:
        fault = read_order(order, 1, NOW)
    except BadOrder as error:
        assert error.mistakes  # noqa: PT017
    else:
        assert fault.name in CATALOGUE
