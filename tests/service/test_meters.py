"""Counters that name nobody."""

from service.meters import Meters

ALLOWED = {
    "route", "method", "status", "reason", "part", "channel", "outcome", "delivery", "verdict", "kind",
    "state", "known",
}  # fmt: skip


def test_two_services_in_one_process_count_apart() -> None:
    one, two = Meters(), Meters()
    one.strays.labels("late").inc()
    assert one.registry.get_sample_value("survey_strays_total", {"kind": "late"}) == 1
    assert two.registry.get_sample_value("survey_strays_total", {"kind": "late"}) is None


def test_every_meter_is_named_for_the_service_explained_and_labelled_by_closed_sets() -> None:
    meters = Meters()
    families = list(meters.registry.collect())
    names = {name for meter in vars(meters).values() for name in getattr(meter, "_labelnames", ())}
    # `process_` is what every program tells of itself in the same words, its memory for instance.
    assert all(family.name.startswith(("survey_", "process_")) for family in families)
    assert all(family.documentation for family in families)
    assert names <= ALLOWED
