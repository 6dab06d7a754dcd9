"""The oracle's arithmetic and words; that it finds culprits is shown by the demo's planted bugs."""

import io

from rich.console import Console

from belfort import screen
from belfort.client import Control, SurveyApi
from belfort.ledger import Ledger, Sent
from belfort.oracle import Finding, Oracle, counted, figures
from tests.simulator.servers.worlds import open_world


def report(*, requests=1, good=0, bad=0, failed=0, promoters=0, detractors=0, score=None):
    return {
        "nps": {"promoters": promoters, "detractors": detractors, "score": score},
        "responseStatistics": {
            "totalRequests": requests,
            "totalResponses": good + bad,
            "goodResponses": good,
            "badResponses": bad,
            "failed": failed,
        },
    }


def test_equal_reports_agree_in_every_figure():
    assert all(
        figure.agrees
        for figure in figures(
            report(good=1, promoters=1, score=100), report(good=1, promoters=1, score=100), requests=1
        )
    )


def test_a_difference_is_named_with_both_values():
    (figure,) = [f for f in figures(report(good=2), report(good=1), requests=1) if f.name == "goodResponses"]
    assert (figure.reported, figure.true, figure.agrees) == (2, 1, False)


def test_a_request_that_the_gateway_never_saw_is_a_difference():
    """The truth is held against what the service said it accepted, so that what both have lost still
    shows.
    """
    (figure,) = [
        f for f in figures(report(requests=4), report(requests=4), requests=5) if f.name == "totalRequests"
    ]
    assert (figure.reported, figure.true) == (4, 5)


def test_one_persons_report_is_put_in_words():
    assert counted(report(good=1, promoters=1)) == "a promoter"
    assert counted(report(good=1)) == "a passive"
    assert counted(report(bad=1)) == "a bad response"
    assert counted(report(failed=1)) == "failed"
    assert counted(report()) == "no response"
    assert counted(report(good=2, detractors=2)) == "a detractor 2 times"
    assert counted(report(requests=2, good=1, promoters=1)) == "a promoter, in 2 requests"


async def test_replies_that_nobody_took_are_found_though_no_figure_shows_them():
    """A service that never asks for its replies agrees with a truth that counts only what was taken."""
    row = Sent(0, "r1", "+32450000901", 1, "SMS", "nl-BE", frozenset())
    async with open_world() as world:
        await world.send(row.address, reference=row.request)
        await world.simulator.clock.advance(by=60)
        async with SurveyApi("http://127.0.0.1:1") as api, Control(world.simulator.control_url) as control:
            oracle = Oracle(api, control, Ledger("run", [row]))
            assert await oracle.judge([]) == Finding((), (), unheard=1)
            await world.fetch()
            assert await oracle.judge([]) == Finding((), (), unheard=0)


def test_the_verdict_tells_of_replies_that_nobody_took():
    out = io.StringIO()
    screen.verdict(Console(file=out), Finding((), (), unheard=2))
    assert "2 replies were written that the service has never taken" in out.getvalue()
