"""The main job: a town is surveyed on every channel, answers, and every report is compared with the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress, TaskID

from belfort import screen, town
from belfort.campaign import SURVEYS, Campaign, Customer
from belfort.client import Control, Json, SurveyApi
from belfort.exits import Exit, Trouble
from belfort.ledger import scopes
from belfort.oracle import Oracle

CHANNELS = ("SMS", "VOICE", "EMAIL")
GLANCE = 0.1
"""Seconds of this machine between two looks at the clock while the town answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the town is and over how many days it is asked."""

    people: int = 1000
    days: int = 1
    hard_cases: bool = True
    """Whether one of each number that does things is asked too, on each channel."""
    channels: tuple[str, ...] = CHANNELS
    """How the town is asked; the service must have a gateway for each."""


class Demo:
    """One run against a running harness. It uses only what any client can use."""

    def __init__(
        self, api: SurveyApi, control: Control, plan: Plan, *, console: Console, aside: Console
    ) -> None:
        self._api, self._control, self._plan = api, control, plan
        self._console, self._aside = console, aside
        self._campaign = Campaign(api)

    async def run(self) -> Exit:
        """Ask, let the town answer, compare. `WELL` only if every figure of every report is right."""
        plan = self._plan
        customers = await town.customers(
            self._control, plan.people, plan.channels, hard_cases=plan.hard_cases
        )
        with screen.progress(self._aside) as progress:
            surveys = await self._ask(customers, progress)
            await self._let_them_answer(progress)
        if not len(self._campaign.ledger):
            raise Trouble("the service accepted not one request", Exit.NOTHING_RAN)
        return await self._compare(surveys)

    async def _ask(self, customers: Sequence[Customer], progress: Progress) -> dict[int, str]:
        surveys = {
            (await self._api.create_survey(name, "general", questions))["id"]: name
            for name, questions in SURVEYS.items()
        }
        asking = progress.add_task("asking the town", total=len(customers), note="")
        days = max(1, self._plan.days)
        for day in range(days):
            await self._control.set_clock("frozen")
            wave = (await self._control.clock())["now"]
            for index, survey in enumerate(surveys):
                today = customers[day::days][index :: len(surveys)]
                await self._campaign.send(
                    survey, today, wave=wave, progress=lambda count: progress.advance(asking, count)
                )
            progress.update(asking, note=f"day {day + 1} of {days}" if days > 1 else "")
            if day + 1 < days:
                await self._control.advance("1d")
        return surveys

    async def _let_them_answer(self, progress: Progress) -> None:
        asked = len(self._campaign.ledger)
        answering = progress.add_task("the town answers", total=asked, note="")
        async with asyncio.TaskGroup() as together:
            drained = together.create_task(self._control.drain())
            together.create_task(self._watch(progress, answering, drained))
        progress.update(answering, completed=asked)

    async def _watch(self, progress: Progress, task: TaskID, drained: asyncio.Task[Json]) -> None:
        """Reports handed over since the start move the bar; replies and the world's date stand beside it."""
        while not drained.done():
            entries, clock = await self._control.entries(), await self._control.clock()
            replies = entries.get("reply.handed", 0)
            note = f"{clock['now'][:16].replace('T', ' ')}, {replies:,} replies"
            progress.update(task, completed=entries.get("report.handed", 0), note=note)
            await asyncio.wait((drained,), timeout=GLANCE)

    async def _compare(self, surveys: dict[int, str]) -> Exit:
        ledger = self._campaign.ledger
        with screen.busy(self._aside, "comparing"):
            finding = await Oracle(self._api, self._control, ledger).judge(scopes(ledger, surveys))
            evidence = await self._control.truth([row.request for row in ledger], evidence=True)
        show, rows = self._console.print, finding.comparisons
        by_survey, by_channel = rows[: 1 + len(surveys)], screen.of_channels(rows)
        show(screen.summary(ledger, len(self._campaign.rejections)), "", sep="\n", highlight=False)
        for comparisons in filter(None, (by_survey, by_channel)):
            show(screen.reports(comparisons), "", sep="\n")
        show(screen.gauge(evidence["report"]["nps"]["score"]), highlight=False)
        show("\n[bold]From asked to counted[/bold]", screen.funnel(evidence["people"], len(ledger)), sep="\n")
        show("\n[bold]Eliminated, and why[/bold]", screen.eliminated(evidence["people"]), "", sep="\n")
        screen.verdict(self._console, finding)
        return Exit.WELL if finding.agrees else Exit.WRONG_ANSWER
