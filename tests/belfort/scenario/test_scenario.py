"""The language: what is read, and what is said of all else: its place, and the nearest known word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from belfort.exits import Exit, Trouble
from belfort.scenario.marks import Unreadable
from belfort.scenario.scenario import HEAD, Scenario, parse, read_scenario
from belfort.scenario.verbs import VERBS

GOOD = """\
belfort: 1
story: A story.
people:
  Lies: +32 450 00 09 LL
steps:
  - create_survey: waffles
    ask: {nl-BE: "0-10?"}
  - send: waffles
    to: Lies
  - advance: 1d
"""


def read(text: str) -> Scenario:
    return parse(text, Path("s.belfort.yaml"), "s.belfort.yaml")


def complaint(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return str(caught.value)


def test_a_scenario_is_read_whole():
    (case,) = read(GOOD).cases
    assert case.title == "s"
    assert [type(step).__name__ for step in case.steps] == ["CreateSurvey", "Send", "Advance"]
    assert case.steps[1].sentence() == "Send waffles to Lies."
    assert (case.steps[1].place.line, case.steps[1].place.column) == (8, 5)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("advance: 1d", "advanse: 1d", "10:5", "unknown verb 'advanse'; did you mean advance?"),
        ("    to: Lies", "    too: Lies", "9:5", "unknown word 'too'; did you mean to?"),
        ("    to: Lies", "    to: Leis", "9:9", "who is 'Leis'? did you mean Lies?"),
        ("send: waffles", "send: wafles", "8:11", "no survey 'wafles' was made before; did you mean waf"),
        ("advance: 1d", "advance: one day", "10:14", "expected a duration such as 2h"),
        ("belfort: 1", "belfort: 2", "1:10", "the version of the language, not '2'"),
        ("belfort: 1", "belford: 1", "1:1", "unknown word 'belford'; did you mean belfort?"),
        ("belfort: 1\n", "", "1:1", "`belfort` is missing: the version of the language"),
        ('ask: {nl-BE: "0-10?"}', 'ask: {nl BE: "0-10?"}', "7:11", "expected a language tag such as nl-BE"),
        ("    to: Lies\n", "", "8:5", "`to` is missing: to whom"),
        ("  - advance: 1d", "  - advance: 1d\n    advance: 2d", "11:5", "stands here a second time"),
        ("  - advance: 1d", "  - advance: 1d\n    truth: agrees", "11:5", "put a dash before it"),
        ("  - advance: 1d", "  - advance: &a 1d\n  - advance: *a", "11:14", "aliases (*name) are not"),
        ("  - advance: 1d", "  - advance: !!python/name:os.system 1d", "10:14", "is not allowed"),
        ("  - advance: 1d", "  - restart: service\n  - advance: 1d", "11:5", "do not go together"),
        ("    to: Lies", "    to: [Lies, <who>]", "9:16", "there is no table of cases"),
        ("    to: Lies", "    to: {inhabitants: 0}", "9:23", "how many, such as 1000"),
        ("    to: Lies", "    to: {customers: none.csv}", "9:9", "cannot read none.csv"),
        ("  - advance: 1d", "  - fault: latency\n    with: {rate: 3}", "10:5", "latency takes no rate"),
        ("  - advance: 1d", "  - call: nowhere.found", "10:5", "neither the file nowhere.py nor a module"),
        ("  Lies: +32", "  Lies: {number: 1, says: [11]}\n  Tom: +32", "4:28", "a score from 0 to 10"),
        ("steps:", "harness: {contact_intervall: 2h}\nsteps:", "5:11", "did you mean contact_interval?"),
        ("steps:", "  Tom: 0450/00.09.LL\nsteps:", "5:3", "Tom has the number of Lies"),
        ("steps:", "cases: [{a: x}, {b: y}]\nsteps:", "5:17", "this case has no a"),
        ("steps:", "cases: [{case: x}, {case: x}]\nsteps:", "5:9", "two cases are called 'x'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_nearest_known_word(old, new, place, words):
    told = complaint(GOOD.replace(old, new))
    assert f"s.belfort.yaml:{place}: " in told, told
    assert words in told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    told = complaint(
        GOOD.replace("to: Lies", "two: Lies").replace("advance: 1d", "advance: soon")
    ).splitlines()
    assert [line.split(":")[1] for line in told] == ["8", "9", "10"]


def test_what_is_no_yaml_is_told_with_its_place():
    assert complaint("belfort: 1\nstory: [a\nsteps: b").startswith("s.belfort.yaml:3:")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("    to: Lies", "      to: Lies", "9:9", "indented too far"),
        ("    to: Lies", "   to: Lies", "9:4", "indented otherwise than what it belongs to"),
        ("    to: Lies", "\tto: Lies", "9:1", "a tab; indent with blanks"),
        ("story: A story.", "story: A: story.", "2:9", "a text with a colon in it needs quotes"),
        ("story: A story.", "story: @story", "2:8", "a text that begins with @ needs quotes"),
        ('"0-10?"', '"0-10?', "11:1", "the quote that opens in line 7, column 18, is never closed"),
        ('{nl-BE: "0-10?"}', '{nl-BE: "0-10?"', "8:3", "opens in line 7, column 10, is still open"),
    ],
)  # fmt: skip
def test_wrong_indentation_and_quotes_are_told_in_the_words_of_whoever_writes_a_story(old, new, place, words):
    told = complaint(GOOD.replace(old, new))
    assert f"s.belfort.yaml:{place}: " in told, told
    assert words in told, told


def test_a_missing_file_and_one_that_is_no_text_are_the_users_to_mend(tmp_path: Path):
    with pytest.raises(Trouble, match="No such file") as caught:
        read_scenario(tmp_path / "none.belfort.yaml")
    assert caught.value.code == Exit.USAGE
    (tmp_path / "bytes.belfort.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(Unreadable, match="not UTF-8"):
        read_scenario(tmp_path / "bytes.belfort.yaml")


def test_a_table_plays_the_steps_once_for_each_row():
    table = GOOD.replace("steps:", "cases: [{case: nl, who: Lies}, {case: fr, who: [Lies]}]\nsteps:")
    cases = read(table.replace("to: Lies", "to: <who>")).cases
    assert [case.title for case in cases] == ["s[nl]", "s[fr]"]
    assert [case.steps[1].sentence() for case in cases] == ["Send waffles to Lies."] * 2
    assert cases[0].own_seed() != cases[1].own_seed()


def test_words_stay_as_they_are_written():
    """YAML 1.1 takes `no` for false and `12:30` for 750."""
    (case,) = read(GOOD.replace('nl-BE: "0-10?"', "no: 12:30")).cases
    assert case.steps[0].questions == {"no": "12:30"}


@settings(deadline=None)
@given(st.text())
@example('"\\UFFFFFFFF"')
@example("%YAML 9.9\n---\n")
@example("- - - - - " * 30)
def test_any_text_is_a_scenario_or_is_told_what_is_wrong(text: str):
    judge(text)


WORDS = st.sampled_from(
    [*VERBS, *(each.key for each in HEAD), "to", "is", "ask", "within", "from", "means", "with"]
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 20), st.text(max_size=5), WORDS, st.just("<a>")),
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.one_of(WORDS, st.text(max_size=3)), below, max_size=4)
    ),
    max_leaves=12,
)


NEEDED = {"belfort": st.just(1), "story": TREES, "steps": st.lists(TREES, max_size=4)}
MORE = {"people": TREES, "cases": TREES, "harness": TREES, "seed": TREES}


@settings(deadline=None)
@given(st.fixed_dictionaries(NEEDED, optional=MORE))
def test_anything_shaped_like_a_scenario_is_one_or_is_told_what_is_wrong(tree: object):
    judge(yaml.safe_dump(tree))


def judge(text: str) -> None:
    """Never any other exception, and each mistake has a place in the file."""
    try:
        read(text)
    except Unreadable as unreadable:
        mistakes = unreadable.mistakes
    else:
        return
    lines = len(re.split("[\n\r\x85\u2028\u2029]", text))
    assert mistakes
    assert all(
        1 <= each.place.line <= lines + 1 and each.place.column >= 1 and each.detail for each in mistakes
    )
