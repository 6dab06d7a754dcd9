"""Token buckets: what is admitted, what answers say, and that nothing grows without bound."""

import pytest

from service.web import limits
from service.web.limits import Guesses, Limit
from service.web.problems import Problem


class Wall:
    """A clock that is moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


def refusal(limit: Limit, account: int, count: int) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        limit.take(account, count)
    assert caught.value.kind.status == 429
    return dict(caught.value.headers)


def test_a_call_is_admitted_or_refused_whole(wall: Wall) -> None:
    limit = Limit("send", rate=10, burst=1000, wall=wall)
    assert limit.take(1, 600)["RateLimit"] == '"send";r=400;t=60'
    headers = refusal(limit, 1, 600)
    assert headers == {
        "Retry-After": "20",
        "RateLimit": '"send";r=400;t=60',
        "RateLimit-Policy": '"send";q=1000;w=100',
    }
    assert limit.take(1, 400)["RateLimit"] == '"send";r=0;t=100'


def test_what_retry_after_says_is_enough_and_a_second_less_is_not(wall: Wall) -> None:
    limit = Limit("send", rate=100, burst=1000, wall=wall)
    limit.take(1, 1000)
    wait = int(refusal(limit, 1, 1000)["Retry-After"])
    wall.now += wait - 1
    refusal(limit, 1, 1000)
    wall.now += 1
    limit.take(1, 1000)


def test_accounts_do_not_share_a_bucket(wall: Wall) -> None:
    limit = Limit("calls", rate=1, burst=1, wall=wall)
    limit.take(1)
    limit.take(2)
    refusal(limit, 1, 1)


def test_a_clock_that_goes_back_neither_fills_nor_empties(wall: Wall) -> None:
    limit = Limit("calls", rate=1, burst=10, wall=wall)
    limit.take(1, 5)
    wall.now -= 3600
    assert limit.take(1)["RateLimit"] == '"calls";r=4;t=6'


def test_what_is_given_back_never_overfills(wall: Wall) -> None:
    limit = Limit("send", rate=1, burst=10, wall=wall)
    limit.take(1, 3)
    assert limit.give_back(1, 5)["RateLimit"] == '"send";r=10;t=0'


def test_buckets_are_bounded(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 3)
    limit = Limit("calls", rate=1, burst=1, wall=wall)
    for account in range(4):
        limit.take(account)
    limit.take(0)
    refusal(limit, 3, 1)


def test_after_ten_failures_a_name_waits_until_the_minute_is_over(wall: Wall) -> None:
    guesses = Guesses(wall)
    for _ in range(9):
        guesses.failed("client")
    assert guesses.wait("client") is None
    wall.now += 20
    guesses.failed("client")
    assert guesses.wait("client") == 40
    assert guesses.wait("other") is None
    wall.now += 40
    assert guesses.wait("client") is None
    guesses.failed("client")
    assert guesses.wait("client") is None


def test_names_are_bounded(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 2)
    guesses = Guesses(wall, most=1)
    for name in "abc":
        guesses.failed(name)
    assert [guesses.wait(name) for name in "abc"] == [None, 60, 60]
