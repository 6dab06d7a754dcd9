"""How people are on the telephone can be told in people.yaml, and every mistake in it is pointed at."""

import pytest

from simulator.people.calling import EVERYDAY, Act, CallScript, Pickup, Turn
from simulator.people.file import read
from simulator.people.shares import LogNormal, Mixture, Shares
from simulator.people.tree import BadSheet
from simulator.world import Address


def person(call: str) -> CallScript:
    sheet = read(f'people: [{{number: "+32450900101", call: {call}}}]')
    return sheet.people[Address("+32450900101")].script.call


@pytest.mark.parametrize(
    ("call", "script"),
    [
        ('{presses: ["9"]}', CallScript(turns=(Turn("9"),))),
        ('{presses: ["11", 9]}', CallScript(turns=(Turn("11"), Turn("9")))),
        ('{presses: [{keys: "10", gap: 4s}]}', CallScript(turns=(Turn("10", gaps=(4.0,)),))),
        ('{presses: [{keys: "9#", early: 0.5}]}', CallScript(turns=(Turn("9#", early=0.5, gaps=(0.0,)),))),
        ('{presses: [{keys: "*", after: 3s}]}', CallScript(turns=(Turn("*", wait=3.0),))),
        ("{picks_up: busy, rings: 2s}", CallScript(Pickup.BUSY, rings=2.0)),
        ("{picks_up: voicemail}", CallScript(Pickup.VOICEMAIL)),
        ("{leaves: 0.3}", CallScript(leaves=0.3)),
        ("{}", CallScript()),
    ],
)
def test_a_persons_calls_are_told_in_a_line(call, script):
    assert person(call) == script


def test_a_populations_calls_are_laid_over_the_profiles():
    sheet = read(
        """
        population:
          calls:
            picks_up: {human: 3, no answer: 1}
            then: {score: 1, silent: 1}
            wrong: {"11": 1}
            closes: 0.5
            delays: {rings: {median: 2s}}
        """
    )
    calling = sheet.population.calling
    assert calling.pickups == Shares({Pickup.HUMAN: 0.75, Pickup.NO_ANSWER: 0.25})
    assert calling.acts.share(Act.SCORE) == 0.5
    assert (calling.closes, calling.early) == (0.5, EVERYDAY.early)
    assert calling.rings == Mixture(LogNormal(1, 2, 0))
    assert calling.reaction == EVERYDAY.reaction


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('people: [{number: "+32450900101", call: {presses: ["nine"]}}]', "nine"),
        ('people: [{number: "+32450900101", call: {presses: [{gap: 1s}]}}]', "which keys"),
        ('people: [{number: "+32450900101", call: {picks_up: sometimes}}]', "sometimes"),
        ('people: [{number: "+32450900101", call: {whistles: yes}}]', "whistles"),
        ("population: {calls: {picks_up: {robot: 1}}}", "robot"),
        ("population: {calls: {wrong: {x: 1}}}", "are no keys"),
        ("population: {calls: {closes: 2}}", "from 0 to 1"),
    ],
)
def test_mistakes_are_pointed_at(text, where):
    with pytest.raises(BadSheet, match=where):
        read(text)
