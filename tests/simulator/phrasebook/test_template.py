"""Templates: cutting, slots, and what a row claims."""

import random

import pytest

from simulator.phrasebook.books import BOOKS, TEMPLATES
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import SLOTS, Bad, Good, Setting, capital, compiled, slip, templates


def setting(n: int = 8, m: int = 6, language: str = "en", name: str = "", question: str = "") -> Setting:
    return Setting(BOOKS[language], n, m, 2, random.Random(1), question, name)


def only(row: Good | Bad, language: str = "en"):
    (template,) = compiled(row, BOOKS[language])
    return template


def test_a_block_holds_one_template_a_line_or_between_bars():
    assert templates("\n  {n} yes | {n}!\n  so {n} \n") == ("{n} yes", "{n}!", "so {n}")


def test_a_tuple_is_taken_as_it_stands_because_blanks_count():
    assert templates((" {n} ", "{n}\n")) == (" {n} ", "{n}\n")


def test_a_slot_that_does_not_exist_is_refused_when_the_row_is_compiled():
    with pytest.raises(KeyError, match="nothing"):
        only(Good("words", "thanks", "{n} {nothing}"))


def test_a_good_text_carries_the_score_that_it_was_filled_with():
    written = only(Good("words", "thanks", "{n} thanks")).utterance(setting(n=8))
    assert (written.text, written.meaning, written.score) == ("8 thanks", Meaning.GOOD, 8)


def test_a_bad_text_never_carries_a_score():
    written = only(Bad(Meaning.AMBIGUOUS, "two-scores", "{n} or {m}")).utterance(setting(n=8, m=9))
    assert (written.text, written.meaning, written.score) == ("8 or 9", Meaning.AMBIGUOUS, None)


@pytest.mark.parametrize(
    ("text", "n", "expected"),
    [
        ("{an} {n}", 8, "an 8"),
        ("{an} {n}", 7, "a 7"),
        ("{an} {n}", 11, "an 11"),
        ("{w} {W} {WW}", 8, "eight Eight EIGHT"),
        ("{keycap}", 9, "9\ufe0f\u20e3"),
        ("{keycap}", 10, "1\ufe0f\u20e30\ufe0f\u20e3"),
        ("{full}", 10, "１０"),
        ("{circled}{bracketed}{dotted}", 10, "⑩⑽⒑"),
        ("{circled}", 0, "⓪"),
        ("a{br}b", 0, "a\nb"),
    ],
)
def test_slots_fill_as_the_score_asks(text: str, n: int, expected: str):
    assert only(Good("words", "thanks", text)).utterance(setting(n=n)).text == expected


def test_the_callers_name_and_question_come_before_the_books_own():
    text = (
        only(Good("words", "signed", "{question} {name}"))
        .utterance(setting(name="Ann", question="How?"))
        .text
    )
    assert text == "How? Ann"


def test_a_capital_changes_the_first_letter_only():
    assert capital("één DVD") == "Één DVD"


def test_a_slip_swaps_two_letters_of_the_longest_word():
    assert slip("heel vriendelijk") == "heel vriednelijk"


def test_every_slot_is_used_by_some_template():
    used = {piece for kept in TEMPLATES.values() for template in kept for piece in template.parts}
    assert {name for name, slot in SLOTS.items() if slot not in used} == set()
