"""Percentiles, samples of what only grows, and lines that show peaks."""

from __future__ import annotations

import re
from collections import Counter

from charts import LEFT, MOST_POINTS, TOP, lines, nice, thin
from hypothesis import given
from hypothesis import strategies as st
from timeline import Flows, Timeline, every_second, percentile, rounded


@given(st.lists(st.integers(0, 99_999), min_size=1), st.sampled_from((0.5, 0.9, 0.95, 0.99, 1.0)))
def test_a_percentile_is_the_smallest_time_that_so_many_keep_to(times: list[int], part: float):
    found = percentile(Counter(times), part)
    assert sum(time <= found for time in times) >= part * len(times)
    assert sum(time < found for time in times) < part * len(times)


@given(st.integers(0, 10**9))
def test_times_keep_two_digits(time: int):
    assert abs(rounded(time) - time) <= max(time * 0.05, 0)


def test_a_sample_is_what_was_new():
    line = Timeline()
    line.sample(1, 5, {10: 100})
    line.sample(3, 6, {10: 100, 500: 3})
    assert line.series("p95") == [(1, 10.0), (3, 500.0)]
    assert line.users() == [(1, 5.0), (3, 6.0)]


def test_a_flow_is_kept_whole_and_by_the_second():
    flows = Flows()
    for ended, took in ((1_000, 10), (1_999, 30), (2_000, -1)):
        flows.add("sent→delivered", ended, took)
    assert flows.whole["sent→delivered"].times()["max"] == 30
    assert {second: len(each) for second, each in flows.seconds["sent→delivered"].items()} == {1: 2, 2: 1}


def test_seconds_without_a_call_are_shown():
    assert every_second({5: 2, 7: 1}, 4, 7) == [(4, 0.0), (5, 2.0), (6, 0.0), (7, 1.0)]


def test_a_long_line_keeps_its_peaks():
    points = [(second, 1.0) for second in range(10_000)]
    points[7_777] = (7_777, 99.0)
    thinned = thin(points)
    assert len(thinned) <= MOST_POINTS
    assert (7_777, 99.0) in thinned


def test_the_scale_ends_at_a_round_number():
    assert [nice(value) for value in (0, 0.3, 1, 7, 24, 101)] == [1, 0.5, 1, 10, 25, 200]


def test_names_are_written_as_text():
    drawn = lines("<b>", {"<i>": [(1, 2.0)]}, " ms", 0, 2)
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "&lt;i&gt; at most 2 ms" in drawn


def test_a_chart_of_one_moment_names_it_once_and_shows_nothing_beside_it():
    drawn = lines("calls", {"calls": [(4, 9.0), (5, 1.0), (9, 8.0)]}, "", 5, 5)
    assert drawn.count(">0:00<") == 1
    assert re.findall(r'points="([^"]*)"', drawn) == [f"{LEFT}.0,{TOP}.0 {LEFT}.0,{TOP}.0"]
    assert lines("calls", {"calls": [(4, 9.0)]}, "", 5, 5) == ""
