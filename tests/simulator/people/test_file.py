"""people.yaml: what it can say, and that every mistake is found and pointed at."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.people import person_sheet, population_sheet
from simulator.people.file import read, read_person, read_tree
from simulator.people.population import BAD_DAY, EVERYDAY, PROFILES, Night, Population
from simulator.people.script import Say, Script, Step, Telling, Writing, bare
from simulator.people.shares import LogNormal, Mixture, Shares
from simulator.people.subscriber import Person
from simulator.people.tree import MOST_BYTES, BadSheet, of_json
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.world import Accident, Refusal


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadSheet) as caught:
        read(text)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_an_empty_file_is_the_base():
    assert read("").population == EVERYDAY
    assert read("# nothing\n", BAD_DAY).population == BAD_DAY


def test_a_profile_is_the_ground_for_the_rest():
    sheet = read("profile: bad-day\npopulation: {throttled: 0.5, night: false}")
    assert sheet.population.throttled == 0.5
    assert sheet.population.night is None
    assert sheet.population.report_delay == BAD_DAY.report_delay


def test_every_word_of_a_population_is_understood():
    population = read(
        """
        population:
          regions: {flanders: 1}
          languages: {nl-BE: 3, FR: 1}
          networks: {proximus: 1}
          ported: 0.1
          reach: {unknown subscriber: 0.05, absent until expiry: 0.05}
          throttled: 0.2
          answers: {rate: 0.4, twice: 0.1, corrects: 0.2, late: 0.3}
          scores: {9-10: 0.4, 7: 0.3, 0-6: 0.3}
          habits: {bare: 1}
          bad: {opt_out: 0.1}
          delays: {report: {median: 2s}, reply: [{share: 3, median: 4m, sigma: 1.1}, {median: 2h}]}
          night: {begins: 22, ends: 8, spread: 1h}
          expiry: 2d
        """
    ).population
    assert population.languages["wallonia"] == Shares({"nl": 3.0, "fr": 1.0})
    assert population.reach.share("delivered") == pytest.approx(0.9)
    assert population.answer_rate == 0.4
    assert population.scores["fr"].share(9) == pytest.approx(0.2)
    assert population.scores["nl"].share(3) == pytest.approx(0.3 / 7)
    assert population.bad == {Meaning.OPT_OUT: 0.1}
    assert population.reply_delay == Mixture(LogNormal(3, 240, 1.1), LogNormal(1, 7200, 0))
    assert population.night == Night(22, 8, 3600)
    assert population.expiry == 172_800


def test_people_are_scripted_one_by_one_or_by_the_lane():
    people = read(
        """
        people:
          - number: +32450900001
            language: nl-BE
            says: [9, {text: "bedankt!", meaning: no_score, after: 30s}]
            after: 5m
          - {number: "+32 450 91 07 LL", fate: call barred, report: 3s}
          - number: "+32470123456"
            says: [{score: 7, habit: chatty, language: fr}]
            fails: [throttled, times out]
          - {number: "+32470123457", report: never, fails: [rejected], for_good: yes}
          - {number: "+32470123458", network: orange}
        """
    ).people
    thanks = Utterance("bedankt!", Meaning.NO_SCORE, None, "by hand")
    assert people["+32450900001"] == Person(Script(says=(Say(bare(9), 300), Say(thanks, 30))), "nl")
    assert people["+32450910742"] == Person(Script(steps=(Step("call barred", 3),)))
    assert sum(number.startswith("+324509107") for number in people) == 100
    assert people["+32470123456"].script == Script(
        says=(Say(Writing(Meaning.GOOD, 7, "chatty", "fr")),), tries=(Refusal.THROTTLED, Accident.TIMES_OUT)
    )
    assert people["+32470123457"].script == Script(
        steps=(Step("delivered", None, Telling.LOST),), tries=(Refusal.REJECTED,), for_good=True
    )
    assert people["+32470123458"] == Person(network="orange")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("populatoin: {}", "line 1, column 1: unknown key 'populatoin'; did you mean 'population'?"),
        ("profile: everyda", "line 1, column 10: 'everyda' is not known; did you mean 'everyday'?"),
        (
            "population:\n  anwsers: {rate: 1}",
            "line 2, column 3: unknown key 'anwsers'; did you mean 'answers'?",
        ),
        ("population: {answers: {rate: 1.5}}", "line 1, column 30: expected a number from 0 to 1"),
        ("population: {answers: {rate: .nan}}", "line 1, column 30: expected a number from 0 to 1"),
        ("population: {answers: {rate: yes}}", "line 1, column 30: expected a number from 0 to 1"),
        ("population: {answers: 3}", "line 1, column 23: expected a mapping here, not a number"),
        (
            "population: {reach: {delivered: 0.5}}",
            "line 1, column 21: the shares add up to 0.5, not to 1; `delivered` may be left out",
        ),
        (
            "population: {reach: {call bared: 0.5}}",
            "line 1, column 22: unknown key 'call bared'; did you mean 'call barred'?",
        ),
        (
            "population: {scores: [1, 2]}",
            "line 1, column 22: a histogram has 11 shares, for the scores 0 to 10, not 2",
        ),
        (
            "population: {scores: {9-11: 1}}",
            "line 1, column 29: '9-11' is no score from 0 to 10 or range of them, or overlaps another",
        ),
        (
            "population: {languages: {es: 1}}",
            "line 1, column 30: nobody here speaks 'es'; allowed: de, en, fr, nl",
        ),
        ("population: {habits: {bare: 0}}", "line 1, column 22: at least one share must be above 0"),
        (
            "population: {bad: {opt_out: 0.8, empty: 0.8}}",
            "line 1, column 19: the shares of bad replies add up to 1.6, more than 1",
        ),
        (
            "population: {delays: {reply: {sigma: 1}}}",
            "line 1, column 30: a delay needs its median, for example median: 4m",
        ),
        (
            "population: {expiry: 3 weeks}",
            "line 1, column 22: '3 weeks' is no duration; allowed: a number of "
            'seconds, or a text such as "250ms", "30s", "5m", "2h", "3d"',
        ),
        (
            "people: [{says: [9]}]",
            'line 1, column 10: a person needs a number, for example number: "+32450900001"',
        ),
        (
            "people: [{number: 0470123456}]",
            "line 1, column 19: '0470123456' is not a Belgian mobile number (+324 and eight digits), "
            "nor a mail address",
        ),
        (
            "people: [{number: +32450000901}]",
            "line 1, column 19: '+32450000901' does something already; families 90 to 99 are yours",
        ),
        (
            "people: [{number: +32450900001}, {number: +32450900001}]",
            "line 1, column 34: +32450900001 stands here a second time",
        ),
        (
            "people: [{number: +32450900001, says: [11]}]",
            "line 1, column 40: expected a whole number from 0 to 10",
        ),
        (
            "people: [{number: +32450900001, says: [{text: hm}]}]",
            "line 1, column 40: say what is meant: a score from 0 to 10, or else a meaning other than good",
        ),
        (
            "people: [{number: +32450900001, says: [{text: 9, score: 9, meaning: empty}]}]",
            "line 1, column 40: say what is meant: a score from 0 to 10, or else a meaning other than good",
        ),
        (
            "people: [{number: +32450900001, fails: [thortled]}]",
            "line 1, column 41: 'thortled' is not known; did you mean 'throttled'?",
        ),
        (
            "people: [{number: +32450900001, language: es}]",
            "line 1, column 43: nobody here speaks 'es'; allowed: de, en, fr, nl",
        ),
        ("a: 1\na: 2", "line 2, column 1: 'a' stands here a second time"),
        ("a: &x 1\nb: *x", "line 2, column 4: aliases (*name) are not allowed; write the value out"),
        ("a: [", "line 1, column 5: not YAML: expected the node content, but found '<stream end>'"),
        (
            "a: !!python/object:os.system {}",
            "line 1, column 1: unknown key 'a'; allowed: people, population, profile",
        ),
        ("profile: !!binary aGk=", "line 1, column 10: the tag tag:yaml.org,2002:binary is not allowed"),
        ("[1]: 2", "line 1, column 1: a key is a word, not a list or a mapping"),
        ("[" * 30, "line 1, column 21: nested deeper than 20 levels"),
        ("a: \x00", "not YAML: special characters are not allowed"),
        ("- 1", "line 1, column 1: expected a mapping here, not a list"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(text: str, expected: str):
    assert mistakes(text) == [expected]


def test_all_mistakes_are_found_at_once():
    found = mistakes(
        "population: {ported: 2, throttled: x, night: {begins: 25}}\npeople: [{number: 1}, {nmber: 2}]"
    )
    assert len(found) == 6


def test_a_file_that_is_too_big_is_not_read():
    assert mistakes("#" * (MOST_BYTES + 1)) == ["the file is larger than 4 MiB"]


def test_a_bomb_of_aliases_is_defused_at_once():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert "aliases" in mistakes("\n".join(lines))[0]


def test_json_is_read_by_the_same_words_and_pointed_at_by_pointers():
    person = read_person(of_json({"says": [9, 3], "fate": "delivered"}))
    assert person.script == Script(says=(Say(bare(9)), Say(bare(3))))
    with pytest.raises(BadSheet) as caught:
        read_person(of_json({"says": [9, {"score": "x"}], "number": "+32450900001"}))
    assert [mistake.where for mistake in caught.value.mistakes] == ["/number", "/says/1/score"]
    with pytest.raises(BadSheet) as caught:
        read_tree(of_json({"population": {"answers": {"rate": 2}}}))
    assert [str(each) for each in caught.value.mistakes] == [
        "/population/answers/rate: expected a number from 0 to 1"
    ]


def numbers_in(value: object, path: str = "") -> dict[str, object]:
    """Every leaf of a tree by its path."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return {
            place: leaf for key, item in items for place, leaf in numbers_in(item, f"{path}/{key}").items()
        }
    return {path: value}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_a_population_says_in_json_what_can_be_read_again(profile: Population):
    told = json.loads(json.dumps(population_sheet.as_json(profile)))
    again = read_tree(of_json({"population": told})).population
    assert numbers_in(population_sheet.as_json(again)) == pytest.approx(numbers_in(told))


WORDS = [*population_sheet.WORDS, *person_sheet.PERSON, "rate", "reply", "median", "nl", "9-10", "delivered"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)


def read_or_refused(reader: Callable[[], object]) -> bool:
    """True either way; anything but the named refusal gets out."""
    try:
        reader()
    except BadSheet as bad:
        return bool(bad.mistakes)
    return True


@given(JSON)
def test_whatever_stands_in_a_sheet_is_read_or_refused(value: object):
    assert read_or_refused(lambda: read_person(of_json(value)))
    assert read_or_refused(lambda: read_tree(of_json({"population": value})))


@given(JSON)
def test_whatever_stands_in_a_file_is_read_or_refused(value: object):
    text = yaml.safe_dump({"population": value, "people": value}, allow_unicode=True)
    assert read_or_refused(lambda: read(text))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str):
    assert read_or_refused(lambda: read(text))
