"""Destinations in every dress, and what never passes."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.destination import Destination, Unreachable, read
from service.domain.request import Channel

SMS, VOICE, EMAIL = Channel.SMS, Channel.VOICE, Channel.EMAIL
INVALID, NOT_SUPPORTED = Unreachable.INVALID, Unreachable.NOT_SUPPORTED

mobiles = st.from_regex(r"4[5-9][0-9]{7}", fullmatch=True)
blanks = st.sampled_from(["", " ", ".", "/", "-", "\u00a0", "\u202f", "  "])


@pytest.mark.parametrize(
    "written",
    [
        "+32472306705", "+32 472 30 67 05", "0032472306705", "00 32 472/30.67.05", "0472306705",
        "0472/30 67 05",
        "0472.30.67.05", "+32 (0)472 30 67 05", "+32(0)472306705", "0472-30-67-05", " +32472306705 ",
        "+32\u00a0472\u202f306705", "\u202a+32472306705\u202c",
    ],
)  # fmt: skip
def test_every_form_of_a_number_is_the_same_number(written):
    assert read(SMS, written) == Destination("+32472306705")


@given(
    mobiles,
    st.sampled_from(["+32", "0032", "0", "+32 (0)", "00 32 "]),
    st.lists(blanks, min_size=9, max_size=9),
)
def test_mobile_numbers_are_normalised_whatever_stands_between_the_digits(national, prefix, between):
    dressed = prefix + "".join(blank + digit for blank, digit in zip(between, national, strict=True))
    assert read(SMS, dressed) == Destination(f"+32{national}")
    assert read(VOICE, dressed) == read(SMS, dressed)


@pytest.mark.parametrize(
    "written", ["02 412 00 00", "+32 2 412 00 00", "010/12 34 56", "+32 4 222 33 44", "09 234 56 78"]
)
def test_a_geographic_number_hears_but_does_not_read(written):
    assert read(SMS, written) is NOT_SUPPORTED
    assert isinstance(read(VOICE, written), Destination)


@pytest.mark.parametrize(
    "written",
    [
        "112", "100", "101", "116000", "8937", "1207", "0800 12 345", "0900 12 345", "0903 12 345",
        "070 12 34 56",
        "078 15 00 00", "+32 78 15 00 00", "+32 800 12345", "+32112", "+328937",
    ],
)  # fmt: skip
def test_emergency_short_free_shared_and_premium_numbers_are_never_called(written):
    assert read(VOICE, written) is NOT_SUPPORTED
    assert read(SMS, written) is NOT_SUPPORTED


@pytest.mark.parametrize(
    "written",
    ["+33612345678", "+31612345678", "0031 6 12345678", "+447911123456", "+4915112345678", "+12025550123"],
)
def test_numbers_of_other_countries_are_real_but_not_supported(written):
    assert read(SMS, written) is NOT_SUPPORTED
    assert read(VOICE, written) is NOT_SUPPORTED


@pytest.mark.parametrize(
    "written",
    [
        "hello", "+", "++32472306705", "+32", "+3247", "+32472", "+32400123456", "+3247230670",
        "+324723067055", "472306705",
        "+32472306705x", "+32472306705\n", "+3247230\t6705", "+32472306705\x00", "\u0664\u0667",
        "+999123456", "+1",
        "0472 30 67", "+32 472 30 67 0５", "tel:+32472306705", "12345", "+32472306705;ext=1", "-", " ",
        "a@b.be",
        "9" * 64, "0" * 400, "+32+472306705", "00032472306705",
    ],
)  # fmt: skip
def test_what_is_no_number_is_invalid(written):
    assert read(SMS, written) is INVALID
    assert read(VOICE, written) is INVALID


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("someone@example.be", "someone@example.be"),
        (" Some.One+tag@EXAMPLE.Be ", "Some.One+tag@example.be"),
        ("f00p09.l01@belfort.test", "f00p09.l01@belfort.test"),
    ],
)
def test_mail_addresses_keep_their_local_part(written, normal):
    assert read(EMAIL, written) == Destination(normal)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("jan@bücher.example", "jan@xn--bcher-kva.example"),
        ("jan@BÜCHER.Example", "jan@xn--bcher-kva.example"),
        ("jan@xn--bcher-kva.example", "jan@xn--bcher-kva.example"),
        ("jan@ｅｘａｍｐｌｅ。be", "jan@example.be"),
        ("jan@straße.de", "jan@xn--strae-oqa.de"),
    ],
)
def test_a_domain_in_other_letters_is_the_same_domain_in_ascii(written, normal):
    assert read(EMAIL, written) == Destination(normal)


@pytest.mark.parametrize(
    "written", ["é@example.be", '"jan peeters"@example.be', "jan@[192.0.2.1]", "用户@例子.广告"]
)
def test_real_addresses_that_plain_mail_does_not_reach_are_told_apart(written):
    assert read(EMAIL, written) is NOT_SUPPORTED


def test_capitals_do_not_make_another_person():
    assert Destination("Some.One@example.be").identity == Destination("some.one@example.be").identity


@pytest.mark.parametrize(
    "written",
    [
        "someone", "@example.be", "someone@", "a@b", "a b@example.be", "a@exa mple.be",
        "a..b@example.be", ".a@example.be",
        "a@-example.be", "a@example-.be", "a@example..be", "a@b.be\r\nRCPT TO:<x@y.be>", "a@b.be\x00",
        "a@exämple..be", "a@-ä.be", "a@1.2.3.4", "a@[x]", "a\u2028b@x.be", '"a\r\n"@x.be', "é\x00@x.be",
        "a@\u202ex.be", "a@ä" + "b" * 63 + ".be", "a@ä." * 3 + "be", "a@x.be.", "a@x_y.be",
        "a" * 65 + "@example.be", "a@" + "b" * 64 + ".be", "<a@b.be>", "a@b@c.be", "+32472306705",
        "a@" + "b." * 200 + "be",
    ],
)  # fmt: skip
def test_what_is_no_address_is_invalid(written):
    assert read(EMAIL, written) is INVALID


@given(st.sampled_from(Channel), st.text(max_size=80))
def test_only_printable_ascii_without_blanks_ever_comes_out(channel, text):
    found = read(channel, text)
    if isinstance(found, Destination):
        assert re.fullmatch(r"[!-~]+", found.text)
        assert read(channel, found.text) == found
        assert not any(unicodedata.category(character) == "Cc" for character in text)


@given(st.from_regex(r"\+32[1-9][0-9]{6,9}", fullmatch=True))
def test_the_table_agrees_with_libphonenumber(written):
    """Only its word that a number is valid is compared: whole service ranges are refused here, assigned or
    not."""
    number = phonenumbers.parse(written)
    kind = phonenumbers.number_type(number)
    mobile = kind == phonenumbers.PhoneNumberType.MOBILE
    geographic = kind == phonenumbers.PhoneNumberType.FIXED_LINE
    assert isinstance(read(SMS, written), Destination) == mobile
    assert isinstance(read(VOICE, written), Destination) == (mobile or geographic)
    if phonenumbers.is_valid_number(number):
        assert read(VOICE, written) is not INVALID


def test_a_repr_shows_nothing():
    assert "472" not in repr(read(SMS, "+32472306705"))
