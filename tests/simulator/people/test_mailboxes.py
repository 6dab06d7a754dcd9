"""The grammar of the mailboxes that do things, and people with a mailbox in `people.yaml`."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Streams
from simulator.people import mailboxes, numbers
from simulator.people.addresses import channels_of, describe
from simulator.people.file import read
from simulator.people.mail_causes import MAIL_CAUSES, OF_A_PHONE, SPELLINGS, mail_cause
from simulator.people.mailboxes import MAIL_ROWS, decode, is_mailbox, mailbox
from simulator.people.numbers import Number
from simulator.people.population import EVERYDAY
from simulator.people.town import Town
from simulator.people.tree import BadSheet
from simulator.world import CAUSE, Address, Channel

PLACES = {(row.family, row.parameter): row for row in MAIL_ROWS}
HUNDRED = st.integers(0, 99)


@given(HUNDRED, HUNDRED, HUNDRED)
def test_every_mailbox_of_the_grammar_is_taken_apart_as_it_was_put_together(family, parameter, lane):
    address = mailbox(family, parameter, lane)
    assert is_mailbox(address)
    assert channels_of(address) == (Channel.EMAIL,)
    assert decode(address) == Number(family, parameter, lane, PLACES.get((family, parameter)))


@given(st.text(max_size=30) | st.from_regex(r"f[0-9]{1,3}p[0-9]{2}\.l[0-9]{2}@belfort\.test.?"))
def test_any_other_text_is_no_mailbox_that_does_things(text: str):
    assert (decode(text) is not None) == (
        len(text) == 23 and text.isascii() and text.endswith("@belfort.test")
    )
    assert isinstance(describe(text), str)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("anna@belfort.test", True),
        ("renée.d@klanten.example", True),
        ("Anna@belfort.test", False),  # the town knows addresses in lower case
        ("an na@belfort.test", False),
        ("anna@belfort.test\n", False),
        ("anna", False),
        ("@belfort.test", False),
        ("a@b@c", False),
        ("+32470123456", False),
    ],
)
def test_a_mailbox_is_an_address_in_lower_case(address: str, fits: bool):
    assert is_mailbox(address) is fits


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("f00p09.l07@belfort.test", "answers 9, lane 07"),
        ("f03p04.l01@belfort.test", "delivered, no answer: out of office, by the standard's header, lane 01"),
        ("f90p01.l03@belfort.test", "the user's own, from people.yaml, 01, lane 03"),
        ("f08p01.l01@belfort.test", "an ordinary inhabitant"),
        ("anna@belfort.test", "an ordinary inhabitant"),
        ("anna at belfort", "not a Belgian mobile number"),
        ("a b@belfort.test", "not a mail address"),
    ],
)
def test_an_address_is_described_in_words(address: str, words: str):
    assert describe(address) == words


def test_parts_beyond_two_digits_are_refused():
    with pytest.raises(ValueError, match="from 00 to 99"):
        mailbox(100, 0)


def test_the_table_goes_by_the_telephones_table():
    same = {(row.family, row.parameter): row.does for row in numbers.ROWS if row.family != 8}
    missing = same.keys() - PLACES.keys()
    assert len(missing) == 1  # what a telephone says by itself is no reply by mail
    assert all(
        PLACES[place].does == does for place, does in same.items() if place[0] in (0, 2) and place in PLACES
    )
    assert [PLACES[0, score].does for score in range(11)] == [same[0, score] for score in range(11)]
    assert PLACES[2, 9].does == same[2, 9]


def test_the_table_comes_in_three_forms():
    rows = json.loads(json.dumps(mailboxes.as_json()))
    assert len(rows) == len(MAIL_ROWS)
    assert {row["number"] for row in rows} >= {"f00p09.lLL@belfort.test", "f07p06.lLL@belfort.test"}
    assert "f03p04.lLL@belfort.test" in mailboxes.as_text()
    assert "| `f03p04.lLL@belfort.test` | out of office" in mailboxes.as_markdown()
    assert "f00p09" not in mailboxes.as_text()  # the same as by telephone


def test_every_cause_of_a_telephone_means_something_by_mail():
    assert CAUSE.keys() - OF_A_PHONE.keys() == {"delivered", "lost without a report"}
    assert all(mail_cause(name) in MAIL_CAUSES.values() for name in CAUSE)
    assert all(spelling.status[0] in spelling.diagnostic for spelling in SPELLINGS.values())


SHEET = """
population:
  mail: {answers: 0.5, reach: {mailbox unknown: 0.1}, forms: {html: 1}, delays: {reply: {median: 5m}}}
people:
  - {number: Anna@Belfort.test, language: fr, says: [7]}
  - {number: f90p01.lLL@belfort.test, says: [{text: bof, meaning: no_score, after: 30s}]}
"""


def test_people_with_a_mailbox_and_the_mail_of_a_population_come_from_a_sheet():
    sheet = read(SHEET)
    mail = sheet.population.mail
    assert (mail.answer_rate, mail.reach.share("mailbox unknown")) == (0.5, 0.1)
    assert mail.reach.share("delivered") == pytest.approx(0.9)
    assert (mail.forms.share("html"), mail.reply_delay.crowds[0].median) == (1.0, 300)
    assert mail.quotes == EVERYDAY.mail.quotes
    assert len(sheet.people) == 101
    town = Town(Streams(1), sheet.population, sheet.people)
    anna = town.subscriber(Address("anna@belfort.test"))
    assert anna is not None
    assert anna.language == "fr"
    assert anna.script is not None
    assert town.subscriber(Address("f90p01.l42@belfort.test")).script.says  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("population: {mail: {answer: 0.5}}", "unknown key 'answer'; did you mean 'answers'?"),
        ("population: {mail: {reach: {absent: 0.5}}}", "unknown key 'absent'"),
        ("population: {mail: {reach: {delivered: 0.5}}}", "the shares add up to 0.5, not to 1"),
        ("population: {mail: {forms: {pdf: 1}}}", "unknown key 'pdf'"),
        ("people: [{number: f00p09.l01@belfort.test, says: [1]}]", "does something already"),
        ("people: [{number: a b@belfort.test, says: [1]}]", "nor a mail address"),
    ],
)
def test_a_mistake_is_named(text: str, mistake: str):
    with pytest.raises(BadSheet, match=mistake.replace("?", r"\?")):
        read(text)
