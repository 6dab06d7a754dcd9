"""Plays a scenario: finds it a harness, does its steps, and lets the oracle speak afterwards."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC

from belfort.client import Answered, Control
from belfort.exits import Exit, Trouble
from belfort.ledger import Ledger
from belfort.oracle import Comparison, Culprit, Finding
from belfort.scenario.book import Book
from belfort.scenario.borrowed import free_lane, turn
from belfort.scenario.case import Case
from belfort.scenario.cast import Cast
from belfort.scenario.harness import CLIENT_ID, Harness, Wish
from belfort.scenario.history import history
from belfort.scenario.judging import judge, untrue
from belfort.scenario.lanes import INHABITANTS_OF_A_LANE, addresses, lane_of
from belfort.scenario.outcome import Beside, Blamed, Outcome, Played, Verdict
from belfort.scenario.pool import POOL
from belfort.scenario.stage import Stage
from belfort.scenario.steps import DATE, FILES, NEIGHBOUR, PROCESS, WAITS, WORLD, Step, Unmet

OWN = {
    PROCESS: "it restarts the service",
    FILES: "it looks into the service's files",
    NEIGHBOUR: "it acts as a second account",
    DATE: "it moves the clock to a date",
}
"""What nobody else's harness is for."""


@dataclass(frozen=True, slots=True)
class How:
    """How scenarios are to be played."""

    seed: int | None = None
    lane: int | None = None
    bug: str | None = None
    against: Harness | None = None
    """A running harness, instead of one for each scenario."""
    history: bool = False
    """Whether what happened is kept for the report page, also of those that pass."""

    def options(self) -> dict[str, str]:
        told = {"bug": self.bug or ""}
        if self.against is not None:
            told |= {"against": self.against.service, "control": self.against.control}
            told |= {"client-id": self.against.client_id if self.against.client_id != CLIENT_ID else ""}
        return {name: value for name, value in told.items() if value}


async def play(case: Case, node: str, how: How) -> Outcome:
    """Play a case from beginning to end; nothing it does raises, but for a mistake of ours."""
    seed = case.own_seed() if how.seed is None else how.seed
    lane = lane_of(case.title) if how.lane is None else how.lane
    outcome = Outcome(case.title, str(case.path), node, case.story, seed, lane, options=how.options())
    began = time.monotonic()
    if how.against is not None and (why := _own_needed(case)):
        outcome.verdict, outcome.reason = Verdict.SKIPPED, why
        return outcome
    try:
        async with _stage(case, outcome, how) as stage:
            await _play_on(stage, case, outcome, how)
    except Trouble as trouble:
        outcome.verdict = Verdict.TROUBLE if trouble.code == Exit.ENVIRONMENT else Verdict.FAILED
        outcome.reason = str(trouble)
    outcome.seconds = time.monotonic() - began
    return outcome


def _own_needed(case: Case) -> str:
    """Why a scenario cannot be played on a harness that others use, if it cannot."""
    takes = case.takes()
    reasons = [why for what, why in OWN.items() if what in takes]
    reasons += [f"it sets {', '.join(case.settings)}"] if case.settings else []
    return f"{reasons[0]}, which takes a harness of its own" if reasons else ""


@asynccontextmanager
async def _stage(case: Case, outcome: Outcome, how: How) -> AsyncIterator[Stage]:
    """A harness of the case's own, or its place on a running one."""
    if how.against is None:
        takes = case.takes()
        wish = Wish(case.settings, outcome.seed, not takes.isdisjoint(OWN), PROCESS in takes, how.bug)
        async with POOL.lend(wish) as harness, _connected(case, outcome.lane, harness) as stage:
            yield stage
            harness.fine = outcome.verdict is Verdict.PASSED
        return
    async with (
        how.against.controls() as control,
        turn(control.url, alone=(alone := await _takes_the_world(control, case))),
        free_lane(control, outcome.lane, lambda lane: _people(control, case, lane)) as lane,
    ):
        outcome.lane = lane
        harness = replace(how.against, faults=[], inhabitants_before=INHABITANTS_OF_A_LANE * lane)
        async with _connected(case, lane, harness) as stage:
            stage.alone = alone
            yield stage


async def _takes_the_world(control: Control, case: Case) -> bool:
    """Whether nobody else may play meanwhile: it moves the clock, or must, to wait for something."""
    takes = case.takes()
    return WORLD in takes or (WAITS in takes and (await control.clock())["mode"] == "frozen")


async def _people(control: Control, case: Case, lane: int) -> list[str]:
    """Who shows whether a lane was used: everybody with a number in it, and one of each group."""
    found = [addresses(number, lane) for number in dict.fromkeys(case.numbers())]
    for first, channel in dict.fromkeys(case.inhabitants()):
        after = first - 1 + INHABITANTS_OF_A_LANE * lane
        query = {"count": "1", "after": str(after), "channel": channel}
        found += [each["address"] for each in (await control.ask("GET", "/people", query=query))["people"]]
    return found


@asynccontextmanager
async def _connected(case: Case, lane: int, harness: Harness) -> AsyncIterator[Stage]:
    """The people as the scenario wants them, until it is over."""
    async with harness.api() as api, harness.controls() as control:
        book = Book(Ledger(secrets.token_hex(4)))
        stage = Stage(api, control, harness, Cast(case.people, lane), book)
        latest = await control.ask("GET", "/messages", query={"newest": "true", "limit": "1"})
        stage.before = int(latest["after"])
        stage.since = int((await control.ask("GET", "/journal", query={"limit": "1"}))["last"])
        behaved = [person for person in case.people.values() if person.behaviour]
        for person in behaved:
            await control.ask("PUT", f"/people/{stage.cast.address(person)}", person.sheet())
        try:
            yield stage
        finally:
            if harness.borrowed:
                for person in behaved:
                    await control.ask("DELETE", f"/people/{stage.cast.address(person)}")
                await harness.faults_off(control)


async def _play_on(stage: Stage, case: Case, outcome: Outcome, how: How) -> None:
    fine = await _play_steps(stage, case.steps, outcome)
    outcome.asked = len(stage.book.ledger)
    if outcome.asked:
        finding, outcome.uncompared = await judge(stage)
        _note_finding(stage, finding, outcome)
    if how.history or not fine or outcome.differing:
        outcome.events = await history(stage)


async def _play_steps(stage: Stage, steps: Sequence[Step], outcome: Outcome) -> bool:
    """Step by step, up to the first that does not see what it should."""
    for place, step in enumerate(steps):
        try:
            saw, fine = await step.play(stage), True
        except Unmet as unmet:
            outcome.expected, outcome.saw = unmet.expected, unmet.seen
            saw, fine = f"{unmet.seen}, not {unmet.expected}", False
        except Answered as answer:
            outcome.expected, outcome.saw = "the call to succeed", str(answer)
            saw, fine = str(answer), False
        except Trouble:
            outcome.line, outcome.column = step.place.line, step.place.column
            raise
        at = (await stage.now()).astimezone(UTC).isoformat(timespec="seconds")
        outcome.steps.append(Played(step.place.line, step.place.column, step.sentence(), saw, fine, at))
        if not fine:
            outcome.verdict, outcome.line, outcome.column = Verdict.FAILED, step.place.line, step.place.column
            outcome.left = [later.sentence() for later in steps[place + 1 :]]
            return False
    return True


def _note_finding(stage: Stage, finding: Finding, outcome: Outcome) -> None:
    outcome.compared = [_beside(comparison) for comparison in finding.comparisons]
    outcome.blamed = [_blamed(stage, culprit) for culprit in finding.culprits]
    outcome.unheard = finding.unheard
    if untrue(finding) is None:
        return
    if outcome.verdict is Verdict.PASSED and outcome.steps:
        outcome.line, outcome.column = outcome.steps[-1].line, outcome.steps[-1].column
    outcome.verdict = Verdict.WRONG


def _beside(comparison: Comparison) -> Beside:
    figures = {figure.name: (figure.reported, figure.true) for figure in comparison.figures}
    return Beside(comparison.scope.title, figures)


def _blamed(stage: Stage, culprit: Culprit) -> Blamed:
    name = stage.cast.name(culprit.sent.address)
    who = f"{name} ({culprit.sent.address})" if name else culprit.sent.address
    return Blamed(
        who=who,
        request=culprit.sent.request,
        wrote=culprit.wrote,
        meant=culprit.meant,
        should=culprit.should,
        counted=culprit.counted,
        phenomenon=culprit.phenomenon,
    )
