"""The oracle on a service that nobody here wrote in the style of ours: it shows aggregated reports only, and
yet the people are found who are counted wrongly, and what was hard about their words.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from belfort.campaign import Campaign, Customer
from belfort.client import Control, Credentials, SurveyApi
from belfort.ledger import scopes_of_run
from belfort.oracle import CULPRITS_AT_MOST, Finding, Oracle

QUESTIONS = {
    "nl-BE": "Beveelt u ons aan? Antwoord met een cijfer van 0 tot 10.",
    "fr-BE": "Nous recommanderiez-vous? Répondez par une note de 0 à 10.",
    "de-BE": "Würden Sie uns empfehlen? Antworten Sie mit einer Zahl von 0 bis 10.",
    "en-GB": "Would you recommend us? Answer with a number from 0 to 10.",
}
FAMILIES = ("00", "01", "02", "09")
"""Everybody who answers once, in every way that the page on answers speaks of."""
PATIENCE = 30.0


class Counting(SurveyApi):
    """Counts how often a report is asked for."""

    reports = 0

    async def report(self, survey: int | None = None, **query: str) -> dict[str, object]:
        self.reports += 1
        return await super().report(survey, **query)


@asynccontextmanager
async def child(*words: str) -> AsyncIterator[dict[str, str]]:
    """A program of its own and its line of addresses; it ends when its input is closed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELFORT_")}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert running.stdin
    assert running.stdout
    try:
        yield json.loads(await running.stdout.readline())
    finally:
        running.stdin.close()
        await running.wait()


@asynccontextmanager
async def town(reader: str) -> AsyncIterator[tuple[Counting, Control]]:
    """Their service beside our simulator."""
    ports = ("--control-port", "0", "--gateway-port", "0", "--smpp-port", "0")
    async with (
        child("belfort", "simulator", "--json", "--tied", "--clock", "frozen", *ports) as simulator,
        child(
            "tests.foreign.survey_service", "--gateway", simulator["gateway"], "--reader", reader
        ) as theirs,
        Counting(theirs["service"], Credentials("their", "client")) as api,
        Control(simulator["control"]) as control,
    ):
        yield api, control


async def judged(api: Counting, control: Control) -> Finding:
    """Everybody is asked, answers within a day, and is counted; what the oracle makes of it."""
    survey = (await api.create_survey("waffles", "general", QUESTIONS))["id"]
    people = (await control.ask("GET", "/numbers"))["people"]
    customers = [
        Customer(person["address"], person["language"], frozenset({person["number"]["family"]}))
        for person in people
        if person["number"]["family"] in FAMILIES
    ]
    campaign = Campaign(api)
    await campaign.send(survey, customers)
    await control.advance("1d")
    async with asyncio.timeout(PATIENCE):
        while (await control.truth([row.request for row in campaign.ledger]))["unheard"]:  # noqa: ASYNC110  # they poll
            await asyncio.sleep(0.05)
    return await Oracle(api, control, campaign.ledger).judge(scopes_of_run(campaign.ledger))


async def test_a_right_service_raises_no_alarm():
    async with town("careful") as (api, control):
        finding = await judged(api, control)
    assert finding.differences == ()
    assert finding.culprits == ()


@pytest.mark.parametrize(
    ("reader", "phenomenon"),
    [("halves", "a decimal fraction (decimal)"), ("hurried", "two different scores (two-scores)")],
)
async def test_a_wrong_reader_is_found_by_what_was_hard_about_the_replies(reader: str, phenomenon: str):
    async with town(reader) as (api, control):
        finding = await judged(api, control)
        needed = api.reports - len(finding.comparisons)
    assert not finding.agrees
    assert phenomenon in finding.phenomena
    for culprit in finding.culprits:
        assert culprit.should != culprit.counted
        assert culprit.wrote
    assert needed <= 8 * CULPRITS_AT_MOST
