"""Every verb against a real harness: what it sees when it is so, and what it says when it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from belfort.scenario.load import run_scenario
from belfort.scenario.outcome import Outcome, Verdict
from tests.belfort.child import belfort

HEAD = """\
belfort: 1
story: Told by a test.
people:
  Lies: +32 450 00 09 LL
  Ann: +32 450 04 01 LL
  Mia: {number: +32 450 90 01 LL, says: {text: un sept, means: 7}, after: 2h}
steps:
  - create_survey: waffles
    ask: {nl-BE: "Wafels, 0-10?"}
"""
ASK = "  - send: waffles\n    to: everyone\n    segments: gold\n"
CUSTOMERS = "destination,language\n0470/12.34.01,\n+32 (0)470 12 34 02,nl-BE\n"
"""As a CRM has them: each number in its own way, not each with a language."""
CHECKS = """
import json
import urllib.request

def asks(sight, number):  # behind the story's back, as a service would that asks somebody nobody meant
    request = {"channel": "SMS", "destination": number}
    call = urllib.request.Request(
        f"{sight.service}/survey/1.0.0/surveys/{sight.surveys['waffles']}/send",
        json.dumps({"requests": [request]}).encode(),
        {"Authorization": f"Bearer {sight.token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(call).close()

def fine(sight, word):
    return f"{word} to {len(sight.destinations)}"

async def not_fine(sight):
    assert not sight.destinations, "somebody was asked"

def leaves(sight):
    raise SystemExit("no more of it")

def broken(sight):
    return {}["nothing"]
"""


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, Any]]:
    with belfort("up", "--json", "--tied", "--port", "0", "--clock", "frozen") as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())


@pytest.fixture
def play(card: dict[str, Any], tmp_path: Path):
    """Play these steps behind the head, on people of their own."""
    (tmp_path / "checks.py").write_text(CHECKS)
    (tmp_path / "crm.csv").write_text(CUSTOMERS)

    def playing(steps: str) -> Outcome:
        path = tmp_path / "s.belfort.yaml"
        path.write_text(HEAD + steps)
        (outcome,) = run_scenario(path, url=card["service"], control=card["control"])
        return outcome

    return playing


@pytest.mark.parametrize(
    ("steps", "saw"),
    [
        (ASK, "3 accepted"),
        (
            ASK + "  - send: waffles\n    to: [Lies, Mia]\n    refused: CONTACTED_RECENTLY\n",
            "0 accepted, 2 refused as CONTACTED_RECENTLY",
        ),
        (
            ASK + "  - expect: delivered\n    to: [Lies, Mia]\n    within: 1h\n",
            "2 of 2 messages (2 delivered)",
        ),
        (ASK + "  - expect: failed\n    count: 1\n    within: 1h\n", "1 of 3 messages"),
        (ASK + "  - expect: heard\n    to: Mia\n    within: 3h\n", "1 of 1 messages (1 delivered)"),
        (ASK + "  - expect: message\n    holding: wafels\n    count: 3\n", "3 of 3 messages"),
        (ASK + "  - expect: nothing\n    holding: gaufres\n    within: 1d\n", "no message"),
        (
            ASK + "  - advance: 1d\n  - reply: Toch maar een tien\n    from: Ann\n    means: 10\n"
            "  - advance: 1m\n"
            "  - report: waffles\n    segments: gold\n"
            "    is: {promoters: 2, passives: 1, failed: 0, score: 67}\n",
            "promoters 2, passives 1, failed 0 and score 67",
        ),
        (ASK + "  - report: waffles\n    is: {passives: 1}\n    within: 3h\n", "passives 1"),
        (
            ASK
            + "  - advance: 1d\n  - report: all surveys\n    from: 1d ago\n    until: 1d ago\n    is: true\n",
            "3 requests, score 50",
        ),
        (ASK + "  - advance: 1d\n  - truth: agrees\n", "reports agree"),
        (ASK + "  - fault: report_lost\n    to: Lies\n  - fault: off\n", "1 taken off"),
        (
            "  - fault: reply_duplicated\n    to: Lies\n    with: {times: 2, gap: 5s}\n  - fault: off\n",
            "1 taken off",
        ),
        (
            f"  - fault: reply_lost\n    to: (0450) 00 09 LL\n{ASK}  - advance: 1d\n"
            "  - report: waffles\n    is: {promoters: 0, passives: 1}\n",
            "promoters 0 and passives 1",
        ),
        (
            ASK + "  - send: waffles\n    to: {inhabitants: 5}\n    key: k\n    language: nl-BE\n"
            "  - send: waffles\n    to: {inhabitants: 5}\n    key: k\n    language: nl-BE\n"
            "  - report: waffles\n    is: {requests: 8}\n",
            "requests 8",
        ),
        (
            "  - send: waffles\n    to: {inhabitants: 501}\n    key: k\n    language: nl-BE\n" * 2
            + "  - report: waffles\n    is: {requests: 501}\n",
            "requests 501",
        ),
        (
            "  - send: waffles\n    to: 0450/00.08.LL\n"
            "  - expect: delivered\n    to: (0450) 00 08 LL\n    within: 1h\n",
            "1 of 1 messages (1 delivered)",
        ),
        (
            "  - add_question: waffles\n    ask: {fr-BE: Gaufres}\n"
            "  - send: waffles\n    to: {customers: crm.csv}\n    language: fr-BE\n"
            "  - expect: message\n    holding: gaufres\n    count: 2\n",
            "2 of 2 messages",
        ),
        (ASK + "  - delete_survey: waffles\n  - report: waffles\n    is: not found\n", "not found"),
        ("  - add_question: waffles\n    ask: {fr-BE: a, de-BE: b}\n", "2 added"),
        (ASK + "  - call: checks.fine\n    with: {word: sent}\n", "sent to 3"),
    ],
)
def test_what_a_step_sees_when_all_is_as_it_says(play, steps: str, saw: str):
    outcome = play(steps)
    assert outcome.verdict is Verdict.PASSED, (outcome.expected, outcome.saw, outcome.reason)
    assert saw in outcome.steps[-1].saw


@pytest.mark.parametrize(
    ("steps", "expected", "saw"),
    [
        (
            ASK + "  - send: waffles\n    to: Lies\n",
            "1 accepted",
            "0 accepted, 1 refused as CONTACTED_RECENTLY",
        ),
        (
            "  - send: waffles\n    to: Lies\n    refused: OPTED_OUT\n",
            "0 accepted, 1 refused as OPTED_OUT",
            "1 accepted",
        ),
        (
            ASK + "  - expect: delivered\n    to: Ann\n    within: 1h\n",
            "a message delivered to Ann within 1h",
            "0 of 1 messages (1 undelivered)",
        ),
        (ASK + "  - expect: message\n    count: 2\n", "2 messages", "3 of 3 messages"),
        (ASK + "  - expect: nothing\n    to: Lies\n", "no message", "1 of 1 messages"),
        (
            "  - call: checks.asks\n    with: {number: '+32470123403'}\n"
            "  - expect: nothing\n    to: 0470 12 34 03\n",
            "no message",
            "1 of 1 messages",
        ),
        (
            "  - send: waffles\n    to: Lies\n    key: k\n  - send: waffles\n    to: Ann\n    key: k\n",
            "the call to succeed",
            "was answered 422",
        ),
        ("  - expect: message\n    within: 1h\n", "a message within 1h", "no message at all"),
        (
            ASK + "  - report: waffles\n    is: {requests: 2, score: 100}\n",
            "requests 2 and score 100",
            "requests 3 and score none",
        ),
        ("  - report: waffles\n    is: not found\n", "the survey not found", "requests 0"),
        ("  - create_survey: w\n    ask: {nl: a, NL: b}\n", "the call to succeed", "409"),
        (ASK + "  - press: 9#\n    from: Lies\n", "Lies on the telephone", "nobody on the telephone there"),
        (ASK + "  - call: checks.not_fine\n", "checks.not_fine to agree", "somebody was asked"),
        (ASK + "  - call: checks.leaves\n", "checks.leaves to agree", "SystemExit: no more of it"),
        (
            ASK + "  - call: checks.broken\n",
            "checks.broken to agree",
            "KeyError: 'nothing' (checks.py, line 24)",
        ),
    ],
)
def test_what_is_said_when_a_step_sees_something_else(play, steps: str, expected: str, saw: str):
    outcome = play(steps + "  - advance: 1m\n")
    assert outcome.verdict is Verdict.FAILED, outcome.reason
    assert outcome.expected == expected
    assert saw in outcome.saw
    assert outcome.left == ["The clock moves on by 1m."]
    assert not outcome.steps[-1].fine
