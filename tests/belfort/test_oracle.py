"""The oracle's arithmetic and words; that it finds culprits is shown by the demo's planted bugs."""

import io

from rich.console import Console

from belfort import screen
from belfort.campaign import Campaign, Customer
from belfort.client import Control, SurveyApi
from belfort.house import House
from belfort.ledger import Ledger, Sent, scopes_of_run
from belfort.oracle import Finding, Oracle, counted, figures
from tests.simulator.servers.worlds import open_world

QUIET = {"BELFORT_CLOCK": "frozen", "BELFORT_LOG_LEVEL": "error"}


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


async def asked(house, *numbers):
    """A ledger of these people, asked by a service with whatever bug it has; a day has passed."""
    api, control = house.where().api(), house.where().controls()
    campaign = Campaign(api)
    survey = (await api.create_survey("waffles", "general", {"nl-BE": "0-10?"}))["id"]
    await campaign.send(survey, [Customer(number, "nl-BE") for number in numbers])
    await control.advance("1d")
    return api, control, campaign.ledger


async def test_errors_that_cancel_out_are_found_person_by_person():
    """A false promoter and a false detractor: every sum is right, and two people are counted wrongly."""
    async with await House.open(QUIET, free_ports=True, bug="last-reply-wins") as house:
        api, control, ledger = await asked(house, "+32450060200", "+32450060300")
        async with api, control:
            finding = await Oracle(api, control, ledger).judge(scopes_of_run(ledger))
    assert finding.comparisons[0].agrees
    assert [each.scope.title for each in finding.differences] == ["+32450060200 alone", "+32450060300 alone"]
    assert [each.wrote for each in finding.culprits] == [("3", "9"), ("9", "3")]
    assert not finding.agrees


async def test_a_request_that_the_gateway_never_saw_is_found_though_every_figure_agrees():
    async with await House.open(QUIET, free_ports=True) as house:
        api, control, ledger = await asked(house, "+32450030000")
        async with api, control:
            assert (await Oracle(api, control, ledger).judge(scopes_of_run(ledger))).agrees
            await control.ask("POST", "/reset", {})  # now it knows of nothing
            finding = await Oracle(api, control, ledger).judge(scopes_of_run(ledger))
    assert [each.scope.title for each in finding.differences] == ["seen by the gateway"]
    assert [each.should for each in finding.culprits] == [
        "asked: the service accepted it, the gateway never saw it"
    ]
