"""Token bucket, slow-down and backoff: pure functions of the moment and a fraction."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.pacing import (
    LONGEST_BACKOFF,
    LONGEST_HOLD,
    SLOWEST,
    Pace,
    backoff,
    retry_delay,
)

SECOND = 1000


def sent_within(pace: Pace, start: int, seconds: float, wanted: int = 1) -> int:
    """How many messages leave if somebody asks every 10 ms."""
    sent = 0
    for now in range(start, start + int(seconds * SECOND), 10):
        count = pace.available(now, wanted)
        pace, sent = pace.took(now, count), sent + count
    return sent


def test_without_a_rate_everything_may_leave():
    pace = Pace.of(0, 5)
    assert pace.took(5, 10_000).available(5, 777) == 777
    assert pace.ready_at(5) == 5


@pytest.mark.parametrize("rate", [1, 5, 20, 80])
def test_the_rate_is_kept_over_a_minute(rate):
    assert sent_within(Pace.of(rate, 0), 0, 60, 100) == pytest.approx(rate * 60, abs=max(2, rate * 0.11))


def test_the_bucket_never_saves_up_more_than_a_burst():
    pace = Pace.of(100, 0).took(0, 10)
    assert pace.available(3600 * SECOND, 1000) == 10


def test_an_empty_bucket_says_when_the_next_message_may_leave():
    pace = Pace.of(4, 0).took(0, 1)
    assert pace.available(0, 1) == 0
    assert pace.ready_at(0) == 250
    assert (pace.available(249, 1), pace.available(250, 1)) == (0, 1)


def test_throttling_halves_the_rate_and_it_grows_back_to_the_ceiling_and_no_further():
    pace = Pace.of(100, 0)
    for now in range(0, 2 * SECOND, 10):
        pace = pace.took(now, pace.available(now, 100))
    eased = pace.throttled(2 * SECOND, None)
    assert eased.rate(2 * SECOND) == pytest.approx(pace.observed / 2, rel=0.05)
    assert eased.rate(7 * SECOND) > eased.rate(4 * SECOND) > eased.rate(2 * SECOND)
    assert eased.rate(600 * SECOND) == 100


def test_recovery_is_additive():
    eased = Pace.of(100, 0).took(0, 1000).throttled(0, None)
    steps = [eased.rate((i + 1) * SECOND) - eased.rate(i * SECOND) for i in range(5)]
    assert steps == pytest.approx([5.0] * 5)


def test_what_was_in_flight_together_is_one_slow_down():
    pace = Pace.of(64, 0).took(0, 64)
    once = pace.throttled(0, None)
    often = once
    for _ in range(31):
        often = often.throttled(1, None)
    assert often.rate(1) == once.rate(1) == pytest.approx(32, rel=0.01)
    assert often.throttled(1100, None).rate(1100) < once.rate(1100)


def test_without_a_configured_rate_the_observed_one_is_halved():
    pace = Pace.of(0, 0)
    for now in range(0, 5 * SECOND, 10):
        pace = pace.took(now, 2)  # 200 a second
    eased = pace.throttled(5 * SECOND, None)
    assert eased.rate(5 * SECOND) == pytest.approx(100, rel=0.05)
    assert eased.available(5 * SECOND, 1000) <= 11


def test_the_gateway_is_left_alone_as_long_as_it_asked():
    pace = Pace.of(0, 0).throttled(1000, 2.5)
    assert (pace.available(3499, 5), pace.ready_at(1000)) == (0, 3500)
    assert pace.available(3500, 5) >= 1


def test_a_longer_wish_prolongs_the_silence_and_a_shorter_does_not_end_it():
    pace = Pace.of(0, 0).throttled(0, 5).throttled(1, 1)
    assert pace.ready_at(1) == 5000
    assert pace.throttled(2, 9).ready_at(2) == 9002


def test_nobody_can_silence_a_gateway_for_ever():
    assert Pace.of(0, 0).throttled(0, 1e12).ready_at(0) == LONGEST_HOLD * SECOND


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.floats(0, 100)), max_size=40),
    st.just(0) | st.floats(0.01, 1000),
)
def test_no_throttling_ever_stops_the_gateway_for_good(throttlings, rate):
    now, pace = 0, Pace.of(rate, 0)
    for later, retry_after in throttlings:
        now += later
        pace = pace.took(now, pace.available(now, 3)).throttled(now, retry_after)
        floor = min(SLOWEST, rate) if rate else SLOWEST
        assert pace.rate(now) >= min(floor, SLOWEST)
        ready = pace.ready_at(now)
        assert now <= ready < now + 3_700_000
        assert pace.available(ready + 1, 1) == 1


@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_a_backoff_lies_between_half_a_second_and_two_minutes(tries, fraction):
    assert 0.5 <= backoff(tries, fraction) <= LONGEST_BACKOFF


def test_the_backoff_doubles():
    assert [backoff(tries, 0.0) for tries in range(5)] == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert backoff(0, 0.5) == 0.75
    assert backoff(100, 0.0) == LONGEST_BACKOFF / 2


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True), st.floats(0, 3000))
def test_nothing_is_tried_again_before_the_moment_the_gateway_named(tries, fraction, retry_after):
    delay = retry_delay(tries, fraction, retry_after)
    assert delay >= max(retry_after, backoff(tries, fraction))
    assert math.isfinite(delay)


def test_without_such_a_moment_the_backoff_decides():
    assert retry_delay(3, 0.25, None) == backoff(3, 0.25)
