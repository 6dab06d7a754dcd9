"""Scenarios as users of Locust: each plays a story again and again, on people and surveys of its own.

    belfort up --clock auto &
    locust -f loadtests/stories.py --headless -u 8 -t 30s

or `belfort load --scenario FILE`. `BELFORT_STORIES` names other files, separated as in PATH. What fails is
the story; the message says on which line, and why. A report that differs from the truth is a wrong answer.
"""

from __future__ import annotations

import os
import time

import gevent
import shapes
from conduct import conduct
from harness import CLIENT_ID, CLIENT_SECRET, CONTROL, URL
from locust import User, constant, task
from pace import book
from tales import Tales

from belfort.exits import Trouble
from belfort.scenario.load import is_well, run_scenario
from belfort.scenario.outcome import Outcome
from belfort.scenario.telling import headline

STORIES = os.environ.get("BELFORT_STORIES", "scenarios/first_steps.belfort.yaml").split(os.pathsep)


Shape = shapes.chosen()


class Storyteller(User):
    """Plays the stories in turn."""

    wait_time = constant(0)

    @task
    def tell(self) -> None:
        for story in STORIES:
            self._play(story)

    def _play(self, story: str) -> None:
        began, error, outcomes = time.perf_counter(), None, []
        where = {"url": URL, "control": CONTROL, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        try:
            outcomes = gevent.get_hub().threadpool.apply(run_scenario, (story,), where)
        except Trouble as trouble:
            error = trouble
        failed = next((each for each in outcomes if not is_well(each)), None)
        for each in outcomes:
            book.played(each.verdict.value, _differences(each))
        self.environment.events.request.fire(
            request_type="story",
            name=story.rpartition("/")[2].removesuffix(".belfort.yaml"),
            response_time=(time.perf_counter() - began) * 1000,
            response_length=0,
            exception=error or (_why(failed) if failed else None),
            context={},
        )


def _why(outcome: Outcome) -> AssertionError:
    return AssertionError(f"{outcome.node}:{outcome.line}: {headline(outcome)}")


def _differences(outcome: Outcome) -> list[str]:
    """The report and the truth, and who is behind it, of a story with a wrong answer."""
    blamed = (
        f"{each.who} should count as {each.should}, counted as {each.counted}" for each in outcome.blamed
    )
    return [f"{outcome.node}: {headline(outcome)}", *blamed] if outcome.differing else []


conduct(Tales)
