"""The harness's own book: tags that find a person again, and scopes that hold the right rows."""

from hypothesis import given
from hypothesis import strategies as st

from belfort.ledger import Ledger, Sent, scopes, scopes_of_run, tags_of


def sent(number: int, *, survey: int = 1, segments: tuple[str, ...] = (), wave: str = "") -> Sent:
    return Sent(number, f"r{number}", "+32470000000", survey, "SMS", "nl-BE", frozenset(segments), wave)


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_the_last_tag_is_a_persons_own_and_the_others_their_groups(one, other):
    mine, theirs = tags_of("r", one), tags_of("r", other)
    assert (mine[-1] == theirs[-1]) == (one == other)
    assert (mine[1] == theirs[1]) == (one // 1024 == other // 1024)
    assert (mine[2] == theirs[2]) == (one // 32 == other // 32)


def test_tags_obey_the_rules_for_segments():
    for tag in tags_of("f" * 8, 2**40):
        assert 1 <= len(tag) <= 64
        assert "," not in tag


def test_there_is_a_scope_for_all_each_survey_segment_and_pair_of_segments():
    ledger = Ledger("r", [sent(0, segments=("web", "gold")), sent(1, survey=2, segments=("shop",))])
    titles = [scope.title for scope in scopes(ledger, {1: "waffles", 2: "biscuits"})]
    for title in ("all surveys", "survey waffles", "channel SMS", "gold", "gold and shop", "gold or shop"):
        assert title in titles


def test_a_scope_of_two_segments_holds_rows_by_its_mode():
    both, one, none = sent(0, segments=("gold", "shop")), sent(1, segments=("gold",)), sent(2)
    by_title = {scope.title: scope for scope in scopes(Ledger("r", [both, one, none]), {})}
    assert [row for row in (both, one, none) if by_title["gold and shop"].holds(row)] == [both]
    assert [row for row in (both, one, none) if by_title["gold or shop"].holds(row)] == [both, one]


def test_a_wave_is_a_period_of_one_moment():
    ledger = Ledger("r", [sent(0, wave="2026-11-23T10:00:00.000Z")])
    (wave,) = [scope for scope in scopes(ledger, {}) if scope.title.startswith("sent at")]
    assert wave.query["startDate"] == wave.query["endDate"] == "2026-11-23T10:00:00.000Z"


def test_a_run_in_a_used_account_asks_only_for_reports_of_its_own():
    ledger = Ledger("r", [sent(0, segments=("gold",)), sent(1)])
    queries = [scope.query["segments"] for scope in scopes_of_run(ledger)]
    assert queries == ["belfort-r", "belfort-r,gold"]
    assert [row.number for row in ledger if scopes_of_run(ledger)[1].holds(row)] == [0]
