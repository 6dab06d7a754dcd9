"""Addresses in SMTP: what is one, and that no control character ever is part of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.mail.path import NULL, Path, domain_of, first_of, is_address, normal, read_path

GOOD = [
    ("<a@b.be>", Path("a@b.be", "")),
    (" <a@b.be> SIZE=10 BODY=8BITMIME", Path("a@b.be", "SIZE=10 BODY=8BITMIME")),
    ("a@b.be", Path("a@b.be", "")),
    ("<>", Path(NULL, "")),
    ("<> SIZE=3", Path(NULL, "SIZE=3")),
    ("<@x.be,@y.be:a@b.be>", Path("a@b.be", "")),
    ("<postMASTER>", Path("postMASTER", "")),
    ('<"a b"@c.be>', Path('"a b"@c.be', "")),
    ("<a@[192.0.2.1]>", Path("a@[192.0.2.1]", "")),
    ("<zoë@bücher.example>", Path("zoë@bücher.example", "")),
    ("<reply+0197-x.y_z=q@b.be>", Path("reply+0197-x.y_z=q@b.be", "")),
]


@pytest.mark.parametrize(("text", "path"), GOOD)
def test_a_path_is_read(text, path):
    assert read_path(text) == path


BAD = [
    "", "<", ">", "<a@b.be", "a@b.be>", "<a b@c.be>", "<a@b c.be>", "<a@b.be>x", "<.a@b.be>", "<a..b@c.be>",
    "<a@-b.be>", "<a@b..be>", "<a@>", "<@b.be>", "<a>", "<a\r\nRCPT TO:<x@y>@b.be>", '<"a\nb"@c.be>',
    "<a\x00@b.be>",
    "<" + "a" * 65 + "@b.be>", "<a@" + "b" * 64 + ".be>", "<a@" + ".".join(["b" * 60] * 5) + ">",
    "<a\u0085@b.be>", "<\ud800@b.be>",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=ascii)
def test_what_is_no_path_is_none(text):
    assert read_path(text) is None


@given(st.text(max_size=80))
def test_no_address_ever_holds_a_control_or_breaks_a_command(text: str):
    for wrapped in (text, f"<{text}>", f"<a@{text}>", f"<{text}@b.be>"):
        path = read_path(wrapped)
        if path is not None and path.address != NULL:
            assert all(ord(each) >= 0x20 and each != "\x7f" for each in path.address)
            assert not any(each in path.address for each in "\r\n\x00")


@given(st.text(max_size=200))
def test_a_header_gives_an_address_or_none(text: str):
    found = first_of(text)
    assert found is None or is_address(found[1])


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("Wafels <reply+1@acme.example>", "reply+1@acme.example"),
        ("reply+1@acme.example", "reply+1@acme.example"),
        ('"De Smet, Wafels" <a@b.be>, other@c.be', "a@b.be"),
        ("undisclosed-recipients:;", None),
        ("", None),
    ],
)
def test_the_first_address_of_a_header_counts(header, address):
    found = first_of(header)
    assert (found[1] if found else None) == address


def test_an_address_is_known_in_lower_case_and_without_needless_quotes():
    assert normal("Anna@Belfort.TEST") == "anna@belfort.test"
    assert normal('"anna"@belfort.test') == "anna@belfort.test"
    assert normal('"an na"@belfort.test') == '"an na"@belfort.test'
    assert domain_of("a@B.be") == "b.be"
