"""The grammar of the numbers that do things, and the table in its three forms."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.people import numbers
from simulator.people.numbers import FAMILIES, OWN, ROWS, Number, decode, describe, is_mobile, number

PLACES = {(row.family, row.parameter): row for row in ROWS}
HUNDRED = st.integers(0, 99)


@given(HUNDRED, HUNDRED, HUNDRED)
def test_every_number_of_the_block_is_taken_apart_as_it_was_put_together(family, parameter, lane):
    address = number(family, parameter, lane)
    assert is_mobile(address)
    assert decode(address) == Number(family, parameter, lane, PLACES.get((family, parameter)))


@given(st.text(max_size=15) | st.from_regex(r"\+?[0-9]{0,14}"))
def test_any_other_text_is_no_number_of_the_block(text: str):
    if len(text) == 12 and text.startswith("+32450") and text[1:].isascii() and text[1:].isdigit():
        assert decode(text) is not None
    else:
        assert decode(text) is None
    assert isinstance(describe(text), str)


@pytest.mark.parametrize(
    ("address", "mobile"),
    [
        ("+32470123456", True),
        ("+32450000907", True),
        ("+32499999999", True),
        ("+32440123456", False),  # possible by length, given to nobody
        ("+3221234567", False),  # Brussels, a fixed line
        ("+32470123456\n", False),
        ("+3247012345", False),
        ("+324701234567", False),
        ("32470123456", False),
        ("0470123456", False),
        ("+31612345678", False),
        ("+32٤70123456", False),  # a digit, but not of ASCII
        ("", False),
    ],
)
def test_only_belgian_mobile_numbers_have_somebody(address: str, mobile: bool):
    assert is_mobile(address) is mobile


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("+32450000907", "answers 9, lane 07"),
        ("+32450020542", "bad answers: two different scores (two-scores), lane 42"),
        ("+32450030200", "delivered, no answer: off until the message expires, after a day, lane 00"),
        ("+32450050701", "answers 8, at a time: after 73 hours, just after the response window, lane 01"),
        ("+32450910203", "the user's own, from people.yaml, 02, lane 03"),
        ("+32450041100", "an ordinary inhabitant"),
        ("+32450505050", "an ordinary inhabitant"),
        ("+32470123456", "an ordinary inhabitant"),
        ("+3221234567", "not a Belgian mobile number"),
    ],
)
def test_an_address_is_described_in_words(address: str, words: str):
    assert describe(address) == words


@pytest.mark.parametrize("parts", [(100, 0, 0), (0, -1, 0), (0, 0, 100)])
def test_a_part_beyond_two_digits_is_refused(parts):
    with pytest.raises(ValueError, match="from 00 to 99"):
        number(*parts)


def test_no_two_rows_claim_the_same_number_and_none_a_family_of_the_users():
    places = [(row.family, row.parameter) for row in ROWS]
    assert all(earlier < later for earlier, later in pairwise(places))
    assert not {row.family for row in ROWS} & set(OWN)
    assert {row.family for row in ROWS} <= set(FAMILIES)


def test_the_table_is_the_same_in_text_markdown_and_json():
    rows = json.loads(json.dumps(numbers.as_json()))
    assert len(rows) == len(ROWS)
    for row in rows:
        assert row["number"] in numbers.as_text()
        assert f"| `{row['number']}` | {row['does']} |" in numbers.as_markdown()
        assert decode(row["example"]).row == PLACES[int(row["family"]), int(row["parameter"])]
