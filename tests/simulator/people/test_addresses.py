"""By which ways an address can be reached; the library of the world's numbering plans is the witness."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.people.addresses import LANDLINE, TELEPHONE, channels_of
from simulator.people.numbers import is_landline

GEOGRAPHIC = phonenumbers.PhoneNumberType.FIXED_LINE


@pytest.mark.parametrize(
    ("address", "channels"),
    [
        ("+32470123456", TELEPHONE),
        ("+3223456789", LANDLINE),
        ("+3292345678", LANDLINE),
        ("+3280012345", ()),  # free
        ("+3270123456", ()),  # shared cost
        ("+3290012345", ()),  # premium
        ("+33140000000", ()),
        ("112", ()),
    ],
)
def test_a_landline_rings_and_takes_no_sms(address, channels):
    assert channels_of(address) == channels


@given(st.from_regex(r"\+32[0-9]{8}", fullmatch=True))
def test_landlines_are_what_the_numbering_plan_calls_geographic(address):
    known = phonenumbers.number_type(phonenumbers.parse(address)) == GEOGRAPHIC
    assert is_landline(address) == known
