"""The commands by hand against a running harness, as people and scripts use them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from belfort.__main__ import main
from belfort.exits import Exit
from tests.belfort.child import belfort

NINE, SILENT, LISTENS = "+32450000901", "+32450030001", "+32450080701"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, str]]:
    """A harness with a frozen clock."""
    with belfort("up", "--json", "--tied", "--port", "0", "--clock", "frozen") as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())


@pytest.fixture
def run(card, monkeypatch, capsys) -> Run:
    """One command's exit code, output and talk; each test begins with an empty world."""
    monkeypatch.setenv("BELFORT_URL", card["service"])
    monkeypatch.setenv("BELFORT_CONTROL", card["control"])

    def answered(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    answered("clock", "--by", "2d")  # nobody was contacted recently
    answered("fault", "--clear")
    answered("reset")
    return answered


def test_somebody_who_answers_is_waited_for_and_told(run: Run):
    assert run("send", NINE)[0] == Exit.WELL
    run("clock", "--by", "1m")
    code, out, _ = run("wait", "--to", NINE, "--state", "replied")
    assert (code, out.split()[:5]) == (Exit.WELL, ["to", "at", "state", "replies", "id"])
    assert NINE in out


def test_waiting_in_vain_shows_how_near_it_came(run: Run):
    run("send", SILENT)
    code, out, err = run("wait", "--to", SILENT, "--state", "replied", "--within", "10ms")
    assert code == Exit.CHECK_FAILED
    assert "0 of 1 came about" in err
    assert "the person has not written" in out


def test_the_truth_is_told_in_words_and_with_its_witnesses(run: Run):
    run("send", NINE, SILENT)
    run("clock", "--by", "1m")
    code, out, _ = run("truth", "--evidence")
    lines = [line.split() for line in out.splitlines()]
    assert code == Exit.WELL
    assert ["Net", "Promoter", "Score", "100"] in lines
    assert [NINE, "ANSWERED", "“9”", "9", "good"] in lines
    assert [SILENT, "DELIVERED", "–", "–", "–"] in lines


def test_the_truth_as_json_has_the_documented_report(run: Run):
    run("send", NINE)
    run("clock", "--by", "1m")
    told = json.loads(run("truth", NINE, "--json")[1])
    assert told["report"]["nps"] == {"promoters": 1, "detractors": 0, "score": 100}


def test_a_reply_without_a_meaning_is_a_doubt_that_is_told(run: Run):
    run("send", SILENT)
    run("clock", "--by", "1m")
    run("reply", SILENT, "hm")
    run("clock", "--by", "1m")
    assert "1 replies by hand count nowhere" in run("truth")[1]


def call(card: dict[str, str], to: str) -> None:
    """Ring somebody up, and listen for two keys."""
    document = f'''<Response><Gather numDigits="2" method="GET" action="{card["service"]}/health/live">
        <Pause length="60"/></Gather></Response>'''
    pair = f"{card['voice_account_sid']}:{card['voice_auth_token']}"
    request = Request(  # noqa: S310  # our own, on loopback
        f"{card['voice']}/2010-04-01/Accounts/{card['voice_account_sid']}/Calls.json",
        data=urlencode({"To": to, "From": "+3228889999", "Twiml": document}).encode(),
        headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
    )
    with urlopen(request, timeout=10) as made:  # noqa: S310  # ditto
        assert made.status == 201


def test_keys_are_pressed_in_a_call_that_is_in_progress(run: Run, card):
    call(card, LISTENS)
    assert run("press", LISTENS, "9")[0] == Exit.CHECK_FAILED  # it rings
    run("clock", "--by", "10s")
    assert run("press", LISTENS, "nine")[0] == Exit.USAGE
    code, out, _ = run("press", LISTENS, "10", "--gap", "1s", "--json")
    assert (code, json.loads(out)["status"]) == (Exit.WELL, "in-progress")
    run("clock", "--by", "1m")
    told = json.loads(run("truth", LISTENS, "--channel", "VOICE", "--json")[1])
    assert told["report"]["nps"]["promoters"] == 1
    code, out, _ = run("tail", "--after", "0", "--kind", "call.keys", "--count", "2")
    assert (code, [line.split()[-2:] for line in out.splitlines()]) == (
        Exit.WELL,
        [["key", "'1'"], ["key", "'0'"]],
    )


def test_faults_are_listed_added_and_cleared(run: Run):
    code, out, err = run("fault")
    assert (code, "no fault is on" in err) == (Exit.WELL, True)
    assert "report_lost" in out
    assert run("fault", "report_lost", "--to", "+32450*")[0] == Exit.WELL
    code, out, _ = run("fault")
    assert out.splitlines()[1].split()[1:5] == ["report_lost", "*", "on", "+32450*"]
    assert run("fault", "report_lots")[0] == Exit.USAGE
    assert json.loads(run("fault", "--clear", "--json")[1])["faults"] == []


def test_people_are_listed_shown_set_and_forgotten(run: Run):
    code, out, _ = run("people", "--count", "3")
    assert (code, len(out.splitlines())) == (Exit.WELL, 4)
    code, out, _ = run("people", NINE)
    assert (code, "answers 9, lane 01" in out) == (Exit.WELL, True)
    somebody = json.loads(run("people", "--count", "1", "--json")[1])["people"][0]["address"]
    says = json.dumps({"says": [{"text": "3", "score": 3}]})
    code, out, _ = run("people", somebody, "--body", says, "--json")
    assert (code, json.loads(out)["set"]) == (Exit.WELL, True)
    assert f"set by hand: {somebody}" in run("people", "--count", "1")[1]
    run("send", somebody)
    run("clock", "--by", "1h")
    assert json.loads(run("truth", somebody, "--json")[1])["report"]["nps"]["detractors"] == 1
    assert json.loads(run("people", somebody, "--forget", "--json")[1])["set"] is False


@pytest.mark.parametrize(
    "words",
    [
        ("people", "banana"),
        ("people", "--forget"),
        ("people", NINE, "--body", "{"),
        ("people", NINE, "--body", '{"score": 11}'),
        ("reply", "banana", "9"),
        ("reset", "--profile", "nope"),
        ("clock", "--by", "soon"),
        ("truth", "--channel", "FAX"),
        ("fault", "--remove", "99"),
        ("numbers", "banana"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(run: Run, words):
    assert run(*words)[0] == Exit.USAGE


def test_a_number_is_decoded_however_it_is_written(run: Run):
    for written in ("+32 450 02 09 42", "0450/02.09.42", "0032450020942"):
        assert json.loads(run("numbers", written, "--json")[1])["number"] == "+32450020942"


def test_following_one_number_or_one_kind(run: Run):
    run("send", NINE, SILENT)
    code, out, _ = run(
        "tail", "--after", "0", "--to", "0450 03 00 01", "--kind", "mt", "--count", "1", "--json"
    )
    assert (code, json.loads(out)["kind"], json.loads(out)["address"]) == (0, "mt.submitted", SILENT)
    assert run("tail", "--kind", "nosuch")[0] == Exit.USAGE


def test_a_terminal_without_the_letter_is_shown_another(run: Run, card):
    with belfort("truth", env={**os.environ, "PYTHONIOENCODING": "ascii"}) as child:
        assert child.stdout is not None
        assert "promoters (9?10)" in child.stdout.read()
        assert child.wait(timeout=20) == Exit.WELL
