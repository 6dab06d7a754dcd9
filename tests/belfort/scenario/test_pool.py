"""Harnesses that are lent again: nobody can tell whether theirs is new."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from belfort.scenario import runner
from belfort.scenario.case import Case
from belfort.scenario.outcome import Outcome, Verdict
from belfort.scenario.pool import ACCOUNTS, Pool
from belfort.scenario.runner import How, play
from belfort.scenario.scenario import parse
from tests.belfort.scenario.runs import FAILING, HEAD, WELL

TOWN = """\
belfort: 1
story: Forty people of the town.
steps:
  - create_survey: waffles
    ask: {nl: a, fr: b, de: c, en: d}
  - send: waffles
    to: {inhabitants: 40}
  - advance: 2d
"""


def case(text: str) -> Case:
    return parse(text, Path("s.belfort.yaml"), "s.belfort.yaml").cases[0]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch):
    """A pool of this test's own."""
    own = Pool()
    monkeypatch.setattr(runner, "POOL", own)
    yield own
    own.close()


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    """What happened to each; when may differ: a lent harness has its own date, and nobody writes at night."""
    return sorted((event.who, event.what, event.detail) for event in outcome.events)


def played(text: str, **how: Any) -> Outcome:
    """Each story has an event loop of its own, as under pytest."""
    return asyncio.run(play(case(text), "s.belfort.yaml", replace(How(seed=7, history=True), **how)))


def test_a_story_is_the_same_on_a_new_harness_and_on_one_that_others_have_used(pool: Pool):
    first = played(TOWN)
    (lent,) = pool.idle.values()
    played(WELL)
    again = played(TOWN)
    assert list(pool.idle.values()) == [lent]
    assert len(lent.accounts) == ACCOUNTS - 3
    assert first.verdict is again.verdict is Verdict.PASSED, (first.reason, first.saw)
    assert first.compared == again.compared
    assert len(told(first)) > 80
    assert told(first) == told(again)


def test_another_wish_gets_another_harness_and_one_on_which_a_story_failed_is_thrown_away(pool: Pool):
    played("harness: {profile: instant}\n" + HEAD)
    ((_, settings),) = pool.idle
    assert dict(settings) == {"profile": "instant"}
    assert played(WELL).verdict is Verdict.PASSED
    assert list(pool.idle) == [(None, ())]
    assert played(FAILING).verdict is Verdict.FAILED
    assert pool.idle == {}
