"""The plug-in: fixtures `belfort` and `phone`. Until one of them is asked for nothing is started, imported
or printed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_belfort.client import Belfort
    from pytest_belfort.harness import Harness
    from pytest_belfort.phones import Lanes, Phones


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options, all of them prefixed."""
    group = parser.getgroup("belfort", "Belfort: people who answer your surveys")
    group.addoption(
        "--belfort-seed", type=int, default=None, metavar="N",
        help="the seed of every test, instead of one made of its id: repeats a failure",
    )  # fmt: skip
    group.addoption(
        "--belfort-clock", default="frozen", choices=("frozen", "auto", "real"),
        help="the clock of a harness that is started here (frozen: time passes when a test says so)",
    )  # fmt: skip


@pytest.fixture(scope="session")
def belfort_harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """The harness of this session: the one at BELFORT_URL, or one that is started; one for each worker."""
    from pytest_belfort.calls import Refused, Unreachable
    from pytest_belfort.harness import NotStarted, environment, running

    opened = running(environment(), clock=request.config.getoption("--belfort-clock"))
    try:
        harness = opened.__enter__()
    except (NotStarted, Unreachable, Refused) as error:
        pytest.fail(str(error), pytrace=False)
    yield harness
    opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def _belfort_lanes(request: pytest.FixtureRequest, belfort_harness: Harness) -> Lanes:
    from pytest_belfort.phones import Lanes

    lanes, (worker, workers) = Lanes(), _place(request.config)
    return lanes if belfort_harness.own else lanes.of_worker(worker, workers)


@pytest.fixture
def belfort(request: pytest.FixtureRequest, belfort_harness: Harness) -> Belfort:
    """A harness as new, with a seed made of the test's id: surveys, people, clock, faults, truth, wait."""
    from pytest_belfort.client import Belfort, seed_of

    given = request.config.getoption("--belfort-seed")
    client = Belfort(belfort_harness, seed_of(request.node.nodeid) if given is None else given)
    if belfort_harness.own or _place(request.config)[1] == 1:
        client.reset()
    request.node.stash[_USED] = client
    return client


@pytest.fixture
def phone(belfort: Belfort, _belfort_lanes: Lanes) -> Phones:
    """`phone(score=9)`: the number of somebody free who answers that."""
    from pytest_belfort.phones import Phones

    return Phones(belfort, _belfort_lanes)


_USED = pytest.StashKey[Any]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test that used the harness says how to repeat it, and what happened at the gateway."""
    report = yield
    client = item.stash.get(_USED, None)
    if client is not None and report.failed and call.when == "call":
        again = f"pytest '{item.nodeid}' --belfort-seed={client.seed}"
        report.sections.append(("belfort", f"seed {client.seed}\nReproduce with:\n  {again}"))
        report.sections.append(("belfort journal", _journal(client)))
    return report


def _journal(client: Belfort) -> str:
    from pytest_belfort.calls import Refused, Unreachable
    from pytest_belfort.client import story

    try:
        return story(client.journal())
    except (Refused, Unreachable) as error:
        return f"the harness has no journal to show any more: {error}"


def _place(config: pytest.Config) -> tuple[int, int]:
    """Which of how many workers of pytest-xdist this is."""
    told = getattr(config, "workerinput", None)
    if told is None:
        return 0, 1
    return int(str(told["workerid"]).removeprefix("gw")), int(told["workercount"])
